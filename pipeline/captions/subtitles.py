"""Cues → SubRip and WebVTT files, for players that show their own captions."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import FPS, Cue, Narration


def srt(cues: Iterable[Cue]) -> str:
    """A SubRip file; the cues' times count from the start of the video."""
    blocks = [
        f"{number}\n{_stamp(cue.start, ',')} --> {_stamp(cue.end, ',')}\n{cue.text.replace('-->', '→')}\n"
        for number, cue in enumerate(cues, start=1)
    ]
    return "\n".join(blocks)


def vtt(cues: Iterable[Cue]) -> str:
    """A WebVTT file; the cues' times count from the start of the video."""
    blocks = ["WEBVTT\n"]
    blocks += [f"{_stamp(cue.start, '.')} --> {_stamp(cue.end, '.')}\n{_escaped(cue.text)}\n" for cue in cues]
    return "\n".join(blocks)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(seconds: float, mark: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{mark}{milliseconds:03}"


def timed(scenes: Iterable[Iterable[Cue]], narration: Narration) -> list[Cue]:
    """The cues of every scene in one list, their times moved from the scene's clock to the video's."""
    moved = []
    for cues, first in zip(scenes, narration.starts(), strict=True):
        begin = first / FPS
        moved += [cue.model_copy(update={"start": begin + cue.start, "end": begin + cue.end}) for cue in cues]
    return moved
