"""The price of a design as a user asks for it: cost, and the limits of a named part."""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from program import MODEL, ProgramTest, run, run_json  # noqa: E402


class CostTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="deepaxe-test-")
        cls.addClassCleanup(scratch.cleanup)
        cls.model = pathlib.Path(scratch.name) / "lenet5.tflite"
        run_json("quantize", MODEL, "--data", "digits", "--images", 20, "-o", cls.model)

    def cost(self, *options):
        return run_json("cost", self.model, *options)


class Memories(CostTest):
    def test_of_luts_need_no_block_ram(self):
        block, distributed = self.cost(), self.cost("--memory", "distributed")
        self.assertEqual((block["memory"], distributed["memory"]), ("block", "distributed"))
        self.assertGreater(block["bram"], 0)
        self.assertEqual(distributed["bram"], 0)
        self.assertGreater(distributed["lut"], block["lut"])
        self.assertEqual(distributed["cycles"], block["cycles"])


class ClockAndPower(CostTest):
    def test_the_clock_is_that_of_the_slowest_layer(self):
        clock = self.cost()["clock"]
        slowest = max(clock["layers"], key=lambda layer: layer["ns"])
        self.assertEqual((clock["ns"], clock["layer"]), (slowest["ns"], slowest["layer"]))
        self.assertAlmostEqual(clock["max_mhz"], 1000 / clock["ns"])
        self.assertEqual(clock["met"], clock["ns"] <= 10)

    def test_a_slow_clock_is_met_and_a_fast_one_needs_stages(self):
        slow, fast = self.cost("--clock", 20)["clock"], self.cost("--clock", 300)["clock"]
        self.assertEqual((slow["met"], fast["met"]), (True, False))
        self.assertEqual([layer.get("product_stages", 1) for layer in slow["layers"]],
                         [1] * len(slow["layers"]))
        self.assertGreater(max(layer.get("product_stages", 1) for layer in fast["layers"]), 1)

    def test_time_and_rates_are_of_the_clock_asked_for(self):
        options = ("--weight-memory", "external", "--outputs", 2)
        for clock in (20, 100):
            report = self.cost(*options, "--clock", clock)
            self.assertAlmostEqual(report["microseconds"], report["cycles"] / clock)
            self.assertAlmostEqual(report["images_per_second"],
                                   1e6 * clock / report["interval_cycles"])
            weights = report["external_weights"]
            self.assertAlmostEqual(weights["most_bytes_per_second"],
                                   1e6 * clock * weights["most_bytes_per_cycle"])
            self.assertIn(f"{clock} MHz", report["sources"]["microseconds"])
        text = run("cost", self.model, "--clock", 20).stdout
        self.assertIn("cycles of the paper model at 20 MHz", text)  # Of one output at a time.

    def test_power_needs_images(self):
        report = self.cost()
        self.assertIsNone(report["power"])
        self.assertIn("--data", report["sources"]["power"])

    def test_layers_and_terms_add_up_to_the_energy_of_an_image(self):
        power = self.cost("--data", "digits", "--assign", "1KVP@1-1-111")["power"]
        terms = [key for key in power if key.endswith("_nj") and key[:-3] in (
            "multipliers", "dsp", "accumulators", "control", "clock", "memories", "leakage")]
        self.assertEqual(len(terms), 7)
        self.assertAlmostEqual(sum(power[term] for term in terms), power["total_nj"], 3)
        for term in terms + ["total_nj"]:
            self.assertAlmostEqual(sum(layer[term] for layer in power["layers"]), power[term], 3)
        self.assertAlmostEqual(power["milliwatts"] * power["microseconds"], power["total_nj"], 3)
        self.assertGreater(power["multipliers_nj"], power["multipliers_without_glitches_nj"])

    def test_a_dsp_slice_has_power_and_power_an_error_bar(self):
        gates, slices = (self.cost("--data", "digits", "--baseline", baseline)["power"]
                         for baseline in ("gate", "dsp"))
        self.assertEqual(slices["multipliers_nj"], 0)
        self.assertGreater(slices["dsp_nj"], gates["dsp_nj"])
        self.assertGreater(gates["dsp_nj"], 0)  # Of requantizers.
        for power in (gates, slices):
            for term, nj in power["low"].items():
                self.assertLessEqual(nj, power[term])
                self.assertLessEqual(power[term], power["high"][term])


