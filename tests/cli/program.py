"""Runs the program under test and makes small input files, with the standard library alone."""
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("DEEPAXE_PROGRAM", str(ROOT / "build/release/bin/deepaxe"))
MODEL = str(ROOT / "data/lenet5-digits.keras")
SHARED = ROOT.parent / "shared" / "data"


def run(*arguments, cwd=None, timeout=600, preexec=None, env=None):
    """The finished process, output as text."""
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd,
                          timeout=timeout, preexec_fn=preexec, check=False,
                          env={**os.environ, **(env or {})})


def run_json(*arguments, **options):
    """The parsed --json output of a run that must succeed."""
    done = run(*arguments, "--json", "--quiet", **options)
    if done.returncode != 0:
        raise AssertionError(f"{arguments} exited {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def npy_bytes(dtype, shape, payload):
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {tuple(shape)!r}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + payload


def write_npz(path, images, labels, shape=(28, 28, 1)):
    """images: bytes of len(labels) images of `shape`."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x_test.npy", npy_bytes("|u1", (len(labels), *shape), images))
        archive.writestr("y_test.npy",
                         npy_bytes("<i4", (len(labels),), struct.pack(f"<{len(labels)}i", *labels)))


class ProgramTest(unittest.TestCase):
    """A test case with a scratch folder and the checks every failure must pass."""

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="deepaxe-test-")
        self.addCleanup(self.scratch.cleanup)
        self.folder = pathlib.Path(self.scratch.name)

    def assert_input_error(self, done, *parts):
        """Exit 1, nothing on standard output, one line that has all parts."""
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        lines = [line for line in done.stderr.splitlines() if line.startswith("deepaxe: ")]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertEqual(done.stderr.splitlines()[-1], lines[0])
        for part in parts:
            self.assertIn(str(part), lines[0])
