"""Generated Verilog as a user gets it: the IP core, weights from outside, faults, and what fails."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from program import MODEL, ProgramTest, run, run_json  # noqa: E402

SPIRIT = "{http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009}"
GENERATE = ("generate", MODEL, "--data", "digits", "--images", "5", "--target", "verilog")


def texts(element, path):
    return [found.text for found in element.iterfind(path.replace("/", "/" + SPIRIT))]


def module_ports(text, module):
    """Name -> (direction, width) of a module's ports."""
    head = re.search(rf"^module {module} \((.*?)^\);", text, re.M | re.S)[1]
    ports = {}
    for direction, left, name in re.findall(r"(input|output)\s+wire\s+(?:\[(\d+):0\])?\s*(\w+)", head):
        ports[name] = ({"input": "in", "output": "out"}[direction], int(left or 0) + 1)
    return ports


class Component(ProgramTest):
    def setUp(self):
        super().setUp()
        self.design = self.folder / "design"
        self.result = run_json(*GENERATE, "-o", self.design, "--weight-memory", "fc1=external")
        self.component = ElementTree.parse(self.design / "component.xml").getroot()

    def test_every_file_is_there(self):
        files = texts(self.component, "./fileSets/fileSet/file/name")
        self.assertEqual(len(files), len(set(files)))
        for name in files:
            self.assertTrue((self.design / name).is_file(), name)
        sources = (self.design / "sources.f").read_text().split()
        self.assertEqual([name for name in files if name.endswith(".v")], sources)

    def test_ports_are_those_of_the_top_module(self):
        ports = {}
        for port in self.component.iterfind(f"./{SPIRIT}model/{SPIRIT}ports/{SPIRIT}port"):
            left = texts(port, "./wire/vector/left")
            ports[texts(port, "./name")[0]] = (texts(port, "./wire/direction")[0],
                                               int(left[0]) + 1 if left else 1)
        top = texts(self.component, "./name")[0]
        self.assertEqual(ports, module_ports((self.design / f"{top}.v").read_text(), top))
        mapped = texts(self.component,
                       "./busInterfaces/busInterface/portMaps/portMap/physicalPort/name")
        self.assertEqual(sorted(mapped), sorted(ports))

    def test_interfaces(self):
        names = texts(self.component, "./busInterfaces/busInterface/name")
        self.assertEqual(names, ["s_axis", "m_axis", "s_axil", "s_axis_fc1_weights", "aclk", "aresetn"])
        associated = texts(self.component,
                           "./busInterfaces/busInterface/parameters/parameter/value")[0]
        self.assertEqual(associated.split(":"), names[:4])

    def test_the_bandwidth_of_weights_from_outside(self):
        # Each weight of a dense layer once an image: 256 x 120.
        self.assertEqual(self.result["external_weights"]["bytes_per_image"], 256 * 120)
        self.assertIn("s_axis_fc1_weights", (self.design / "README.md").read_text())


