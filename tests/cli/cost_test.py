"""The price of a design as a user asks for it: cost, and the limits of a named part."""
import pathlib
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


if __name__ == "__main__":
    unittest.main()
