"""The main job as a user runs it: quantize, evaluate, inject, explore, pareto, generate."""
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from program import MODEL, PROGRAM, ProgramTest, run, run_json  # noqa: E402


class Evaluate(ProgramTest):
    def test_float_and_int8_accuracies_are_close(self):
        accuracy = {precision: run_json("evaluate", MODEL, "--data", "digits", "--precision",
                                        precision)["accuracy"] for precision in ("float", "int8")}
        self.assertGreaterEqual(accuracy["float"], 0.97)
        self.assertLessEqual(accuracy["float"], 0.995)
        self.assertLessEqual(abs(accuracy["float"] - accuracy["int8"]), 0.005)

    def test_a_written_tflite_is_the_same_network(self):
        tflite, again = self.folder / "q.tflite", self.folder / "a.npy"
        first = self.folder / "b.npy"
        run_json("quantize", MODEL, "--data", "digits", "--images", 100, "-o", tflite)
        run_json("evaluate", tflite, "--data", "digits", "--images", 300, "--logits", again)
        run_json("evaluate", MODEL, "--data", "digits", "--images", 300, "--logits", first)
        self.assertEqual(first.read_bytes(), again.read_bytes())

    def quantized(self, *options):
        path = self.folder / "options.tflite"
        result = run_json("quantize", MODEL, "--data", "digits", "--images", 100,
                          "--calibration-images", 100, "-o", path, *options)
        return result, path.read_bytes()

    def test_calibration_takes_a_method_and_images_in_any_order(self):
        _, usual = self.quantized()
        _, percentile = self.quantized("--calibration", "percentile", "--percentile", 99)
        self.assertNotEqual(percentile, usual)
        first = self.quantized("--calibration", "mse", "--calibration", "digits")
        second = self.quantized("--calibration", "digits", "--calibration", "mse")
        self.assertEqual(first, second)
        self.assertEqual(first, self.quantized("--calibration", "mse"))
        self.assertEqual(self.quantized("--calibration", "minmax")[1], usual)

    def test_the_report_has_the_figures_of_every_layer(self):
        layers = {layer["name"]: layer for layer in self.quantized()[0]["layers"]}
        conv, last = layers["conv1"], list(layers.values())[-1]
        self.assertIsNone(last["sqnr_db"])  # The softmax, which int8 does not run.
        self.assertGreater(conv["sqnr_db"], 20)
        self.assertEqual(conv["saturated_fraction"], 0)
        measured, worst = conv["accumulator_measured"], conv["accumulator_worst_case"]
        self.assertLessEqual(worst["low"], measured["low"])
        self.assertLessEqual(measured["high"], worst["high"])
        self.assertLessEqual(measured["bits"], worst["bits"])
        self.assertLess(worst["high"], 2 ** (worst["bits"] - 1))

    def test_logits_do_not_depend_on_threads_or_instruction_set(self):
        outputs = set()
        for threads, isa in ((1, ""), (3, ""), (2, "baseline")):
            path = self.folder / f"{threads}{isa}.npy"
            run_json("evaluate", MODEL, "--data", "digits", "--images", 200, "--assign", "1KVP",
                     "--threads", threads, "--logits", path,
                     env={"DEEPAXE_ISA": isa} if isa else {})
            outputs.add(path.read_bytes())
        self.assertEqual(len(outputs), 1)

    def test_accuracy_near_chance_warns_with_the_preprocessing(self):
        done = run("evaluate", MODEL, "--data", "digits", "--images", 500, "--input",
                   "standard:5000;1")
        self.assertEqual(done.returncode, 0)
        self.assertIn("near guessing", done.stderr)
        self.assertIn("standard", done.stderr)