class Folder(ProgramTest):
    def test_a_folder_of_others_is_left_alone(self):
        mine = self.folder / "mine"
        mine.mkdir()
        (mine / "thesis.tex").write_text("years of work")
        self.assert_input_error(run(*GENERATE, "--quiet", "-o", mine), mine, "thesis.tex")
        self.assertEqual(os.listdir(mine), ["thesis.tex"])

    def test_a_file_added_to_a_generated_folder_is_not_lost(self):
        design = self.folder / "design"
        run_json(*GENERATE, "-o", design)
        run_json(*GENERATE, "-o", design)
        (design / "notes.txt").write_text("mine")
        self.assert_input_error(run(*GENERATE, "--quiet", "-o", design), "notes.txt")
        self.assertTrue((design / "notes.txt").exists())

    @unittest.skipUnless(pathlib.Path("/proc/self").is_dir(), "needs /proc")
    def test_a_place_that_cannot_be_written(self):
        self.assert_input_error(run(*GENERATE, "--quiet", "-o", "/proc/design"), "/proc/design")

    def test_the_vivado_script_is_of_the_part_asked_for(self):
        for options, device in ((["--part", "xc7z020"], ""),
                                (["--device", "xc7z020clg484-1"], "xc7z020clg484-1"),
                                (["--part", "xc7z020", "--device", "7z020clg484-1"],
                                 "7z020clg484-1"),
                                (["--part", "xc7s100"], "xc7s100fgga676-1")):
            run(*GENERATE, "-o", self.folder / "design", *options)
            script = (self.folder / "design" / "vivado.tcl").read_text()
            self.assertIn(f' : "{device}"}}]', script)
        self.assert_input_error(run(*GENERATE, "-o", self.folder / "other", "--part", "xc7z020",
                                    "--device", "xc7s50csga324-1"), "--device: found xc7s50csga324-1")

    def test_a_layer_named_twice(self):
        for option, value in (("--outputs", "conv1=2,conv1=4"),
                              ("--weight-memory", "fc1=rom,fc1=external")):
            self.assert_input_error(run(*GENERATE, "-o", self.folder / "design", option, value),
                                    option, "each layer once")

    def test_weight_memory_of_a_layer_that_is_not_there(self):
        done = run(*GENERATE, "--quiet", "-o", self.folder / "design", "--weight-memory", "fc9=external")
        self.assert_input_error(done, "--weight-memory", "fc9=external")
        self.assertFalse((self.folder / "design").exists())


@unittest.skipUnless(shutil.which("make"), "make is not installed")
class Synthesis(ProgramTest):
    def test_native_multipliers_alone_are_kept_out_of_dsp_slices(self):
        for baseline in ("gate", "native", "dsp"):
            design = self.folder / baseline
            run(*GENERATE, "-o", design, "--baseline", baseline)
            command = re.search(r"^SYNTHESIS = (.*)$", (design / "Makefile").read_text(), re.M)[1]
            self.assertEqual("-nodsp" in command.split(), baseline == "native")