class NamedPart(CostTest):
    def test_a_part_that_can_hold_the_design_says_so(self):
        report = self.cost("--part", "xc7s100")
        self.assertEqual((report["part"], report["fits"], report["shortages"]),
                         ("xc7s100", True, []))

    def test_a_part_that_cannot_names_each_resource_its_need_and_its_limit(self):
        report = self.cost("--part", "XC7S6")
        self.assertFalse(report["fits"])
        shortages = {each["resource"]: each for each in report["shortages"]}
        self.assertEqual(shortages["bram"]["limit"], 5)
        self.assertEqual(shortages["bram"]["need"], report["bram"])
        self.assertGreater(report["bram"], 5)

    def test_utilization_is_of_the_part(self):
        small, large = self.cost("--part", "xc7s25"), self.cost("--part", "xc7s50")
        self.assertAlmostEqual(small["utilization"] * (14600 + 29200),
                               large["utilization"] * (32600 + 65200))

    def test_weights_from_outside_let_a_smaller_part_hold_the_design(self):
        options = ("--part", "xc7s15")
        self.assertFalse(self.cost(*options)["fits"])
        outside = self.cost(*options, "--weight-memory", "external")
        self.assertTrue(outside["fits"])
        weights = outside["external_weights"]
        self.assertEqual(weights["bytes_per_image"], 281640)  # One for each product.
        self.assertAlmostEqual(weights["mean_bytes_per_second"],
                               281640 * 100e6 / outside["cycles_engine"], delta=1)
        self.assertEqual(weights["most_bytes_per_cycle"], 5)
        some = self.cost("--weight-memory", "fc1=external")
        self.assertEqual(some["external_weights"]["bytes_per_image"], 256 * 120)

    def test_reading_weights_from_outside_is_a_range_beside_the_power(self):
        power = self.cost("--weight-memory", "fc1=external", "--data", "digits")["power"]
        weights = power["external_weights"]
        self.assertEqual(weights["bytes"], 256 * 120)
        self.assertAlmostEqual(weights["low_nj"], 256 * 120 / 8 * 1.3)
        self.assertAlmostEqual(weights["high_nj"], 256 * 120 / 8 * 2.6)
        self.assertIn("Horowitz", weights["source"])
        terms = ("multipliers", "dsp", "accumulators", "control", "clock", "memories", "leakage")
        self.assertAlmostEqual(sum(power[term + "_nj"] for term in terms), power["total_nj"])

    def test_a_pipeline_states_its_interval(self):
        one, many = self.cost(), self.cost("--schedule", "pipelined")
        slowest = max(layer["cycles_engine"] for layer in many["layers"])
        self.assertEqual(many["interval_cycles"], slowest + 1)
        self.assertLess(many["interval_cycles"], one["interval_cycles"])
        self.assertGreater(many["bram"], one["bram"])
        self.assertEqual(many["cycle_model"], "engine")

    def test_an_unknown_part_is_answered_with_the_known_ones(self):
        self.assert_input_error(run("cost", self.model, "--part", "xc9"),
                                "--part", "xc9", "xc7s100", "xc7z020")

    def test_generate_refuses_what_the_part_cannot_hold_and_writes_nothing(self):
        folder = self.folder / "design"
        design = ("generate", self.model, "--data", "digits", "--images", 20, "-o", folder)
        self.assert_input_error(run(*design, "--target", "verilog", "--part", "xc7s6"),
                                "xc7s6", "BRAM needed, 5 there")
        self.assert_input_error(run(*design, "--part", "xc7s100"), "--target hls")
        self.assertFalse(folder.exists())
        self.assertEqual(run(*design, "--target", "verilog", "--part", "xc7z020").returncode, 0)

    def test_explore_leaves_infeasible_designs_out_of_the_front(self):
        options = ("explore", self.model, "--data", "digits", "--images", 50, "--no-faults", "--assign",
                   "1KVP@1-1-111", "--study", self.folder / "s.sqlite")
        infeasible = run(*options, "--part", "xc7s6", "--all", "--quiet")
        self.assertEqual(infeasible.returncode, 0, infeasible.stderr)
        self.assertIn("2 infeasible: the part has too little BRAM", infeasible.stdout)
        self.assertIn("0 on the Pareto front", infeasible.stdout)
        # Another part is another study: figures of two parts are never mixed.
        self.assert_input_error(run(*options, "--part", "xc7z020", "--quiet"), "s.sqlite")