class Inject(ProgramTest):
    def inject(self, *more):
        return run_json("inject", MODEL, "--data", "digits", "--images", 60, *more)

    def test_counts_add_up_and_do_not_depend_on_threads(self):
        results = [self.inject("--pairs", 6000, "--threads", threads) for threads in (1, 2)]
        for result in results:
            result.pop("seconds")
            self.assertEqual(sum(result["outcomes"].values()), result["pairs"])
            pairs = sum(bit["pairs"] for layer in result["layers"] for bit in layer["bits"])
            self.assertEqual(pairs, result["pairs"])
            self.assertIn("strata", result["method"])
            self.assertAlmostEqual(sum(result["outcome_rates"].values()), 1)
        self.assertEqual(results[0], results[1])

    def test_census_counts_every_fault_on_every_image(self):
        result = run_json("inject", MODEL, "--data", "digits", "--images", 3, "--faults", "all",
                          "--recheck", "0.01")
        self.assertEqual(result["pairs"], result["fault_space"] * 3)
        self.assertGreater(result["rechecked"], 1000)
        self.assertEqual(result["mismatches"], 0)
        self.assertEqual(result["sdc_rate_interval"], [result["sdc_rate"]] * 2)

    def test_common_faults_are_written_with_their_counts(self):
        csv = self.folder / "faults.csv"
        result = self.inject("--faults", 25, "--csv", csv)
        lines = csv.read_text().splitlines()
        self.assertEqual(result["pairs"], 25 * 60)
        pairs = lines[0].split(",").index("pairs")
        self.assertEqual(sum(int(line.split(",")[pairs]) for line in lines[1:]), 25 * 60)
        # What was written is a list of faults: tried again they come out the same.
        again = self.folder / "again.csv"
        repeated = self.inject("--fault-list", csv, "--csv", again)
        self.assertEqual(again.read_text(), csv.read_text())
        self.assertEqual(repeated["outcomes"], result["outcomes"])

    def test_lists_of_units_and_nets_fit_one_engine_and_one_circuit(self):
        csv = self.folder / "units.csv"
        hits = ("--target", "mac_unit,multiplier_net", "--faults", 12)
        self.inject(*hits, "--parallel", 4, "--assign", "bam(2,1)", "--csv", csv)
        again = self.folder / "units_again.csv"
        self.inject("--fault-list", csv, "--parallel", 4, "--assign", "bam(2,1)", "--csv", again)
        self.assertEqual(again.read_text(), csv.read_text())
        for other in (("--parallel", 2, "--assign", "bam(2,1)"),
                      ("--parallel", 4, "--assign", "bam(1,3)")):
            refused = run("inject", MODEL, "--data", "digits", "--images", 2, "--fault-list", csv,
                          *other)
            self.assert_input_error(refused, "units.csv", "line ")

    def test_margin_loss_is_measured_where_it_is_asked_for(self):
        csv = self.folder / "losses.csv"
        census = run_json("inject", MODEL, "--data", "digits", "--images", 2, "--faults", "all",
                          "--margin-loss", "--csv", csv)
        lines = [line.split(",") for line in csv.read_text().splitlines()]
        total = sum(int(line[-1]) for line in lines[1:])
        self.assertEqual(lines[0][-1], "margin_loss_codes")
        self.assertAlmostEqual(census["margin_loss_codes"]["value"], total / census["pairs"])
        by_bit = [bit for layer in census["layers"] for bit in layer["bits"]]
        self.assertAlmostEqual(sum(b["margin_loss_codes"] * b["pairs"] for b in by_bit), total)
        sample = run_json("inject", MODEL, "--data", "digits", "--images", 2, "--margin-loss",
                          "--pairs", 20000)
        low, high = sample["margin_loss_codes"]["interval"]
        self.assertLess(low, high)
        self.assertNotIn("margin_loss_codes", self.inject("--pairs", 100))

    def test_residency_follows_the_cycles_of_the_engine(self):
        fit = ("--pairs", 20000, "--fit-per-mbit", 1000)
        worst = self.inject(*fit, "--residency", "uniform")
        live = self.inject(*fit, "--residency", "cycles")
        self.assertLess(live["fit"]["value"], worst["fit"]["value"])
        shares = {layer["layer"]: layer["residency"] for layer in live["layers"]}
        told = ",".join(f"{name}={share!r}" for name, share in shares.items())
        self.assertEqual(self.inject(*fit, "--residency", told)["fit"], live["fit"])
        self.assertNotEqual(self.inject(*fit, "--residency", "cycles", "--parallel", 4)["fit"],
                            live["fit"])

    def test_residency_of_a_pipeline_is_that_of_its_queues(self):
        fit = ("--pairs", 20000, "--fit-per-mbit", 1000)
        one, queues = (self.inject(*fit, "--residency", "cycles", "--schedule", schedule)
                       for schedule in ("sequential", "pipelined"))
        self.assertEqual(one["sdc_rate"], queues["sdc_rate"])
        self.assertNotEqual(one["fit"], queues["fit"])
        for layer in queues["layers"]:  # A chain: queues of two images.
            self.assertGreater(layer["residency"], 0)
            self.assertLessEqual(layer["residency"], 2)
        for other in ((), ("--residency", "uniform")):
            done = run("inject", MODEL, "--data", "digits", "--images", 2, *fit, *other,
                       "--schedule", "pipelined", "--quiet")
            self.assert_input_error(done, "--schedule", "--residency cycles")

    def test_every_target_is_hit_and_checked_by_the_reference(self):
        sizes = {"activation": 46432, "weight": 8 * 44190, "bias": 32 * 236,
                 "accumulator": 32 * (3456 + 1024 + 120 + 84 + 10),
                 "requantization": (32 + 6) * 236}
        sizes["memory"] = sum(sizes.values()) - sizes["accumulator"]
        for target, size in sizes.items():
            result = self.inject("--target", target, "--pairs", 3000, "--recheck", "0.01")
            self.assertEqual(result["fault_space"], size, target)
            self.assertGreater(result["rechecked"], 0, target)
            self.assertEqual(result["masked_pairs"] + result["collapsed_pairs"] +
                             result["evaluated_pairs"], result["pairs"] + result["pilot_pairs"])
        for target in ("mac_unit", "multiplier_net"):
            result = run_json("inject", MODEL, "--data", "digits", "--images", 20, "--target",
                              target, "--assign", "fc1=1KVP", "--parallel", 4, "--faults", 20,
                              "--recheck", "0.02", "--maps")
            for layer in result["layers"]:
                pairs = sum(bit["pairs"] for bit in layer["bits"])
                for axis in ("units", "nets"):
                    self.assertEqual(sum(c["pairs"] for c in layer.get(axis, [{"pairs": pairs}])),
                                     pairs)
            self.assertGreater(result["sdc_rate"], 0, target)
            self.assertEqual({layer["effect"] for layer in result["layers"]},
                             {"stuck_at_0", "stuck_at_1"})
        transient = self.inject("--target", "multiplier_net", "--effect", "flip", "--pairs", 3000)
        self.assertLess(transient["sdc_rate"], 0.05)

    def test_whole_faults_have_ranks_maps_and_failures_in_time(self):
        result = run_json("inject", MODEL, "--data", "digits", "--images", 40, "--faults", 2000,
                          "--top", 3, "--maps", "--fit-per-mbit", 1000)
        harms = [fault["outcomes"]["harmful"] - fault["outcomes"]["beneficial"]
                 for fault in result["worst_faults"]]
        self.assertEqual(len(harms), 3)
        self.assertEqual(harms, sorted(harms, reverse=True))
        self.assertAlmostEqual(result["fit"]["value"], 1000 * 0.046432 * result["sdc_rate"])
        self.assertLessEqual(result["critical_fault_rate"]["value"], 1)
        conv1 = result["layers"][0]
        self.assertEqual((len(conv1["channels"]), len(conv1["positions"])), (6, 24 * 24))
        for axis in ("channels", "positions"):
            self.assertEqual(sum(cell["pairs"] for cell in conv1[axis]),
                             sum(bit["pairs"] for bit in conv1["bits"]))
        self.assertIn(None, [cell["sdc_rate"] for cell in conv1["positions"]])

    def test_a_margin_is_met_by_intervals_valid_at_every_look(self):
        result = self.inject("--margin", "0.5pp")
        low, high = result["sdc_rate_interval"]
        self.assertLessEqual(high - low, 2 * 0.005)
        self.assertIn("look", result["stop_reason"])

    def test_the_papers_protocol_and_plan(self):
        paper = self.inject("--protocol", "deepaxe2023", "--faults", 40)
        self.assertIn("layer", paper["method"])
        self.assertGreater(paper["uniformly_over_the_memory"]["pairs"], 40 * 60)
        self.assertIn("fc2", paper["protocol_note"])
        plan = self.inject("--plan")
        self.assertEqual(plan["population"], 46432)
        self.assertEqual(plan["paper_used"]["LeNet-5"], 800)


