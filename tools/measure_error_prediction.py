#!/usr/bin/env python3
"""Compares the predicted accuracy drop of `multipliers show --model` with the measured one.

usage: tools/measure_error_prediction.py PROGRAM MODEL DATA [IMAGES]

Every library circuit and a sample of the families, each in all layers of MODEL. Prints a line for
each (name, measured drop, predicted drop, noise to signal, MAE) and the correlations over all: of
ranks (Spearman) for prediction, MAE and MRE, and Pearson's for the prediction. The figures of
docs/multiplier-analysis.md are made by this script.
"""
import json
import re
import subprocess
import sys


def run(program, *arguments):
    done = subprocess.run([program, *arguments, "--json", "--quiet"], capture_output=True,
                          text=True, check=True)
    return json.loads(done.stdout)


def is_sampled(row):
    """Of bam and trunc, which have most members, those that leave a network something to do."""
    bam = re.fullmatch(r"bam\((\d+),(\d+)\)", row["name"])
    trunc = re.fullmatch(r"trunc\((\d+)\)", row["name"])
    if bam:
        h, v = int(bam[1]), int(bam[2])
        return h <= 4 and v <= 10 and (h + v) % 2 == 0
    return not trunc or int(trunc[1]) <= 4


def ranks(values):
    """Mean ranks: equal values share theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and values[order[last + 1]] == values[order[first]]:
            last += 1
        for i in range(first, last + 1):
            result[order[i]] = (first + last) / 2
        first = last + 1
    return result


def pearson(x, y):
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    dx, dy = [v - mean_x for v in x], [v - mean_y for v in y]
    return sum(a * b for a, b in zip(dx, dy)) / (
        sum(a * a for a in dx) * sum(b * b for b in dy)) ** 0.5


def spearman(x, y):
    return pearson(ranks(x), ranks(y))


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    program, model, data = sys.argv[1:4]
    images = sys.argv[4] if len(sys.argv) == 5 else "1000"
    measured, predicted, mae, mre = [], [], [], []
    for row in filter(is_sampled, run(program, "multipliers", "list", "--families")):
        network = run(program, "multipliers", "show", row["name"], "--model", model, "--data", data,
                      "--images", images)["network"]
        accuracy = run(program, "evaluate", model, "--data", data, "--images", images, "--assign",
                       row["name"])["accuracy"]
        measured.append(network["exact_accuracy"] - accuracy)
        predicted.append(network["predicted_accuracy_drop"])
        mae.append(row["measured"]["mean_absolute_error_lsb"])
        mre.append(row["measured"]["mean_relative_error"])
        print(f"{row['name']:<10} {measured[-1]:8.4f} {predicted[-1]:8.4f} "
              f"{network['noise_to_signal']:10.3g} {mae[-1]:9.2f}", flush=True)
    difference = sum(abs(m - p) for m, p in zip(measured, predicted)) / len(measured)
    print(f"{len(measured)} multipliers; Spearman: prediction {spearman(predicted, measured):.3f}, "
          f"MAE {spearman(mae, measured):.3f}, MRE {spearman(mre, measured):.3f}; "
          f"Pearson of the prediction {pearson(predicted, measured):.3f}; "
          f"mean absolute difference {100 * difference:.1f} points")


if __name__ == "__main__":
    main()
