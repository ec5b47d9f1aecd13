"""An option that could change nothing is refused: one line that names it and where it has an effect."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from program import MODEL, ProgramTest, run, run_json  # noqa: E402

DATA = ("--data", "digits", "--images", 10, "--quiet")


class IdleTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="deepaxe-test-")
        cls.addClassCleanup(scratch.cleanup)
        cls.model = pathlib.Path(scratch.name) / "lenet5.tflite"
        run_json("quantize", MODEL, "--data", "digits", "--images", 10, "-o", cls.model)

    def assert_idle(self, command, cases):
        """cases: options given, the first of them idle, and what the line must name besides."""
        for options, *parts in cases:
            with self.subTest(options=options):
                self.assert_input_error(run(*command, *options), f"{options[0]}: found", "expected",
                                        *parts)


class Inject(IdleTest):
    def test_beside_others(self):
        self.assert_idle(("inject", self.model, *DATA), (
            (["--parallel", 4, "--pairs", 500], "--target mac_unit"),
            (["--parallel", 4, "--target", "multiplier_net", "--effect", "flip", "--pairs", 500],
             "--residency cycles"),
            (["--parallel", 4, "--fit-per-mbit", 1, "--residency", "uniform", "--pairs", 500],),
            (["--critical", 5, "--pairs", 500], "fresh faults", "--faults N"),
            (["--top", 5, "--pairs", 500], "fresh faults", "--faults N"),
            (["--pairs", 500, "--faults", 20], "--faults 20", "--faults auto"),
            (["--pairs", 500, "--faults", "all"], "--faults all"),
            (["--sdc-margin", 0.1, "--faults", 20], "--faults auto"),
            (["--vulnerability-margin", 0.1, "--faults", 20], "--faults auto"),
            (["--margin", "1pp", "--faults", "all"], "--faults auto"),
            (["--protocol", "stratified", "--faults", 20], "--faults auto"),
            (["--protocol", "uniform", "--faults", "all"], "--faults auto"),
            (["--include-input", "--target", "weight", "--pairs", 500], "--target activation"),
            (["--residency", "cycles", "--target", "weight", "--fit-per-mbit", 1, "--pairs", 500],
             "--target activation"),
            (["--schedule", "sequential", "--fit-per-mbit", 1], "--residency cycles"),
            (["--residency", "uniform"], "--fit-per-mbit"),
            (["--effect", "flip,stuck_at_1", "--target", "mac_unit", "--faults", 5], "flip"),
            (["--maps"], "--json"),
            (["--weights", "per-channel", "--pairs", 500], "int8 model"),
            (["--calibration-images", 5, "--pairs", 500], "int8 model"),
            (["--config", self.model, "--pairs", 500], ".tflite")))

    def test_where_they_have_an_effect(self):
        inject = ("inject", self.model, *DATA[:-1])
        run_json(*inject, "--faults", 20, "--critical", 50, "--top", 2)
        run_json(*inject, "--faults", 20, "--target", "mac_unit", "--parallel", 2)
        run_json(*inject, "--pairs", 500, "--fit-per-mbit", 1, "--residency", "cycles",
                 "--parallel", 2)
        # The paper's protocol is compared with a campaign of so many pairs.
        paper = run_json(*inject, "--protocol", "deepaxe2023", "--faults", 20, "--pairs", 300)
        self.assertEqual(paper["uniformly_over_the_memory"]["pairs"], 300)

    def test_beside_a_list_of_faults(self):
        for options in (["--pairs", 5], ["--sdc-margin", 0.1], ["--include-input"],
                        ["--vulnerability-margin", 1]):
            done = run("inject", self.model, *DATA, "--fault-list", "f.csv", *options)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(options[0], done.stderr)


class Explore(IdleTest):
    def test_beside_others(self):
        study = self.folder / "s.sqlite"
        self.assert_idle(("explore", self.model, *DATA, "--assign", "1KVP", "--study", study), (
            (["--pairs", 500, "--faults", 20], "--faults auto"),
            (["--sdc-margin", 0.5, "--protocol", "deepaxe2023"], "--protocol deepaxe2023"),
            (["--max-vulnerability", 1, "--no-faults"], "--no-faults"),
            (["--include-input", "--target", "weight"], "activation"),
            (["--tool-seconds", 5, "--no-faults"], "--source yosys")))
        self.assertFalse(study.exists())

    def test_a_campaign_named_without_faults_is_that_of_the_study(self):
        command = ("explore", self.model, *DATA[:-1], "--assign", "1KVP", "--study",
                   self.folder / "s.sqlite")
        done = run(*command, "--no-faults", "--pairs", 300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("--pairs with --no-faults: kept in the study", done.stderr)
        self.assertNotIn("budget", done.stderr)
        self.assert_input_error(run(*command, "--pairs", 400, "--quiet"), "max_pairs")
        points = run_json(*command, "--pairs", 300)["points"]
        self.assertTrue(all("faults" in point for point in points))

    def test_a_study_that_cannot_be_continued_is_told_before_the_budget(self):
        command = ("explore", self.model, *DATA[:-1], "--assign", "1KVP", "--study",
                   self.folder / "s.sqlite", "--pairs")
        first = run(*command, 300)
        self.assertIn("budget: at most 300 ", first.stderr)
        other = run(*command, 400)
        self.assert_input_error(other, "s.sqlite", "max_pairs")
        self.assertNotIn("budget", other.stderr)


class Cost(IdleTest):
    def test_beside_others(self):
        self.assert_idle(("cost", self.model), (
            (["--tool-seconds", 5], "--source yosys"),
            (["--input", "raw"], "--data"),
            (["--activations", "asymmetric"], "int8 model"),
            (["--bias-correction"], "int8 model")))

    def test_beside_the_reports_of_another_tool(self):
        for options in (["--assign", "1KVP"], ["--outputs", 2], ["--baseline", "dsp"],
                        ["--clock", 50], ["--cycles", "engine"], ["--data", "digits"],
                        ["--schedule", "pipelined"], ["--weight-memory", "rom"],
                        ["--tool-seconds", 5]):
            done = run("cost", self.model, "--source", f"vivado:{self.folder}", *options)
            self.assert_input_error(done, f"{options[0]}: found", "--source vivado:")


class Generate(IdleTest):
    def generate(self, *options):
        return ("generate", self.model, *DATA, "-o", self.folder / "design", *options)

    def test_beside_others(self):
        self.assert_idle(self.generate("--target", "hls"), (
            (["--schedule", "sequential"], "--target hls", "--target verilog"),
            (["--weight-memory", "rom"], "--target verilog"),
            (["--memory", "block"], "--target verilog"),
            (["--part", "xc7s100"], "--target verilog"),
            (["--loop-order", "pixel", "--profile", "deephls"], "--profile deephls"),
            (["--outputs", 4, "--profile", "deephls"], "--profile deephls"),
            (["--verify-seconds", 5], "--verify")))
        self.assert_idle(self.generate("--target", "verilog"), (
            (["--verify-seconds", 5], "--verify"), (["--verify-all"], "--target hls")))
        self.assertFalse((self.folder / "design").exists())

    def test_a_point_that_no_hls_source_can_be_names_the_option_and_the_choice(self):
        study = self.folder / "s.sqlite"
        points = run_json("explore", self.model, *DATA[:-1], "--no-faults", "--assign", "1KVP",
                          "--schedule", "pipelined", "--study", study)["points"]
        done = run(*self.generate("--study", study, "--point", points[0]["key"]))
        self.assert_input_error(done, "--target: found hls", "pipelined", "--target verilog")

    def test_a_clock_above_the_estimate_is_warned_of_and_written(self):
        command = ("generate", self.model, *DATA[:-1], "--target", "verilog", "-o",
                   self.folder / "design", "--clock")
        done = run(*command, 500)
        self.assertEqual(done.returncode, 0, done.stderr)
        clock = run_json("cost", self.model)["clock"]
        warnings = [line for line in done.stderr.splitlines() if line.startswith("warning")]
        self.assertEqual(len(warnings), 1, done.stderr)
        mhz = [round(1000 / clock[key]) for key in ("ns", "high_ns", "low_ns")]
        self.assertIn("--clock 500 is above the estimate, {} MHz ({} to {})".format(*mhz),
                      warnings[0])
        self.assertIn("-period 2.000", (self.folder / "design/clock.xdc").read_text())
        self.assertNotIn("warning", run(*command, 50).stderr)


class Others(IdleTest):
    def test_beside_others(self):
        self.assert_idle(("evaluate", MODEL, *DATA, "--precision", "float"), (
            (["--activations", "symmetric"], "--precision int8"),
            (["--calibration", "digits"], "--precision int8")))
        self.assert_idle(("multipliers", "show", "1KVP"), (
            (["--images", 5], "--model"), (["--input", "raw"], "--model"),
            (["--weights", "per-tensor"], "--model"), (["--config", "net.json"], "--model")))
        self.assert_idle(("data", "export", "mnist", "-o", self.folder / "m.npz"), (
            (["--train-images", 5], "digits"),))


if __name__ == "__main__":
    unittest.main()
