"""A video made small enough to be posted: fewer pixels, and as many bits as fit."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path
from typing import Final

#: Seconds that it may take.
PATIENCE: Final = 240.0
#: Of the limit so much is used: what ffmpeg promises is an average.
_SAFE: Final = 0.92
#: Kilobits a second of the sound; of the picture no fewer than this are worth looking at, and no more are needed.
_SOUND, _LEAST, _MOST = 96, 150, 2_500
#: Bits a second from which on so many lines are shown.
_LINES: Final = ((1_400, 1280), (600, 960), (0, 640))

_log = logging.getLogger(__name__)


async def smaller(video: Path, to: Path, limit: int) -> bool:
    """Write `video` to `to` in at most `limit` bytes; whether that could be done."""
    seconds = await _length(video)
    if not seconds:
        return False
    picture = min(int(limit * 8 * _SAFE / seconds / 1000) - _SOUND, _MOST)
    if picture < _LEAST:
        return False
    lines = next(lines for least, lines in _LINES if picture >= least)
    done = await _ffmpeg(
        *("-i", str(video), "-vf", f"scale=-2:{lines}:flags=area", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-b:v", f"{picture}k", "-maxrate", f"{picture}k"),
        *("-bufsize", f"{picture}k", "-c:a", "aac", "-b:a", f"{_SOUND}k", "-movflags", "+faststart"),
        *("-threads", "1", "-y", str(to)),
    )
    return done is not None and to.is_file() and to.stat().st_size <= limit


async def _length(video: Path) -> float | None:
    """How long it lasts (seconds)."""
    said = await _ffmpeg("-i", str(video), "-map", "0:v:0", "-c", "copy", "-f", "null", "-")
    found = re.findall(r"time=(\d+):(\d+):([\d.]+)", said or "")
    if not found:
        return None
    hours, minutes, seconds = found[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


async def _ffmpeg(*words: str) -> str | None:
    """What ffmpeg said; `None` when it failed or took too long."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        process = await asyncio.create_subprocess_exec(
            *("nice", "-n", "10", get_ffmpeg_exe(), "-hide_banner", "-nostdin", *words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("no ffmpeg to make a video smaller with: %s", type(error).__name__)
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            _, said = await process.communicate()
    except TimeoutError:
        _log.warning("a video took too long to be made smaller")
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said.decode(errors="replace") if process.returncode == 0 else None
