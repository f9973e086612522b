"""The two figures of the example paper, drawn from what was measured."""

from __future__ import annotations

from math import ceil, floor
from pathlib import Path

import fontpkg
from PIL import Image, ImageDraw, ImageFont

from examples.measure import Measurement

WIDTH, HEIGHT = 1600, 1100
INK, FAINT = "#1B2333", "#D5DBE5"
COLOURS = {"even": "#C8553D", "letters": "#E0A030", "voice": "#2A7F9E"}
NAMES = {"even": "Even spacing", "letters": "By letters", "voice": "Voice’s durations"}
LEFT, RIGHT, TOP, BOTTOM = 190, 1540, 170, 940


def type_at(size: int, weight: int = 500) -> ImageFont.FreeTypeFont:
    """Inter at `size` pixels."""
    face = ImageFont.truetype(str(fontpkg.path("inter")), size)
    face.set_variation_by_axes([min(max(size, 14), 32), weight])
    return face


def draw_bars(measured: Measurement, file: Path) -> None:
    """Figure 1: per method the median absolute error as a bar, the 90th percentile as a whisker."""
    image, pen = _canvas("How far off a caption starts", "milliseconds, absolute")
    top = float(ceil(max(measured.p90.values()) / 100) * 100)
    _grid(pen, [top * step / 4 for step in range(5)], 0, top)
    slot = (RIGHT - LEFT) / len(COLOURS)
    for place, (method, colour) in enumerate(COLOURS.items()):
        middle = LEFT + slot * (place + 0.5)
        median, p90 = measured.median[method], measured.p90[method]
        pen.rectangle([middle - 130, _y(median, 0, top), middle + 130, BOTTOM], fill=colour)
        pen.line([(middle, _y(p90, 0, top)), (middle, _y(median, 0, top))], fill=INK, width=6)
        pen.line([(middle - 40, _y(p90, 0, top)), (middle + 40, _y(p90, 0, top))], fill=INK, width=6)
        pen.text((middle + 56, _y(p90, 0, top)), f"{p90:.0f}", fill=INK, font=type_at(40), anchor="lm")
        label = f"{median:.0f} ms"
        if _y(median, 0, top) < BOTTOM - 100:
            at, fill, anchor = (middle, _y(median, 0, top) + 52), "white", "mm"
        else:
            at, fill, anchor = (middle - 148, BOTTOM - 6), INK, "rb"
        pen.text(at, label, fill=fill, font=type_at(52, 800), anchor=anchor)
        pen.text((middle, BOTTOM + 60), NAMES[method], fill=INK, font=type_at(48, 600), anchor="mm")
    image.save(file, optimize=True)


def draw_drift(measured: Measurement, file: Path) -> None:
    """Figure 2: each start's signed error against how far into the paragraph it falls."""
    image, pen = _canvas("Each caption’s error", "milliseconds, early is down")
    errors = [error for start in measured.starts for error in start.errors.values()]
    step = 250
    low, high = floor(min(errors) / step) * step, ceil(max(errors) / step) * step
    _grid(pen, [float(value) for value in range(low, high + 1, step)], low, high)
    longest = max(start.sounds for start in measured.starts)
    for second in range(0, int(longest) + 1, 2):
        x = LEFT + (RIGHT - LEFT) * second / longest
        pen.text((x, BOTTOM + 40), str(second), fill=INK, font=type_at(38), anchor="mm")
    pen.text(
        ((LEFT + RIGHT) / 2, BOTTOM + 96),
        "seconds into the paragraph",
        fill=INK,
        font=type_at(40),
        anchor="mm",
    )
    for method, colour in COLOURS.items():
        for start in measured.starts:
            x = LEFT + (RIGHT - LEFT) * start.sounds / longest
            y = _y(start.errors[method], low, high)
            pen.ellipse([x - 11, y - 11, x + 11, y + 11], fill=colour, outline="white", width=2)
    for place, (method, colour) in enumerate(COLOURS.items()):
        x = LEFT + 430 * place
        pen.ellipse([x, TOP - 34, x + 28, TOP - 6], fill=colour)
        pen.text((x + 42, TOP - 20), NAMES[method], fill=INK, font=type_at(40, 600), anchor="lm")
    image.save(file, optimize=True)


def _canvas(title: str, unit: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    pen.text((60, 28), title, fill=INK, font=type_at(52, 700))
    pen.text((RIGHT, 40), unit, fill=INK, font=type_at(38), anchor="ra")
    return image, pen


def _grid(pen: ImageDraw.ImageDraw, values: list[float], low: float, high: float) -> None:
    for value in values:
        y = _y(value, low, high)
        pen.line([(LEFT, y), (RIGHT, y)], fill=INK if value == 0 else FAINT, width=4 if value == 0 else 3)
        pen.text((LEFT - 24, y), f"{value:.0f}", fill=INK, font=type_at(38), anchor="rm")


def _y(value: float, low: float, high: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)
