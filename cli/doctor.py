"""`hidden-hill doctor`: is everything here that a video needs?"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import imageio_ffmpeg
import typer
from rich.console import Console

from cli.environment import read_settings
from pipeline.narration.hibari import HibariVoice


def doctor() -> None:
    """Try the voice, ffmpeg, the fonts and the data folder; say what is wrong and what to do."""
    console = Console()
    checks: dict[str, Callable[[], str]] = {
        "data folder": _data_folder,
        "ffmpeg": _ffmpeg,
        "fonts": _fonts,
        "voice": _voice,
    }
    healthy = True
    for name, check in checks.items():
        try:
            console.print(f"✓ {name}: {check()}", markup=False, highlight=False, soft_wrap=True)
        except Exception as error:  # noqa: BLE001 - a doctor reports whatever is wrong
            healthy = False
            console.print(f"✗ {name}: {error}", markup=False, highlight=False, soft_wrap=True)
    if not healthy:
        console.print("Install again from the locks: make clean, then the make target you need.")
        raise typer.Exit(4)


def _data_folder() -> str:
    data = read_settings().data
    data.mkdir(parents=True, exist_ok=True)
    probe = data / ".doctor"
    probe.write_text("")
    probe.unlink()
    return f"{data} can be written to"


def _ffmpeg() -> str:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=True)
    return said.stdout.splitlines()[0]


def _fonts() -> str:
    from pipeline.render.typography import font

    return " ".join(str(part) for part in font(64, 800).getname())


def _voice() -> str:
    speech = HibariVoice().speak("Ready.", pace=1.0)
    return f"said “Ready.” in {len(speech.samples) / speech.rate:.1f} s"
