"""Multipliers of other programs: checked, imported, used, exported; wrong ones refused."""
import csv
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from program import MODEL, SHARED, ProgramTest, npy_bytes, run, run_json  # noqa: E402

TABLES = SHARED / "multipliers"
SIGNED = range(-128, 128)
EXACT_C = "uint16_t mul8u_x(uint8_t A, uint8_t B) { return A * B; }\n"


def signed_npy(product):
    values = [product(a, b) for a in SIGNED for b in SIGNED]
    return npy_bytes("<i2", (256, 256), struct.pack("<65536h", *values))


class MultipliersTest(ProgramTest):
    """A library of multipliers of its own."""

    def setUp(self):
        super().setUp()
        self.env = {"DEEPAXE_HOME": str(self.folder / "home")}

    def multipliers(self, *arguments):
        return run("multipliers", *arguments, env=self.env)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def imported(self, name, content, *more):
        return run_json("multipliers", "import", self.write(name, content), *more, env=self.env)

    def kept(self):
        return sorted(p.name for p in self.folder.glob("home/**/*") if p.is_file())


class Check(MultipliersTest):
    @unittest.skipUnless(TABLES.exists(), "outside test data are absent")
    def test_lists_the_50_tables_of_evoapproxlib(self):
        done = run("multipliers", "check", *sorted(TABLES.glob("*.npy")), "--json", env=self.env)
        self.assertEqual(done.returncode, 1)  # mul8u_TD3 is always 0.
        self.assertIn("1 of 50 files refused", done.stderr)
        rows = {pathlib.Path(row["file"]).stem: row for row in json.loads(done.stdout)}
        self.assertEqual(len(rows), 50)
        self.assertEqual([name for name, row in rows.items() if not row["accepted"]], ["mul8u_TD3"])
        with open(TABLES / "evoapprox_mul8s.csv", newline="", encoding="utf-8") as file:
            measured = list(csv.DictReader(file))
        self.assertEqual(len(measured), 13)
        for expected in measured:
            row = rows[expected["name"]]
            self.assertEqual(row["operands"], "signed")
            form = expected["closed_form"].split(" ")[0]
            self.assertEqual(row["equals"], [f"{expected['name'][6:]} = {form}"])
            figures = row["measured"]
            self.assertEqual(figures["mean_absolute_error_lsb"], float(expected["mae_lsb"]))
            self.assertEqual(figures["worst_case_error_lsb"], int(expected["wce_lsb"]))
            self.assertAlmostEqual(100 * figures["error_probability"],
                                   float(expected["ep_percent"]), delta=0.006)
            self.assertAlmostEqual(100 * figures["mean_relative_error"],
                                   float(expected["published_mre_percent"]), delta=0.0051)
        self.assertEqual(sum(row["operands"] == "unsigned" for row in rows.values()), 37)

    def test_equal_circuits_are_aliases_and_the_rest_is_still_listed(self):
        good = self.write("a.npy", signed_npy(lambda a, b: a * b))
        again = self.write("b.npy", good.read_bytes())
        bad = self.write("c.npy", b"nothing")
        done = self.multipliers("check", good, bad, again)
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertIn("1KV6 = bam(0,0)", lines[1])
        self.assertIn("refused", lines[2])
        self.assertIn("1KV6 = bam(0,0), a.npy", lines[3])
        self.assertIn("c.npy", lines[4])


