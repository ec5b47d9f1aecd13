#!/usr/bin/env python3
"""Compares every tensor of a folder of cases with LiteRT's reference kernels, to the last bit.

    compare_with_litert.py FOLDER [--record FILE.npz]

FOLDER is what conformance_generate wrote. Prints graphs, tensors and elements for each operator;
exit code 1 if any element differs or LiteRT refuses a graph. --record keeps the small cases with
LiteRT's tensors in one file, for recorded_test.cc. Needs ai-edge-litert and numpy.
"""

import argparse
import collections
import dataclasses
import json
import multiprocessing
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

MAX_LINES = 40  # Of single differences printed.
MAX_RECORDED_BYTES = 6000  # Of one case, before compression.


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
    if source["dtype"] == np.float32:
        quantize = next(iter(interpreter._get_ops_details()))
        details = {tensor["index"]: tensor for tensor in interpreter.get_tensor_details()}
        scale, zero_point = details[quantize["outputs"][0]]["quantization"]
        codes = (codes.astype(np.float32) - np.float32(zero_point)) * np.float32(scale)
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


def operators_of(interpreter, layout):
    """The operator that gives each tensor, as LiteRT names it."""
    names = {}
    for operator in interpreter._get_ops_details():
        for tensor in operator["outputs"]:
            names[int(tensor)] = operator["op_name"]
    return [names.get(entry["tensor"], "(input)") for entry in layout]


def run_file(stem, layout):
    """(operators, tensors) of one case, or a text that says why there are none."""
    try:
        interpreter = open_model(f"{stem}.tflite")
        tensors = tensors_of(interpreter, np.load(f"{stem}.codes.npy"), layout)
        return operators_of(interpreter, layout), tensors
    except (RuntimeError, ValueError) as error:
        return f"LiteRT refuses the graph: {error}"


def send_all(sender, work):
    for stem, layout in work:
        sender.send(run_file(stem, layout))


def run_all(work):
    """run_file of each (stem, layout), apart: a failed check of LiteRT ends the process."""
    context = multiprocessing.get_context("fork")
    work = list(work)
    while work:
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=send_all, args=(sender, work))
        child.start()
        sender.close()
        while work:
            work.pop(0)
            try:
                yield receiver.recv()
            except EOFError:
                yield "LiteRT stops the process: one of its checks fails"
                break
        child.join()


def compare(name, layout, operators, ours, theirs, counts, lines):
    for operator in set(operators):
        counts[operator].graphs += 1
    for entry, operator in zip(layout, operators):
        columns = slice(entry["first"], entry["first"] + entry["size"])
        different = ours[:, columns] != theirs[:, columns]
        count = counts[operator]
        count.tensors += 1
        count.elements += different.size
        count.differing += int(np.count_nonzero(different))
        if different.any():
            image, element = np.argwhere(different)[0]
            lines.append(
                f"{name}: {operator} {entry['name']} (tensor {entry['tensor']}): {np.count_nonzero(different)}"
                f" of {different.size} differ; image {image}, element {element}: ours"
                f" {ours[:, columns][image, element]}, LiteRT {theirs[:, columns][image, element]}"
            )


def record(records, stem, layout, theirs):
    """Adds the arrays of one case under its number, unless it is large."""
    tflite = np.fromfile(f"{stem}.tflite", np.uint8)
    codes = np.load(f"{stem}.codes.npy")
    if tflite.nbytes + codes.nbytes + theirs.nbytes > MAX_RECORDED_BYTES:
        return
    rows = [[entry["tensor"], entry["first"], entry["size"]] for entry in layout]
    number = records.get("num_cases", 0)
    records[f"{number}.tflite"] = tflite
    records[f"{number}.codes"] = codes
    records[f"{number}.tensors"] = theirs
    records[f"{number}.layout"] = np.array(rows, np.int32)  # Tensor, first column, columns.
    records["num_cases"] = number + 1


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
    parser.add_argument("--record", type=pathlib.Path)
    arguments = parser.parse_args()
    counts = collections.defaultdict(Count)
    lines = []
    records = {}
    cases = json.loads((arguments.folder / "cases.json").read_text())["cases"]
    work = [(arguments.folder / case["name"], case["layout"]) for case in cases]
    for (stem, layout), result in zip(work, run_all(work)):
        if isinstance(result, str):
            lines.append(f"{stem.name}: {result}")
            continue
        operators, theirs = result
        ours = np.load(f"{stem}.tensors.npy")
        compare(stem.name, layout, operators, ours, theirs, counts, lines)
        record(records, stem, layout, theirs)
    if arguments.record:
        np.savez_compressed(arguments.record, **records)
        print(f"{records['num_cases']} cases recorded in {arguments.record}")
    print("\n".join(lines[:MAX_LINES]))
    print_table(counts)
    print(f"{len(cases)} graphs, {len(lines)} tensors or graphs that are not as LiteRT's")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
