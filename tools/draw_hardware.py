#!/usr/bin/env python3
"""Draws the figures of docs/hardware.md.

    deepaxe generate data/lenet5-digits.keras --data digits --target verilog -o one
    deepaxe generate data/lenet5-digits.keras --data digits --target verilog --outputs 4 -o four
    tools/draw_hardware.py schedule "1 output" one "4 outputs" four >docs/images/lenet5-schedule.svg
    build/release/bin/measure_layers CACHE 1 MODEL.tflite >>rows.csv      # as fit_layer_resources.py
    tools/draw_hardware.py calibration rows.csv >docs/images/model-against-yosys.svg

`schedule` takes pairs of a title and a folder that `generate --target verilog` wrote. The standard
library is enough.
"""
import math
import os
import re
import sys

from fit_layer_resources import network_of, read_rows

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e")
WIDTH, LEFT, RIGHT = 720, 90, 20


def text(x, y, content, anchor="start", colour="#222"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" fill="{colour}" '
            f'text-anchor="{anchor}">{content}</text>')


def line(x1, y1, x2, y2, colour="#e6e6e6"):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="1"/>')


def picture(height, title, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img">',
        f"<title>{title}</title>", f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *parts, "</svg>", ""])


def read_layers(folder):
    """[(name, first read, last write)] of the README that the generator wrote."""
    path = os.path.join(folder, "README.md")
    with open(path, encoding="utf-8") as file:
        rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", file.read(), re.MULTILINE)
    if not rows:
        sys.exit(f"{path}: no table of layers")
    return [(name, int(first), int(last)) for name, first, last in rows]


def round_step(largest):
    """1, 2 or 5 times a power of ten, with 4 to 10 of them in `largest`."""
    power = 10 ** math.floor(math.log10(largest / 4))
    return next(m * power for m in (5, 2, 1) if largest / (m * power) >= 4)


def schedule_panel(title, layers, top):
    cycles = max(last for _, _, last in layers)
    scale = (WIDTH - LEFT - RIGHT) / cycles
    bottom = top + 20 + 16 * len(layers)
    parts = [text(LEFT, top + 12, f"{title}: {cycles + 1:,} cycles")]
    for tick in range(0, cycles + 1, round_step(cycles)):
        x = LEFT + tick * scale
        parts += [line(x, top + 18, x, bottom), text(x, bottom + 12, f"{tick:,}", "middle")]
    for i, (name, first, last) in enumerate(layers):
        y = top + 20 + 16 * i
        parts += [text(LEFT - 6, y + 11, name, "end"),
                  f'<rect x="{LEFT + first * scale:.1f}" y="{y + 2}" '
                  f'width="{max((last - first) * scale, 1):.1f}" height="12" '
                  f'fill="{COLOURS[0] if "pool" not in name else COLOURS[4]}"/>']
    return parts, bottom + 26


def draw_schedule(arguments):
    parts, top = [], 8
    for title, folder in zip(arguments[::2], arguments[1::2]):
        panel, top = schedule_panel(title, read_layers(folder), top)
        parts += panel
    return picture(top, "When each layer reads and writes, in cycles from the start", parts)


def draw_calibration(paths):
    rows = read_rows(paths)
    top, height, width = 20, 300, 270
    networks = sorted({network_of(row) for row in rows})
    parts = [text(LEFT + 180 * i, 372, name, colour=COLOURS[i % len(COLOURS)])
             for i, name in enumerate(networks)]
    for panel, (target, title) in enumerate((("lut", "LUT"), ("ff", "FF"))):
        left = 60 + panel * (width + 70)
        values = [row[target] for row in rows] + [row["predicted"][target] for row in rows]
        low, high = min(v for v in values if v > 0) * 0.8, max(values) * 1.25

        def place(value, start, size):
            return start + size * math.log(value / low) / math.log(high / low)

        parts += [text(left + width / 2, top + height + 30, f"{title} of a module, yosys", "middle"),
                  text(left, top - 6, f"{title}, closed form"),
                  line(left, top + height, left + width, top, "#888")]
        for value in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000):
            if low < value < high:
                x, y = place(value, left, width), place(value, top + height, -height)
                parts += [line(x, top, x, top + height), line(left, y, left + width, y),
                          text(x, top + height + 14, value, "middle"),
                          text(left - 4, y + 4, value, "end")]
        for row in rows:
            if row[target] > 0 and row["predicted"][target] > 0:
                colour = COLOURS[networks.index(network_of(row)) % len(COLOURS)]
                parts.append(f'<circle cx="{place(row[target], left, width):.1f}" '
                             f'cy="{place(row["predicted"][target], top + height, -height):.1f}" '
                             f'r="3.5" fill="{colour}" fill-opacity="0.6"/>')
    return picture(380, "Closed forms against yosys, module by module", parts)


def main():
    draw = {"schedule": draw_schedule, "calibration": draw_calibration}
    if len(sys.argv) < 3 or sys.argv[1] not in draw:
        sys.exit(__doc__)
    sys.stdout.write(draw[sys.argv[1]](sys.argv[2:]))


if __name__ == "__main__":
    main()