class Explore(ProgramTest):
    ARGUMENTS = ["--data", "digits", "--images", "400", "--multipliers", "1KV9,1KVP", "--pairs",
                 "4000"]

    def explore(self, study, *more):
        return run_json("explore", MODEL, *self.ARGUMENTS, "--study", study, *more)

    def without_times(self, study):
        points = run_json("pareto", study, "--all")["points"]
        for point in points:
            point.get("faults", {}).pop("seconds", None)
        return points

    def test_every_row_is_confirmed_by_evaluate_and_inject(self):
        points = self.explore(self.folder / "s.sqlite")["points"]
        self.assertEqual(len(points), 1 + 2 * 31)
        front = [point for point in points if point["on_front"]]
        self.assertGreater(len(front), 0)
        for point in front:
            common = [MODEL, "--data", "digits", "--images", 400, "--assign", point["assignment"]]
            self.assertEqual(run_json("evaluate", *common)["correct"], point["correct"])
            faults = run_json("inject", *common, "--pairs", 4000)
            self.assertEqual(faults["outcomes"], point["faults"]["outcomes"])
            cost = run_json("cost", MODEL, "--data", "digits", "--assign", point["assignment"])
            for figure in ("cycles", "lut", "ff", "dsp", "bram", "utilization"):
                self.assertEqual(cost[figure], point[figure])

    def test_killed_and_continued_equals_uninterrupted(self):
        whole, killed = self.folder / "whole.sqlite", self.folder / "killed.sqlite"
        self.explore(whole)
        command = [PROGRAM, "explore", MODEL, *self.ARGUMENTS, "--study", str(killed), "--quiet"]
        kills = 0
        for delay in (0.1, 0.3, 0.6, 0.9, 1.2):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            kills += process.wait() == -signal.SIGKILL
        self.assertGreater(kills, 0)
        self.explore(killed)
        self.assertEqual(self.without_times(whole), self.without_times(killed))

    def test_gates_list_what_they_stopped(self):
        points = run_json("explore", MODEL, "--data", "digits", "--images", 400, "--multipliers",
                          "1L2N", "--pairs", 800, "--max-drop", "0.1", "--study",
                          self.folder / "s.sqlite")["points"]
        gated = [point for point in points if point["status"] == "gated"]
        self.assertGreater(len(gated), 0)
        for point in points:
            self.assertEqual(point["status"] == "gated", point["accuracy_drop"] > 0.001 + 1e-12)
            self.assertEqual(point["status"] == "gated", "faults" not in point)

    def test_reports_are_written(self):
        study = self.folder / "s.sqlite"
        self.explore(study)
        done = run("report", study, "-o", self.folder / "r.html", "--csv", self.folder / "r.csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("<svg", (self.folder / "r.html").read_text())
        self.assertEqual(len((self.folder / "r.csv").read_text().splitlines()), 1 + 63)

    def test_an_unfinished_study_says_so_in_every_form(self):
        study = self.folder / "s.sqlite"
        self.explore(study, "--no-faults")
        self.assertNotIn("not injected yet", run("pareto", study).stdout)
        more = ["--objectives", "accuracy_drop,sdc"]
        run_json("explore", MODEL, "--data", "digits", "--images", "400", "--pairs", "4000", "--study",
                 study, "--assign", "1KVP")
        self.assertIn("61 of 63 designs are not injected yet", run("pareto", study, *more).stdout)
        waiting = [p for p in run_json("pareto", study, *more)["points"] if not p["compared"]]
        self.assertEqual(len(waiting), 61)
        run("report", study, "-o", self.folder / "r.html", *more)
        self.assertEqual((self.folder / "r.html").read_text().count("<td>not compared</td>"), 61)

    def test_pareto_keeps_the_objectives_of_the_study(self):
        study = self.folder / "s.sqlite"
        self.explore(study, "--objectives", "accuracy_drop,cycles", "--max-drop", "1")
        for command in ("pareto", "report"):
            self.assertEqual(run_json(command, study)["objectives"], ["accuracy_drop", "cycles"])
            self.assertEqual(run_json(command, study, "--objectives", "cycles")["objectives"],
                             ["cycles"])

    def test_multipliers_may_be_families(self):
        points = run_json("explore", MODEL, "--data", "digits", "--images", 50, "--no-faults",
                          "--multipliers", "bam(1,3),trunc(2)", "--study",
                          self.folder / "s.sqlite")["points"]
        self.assertEqual({p["multiplier"] for p in points}, {"exact", "bam(1,3)", "trunc(2)"})


class Generate(ProgramTest):
    def test_generated_source_agrees_with_the_engine(self):
        target = self.folder / "accelerator"
        result = run_json("generate", MODEL, "--data", "digits", "--assign", "1KVP@1-0-111",
                          "--target", "hls", "-o", target, "--verify")
        self.assertTrue(result["verified"])
        self.assertEqual(result["verified_images"], 200)
        if shutil.which("make"):
            done = subprocess.run(["make", "-C", str(target), "test"], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_nest_and_form_of_the_source_agrees_layer_by_layer(self):
        if not shutil.which("make"):
            self.skipTest("make is not installed")
        for options in (["--profile", "deephls"],
                        ["--multiplier-form", "rtl", "--outputs", "conv2=3", "--unroll", 2],
                        ["--loop-order", "input", "--pipeline", "window"]):
            result = run_json("generate", MODEL, "--data", "digits", "--images", 20, "--assign",
                              "1KVP", "-o", self.folder / "accelerator", "--verify", *options)
            self.assertEqual(result["layers_verified_images"], 20, options)

    def test_the_papers_nest_has_no_loop_options(self):
        done = run("generate", MODEL, "--data", "digits", "--images", 20, "-o",
                   self.folder / "accelerator", "--profile", "deephls", "--unroll", 2)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--profile", done.stderr)

    def explored(self, *options):
        study = self.folder / "s.sqlite"
        if "--assign" not in options:
            options = ("--multipliers", "1KVP", *options)
        points = run_json("explore", MODEL, "--data", "digits", "--images", 40, "--no-faults",
                          "--study", study, *options)["points"]
        return study, points

    def test_a_point_of_a_study_is_generated_with_its_hardware(self):
        study, points = self.explored("--outputs", "conv2=1,conv2=2", "--baseline", "gate,dsp")
        self.assertEqual(len(points), 2 * (2 * 31 + 1))  # 1KVP everywhere has no baseline.
        chosen = next(p for p in points if p["outputs"][1] == 2 and p["cost_baseline"] == "dsp" and
                      p["mask"] == "0-1-110")
        result = run_json("generate", MODEL, "--data", "digits", "--images", 40, "--target",
                          "verilog", "--study", study, "--point", chosen["key"][:12], "-o",
                          self.folder / "rtl")
        self.assertEqual(result["outputs"], [1, 2, 1, 1, 1])
        self.assertEqual(result["baseline"], "dsp")
        self.assertEqual(result["assignment"], chosen["assignment"])

    def test_more_outputs_trade_resources_for_cycles_on_the_front(self):
        _, points = self.explored("--outputs", "1,4", "--assign", "1KVP")
        front = [p for p in points if p["on_front"] and p["multiplier"] == "1KVP"]
        self.assertEqual({p["outputs"][0] for p in front}, {1, 4})
        slow, fast = sorted(front, key=lambda p: p["outputs"])
        self.assertGreater(slow["cycles"], fast["cycles"])
        self.assertLess(slow["lut"], fast["lut"])

    def test_a_point_that_is_not_there_or_several_are_named(self):
        study, _ = self.explored("--assign", "1KVP")
        for key in ("zz", ""):
            done = run("generate", MODEL, "--data", "digits", "--images", 40, "--study", study,
                       "--point", key, "-o", self.folder / "rtl")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("points whose key begins so", done.stderr)

    def test_memories_may_be_distributed(self):
        target = self.folder / "rtl"
        run_json("generate", MODEL, "--data", "digits", "--images", 5, "--target", "verilog",
                 "--memory", "distributed", "-o", target)
        for name in ("tensor_buffer.v", "weight_rom.v"):
            text = (target / name).read_text()
            self.assertIn('_style = "distributed"', text)
            self.assertNotIn('"block"', text)


if __name__ == "__main__":
    unittest.main()
