#!/usr/bin/env python3
"""Compares every tensor of a folder of cases with LiteRT's reference kernels, to the last bit.

    compare_with_litert.py FOLDER [--record]

FOLDER is what conformance_generate wrote. Prints graphs, tensors and elements for each operator;
exit code 1 if any element differs or LiteRT refuses a graph. --record writes LiteRT's tensors over
those in the folder. Needs ai-edge-litert and numpy.
"""

import argparse
import collections
import dataclasses
import json
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

MAX_LINES = 40  # Of single differences printed.


@dataclasses.dataclass
class Count:
    graphs: int = 0
    tensors: int = 0
    elements: int = 0
    differing: int = 0


def open_model(path):
    interpreter = Interpreter(
        model_path=str(path),
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    return interpreter


def feed(interpreter, codes):
    """Sets the one input from int8 codes, in whatever type the graph takes."""
    source = interpreter.get_input_details()[0]
    codes = codes.reshape(source["shape"])
    if source["dtype"] == np.uint8:
        codes = (codes.astype(np.int16) + 128).astype(np.uint8)
    interpreter.set_tensor(source["index"], codes)


def tensors_of(interpreter, all_codes, layout):
    """[images, elements of all tensors], as conformance_generate lays them out."""
    rows = []
    for codes in all_codes:
        feed(interpreter, codes)
        interpreter.invoke()
        tensors = [interpreter.get_tensor(entry["tensor"]).ravel() for entry in layout]
        rows.append(np.concatenate(tensors))
    return np.stack(rows)


def compare(name, layout, ours, theirs, counts, lines):
    for operator in {entry["operator"] for entry in layout}:
        counts[operator].graphs += 1
    for entry in layout:
        columns = slice(entry["first"], entry["first"] + entry["size"])
        different = ours[:, columns] != theirs[:, columns]
        count = counts[entry["operator"]]
        count.tensors += 1
        count.elements += different.size
        count.differing += int(np.count_nonzero(different))
        if different.any():
            image, element = np.argwhere(different)[0]
            lines.append(
                f"{name}: {entry['name']} (tensor {entry['tensor']}): {np.count_nonzero(different)}"
                f" of {different.size} differ; image {image}, element {element}: ours"
                f" {ours[:, columns][image, element]}, LiteRT {theirs[:, columns][image, element]}"
            )


def print_table(counts):
    print(f"{'operator':24}{'graphs':>8}{'tensors':>9}{'elements':>11}{'differ':>9}")
    total = Count()
    for operator, count in sorted(counts.items()):
        print(
            f"{operator:24}{count.graphs:8}{count.tensors:9}{count.elements:11}{count.differing:9}"
        )
        total.tensors += count.tensors
        total.elements += count.elements
        total.differing += count.differing
    print(f"{'all':24}{'':8}{total.tensors:9}{total.elements:11}{total.differing:9}")


def main():
    parser = argparse.ArgumentParser(description="Compares tensors with LiteRT's.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    counts = collections.defaultdict(Count)
    lines = []
    cases = json.loads((arguments.folder / "cases.json").read_text())["cases"]
    for case in cases:
        stem = arguments.folder / case["name"]
        try:
            interpreter = open_model(stem.with_name(stem.name + ".tflite"))
            theirs = tensors_of(interpreter, np.load(f"{stem}.codes.npy"), case["layout"])
        except (RuntimeError, ValueError) as error:
            lines.append(f"{case['name']}: LiteRT refuses the graph: {error}")
            continue
        ours_file = f"{stem}.tensors.npy"
        if arguments.record:
            np.save(ours_file, theirs)
        compare(case["name"], case["layout"], np.load(ours_file), theirs, counts, lines)
    print("\n".join(lines[:MAX_LINES]))
    print_table(counts)
    print(f"{len(cases)} graphs, {len(lines)} tensors or graphs that are not as LiteRT's")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