class Schedules(CostTest):
    def explore(self, *options):
        return run_json("explore", self.model, "--data", "digits", "--images", 20, "--no-faults",
                        "--assign", "1KVP", "--study", self.folder / "s.sqlite",
                        "--schedule", "sequential,pipelined",
                        "--weight-memory", "fc1=rom,fc1=external", *options)

    def test_explore_prices_schedules_and_weight_memories_as_cost_does(self):
        study = self.explore()
        self.assertEqual(len(study["points"]), 8)
        self.assertEqual(len(study["exact_references"]), 8)
        for point in study["points"]:
            names = [layer["layer"] for layer in self.cost()["layers"] if layer["multiplier"]]
            weights = ",".join(f"{name}={where}" for name, where
                               in zip(names, point["weight_memory"]))
            alone = self.cost("--assign", point["assignment"], "--schedule", point["schedule"],
                              "--weight-memory", weights, "--cycles", "interval")
            for figure in ("cycles", "cycles_engine", "lut", "ff", "dsp", "bram"):
                self.assertEqual(point[figure], alone[figure], figure)
        # A study fixes schedule and weight memory of what is generated from it.
        point = next(p for p in study["points"] if p["schedule"] == "pipelined"
                     and "external" in p["weight_memory"])
        design = ("generate", self.model, "--data", "digits", "--images", 20, "--study",
                  self.folder / "s.sqlite", "--point", point["key"], "--target", "verilog", "-o")
        made = run_json(*design, self.folder / "design")
        self.assertEqual(made["schedule"], "pipelined")
        self.assertGreater(made["external_weights"]["bytes_per_image"], 0)
        again = run(*design, self.folder / "again", "--schedule", "sequential")
        self.assertEqual(again.returncode, 2, again.stderr)

    def test_the_table_says_whose_cycles_it_shows(self):
        options = ("explore", self.model, "--data", "digits", "--images", 20, "--no-faults",
                   "--assign", "1KVP", "--schedule", "sequential,pipelined")
        pace = run(*options, "--study", self.folder / "pace.sqlite")
        self.assertIn("Cycles: from image to image: slowest stage", pace.stdout)
        alone = run(*options, "--study", self.folder / "alone.sqlite", "--cycles", "engine")
        self.assertNotIn("from image to image", alone.stdout)

    def test_an_unknown_alternative_is_refused(self):
        for option, value in (("--schedule", "sequential,parallel"), ("--weight-memory", "rom,ram"),
                              ("--weight-memory", "fc9=external")):
            done = run("explore", self.model, "--data", "digits", "--images", 20, "--no-faults",
                       option, value)
            self.assert_input_error(done, option, value.split(",")[-1].split("=")[0])


