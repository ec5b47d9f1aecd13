#!/usr/bin/env python3
"""Generates random graphs and compares them with LiteRT; exit code 77 where LiteRT is not to be had.

    litert_test.py GENERATOR WORK_FOLDER

Uses this Python if it has ai-edge-litert, else an environment of its own, made once in WORK_FOLDER
from the package registry.
"""

import pathlib
import subprocess
import sys

REQUIREMENTS = ["ai-edge-litert==2.3.0", "numpy"]
NUM_CASES = 600
SKIPPED = 77  # CTest's SKIP_RETURN_CODE.
COMPARE = pathlib.Path(__file__).resolve().parent / "compare_with_litert.py"


def imports_litert(python):
    command = [str(python), "-c", "import numpy, ai_edge_litert.interpreter"]
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def run_or_skip(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        skip(f"{' '.join(command)}: {error}")
    if done.returncode != 0:
        output = (done.stdout + done.stderr).strip().splitlines() or ["no output"]
        skip(f"{' '.join(command)} failed: {output[-1]}")


def find_python(environment):
    if imports_litert(sys.executable):
        return sys.executable
    python = environment / "bin" / "python"
    if not imports_litert(python):
        run_or_skip([sys.executable, "-m", "venv", "--clear", str(environment)])
        run_or_skip([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS])
        if not imports_litert(python):
            skip("ai-edge-litert was installed and cannot be imported")
    return python


def main():
    generator, work = sys.argv[1], pathlib.Path(sys.argv[2])
    python = find_python(work / "venv")
    cases = work / "cases"
    subprocess.run([generator, "-o", str(cases), "--cases", str(NUM_CASES)], check=True)
    return subprocess.run([str(python), str(COMPARE), str(cases)]).returncode


if __name__ == "__main__":
    sys.exit(main())
