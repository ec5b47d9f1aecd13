#!/usr/bin/env python3
"""Fits the closed forms of src/deepaxe/hw/cost/layer_resources.cc to what yosys counts.

    for n in 1 2 4 8 16; do
      build/release/bin/measure_layers CACHE $n MODEL.tflite... >>rows.csv
    done
    tools/fit_layer_resources.py rows.csv

Prints the coefficients by kind of module (non-negative least squares of the relative error; all
features for what computes, address bits alone for the few others) and, for LUT and FF, the mean
absolute percentage error of the fit, of a fit that has not seen the layer at any N, and of one that
has not seen its network; for LUT, FF, DSP and BRAM that of what the program at hand predicts. The
standard library is enough.
"""
import sys

FEATURES = ("one", "lanes", "lane_bits", "loop_bits", "address_bits", "digit_bits", "constant_bits",
            "factor_bits")
COMPUTING = {"conv2d", "depthwise_conv2d", "dense"}


def read_rows(paths):
    rows = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.strip().split(",")
                numbers = [float(word) for word in words[3:]]
                if len(numbers) != len(FEATURES) + 9:
                    sys.exit(f"{path}: {line!r} is no row of measure_layers")
                count = len(FEATURES)
                rows[(words[0], words[2])] = {
                    "layer": words[0], "kind": group_of(words[1]),
                    "features": numbers[:count], "lut": numbers[count], "ff": numbers[count + 2],
                    "dsp": numbers[count + 3], "bram": numbers[count + 4],
                    "predicted": dict(zip(("lut", "ff", "dsp", "bram"), numbers[count + 5:]))}
    return list(rows.values())


def group_of(kind):
    if kind in COMPUTING:
        return "computing"
    return kind


def solve(matrix, right):
    """Gaussian elimination with pivoting."""
    size = len(right)
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def fit(rows, target):
    """Coefficients of least squares of the relative error; a negative one is left out, and again."""
    used = [i for i in range(len(FEATURES)) if any(row["features"][i] for row in rows)]
    if rows[0]["kind"] != "computing":
        used = [FEATURES.index("address_bits")]
    while used:
        x = [[row["features"][i] / row[target] for i in used] for row in rows]
        matrix = [[sum(line[a] * line[b] for line in x) + (1e-9 if a == b else 0)
                   for b in range(len(used))] for a in range(len(used))]
        values = solve(matrix, [sum(line[a] for line in x) for a in range(len(used))])
        if min(values) >= 0:
            break
        del used[values.index(min(values))]
    coefficients = [0.0] * len(FEATURES)
    for i, value in zip(used, values):
        coefficients[i] = value
    return coefficients


def predict(coefficients, row):
    return sum(a * b for a, b in zip(coefficients, row["features"]))


def mean_error(pairs):
    errors = [abs(predicted / counted - 1) for predicted, counted in pairs if counted]
    return 100 * sum(errors) / len(errors) if errors else float("nan")


def unseen_error(rows, target, group):
    """Of each row by the fit to the rows of all other groups."""
    pairs = []
    for name in sorted({group(row) for row in rows}):
        others = [row for row in rows if group(row) != name]
        if others:
            coefficients = fit(others, target)
            pairs += [(predict(coefficients, row), row[target]) for row in rows if group(row) == name]
    return mean_error(pairs)


def layer_of(row):
    return row["layer"]


def network_of(row):
    return row["layer"].split(":")[0]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rows = read_rows(sys.argv[1:])
    for target in ("lut", "ff"):
        for kind in sorted({row["kind"] for row in rows}):
            members = [row for row in rows if row["kind"] == kind]
            coefficients = fit(members, target)
            print(f"{target} {kind} ({len(members)}): "
                  + ", ".join(f"{name} {value:.4g}" for name, value in zip(FEATURES, coefficients)))
            fitted = [(predict(coefficients, row), row[target]) for row in members]
            print(f"  mean error of the fit {mean_error(fitted):.1f} %, of layers not seen "
                  f"{unseen_error(members, target, layer_of):.1f} %, of networks not seen "
                  f"{unseen_error(members, target, network_of):.1f} %")
    for target in ("lut", "ff", "dsp", "bram"):
        pairs = [(row["predicted"][target], row[target]) for row in rows]
        total = sum(predicted for predicted, _ in pairs), sum(counted for _, counted in pairs)
        print(f"{target} of the program: mean error {mean_error(pairs):.1f} %, sum {total[0]:.1f} of "
              f"{total[1]:.1f}")


if __name__ == "__main__":
    main()
