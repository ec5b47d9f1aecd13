#!/usr/bin/env python3
"""Images a second of our int8 engine and of LiteRT with XNNPACK, one core, in turns.

    compare_speed_with_litert.py INFERENCE_BENCH MODEL.tflite... [--rounds N] [--seconds S]

INFERENCE_BENCH: build/release/bin/inference_bench. Each round measures ours and LiteRT's once, one
after the other, for S seconds each, both pinned to one processor; printed are the medians and the
median of the ratios within a round. LiteRT runs batches of 1 and of 64 (where the network can be
resized), ours the same. Needs ai-edge-litert and numpy.
"""

import argparse
import json
import os
import statistics
import subprocess
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter


class LiteRt:
    """LiteRT's own kernels and XNNPACK, as its interpreter chooses by default."""

    def __init__(self, model, batch):
        self.batch = batch
        self.interpreter = Interpreter(model_path=model, num_threads=1)
        source = self.interpreter.get_input_details()[0]
        if batch != 1:
            shape = [batch, *source["shape"][1:]]
            self.interpreter.resize_tensor_input(source["index"], shape, strict=False)
        self.interpreter.allocate_tensors()
        source = self.interpreter.get_input_details()[0]
        values = np.random.default_rng(1).integers(0, 256, source["shape"])
        if source["dtype"] == np.int8:
            values = values - 128
        self.interpreter.set_tensor(source["index"], values.astype(source["dtype"]))
        self.interpreter.invoke()

    def images_per_second(self, seconds):
        runs = 0
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            self.interpreter.invoke()
            runs += 1
        return runs * self.batch / (time.perf_counter() - start)


def ours(program, model, batch, assignment, seconds):
    command = [program, model, str(seconds), str(batch), assignment]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(result.stdout)


def compare(program, model, batch, options):
    try:
        theirs = LiteRt(model, batch)
    except (RuntimeError, ValueError) as error:
        print(f"{os.path.basename(model):32} batch {batch:3}: not run by LiteRT ({error})")
        return
    rates, ratios = [], []
    for _ in range(options.rounds):
        mine = ours(program, model, batch, options.assign, options.seconds)
        other = theirs.images_per_second(options.seconds)
        rates.append((mine["images_per_second"], other))
        ratios.append(mine["images_per_second"] / other)
    mine_median = statistics.median(rate[0] for rate in rates)
    other_median = statistics.median(rate[1] for rate in rates)
    print(
        f"{os.path.basename(model):32} batch {batch:3}: ours ({mine['isa']}, {options.assign}) "
        f"{mine_median:10.0f} images/s, LiteRT {other_median:10.0f}, "
        f"ratio {statistics.median(ratios):.3f} [{min(ratios):.3f}, {max(ratios):.3f}]"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--assign", default="exact")
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for model in options.models:
        for batch in (1, 64):
            compare(options.program, model, batch, options)


if __name__ == "__main__":
    main()
