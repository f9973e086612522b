"""Headless Chromium, where it is at hand: pages → PNGs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def browser() -> str | None:
    """The browser's program, `None` where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def shoot(program: str, html: Path, png: Path, *, width: int, height: int, scale: float = 1.0) -> None:
    """Write what the page shows, without the empty ground at its right and bottom."""
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={profile}", f"--force-device-scale-factor={scale}"]
        command += [f"--window-size={width},{height}", f"--screenshot={png}", html.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    _trim(png)


def _trim(png: Path) -> None:
    with Image.open(png) as opened:
        picture = opened.convert("RGB")
    ground = Image.new("RGB", picture.size, picture.getpixel((picture.width - 1, picture.height - 1)))
    box = ImageChops.difference(picture, ground).getbbox()
    if box:
        picture.crop((0, 0, min(box[2] + 16, picture.width), min(box[3] + 16, picture.height))).save(png)
