#!/usr/bin/env python3
"""Compares our logits of a .tflite file with those of LiteRT's reference kernels, to the last bit.

    check_tflite_with_litert.py MODEL.tflite CODES.npy LOGITS.npy

CODES: int8 [images, ...], what the network reads. LOGITS: int8 [images, classes], before softmax.
Needs ai-edge-litert and numpy. Exit code 0 if no element differs, 1 otherwise.
"""

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def logits_index(interpreter):
    """The tensor before a final SOFTMAX, else the output."""
    output = interpreter.get_output_details()[0]["index"]
    for op in interpreter._get_ops_details():
        if op["op_name"] == "SOFTMAX" and output in op["outputs"]:
            return int(op["inputs"][0])
    return output


def main():
    model, codes_file, logits_file = sys.argv[1:4]
    codes = np.load(codes_file)
    ours = np.load(logits_file)
    interpreter = Interpreter(
        model_path=model,
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]
    index = logits_index(interpreter)
    theirs = np.empty_like(ours)
    for i, image in enumerate(codes):
        interpreter.set_tensor(source["index"], image.reshape(source["shape"]))
        interpreter.invoke()
        theirs[i] = interpreter.get_tensor(index).ravel()
    differing = int(np.count_nonzero(theirs != ours))
    print(f"{model}: {len(codes)} images, {ours.size} logits, {differing} differ")
    return 0 if differing == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
