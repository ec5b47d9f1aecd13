#!/usr/bin/env python3
"""Generates random graphs and compares them with LiteRT; exit code 77 where LiteRT is not to be had.

    litert_test.py GENERATOR WORK_FOLDER

Uses this Python if it has ai-edge-litert, else an environment of its own, made once in WORK_FOLDER
from the package registry.
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from python_packages import python_with  # noqa: E402

NUM_CASES = 600


def main():
    generator, work = sys.argv[1], pathlib.Path(sys.argv[2])
    python = python_with(["numpy", "ai_edge_litert.interpreter"], ["ai-edge-litert==2.3.0", "numpy"],
                         work / "venv")
    cases = work / "cases"
    subprocess.run([generator, "-o", str(cases), "--cases", str(NUM_CASES)], check=True)
    compare = HERE / "compare_with_litert.py"
    return subprocess.run([str(python), str(compare), str(cases)]).returncode


if __name__ == "__main__":
    sys.exit(main())
