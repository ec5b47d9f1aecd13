"""The multiplier library as a user sees it: list, Pareto view, families, analysis, charts."""
import unittest
import xml.etree.ElementTree

from program import MODEL, ProgramTest, run, run_json


class ListTest(ProgramTest):
    def test_families_come_after_the_library(self):
        library = run_json("multipliers", "list")
        families = run_json("multipliers", "list", "--families")
        self.assertEqual(families[:len(library)], library)
        names = [row["name"] for row in families]
        self.assertEqual(len(set(names)), len(names))
        for name in ("drum(4)", "mitchell", "roup(1,2)"):
            self.assertIn(name, names)

    def test_a_circuit_is_on_the_front_or_dominated_by_one_that_is(self):
        for cost in ("lut", "area"):
            rows = run_json("multipliers", "list", "--pareto", "--error", "mre", "--cost", cost)
            view = {row["name"]: row["pareto"] for row in rows}
            for pareto in view.values():
                self.assertEqual(pareto["on_front"], pareto["dominated_by"] is None)
                if pareto["dominated_by"]:
                    better = view[pareto["dominated_by"]]
                    self.assertTrue(better["on_front"])
                    self.assertLessEqual(better["error"], pareto["error"])
                    self.assertLessEqual(better["cost"], pareto["cost"])

    def test_circuits_larger_than_a_native_multiplier_are_flagged(self):
        rows = run_json("multipliers", "list", "--pareto", "--families")
        for row in rows:
            pareto = row["pareto"]
            self.assertEqual(pareto["exceeds_native"], pareto["luts"] > pareto["native_luts"])
        text = run("multipliers", "list", "--pareto", "--families").stdout
        self.assertIn("more LUTs than native", text)

    def test_a_measure_needs_pareto_and_a_known_name(self):
        self.assertEqual(run("multipliers", "list", "--error", "mae").returncode, 2)
        self.assertEqual(run("multipliers", "list", "--pareto", "--cost", "gold").returncode, 2)

    def test_the_scatter_chart_is_xml(self):
        path = self.folder / "front.svg"
        self.assertEqual(run("multipliers", "list", "--pareto", "--svg", path).returncode, 0)
        xml.etree.ElementTree.parse(path)


class ShowTest(ProgramTest):
    def test_structure_of_an_odd_family(self):
        shown = run_json("multipliers", "show", "drum(4)")
        self.assertTrue(shown["structure"]["commutes"])
        self.assertTrue(shown["structure"]["odd"])
        self.assertIn("ICCAD 2015", shown["family_source"])
        self.assertEqual(len(shown["conditional_error"]["by_first"]["mean_error_lsb"]), 256)

    def test_the_cost_of_emulation_is_measured(self):
        exact = run_json("multipliers", "show", "exact")["emulation"]
        coarse = run_json("multipliers", "show", "mitchell")["emulation"]  # Of rank 63.
        for emulation in (exact, coarse):
            self.assertGreater(emulation["measured_ns_per_1000_products"], 0)
        self.assertLess(exact["measured_time_relative_to_exact"], 2)  # Against itself.
        self.assertGreater(coarse["measured_time_relative_to_exact"], 1)
        self.assertRegex(run("multipliers", "show", "mitchell").stdout,
                         r"(?m)^  its cost     [0-9.]+ ns per 1,000 products, [0-9.]+ times the exact")

    def test_figures_are_rounded(self):
        self.assertRegex(run("multipliers", "show", "drum(3)").stdout,
                         r"MAE 478\.683 lsb, bias 0\.140625 lsb, WCE 9216 lsb")

    def test_charts_are_xml(self):
        heat_map, histogram = self.folder / "heat.svg", self.folder / "histogram.svg"
        done = run("multipliers", "show", "mitchell", "--heat-map", heat_map, "--histogram",
                   histogram)
        self.assertEqual(done.returncode, 0, done.stderr)
        for path in (heat_map, histogram):
            xml.etree.ElementTree.parse(path)

    def test_an_exact_multiplier_predicts_no_drop_and_a_coarse_one_a_larger(self):
        drops = []
        for name in ("exact", "1KVP", "1L12"):
            network = run_json("multipliers", "show", name, "--model", MODEL, "--data", "digits",
                               "--images", 200)["network"]
            self.assertEqual(len(network["layers"]), 5)
            drops.append(network["predicted_accuracy_drop"])
        self.assertEqual(drops[0], 0)
        self.assertLess(drops[1], 0.05)
        self.assertGreater(drops[2], 0.3)

    def test_model_and_data_need_each_other(self):
        self.assertEqual(run("multipliers", "show", "1KVP", "--model", MODEL).returncode, 2)
        self.assertEqual(run("multipliers", "show", "1KVP", "--data", "digits").returncode, 2)

    def test_wrong_members_are_answered_with_the_form(self):
        self.assert_input_error(run("multipliers", "show", "drum(99)"), "drum(k)", "3 to 8")
        self.assert_input_error(run("multipliers", "show", "drum"), "drum(k) with k 3 to 8")
        self.assert_input_error(run("multipliers", "show", "drun(4)"), "nearest: drum")

    def test_an_unwritable_chart_is_refused(self):
        done = run("multipliers", "show", "1KVP", "--heat-map", self.folder / "no" / "chart.svg")
        self.assert_input_error(done, "chart.svg")


if __name__ == "__main__":
    unittest.main()
