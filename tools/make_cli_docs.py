#!/usr/bin/env python3
"""Writes docs/cli.md from the program's own help, or with --check says whether it is true.

usage: tools/make_cli_docs.py PROGRAM [--check]
"""
import pathlib
import re
import subprocess
import sys

TARGET = pathlib.Path(__file__).resolve().parent.parent / "docs" / "cli.md"


def help_of(program, *command):
    done = subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True)
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def subcommands(text):
    """Names below the 'Subcommands:' heading of a help text."""
    match = re.search(r"^Subcommands:\n((?:  .*\n?)+)", text, re.M)
    return re.findall(r"^  (\S+)", match[1], re.M) if match else []


def sections(program, command=()):
    text = help_of(program, *command)
    yield f"## deepaxe {' '.join(command)}".rstrip() + f"\n\n```\n{text}\n```\n"
    for name in subcommands(text):
        yield from sections(program, (*command, name))


def main():
    program = sys.argv[1]
    text = ("# Command line\n\nMade from the program's help by `tools/make_cli_docs.py`; do not edit.\n"
            "Exit codes: 0 done, 1 input or run error (one line on stderr), 2 usage, 130 interrupted\n"
            "(what is done is kept).\n\n" + "\n".join(sections(program)))
    if "--check" not in sys.argv:
        TARGET.write_text(text)
        return 0
    if TARGET.exists() and TARGET.read_text() == text:
        return 0
    print(f"{TARGET}: differs from the program's help; run tools/make_cli_docs.py {program}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
