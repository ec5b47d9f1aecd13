#!/usr/bin/env python3
"""Checks every #include "deepaxe/..." and target_link_libraries against layers.txt.

Also checks that each library folder has a README.md of at most 12 lines. Tests and benchmarks
(x_test.cc, x_bench.cc) may use any library. Exit 1 and one line per violation.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "deepaxe"


def read_layers():
    layers = {}
    for line in (ROOT / "layers.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            layers[words[0]] = (int(words[1]), set(words[2:]) | {"base", words[0]})
    return layers


def library_of(relative, layers):
    """The longest library name that `relative` (a path below src/deepaxe) lies in."""
    candidates = [name for name in layers if relative == name or relative.startswith(name + "/")]
    return max(candidates, key=len, default=None)


def check_levels(layers):
    for name, (level, allowed) in layers.items():
        for other in allowed - {name}:
            if other not in layers:
                yield f"layers.txt: {name} may use {other}, which is no library"
            elif layers[other][0] >= level:
                yield f"layers.txt: {name} (level {level}) may use {other} (level {layers[other][0]})"


def check_includes(layers):
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".h", ".cc", ".inc"} or path.stem.endswith(("_test", "_bench")):
            continue
        relative = path.relative_to(SOURCE).as_posix()
        library = library_of(relative, layers)
        if library is None:
            yield f"src/deepaxe/{relative}: in no library of layers.txt"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#include "deepaxe/(.+)/[^/]+"', line)
            if match and library_of(match[1], layers) not in layers[library][1]:
                yield f"src/deepaxe/{relative}:{number}: {library} may not include deepaxe/{match[1]}"


def check_links(layers):
    targets = {"deepaxe::" + name.replace("/", "_"): name for name in layers}
    for name, (_, allowed) in layers.items():
        path = SOURCE / name / "CMakeLists.txt"
        if not path.exists():
            yield f"src/deepaxe/{name}: no CMakeLists.txt"
            continue
        text = re.sub(r"deepaxe_tests\(.*?\)", "", path.read_text(), flags=re.S)
        for target in re.findall(r"deepaxe::\w+", text):
            if target in targets and targets[target] not in allowed:
                yield f"src/deepaxe/{name}/CMakeLists.txt: {name} may not link {target}"


def check_readmes(layers):
    for name in layers:
        path = SOURCE / name / "README.md"
        if not path.exists():
            yield f"src/deepaxe/{name}: no README.md"
        elif len(path.read_text().splitlines()) > 12:
            yield f"src/deepaxe/{name}/README.md: more than 12 lines"


def main():
    layers = read_layers()
    problems = [p for check in (check_levels, check_includes, check_links, check_readmes)
                for p in check(layers)]
    for problem in problems:
        print(problem)
    if not problems:
        print(f"layers: {len(layers)} libraries keep to layers.txt")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