class References(CostTest):
    def test_cost_and_explore_have_the_exact_design_on_native_and_dsp(self):
        report = self.cost("--assign", "1KVP@1-1-111")
        references = {each["baseline"]: each for each in report["exact_references"]}
        self.assertEqual(set(references), {"native", "dsp"})
        for baseline, reference in references.items():
            exact = self.cost("--baseline", baseline)
            self.assertEqual(reference["lut"], exact["lut"])
            self.assertEqual(reference["dsp"], exact["dsp"])
        study = run_json("explore", self.model, "--data", "digits", "--images", 20, "--no-faults",
                         "--assign", "1KVP@1-1-111", "--study", self.folder / "s.sqlite")
        self.assertEqual([each["baseline"] for each in study["exact_references"]],
                         ["native", "dsp"])

    # An exact DSP slice takes no LUT, so no circuit of gates can be smaller.
    def test_a_dominating_exact_design_is_what_the_report_says_first(self):
        done = run("cost", self.model, "--assign", "1KVP@1-1-111")
        report = self.cost("--assign", "1KVP@1-1-111")
        dsp = next(e for e in report["exact_references"] if e["baseline"] == "dsp")
        self.assertLessEqual(dsp["lut"] + dsp["ff"], report["lut"] + report["ff"])
        self.assertEqual(
            done.stdout.splitlines()[0],
            f"Exact multipliers on dsp need no more LUT + FF: {dsp['lut'] + dsp['ff']:.0f} (row 'exact, "
            f"dsp') against {report['lut'] + report['ff']:.0f} (row 'total'), with {dsp['dsp']} DSP "
            f"against {report['dsp']}.")
        exact = run("cost", self.model)
        self.assertFalse(exact.stdout.startswith("Exact multipliers"), exact.stdout)

    def test_layers_add_up_to_the_total(self):
        report = self.cost("--assign", "1KVP@1-1-111", "--outputs", "2")
        for figure in ("lut", "ff", "dsp", "bram"):
            self.assertAlmostEqual(sum(layer[figure] for layer in report["layers"]), report[figure])
            self.assertLessEqual(report["low"][figure], report[figure])
            self.assertLessEqual(report[figure], report["high"][figure])


@unittest.skipUnless(shutil.which("yosys"), "no yosys")
class Yosys(CostTest):
    def test_a_tool_that_hangs_is_stopped_and_its_last_lines_are_shown(self):
        done = run("cost", self.model, "--source", "yosys", "--tool-seconds", "0.1",
                   env={"XDG_CACHE_HOME": str(self.folder)})
        self.assert_input_error(done, "yosys", "no end within 0.1 s", "--tool-seconds")

    def test_a_tool_that_fails_is_shown_with_its_last_lines(self):
        tool = self.folder / "yosys"
        tool.write_text("#!/bin/sh\n[ \"$1\" = -V ] && echo Yosys 0 && exit 0\n"
                        "echo reading\necho no license for this >&2\nexit 3\n")
        tool.chmod(0o755)
        done = run("cost", self.model, "--source", "yosys",
                   env={"XDG_CACHE_HOME": str(self.folder / "cache"),
                        "PATH": f"{self.folder}:{os.environ['PATH']}"})
        self.assert_input_error(done, "yosys", "exit code 3", "no license for this")

    def test_an_unknown_source_is_refused(self):
        self.assert_input_error(run("cost", self.model, "--source", "abc"), "--source", "abc",
                                "yosys")