class Import(MultipliersTest):
    def test_an_import_is_used_like_any_multiplier(self):
        self.imported("m.c", "int16_t f(int8_t A, int8_t B) { return (A & ~1) * B + 1; }",
                      "--name", "mine")
        done = run_json("evaluate", MODEL, "--data", "digits", "--images", 50, "--assign",
                        "conv1=mine", env=self.env)
        self.assertEqual(done["images"], 50)
        cost = run_json("cost", MODEL, "--data", "digits", "--assign", "mine", env=self.env)
        self.assertGreater(cost["lut"], 0)
        self.assertRegex(self.multipliers("list").stdout, r"(?m)^mine +import ")

    def test_a_product_expanded_to_gates_says_so_where_it_is_priced(self):
        for name, body, is_expanded in (("star", "(A & ~1) * B + 1", True),
                                        ("shifts", "(B & 64 ? A << 6 : 0) - (B & 128 ? A << 7 : 0)", False),
                                        ("whole", "A * B", False)):  # Exact: as the baseline says.
            self.imported(name + ".c", f"int16_t f(int8_t A, int8_t B) {{ return {body}; }}",
                          "--name", name)
            cost = run_json("cost", MODEL, "--data", "digits", "--assign", name, "--baseline",
                            "native", env=self.env)
            self.assertEqual("its * is expanded" in cost["sources"]["lut"], is_expanded, name)

    def test_a_recognized_import_is_the_library_circuit(self):
        answer = self.imported("m.npy", signed_npy(lambda a, b: (a & ~3) * (b & ~3)), "--name", "t2")
        self.assertEqual(answer["equals"], ["1L2L = trunc(2)"])
        costs = [run_json("cost", MODEL, "--data", "digits", "--assign", name, env=self.env)["lut"]
                 for name in ("t2", "1L2L")]
        self.assertEqual(costs[0], costs[1])

    def test_every_import_is_listed_and_says_where_it_is_from(self):
        name = "a-name-of-more-than-ten-characters"
        self.imported("m.c", EXACT_C, "--name", name, "--wrap", "sign-magnitude")
        rows = run_json("multipliers", "list", "--pareto", env=self.env)
        self.assertIn(name, [row["name"] for row in rows])  # Although 1KV6 is there.
        self.assertRegex(self.multipliers("list").stdout, rf"(?m)^{name} +bam\(0,0\) ")
        shown = run_json("multipliers", "show", name, env=self.env)
        self.assertEqual(shown["imported"]["file"], "m.c")
        self.assertEqual(shown["imported"]["wrap"], "sign-magnitude")
        self.assertRegex(self.multipliers("show", name).stdout,
                         r"(?m)^  imported     file m\.c, .*wrap sign-magnitude")

    def test_products_alone_have_no_cost_until_it_is_given(self):
        table = signed_npy(lambda a, b: a * b + (1 if a == 3 else 0))
        self.imported("m.npy", table, "--name", "alone")
        for command in ("cost", "explore"):
            option = "--assign" if command == "cost" else "--multipliers"
            done = run(command, MODEL, "--data", "digits", option, "alone", "--quiet",
                       env=self.env, cwd=self.folder)
            self.assert_input_error(done, "multiplier 'alone'", "--luts N")
        self.assertEqual(list(self.folder.glob("*.sqlite")), [])
        self.imported("m.npy", table, "--name", "dear", "--luts", 70)
        cost = run_json("cost", MODEL, "--data", "digits", "--assign", "dear", env=self.env)
        self.assertIn("70 LUTs each, as given at import", cost["sources"]["lut"])

    def test_products_alone_become_a_table_in_the_generated_source(self):
        self.imported("m.npy", signed_npy(lambda a, b: a * b + (1 if a == 3 else 0)), "--name", "rom")
        done = run("generate", MODEL, "--data", "digits", "--images", 20, "--assign", "rom", "-o",
                   self.folder / "hls", "--verify", env=self.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        header = (self.folder / "hls/multipliers.h").read_text()
        self.assertIn("multiply_rom_products[65536]", header)

    def test_unsigned_circuits_are_wrapped_when_asked(self):
        path = self.write("m.c", EXACT_C)
        done = self.multipliers("import", path, "--name", "u")
        self.assert_input_error(done, "m.c", "unsigned operands", "--wrap sign-magnitude")
        answer = self.imported("m.c", EXACT_C, "--name", "u", "--wrap", "sign-magnitude")
        self.assertEqual(answer["equals"], ["1KV6 = bam(0,0)"])

    def test_products_beyond_16_bits_are_refused_or_saturated(self):
        text = "uint64_t mul8u_x(uint64_t A, uint64_t B) { return 2 * A * B + 256; }"
        path = self.write("m.c", text)
        done = self.multipliers("import", path, "--name", "o", "--wrap", "sign-magnitude")
        self.assert_input_error(done, "product of -128 and -128", "33024", "--overflow saturate")
        self.assertEqual(self.kept(), [])
        answer = self.imported("m.c", text, "--name", "o", "--wrap", "sign-magnitude", "--overflow",
                               "saturate")
        self.assertGreater(answer["saturated_products"], 0)
        self.assertIsNone(answer["gates"])

    def test_claims_are_compared(self):
        body = "int16_t mul8s_x(int8_t A, int8_t B) { return A * B - ((A & B & 1)) * 2; }\n"
        # The error is 2 for the quarter of pairs that are both odd: MAE 0.5, EP 25 %.
        path = self.write("m.c", "// MAE = 0.5\n// EP% = 25.00 %\n" + body)
        done = self.multipliers("import", path, "--name", "right")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        path = self.write("m.c", "// MAE = 0.52\n" + body)
        done = self.multipliers("import", path, "--name", "near")
        self.assertEqual(done.returncode, 0)
        self.assertIn("claims 'MAE = 0.52', measured 0.5", done.stderr)
        path = self.write("m.c", "// MAE = 0.6\n" + body)
        done = self.multipliers("import", path, "--name", "wrong")
        self.assert_input_error(done, "m.c", "'MAE = 0.6', measured 0.5", "10 %")
        path = self.write("m.c", "// mul8s_x: MAE = 0.6, WCE = 9; EP = 25 %\n" + body)
        refusal = "claims: found 'MAE = 0.6', measured 0.5; 'WCE = 9', measured 2, expected"
        self.assert_input_error(self.multipliers("import", path, "--name", "all"), refusal)
        self.assertIn(refusal, self.multipliers("check", path).stdout)
        self.imported("m.c", "// MAE = 0.6\n" + body, "--name", "wrong", "--ignore-claims")

    def test_a_name_is_taken_once(self):
        self.imported("m.c", EXACT_C, "--name", "n", "--wrap", "sign-magnitude")
        done = self.multipliers("import", self.folder / "m.c", "--name", "n")
        self.assert_input_error(done, "--name", "'n'", "--force")
        self.imported("m.c", EXACT_C, "--name", "n", "--wrap", "sign-magnitude", "--force")
        for name in ("1KVP", "exact", "a/b", ""):
            done = self.multipliers("import", self.folder / "m.c", "--name", name)
            self.assert_input_error(done, "--name")

    def test_what_is_wrong_is_refused_and_nothing_is_kept(self):
        constant = signed_npy(lambda a, b: 7)
        swapped = signed_npy(lambda a, b: (a + 128 - 256 * (a >= 0)) * (b + 128 - 256 * (b >= 0)))
        cases = {
            "const.npy": (constant, "a multiplier, not a constant"),
            "order.npy": (swapped, "order of their bit patterns"),
            "short.npy": (constant[:1000], "short.npy"),
            "loop.c": ("int16_t f(int8_t A, int8_t B) { while (1); return A; }", "found 'while'"),
            "call.c": ("int16_t f(int8_t A, int8_t B) { return system(A); }", "found 'system'"),
            "file.c": ("#include <stdio.h>\nint f;", "line 1"),
            "seq.v": ("module mul8s_x(input clk); always @(posedge clk); endmodule", "'always'"),
            "latch.blif": (".model mul8s_x\n.latch a b\n.end\n", "line 2: found '.latch'"),
            "x.cgp": ("{16,16,1,1,2,1,0}(", "x.cgp"),
            "t.txt": ("1 2 3\n", "line 1: found 3 integers"),
            "mul8s_t.bin": (b"\0" * 100, "131072 bytes"),
            "nothing": (b"\1\2", "no known format"),
        }
        for name, (content, message) in cases.items():
            done = self.multipliers("import", self.write(name, content), "--name", "x", "--signed")
            self.assert_input_error(done, name, message)
        self.assertEqual(self.kept(), [])

    def test_a_damaged_import_is_refused_by_file(self):
        self.imported("m.c", EXACT_C, "--name", "d", "--wrap", "sign-magnitude")
        (self.folder / "home/multipliers/d.npy").write_bytes(signed_npy(lambda a, b: a - b))
        done = run("evaluate", MODEL, "--data", "digits", "--assign", "d", "--quiet", env=self.env)
        self.assert_input_error(done, "d.json", "another identity")


class Export(MultipliersTest):
    FORMATS = {"npy": "npy", "tfapprox": "bin", "approxtorch": "txt", "adapt": "h", "c": "c",
               "verilog": "v", "blif": "blif", "cgp": "cgp"}

    def test_every_format_comes_back_as_the_same_circuit(self):
        for format_name, ending in self.FORMATS.items():
            path = self.folder / f"x.{ending}"
            done = self.multipliers("export", "1KX5", "--to", format_name, "-o", path)
            self.assertEqual(done.returncode, 0, done.stderr)
            rows = run_json("multipliers", "check", path, "--signed", env=self.env)
            self.assertEqual(rows[0]["equals"], ["1KX5 = bam(2,5)"], format_name)

    @unittest.skipUnless(shutil.which("yosys"), "no yosys")
    def test_yosys_reads_the_verilog_and_we_read_its_blif(self):
        verilog, blif = self.folder / "x.v", self.folder / "y.blif"
        self.multipliers("export", "1KV9", "--to", "verilog", "-o", verilog)
        subprocess.run(["yosys", "-q", "-p", f"read_verilog {verilog}; synth; abc -g AND,XOR; opt; "
                        f"write_blif {blif}"], check=True)
        rows = run_json("multipliers", "check", blif, "--signed", env=self.env)
        self.assertEqual(rows[0]["equals"], ["1KV9 = bam(0,3)"])

    def test_circuits_of_products_alone_are_refused(self):
        self.imported("m.npy", signed_npy(lambda a, b: a * b + (1 if a == 3 else 0)), "--name", "p")
        done = self.multipliers("export", "p", "--to", "c", "-o", self.folder / "p.c")
        self.assert_input_error(done, "multiplier 'p'", "no netlist", "adapt")
        self.assertFalse((self.folder / "p.c").exists())


if __name__ == "__main__":
    unittest.main()
