"""A Python that has some packages of the registry, for tests by outside judges."""

import pathlib
import subprocess
import sys

SKIPPED = 77  # CTest's SKIP_RETURN_CODE.


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def can_import(python, modules):
    command = [str(python), "-c", f"import {', '.join(modules)}"]
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run_or_skip(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        skip(f"{' '.join(command)}: {error}")
    if done.returncode != 0:
        output = (done.stdout + done.stderr).strip().splitlines() or ["no output"]
        skip(f"{' '.join(command)} failed: {output[-1]}")


def python_with(modules, requirements, environment):
    """This Python if it imports the modules, else that of `environment`, a folder where they are
    installed once. Ends the test as skipped where they are not to be had."""
    if can_import(sys.executable, modules):
        return sys.executable
    python = pathlib.Path(environment) / "bin" / "python"
    if not can_import(python, modules):
        run_or_skip([sys.executable, "-m", "venv", "--clear", str(environment)])
        run_or_skip([str(python), "-m", "pip", "install", "--quiet", *requirements])
        if not can_import(python, modules):
            skip(f"{', '.join(requirements)}: installed and cannot be imported")
    return python