class VendorReports(CostTest):
    UTILIZATION = """| Device       : part
| Design State : Routed
Utilization Design Information
| Slice LUTs      | 2000 | 0 | 64000 | 3.1 |
| Slice Registers | 1500 | 0 | 128000 | 1.2 |
| Block RAM Tile  | 12.5 | 0 | 120 | 10.4 |
| DSPs            | 5 | 0 | 160 | 3.1 |
"""

    CSYNTH = """<profile><ReportVersion><Version>2022.1</Version></ReportVersion>
<UserAssignments><Part>xc7z020-clg484-1</Part><TopModelName>net</TopModelName>
<TargetClockPeriod>10.00</TargetClockPeriod></UserAssignments>
<PerformanceEstimates><SummaryOfTimingAnalysis><EstimatedClockPeriod>7.5</EstimatedClockPeriod>
</SummaryOfTimingAnalysis><SummaryOfOverallLatency><Worst-caseLatency>5000</Worst-caseLatency>
<Interval-max>5001</Interval-max></SummaryOfOverallLatency></PerformanceEstimates>
<AreaEstimates><Resources><BRAM_18K>3</BRAM_18K><DSP>4</DSP><FF>200</FF><LUT>300</LUT></Resources>
</AreaEstimates></profile>
"""
    TIMING = """| Design State : Routed
| Design Timing Summary
    WNS(ns)      TNS(ns)
    -------      -------
      1.000        0.000
| Clock Summary
Clock  Waveform(ns)       Period(ns)      Frequency(MHz)
-----  ------------       ----------      --------------
aclk   {0.000 5.000}      10.000          100.000
"""

    def test_figures_are_those_of_the_reports(self):
        (self.folder / "utilization.rpt").write_text(self.UTILIZATION)
        report = self.cost("--source", f"vivado:{self.folder}", "--part", "xc7s6")
        self.assertEqual((report["lut"], report["ff"], report["dsp"], report["bram"]),
                         (2000, 1500, 5, 12.5))
        self.assertFalse(report["fits"])
        self.assertIsNone(report["cycles"])

    def test_a_malformed_report_is_refused_with_file_and_line(self):
        (self.folder / "u.rpt").write_text(self.UTILIZATION.replace("12.5", "a dozen"))
        self.assert_input_error(run("cost", self.model, "--source", f"vivado:{self.folder}"),
                                "u.rpt", "line 6", "a dozen")
        self.assert_input_error(run("cost", self.model, "--source", "vivado:/no/folder"), "/no/folder")

    def test_the_time_of_an_image_is_cycles_by_the_period_that_is_named(self):
        source = ("--source", f"vivado:{self.folder}")
        (self.folder / "a.xml").write_text(self.CSYNTH)
        for period, words in ((7.5, "estimate of the HLS tool"), (9, "Vivado's timing, routed")):
            if period == 9:
                (self.folder / "t.rpt").write_text(self.TIMING)
            report = self.cost(*source)
            self.assertEqual((report["part"], report["cycles"]), ("xc7z020", 5000))
            self.assertEqual((report["target_clock_ns"], report["estimated_clock_ns"]), (10, 7.5))
            self.assertAlmostEqual(report["clock_ns"], period)
            self.assertAlmostEqual(report["microseconds"], 5000 * period / 1000)
            self.assertIn(words, report["clock_source"])
            text = run("cost", self.model, *source).stdout
            self.assertIn(f"time {5 * period:.2f} us an image, 5000 cycles of {period} ns: {words}", text)
            self.assertIn("clock period 7.5 ns estimated, 10 ns asked for", text)

    def write_utilization(self, device):
        (self.folder / "u.rpt").write_text(self.UTILIZATION.replace(": part", f": {device}"))

    def test_the_part_is_that_of_the_device(self):
        source = ("--source", f"vivado:{self.folder}")
        for device, part, fits in (("7z020clg484-1", "xc7z020", True),
                                   ("xc7s6cpga196-1", "xc7s6", False),
                                   ("xcu55c-fsvh2892-2L-e", None, None)):
            self.write_utilization(device)
            report = self.cost(*source)
            self.assertEqual((report["device"], report["device_part"], report["part"], report["fits"]),
                             (device, part, part, fits))
            self.assertEqual(report["utilization"] is None, part is None)
            done = run("cost", self.model, *source)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"of an {part}; it " if part else f"{device}, is not in the table",
                          done.stdout)

    def test_a_part_that_is_not_the_devices_is_remarked(self):
        source = ("--source", f"vivado:{self.folder}", "--part")
        self.write_utilization("7z020clg484-1")
        self.assertEqual(run("cost", self.model, *source, "XC7Z020").stderr, "")
        other = run("cost", self.model, *source, "xc7s100")
        self.assertIn("--part xc7s100: the reports' device is 7z020clg484-1, an xc7z020", other.stderr)
        self.assertIn("of an xc7s100;", other.stdout)
        self.assertIn("7z020clg484-1", other.stdout)
        self.write_utilization("xcu55c-fsvh2892-2L-e")
        self.assertIn("xcu55c", run("cost", self.model, *source, "xc7s100").stderr)

    def test_a_device_not_named_is_judged_against_a_given_part_alone(self):
        self.write_utilization("")
        source = ("--source", f"vivado:{self.folder}")
        report = self.cost(*source)
        self.assertEqual((report["device"], report["part"], report["fits"]), (None, None, None))
        self.assertEqual(self.cost(*source, "--part", "xc7s100")["part"], "xc7s100")

    def test_no_folder_is_answered_with_what_is_expected(self):
        self.assert_input_error(run("cost", self.model, "--source", "vivado:"), "--source",
                                "'vivado:'", "expected vivado:FOLDER")


if __name__ == "__main__":
    unittest.main()
