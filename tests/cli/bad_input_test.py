"""Bad input: one line naming file, place, found and expected; exit 1; nothing lost."""
import gzip
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from program import MODEL, PROGRAM, SHARED, ProgramTest, run, run_json, write_npz  # noqa: E402


def evaluate(model, data, *more, **options):
    return run("evaluate", model, "--data", data, "--quiet", *more, **options)


class BadModel(ProgramTest):
    def test_missing_file(self):
        self.assert_input_error(evaluate(self.folder / "no.keras", "digits"), "no.keras")

    def test_truncated_keras_file(self):
        whole = pathlib.Path(MODEL).read_bytes()
        for size in (0, 3, 100, len(whole) // 2, len(whole) - 10):
            path = self.folder / f"cut{size}.keras"
            path.write_bytes(whole[:size])
            self.assert_input_error(evaluate(path, "digits"), path.name)

    def test_wrong_type_of_file(self):
        path = self.folder / "text.h5"
        path.write_text("this is no network\n")
        self.assert_input_error(evaluate(path, "digits"), "text.h5")

    def test_a_folder_is_no_model(self):
        self.assert_input_error(evaluate(self.folder, "digits"), self.folder)

    def test_truncated_tflite(self):
        whole = self.folder / "whole.tflite"
        done = run("quantize", MODEL, "--data", "digits", "--images", 10, "-o", whole)
        self.assertEqual(done.returncode, 0, done.stderr)
        for size in (8, 100, 5000):
            path = self.folder / f"cut{size}.tflite"
            path.write_bytes(whole.read_bytes()[:size])
            self.assert_input_error(evaluate(path, "digits"), path.name)

    @unittest.skipUnless(SHARED.exists(), "outside test data are absent")
    def test_custom_layers_are_refused_by_name(self):
        folder = SHARED / "models/qkeras-custom-layers"
        for path in sorted(folder.iterdir()):
            if path.suffix in {".h5", ".keras"}:
                config = path.with_name(path.stem.replace("_weights", "") + ".json")
                more = ["--config", config] if config.exists() else []
                named = config.name if more else path.name
                self.assert_input_error(evaluate(path, "digits", *more), named, "layer")


class OutputOverInput(ProgramTest):
    def test_the_model_is_not_written_over(self):
        whole = pathlib.Path(MODEL).read_bytes()
        model = self.folder / "net.keras"
        model.write_bytes(whole)
        for command, option in (("quantize", "-o"), ("evaluate", "--logits"), ("inject", "--csv")):
            self.assert_input_error(run(command, model, "--data", "digits", option, model),
                                    "net.keras", "another file")
        self.assertEqual(model.read_bytes(), whole)

    def test_a_study_and_its_report_are_two_files(self):
        study = self.folder / "new.sqlite"
        self.assert_input_error(
            run("explore", MODEL, "--data", "digits", "--study", study, "--html", study),
            "new.sqlite", "another file")


class BadData(ProgramTest):
    def npz(self, count=4, labels=None, shape=(28, 28, 1)):
        path = self.folder / "data.npz"
        size = shape[0] * shape[1] * shape[2]
        write_npz(path, bytes(range(256)) * (count * size // 256 + 1), labels or [0] * count, shape)
        return path

    def write_npz_exact(self, shape, labels):
        path = self.folder / "data.npz"
        size = shape[0] * shape[1] * shape[2] * len(labels)
        write_npz(path, bytes(i % 251 for i in range(size)), labels, shape)
        return path

    def test_images_that_do_not_fit_the_model(self):
        path = self.write_npz_exact((32, 32, 3), [0, 1])
        self.assert_input_error(evaluate(MODEL, path), "data.npz", "32x32x3", "28x28x1")

    def test_labels_out_of_range(self):
        path = self.write_npz_exact((28, 28, 1), [0, 10])
        self.assert_input_error(evaluate(MODEL, path), "data.npz", "10")

    def test_payload_of_the_wrong_size(self):
        self.assert_input_error(evaluate(MODEL, self.npz()), "data.npz")

    def test_more_images_than_there_are(self):
        path = self.write_npz_exact((28, 28, 1), [0, 1, 2])
        self.assert_input_error(evaluate(MODEL, path, "--images", 4), "data.npz", "4", "3")

    def test_unknown_data_set_offers_names(self):
        self.assert_input_error(evaluate(MODEL, "digit"), "digit")

    @unittest.skipUnless(SHARED.exists(), "outside test data are absent")
    def test_truncated_idx(self):
        shutil.copytree(SHARED / "datasets/mnist", self.folder / "mnist")
        images = self.folder / "mnist/t10k-images-idx3-ubyte.gz"
        images.chmod(0o644)
        images.write_bytes(images.read_bytes()[:100000])
        self.assert_input_error(evaluate(MODEL, self.folder / "mnist"), images.name)

    @unittest.skipUnless(SHARED.exists(), "outside test data are absent")
    def test_cut_inside_an_idx_record(self):
        shutil.copytree(SHARED / "datasets/mnist", self.folder / "mnist")
        packed = self.folder / "mnist/t10k-images-idx3-ubyte.gz"
        whole = gzip.decompress(packed.read_bytes())
        (self.folder / "mnist").chmod(0o755)
        packed.unlink()
        (self.folder / "mnist/t10k-images-idx3-ubyte").write_bytes(whole[:-5])
        self.assert_input_error(evaluate(MODEL, self.folder / "mnist"), "t10k-images-idx3-ubyte")


class BadAssignment(ProgramTest):
    def assign(self, text):
        return evaluate(MODEL, "digits", "--images", 10, "--assign", text)

    def test_unknown_multiplier_offers_the_nearest(self):
        self.assert_input_error(self.assign("1KVX"), "1KVX", "1KVP")

    def test_a_file_is_answered_with_the_way_to_name_it(self):
        file = self.folder / "m.npy"
        file.write_bytes(b"anything")
        for text in (str(file), f"conv1={file}", "no/such.npy"):
            self.assert_input_error(self.assign(text), "the file", "deepaxe multipliers import FILE")

    def test_unknown_layer_offers_the_nearest(self):
        self.assert_input_error(self.assign("conv9=1KVP"), "conv9", "conv1")

    def test_mask_of_the_wrong_length(self):
        self.assert_input_error(self.assign("1KVP@1-1-11"), "1-1-11")

    def test_mask_that_approximates_a_pool(self):
        self.assert_input_error(self.assign("1KVP@111-111"), "111-111")


class BadOutput(ProgramTest):
    def test_unwritable_folder(self):
        for command in (["quantize", MODEL, "--data", "digits", "--images", 10, "-o"],
                        ["evaluate", MODEL, "--data", "digits", "--images", 10, "--logits"],
                        ["explore", MODEL, "--data", "digits", "--images", 10, "--study"]):
            target = "/proc/no-such-folder/out"
            self.assert_input_error(run(*command, target, "--quiet"), target)

    def test_disk_full_leaves_the_old_file(self):
        target = self.folder / "logits.npy"
        target.write_text("old")

        def limit_file_size():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = evaluate(MODEL, "digits", "--images", 1000, "--logits", target,
                        preexec=limit_file_size)
        self.assert_input_error(done, target)
        self.assertEqual(target.read_text(), "old")
        self.assertEqual(os.listdir(self.folder), ["logits.npy"])

    def test_disk_full_while_exploring_is_one_line(self):
        study = self.folder / "s.sqlite"

        def limit_file_size():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))

        done = run("explore", MODEL, "--data", "digits", "--images", 50, "--pairs", 100, "--study",
                   study, "--quiet", preexec=limit_file_size)
        self.assert_input_error(done, study)


class BadStudy(ProgramTest):
    def explore(self, model=MODEL, images=20):
        return run("explore", model, "--data", "digits", "--multipliers", "1KVP", "--images", images,
                   "--pairs", 40, "--quiet", "--study", self.folder / "s.sqlite")

    def test_study_of_another_model_or_data_set(self):
        self.assertEqual(self.explore().returncode, 0)
        before = (self.folder / "s.sqlite").read_bytes()
        self.assert_input_error(self.explore(images=21), "s.sqlite", "expected")
        other = self.folder / "other.tflite"
        done = run("quantize", MODEL, "--data", "digits", "--images", 10, "--activations",
                   "symmetric", "-o", other)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_input_error(self.explore(model=other), "s.sqlite", "expected")
        self.assertEqual((self.folder / "s.sqlite").read_bytes(), before)

    def test_a_file_that_is_no_study(self):
        (self.folder / "s.sqlite").write_text("not a database, but long enough to be read " * 50)
        self.assert_input_error(self.explore(), "s.sqlite")
        self.assert_input_error(run("pareto", self.folder / "s.sqlite"), "s.sqlite")

    def test_missing_study(self):
        self.assert_input_error(run("pareto", self.folder / "none.sqlite"), "none.sqlite")


class Usage(ProgramTest):
    def test_usage_errors_exit_2_and_suggest(self):
        for arguments, hint in ((["evalute"], "evaluate"),
                                (["evaluate", MODEL, "--data", "digits", "--imges", "5"], "--images"),
                                ([], "subcommand")):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(hint, done.stderr)


    def test_numbers_out_of_range_are_usage_errors_of_one_line(self):
        for option, value in (("--images", "-1"), ("--pairs", "-5"), ("--seed", "-1"),
                              ("--sdc-margin", "nan"), ("--recheck", "2")):
            done = run("inject", MODEL, "--data", "digits", option, value)
            self.assertEqual(done.returncode, 2, (option, done.stderr))
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertLess(len(done.stderr), 200)

    def test_calibration_said_twice_or_a_percentile_without_one_are_usage_errors(self):
        for options in (["--calibration", "mse", "--calibration", "minmax"],
                        ["--calibration", "digits", "--calibration", "mnist"],
                        ["--percentile", 99], ["--calibration", "mse", "--percentile", 99],
                        ["--calibration", "percentile", "--percentile", 101]):
            done = run("quantize", MODEL, "--data", "digits", "-o", self.folder / "q", *options)
            self.assertEqual(done.returncode, 2, (options, done.stderr))
            self.assertIn(options[-2], done.stderr)

    def test_fault_targets_and_lists(self):
        command = ("inject", MODEL, "--data", "digits", "--images", 10)
        for more, named in ((["--target", "register"], "register"),
                            (["--effect", "melt"], "melt"),
                            (["--target", "mac_unit", "--effect", "flip"], "mac_unit"),
                            (["--target", "weight", "--protocol", "deepaxe2023"], "weight"),
                            (["--target", "accumulator", "--fit-per-mbit", 1], "accumulator"),
                            (["--fault-list", self.folder / "none.csv"], "none.csv")):
            self.assert_input_error(run(*command, *more), named)
        path = self.folder / "list.csv"
        for lines, named in (("", "no faults"), ("layer,bit\nfc1,3\n", "target"),
                             ("activation,flip,fc1,200,3", "line 2"),
                             ("activation,flip,fc1,20,8", "line 2"),
                             ("activation,flip,fc9,20,3", "fc1")):
            header = "" if lines.startswith("layer") else "target,effect,layer,position,bit\n"
            path.write_text(header + lines)
            self.assert_input_error(run(*command, "--fault-list", path), "list.csv", named)

    def test_options_that_would_change_nothing_are_refused(self):
        self.assert_input_error(evaluate(MODEL, "digits", "--precision", "float", "--assign", "1KVP"),
                                "--assign")
        self.assert_input_error(run("explore", MODEL, "--data", "digits", "--images", 50,
                                    "--no-faults", "--objectives", "sdc,cycles", "--quiet",
                                    "--study", self.folder / "s.sqlite"), "--objectives")
        self.assert_input_error(run("inject", MODEL, "--data", "digits", "--images", 10, "--faults",
                                    46433, "--quiet"), "--faults", "46432")
        for options in (["--margin", "5%"], ["--margin", "0"], ["--top", 5],
                        ["--margin", "0.1", "--faults", "all"], ["--residency", "conv1=0.5"],
                        ["--residency", "conv1=2", "--fit-per-mbit", 1],
                        ["--residency", "nosuch=1", "--fit-per-mbit", 1],
                        ["--protocol", "stratified", "--pairs", 100],
                        ["--protocol", "stratified", "--faults", 100]):
            self.assert_input_error(run("inject", MODEL, "--data", "digits", "--images", 10,
                                        "--quiet", *options), "--")

    def test_options_that_another_one_would_override_are_refused(self):
        inject = ("inject", MODEL, "--data", "digits", "--images", 10, "--quiet")
        self.assert_input_error(run(*inject, "--maps"), "--maps", "--json")
        for other in (["--margin", "1pp", "--sdc-margin", "0.1"],
                      ["--margin", "1pp", "--vulnerability-margin", "0.1"],
                      ["--plan", "--target", "weight"], ["--plan", "--faults", "all"],
                      ["--plan-margin", "0.05"]):
            done = run(*inject, *other)
            self.assertEqual((done.returncode, done.stdout), (2, ""), other)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(other[0], done.stderr)
        explore = ("explore", MODEL, "--data", "digits", "--images", 10, "--no-faults", "--study",
                   self.folder / "s.sqlite", "--assign", "1KVP")
        for other in (["--mixed"], ["--multipliers", "1KV9"]):
            self.assertEqual(run(*explore, *other).returncode, 2, other)

    def test_options_of_the_other_target_are_refused(self):
        generate = ("generate", MODEL, "--data", "digits", "--images", 10, "-o", self.folder / "d",
                    "--target")
        for target, other in (("verilog", ["--unroll", 2]), ("verilog", ["--exact-as-gates"]),
                              ("verilog", ["--verify-all"]), ("hls", ["--baseline", "dsp"]),
                              ("hls", ["--part", "xc7z020"])):
            self.assert_input_error(run(*generate, target, *other), other[0], "--target " + target)
        self.assertFalse((self.folder / "d").exists())

    def test_what_is_no_network_is_told_all_that_would_be_one(self):
        broken = self.folder / "broken.tflite"
        broken.write_bytes(bytes(range(200)))
        self.assert_input_error(run("inspect", broken), "broken.tflite", "Keras", ".tflite file")

    def test_a_reader_that_goes_and_a_full_output_are_no_crash(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([PROGRAM, "multipliers", "list"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("standard output: cannot be written", done.stderr)
            done = subprocess.run([PROGRAM, "pareto", "no.sqlite"], stdout=full, stderr=full,
                                  check=False)
            self.assertEqual(done.returncode, 1)


class Interrupt(ProgramTest):
    def test_ctrl_c_ends_a_check_of_many_files(self):
        file = self.folder / "m.c"
        file.write_text("int16_t f(int8_t A, int8_t B) { return (A & ~1) * B; }")
        process = subprocess.Popen([PROGRAM, "multipliers", "check", *[str(file)] * 2_000],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
        self.assertEqual((process.returncode, error), (130, "deepaxe: interrupted\n"))

    def test_ctrl_c_exits_130_and_keeps_the_study(self):
        study = self.folder / "s.sqlite"
        command = [PROGRAM, "explore", MODEL, "--data", "digits", "--images", "2000", "--pairs",
                   "2000000", "--sdc-margin", "0", "--vulnerability-margin", "0", "--study",
                   str(study), "--quiet"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 120
        while not study.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130, error)
        self.assertEqual(len(error.splitlines()), 1, error)
        front = {p["assignment"] for p in run_json("pareto", study)["points"] if p["on_front"]}
        self.assertGreater(len(front), 0)
        reported = run_json("report", study)["points"]
        self.assertEqual({p["assignment"] for p in reported if p["on_front"]}, front)


if __name__ == "__main__":
    unittest.main()
