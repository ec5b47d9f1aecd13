#!/usr/bin/env python3
"""Compares our LUTs, levels and toggles of multipliers with published figures of Vivado.

    python3 tools/compare_with_vivado.py build/release/bin/measure_circuits CIRCUITS...

CIRCUITS are files of circuits named in tools/vivado_multipliers.csv (mul8u_QM8.c or .v, from the
source that the table names; they are not part of this repository). Each must have the MAE and WCE
that the table says. For each its netlist, as our importer reads it, is synthesized by SYNTHESIS,
the commands of src/deepaxe/hw/synthesis for circuits of gates, and by AREA, a script of ABC that
maps to 6-input LUTs for area. Printed: a row each, then for every estimate x of Vivado's LUTs y the
factor f that minimizes the sum of (f x / y - 1)^2, the mean of |f x / y - 1| for all circuits and
for those of 10 LUTs or more, and the rank correlation. The table's own LCs, of which a test derives
kLutsPerLc, are to be those printed. Needs yosys; about 10 seconds a circuit.
"""
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

SYNTHESIS = ("synth_xilinx -family xc7 -nowidelut -noiopad -nodsp -flatten; ltp -noff; "
             "stat -tech xilinx")
AREA = "synth -flatten; abc -lut 6 -script +strash;ifraig;scorr;dc2;dch,-f;if,-a,-K,6;mfs2; stat"
FIGURES = pathlib.Path(__file__).with_name("vivado_multipliers.csv")
STATIC_WATTS = 0.24  # Published for the constant mul8u_199Z.


def read_figures():
    with open(FIGURES, encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["name"]: row for row in rows}


def synthesize(source, script):
    command = ["yosys", "-Q", "-T", "-p", f"read_verilog {source}; {script}"]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    statistics = log[log.rindex("Printing statistics"):]
    cells = sum(int(count) for count in
                re.findall(r"^ +(?:LUT[1-6]|\$lut) +(\d+)$", statistics, re.M))
    lcs = re.search(r"Estimated number of LCs: +(\d+)", statistics)
    levels = re.search(r"length=(\d+)", log)
    return {"cells": cells, "lcs": lcs and int(lcs.group(1)), "levels": levels and int(levels.group(1))}


def measure(program, folder, file, figures):
    line = subprocess.run([program, folder, file], check=True, capture_output=True,
                          text=True).stdout.split()
    name, published = line[0], figures[line[0]]
    mae, wce = float(line[1]), int(line[2])
    # The table has MAE to two digits, or to one.
    if wce != int(published["wce"]) or abs(mae - float(published["mae"])) > 0.5:
        sys.exit(f"{file}: MAE {mae} and WCE {wce}, expected {published['mae']}, {published['wce']}")
    source = pathlib.Path(folder) / f"{name}.v"
    fast, area = synthesize(source, SYNTHESIS), synthesize(source, AREA)
    return {"name": name, "vivado": int(published["luts"]), "delay": float(published["delay_ns"]),
            "power": float(published["power_w"]) - STATIC_WATTS, "lcs": fast["lcs"],
            "cells": fast["cells"], "area": area["cells"], "own": int(line[3]),
            "levels": fast["levels"], "own_levels": int(line[4]), "toggles": float(line[5])}


def ranks(values):
    """From 0, equal values share the mean of theirs."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def correlation(xs, ys):
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    covariance = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys))
    return covariance / (sum((x - mean_x) ** 2 for x in xs) *
                         sum((y - mean_y) ** 2 for y in ys)) ** 0.5


def mean_error(rows, column, factor):
    return sum(abs(factor * row[column] / row["vivado"] - 1) for row in rows) / len(rows)


def print_fit(rows, column, what):
    ratios = [row[column] / row["vivado"] for row in rows]
    factor = sum(ratios) / sum(ratio * ratio for ratio in ratios)
    large = [row for row in rows if row["vivado"] >= 10]
    rank = correlation(ranks([row[column] for row in rows]), ranks([row["vivado"] for row in rows]))
    print(f"{what}: factor {factor:.3f}, mean error {100 * mean_error(rows, column, factor):.1f} % of "
          f"{len(rows)}, {100 * mean_error(large, column, factor):.1f} % of the {len(large)} from 10 "
          f"LUT on, rank correlation {rank:.3f}")


def print_correlation(rows, column, other, what):
    xs, ys = [row[column] for row in rows], [row[other] for row in rows]
    print(f"{what}: correlation {correlation(xs, ys):.3f}, of ranks "
          f"{correlation(ranks(xs), ranks(ys)):.3f}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    figures = read_figures()
    rows = []
    print("| | Vivado LUT | LC | LUT cells | area script | own | Vivado ns | levels | own levels | "
          "Vivado W - static | toggles |")
    with tempfile.TemporaryDirectory() as folder:
        for file in sys.argv[2:]:
            row = measure(sys.argv[1], folder, file, figures)
            rows.append(row)
            print("| " + " | ".join(str(row[key]) for key in (
                "name", "vivado", "lcs", "cells", "area", "own", "delay", "levels", "own_levels"))
                  + f" | {row['power']:.2f} | {row['toggles']} |", flush=True)
    print_fit(rows, "lcs", "LCs of yosys")
    print_fit(rows, "cells", "LUT cells of yosys")
    print_fit(rows, "area", "LUTs of the area script")
    print_fit(rows, "own", "LUTs of our mapping")
    print_correlation(rows, "levels", "delay", "levels of yosys and delay")
    print_correlation(rows, "own_levels", "delay", "levels of our mapping and delay")
    print_correlation(rows, "toggles", "power", "toggles and power without the static one")


if __name__ == "__main__":
    main()
