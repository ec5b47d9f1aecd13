#!/usr/bin/env python3
"""Prints the counts of src/deepaxe/hw/cost/multiplier_luts.cc: logic cells, as yosys estimates them.

    python3 tools/measure_multiplier_luts.py build/bin/dump_multipliers

Needs yosys in PATH; the committed counts are of yosys 0.23 (Debian 12). Each circuit is synthesized
alone by SYNTHESIS below, whose mapping weighs LUTs by their area. "Estimated number of LCs" counts
two small LUTs that share one 6-input LUT as one, so it is less than the LUT cells (second figure).
A script of ABC that maps for area before depth needs more LCs, so its own is kept: `abc -luts
2:2,3,6:5 -script +strash;ifraig;scorr;dc2;dch,-f;if,-a;mfs2` gives 94 instead of 84 for 1KV6 and 78
instead of 68 for 1KVP.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

SYNTHESIS = ("synth_xilinx -family xc7 -nowidelut -noiopad -nodsp -flatten; "
             "stat -tech xilinx")
NATIVE = "module native(input signed [7:0] a, b, output signed [15:0] y);\n" \
         "  assign y = a * b;\nendmodule\n"
# In the order of the library: growing error.
NAMES = ("1KV6", "1KV8", "1KV9", "1KVA", "1KVM", "1KVP", "1KVQ", "1L2J", "1KX5", "1L2L", "1KXF",
         "1L2N", "1L12")


def measure(source):
    """LCs, LUT cells and CARRY4 of one Verilog file."""
    command = ["yosys", "-Q", "-T", "-p", f"read_verilog {source.name}; {SYNTHESIS}"]
    log = subprocess.run(command, cwd=source.parent, check=True, capture_output=True,
                         text=True).stdout
    statistics = log[log.rindex("Printing statistics"):]
    cells = {name: int(count) for name, count in re.findall(r"^ +(\w+) +(\d+)$", statistics, re.M)}
    lcs = int(re.search(r"Estimated number of LCs: +(\d+)", statistics).group(1))
    luts = sum(count for name, count in cells.items() if re.fullmatch("LUT[1-6]", name))
    return lcs, luts, cells.get("CARRY4", 0)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    version = subprocess.run(["yosys", "-V"], check=True, capture_output=True, text=True).stdout
    print(f"// {version.strip()}: {SYNTHESIS}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], name], check=True)
        for circuit in NAMES:
            lcs, luts, _ = measure(folder / f"{circuit}.v")
            print(f'{{"{circuit}", {lcs}}},  // {luts} LUT cells.', flush=True)
        (folder / "native.v").write_text(NATIVE)
        lcs, luts, carries = measure(folder / "native.v")
        print(f"kYosysNativeLcs = {lcs};  // {luts} LUT cells, {carries} CARRY4.")


if __name__ == "__main__":
    main()