def run_with_verilator(script, folder, *command):
    """Runs the program with `script` in verilator's place, but for its --version."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "verilator").write_text("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n" + script)
    (tools / "verilator").chmod(0o755)
    return run(*command, "--quiet", env={"PATH": f"{tools}:{os.environ['PATH']}"}, timeout=60)


class Tools(ProgramTest):
    def verify(self, verilator, *more):
        return run_with_verilator(verilator, self.folder, *GENERATE, "-o", self.folder / "design",
                                  "--verify", *more)

    def test_that_fail_are_named_with_their_last_lines(self):
        done = self.verify("echo no space left for the model\nexit 1\n")
        self.assert_input_error(done, "exit code 2", "no space left for the model")

    def test_that_hang_are_ended(self):
        self.assert_input_error(self.verify("sleep 600\n", "--verify-seconds", "1"),
                                "no end within 1 s")


@unittest.skipUnless(shutil.which("verilator"), "verilator is not installed")
class Faults(ProgramTest):
    def test_a_campaign_counts_every_fault_and_repeats(self):
        arguments = ("inject-rtl", MODEL, "--data", "digits", "--images", "2", "--outputs", "16",
                     "--faults", "40", "--target", "control,counter")
        csv = self.folder / "faults.csv"
        result = run_json(*arguments, "--csv", csv, "-o", self.folder / "design")
        counts = [result[outcome]["count"] for outcome in (
            "masked", "changed_same_class", "harmful", "beneficial", "neutral", "detected", "hang")]
        self.assertEqual(sum(counts), 40)
        for rate in (result["masked"], result["hang"], result["sdc"]):
            self.assertLessEqual(rate["interval"][0], rate["rate"])
            self.assertLessEqual(rate["rate"], rate["interval"][1])
        groups = result["by_group"]
        self.assertEqual(sum(group["faults"] for group in groups.values()), 40)
        self.assertIsNone(groups["data"]["masked"]["rate"])  # Nothing was hit.
        lines = csv.read_text().splitlines()
        self.assertEqual(len(lines), 41)
        self.assertEqual({line.split(",")[5] for line in lines[1:]}, {"control", "counter"})
        self.assertEqual(sum(line.split(",")[6] == "masked" for line in lines), counts[0])

    def test_a_folder_has_faults_to_begin_with(self):
        design = self.folder / "design"
        run(*GENERATE, "-o", design, "--outputs", 16)
        made = subprocess.run(["make", "-s", "-C", design, "faults"], capture_output=True, text=True,
                              timeout=900, check=False)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.assertEqual(len((design / "build/fault_results.txt").read_text().splitlines()), 16)

    def test_a_hanging_tool_is_ended(self):
        done = run_with_verilator("sleep 600\n", self.folder, "inject-rtl", MODEL, "--data",
                                  "digits", "--images", 2, "--tool-seconds", 1)
        self.assert_input_error(done, "no end within 1 s", "--tool-seconds")

    def test_the_table_has_every_group_and_says_what_overlaps(self):
        text = run("inject-rtl", MODEL, "--data", "digits", "--images", "1", "--outputs", "16",
                   "--faults", "5", "--target", "control", "--quiet").stdout
        rows = {line.split()[0]: line for line in text.splitlines() if line}
        for group in ("accumulator", "data", "counter", "activation", "weight", "constant"):
            self.assertEqual(rows[group].split(), [group, "0"] + ["no", "faults"] * 3)
        self.assertIn("[", rows["control"])
        self.assertIn("lasts until a reset *", text)
        self.assertIn("\n* of all faults", text)

    def test_weights_from_outside_are_no_state_of_the_design(self):
        common = ("inject-rtl", MODEL, "--data", "digits", "--images", "1", "--outputs", "16",
                  "--faults", "5", "--target", "data")
        rom, outside = self.folder / "rom", self.folder / "outside"
        run_json(*common, "-o", rom)
        result = run_json(*common, "-o", outside, "--weight-memory", "external")
        self.assertEqual(result["faults"], 5)
        self.assertIn("weights.words", (rom / "fault_bench.sv").read_text())
        self.assertNotIn("weights.words", (outside / "fault_bench.sv").read_text())


    def test_a_pipeline_has_queues_and_stages_for_places(self):
        design = self.folder / "design"
        result = run_json("inject-rtl", MODEL, "--data", "digits", "--images", "1", "--outputs", "16",
                          "--faults", "20", "--target", "control", "--schedule", "pipelined",
                          "-o", design)
        self.assertEqual(result["faults"], 20)
        bench = (design / "fault_bench.sv").read_text()
        for place in ("core.conv1_codes.held", "core.conv1_stage.busy", "shell.sending"):
            self.assertIn("dut." + place, bench)
        self.assertFalse((design / "axi_shell.v").exists())


@unittest.skipUnless(shutil.which("verilator"), "verilator is not installed")
class Pipeline(ProgramTest):
    def test_is_verified_and_told_apart(self):
        design = self.folder / "design"
        result = run_json(*GENERATE, "-o", design, "--schedule", "pipelined", "--outputs", "16",
                          "--verify")
        self.assertEqual(result["schedule"], "pipelined")
        self.assertEqual(result["cycles"], result["interval_cycles"])  # Simulated, and by its form.
        self.assertIn(f"an image every {result['interval_cycles']} cycles",
                      (design / "README.md").read_text())

    def test_is_refused_as_hls(self):
        self.assert_input_error(
            run("generate", MODEL, "--data", "digits", "--images", "5", "--quiet", "-o",
                self.folder / "design", "--schedule", "pipelined"), "--schedule: found --target hls")


if __name__ == "__main__":
    unittest.main()
