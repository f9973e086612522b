from __future__ import annotations

import html
import re

from pipeline.captions.subtitles import srt, vtt
from pipeline.model import Cue, Word

STAMP = r"(\d\d):([0-5]\d):([0-5]\d)[.,](\d{3})"


def cue(text: str, start: float, end: float) -> Cue:
    word = Word(shown=text, spoken=text, start=start, end=end)
    return Cue(words=(word,), start=start, end=end)


CUES = [
    cue("TNF-α rose (p < 0.05) & fell", 0.0, 1.2344),
    cue("A --> B, they say", 1.2344, 59.9996),
    cue("an hour later", 3661.5, 3662.0),
]


def parse(blocks: list[str], numbered: bool) -> list[tuple[float, float, str]]:
    """What a player reads: every block is a number (SRT), a time line and one line of text."""
    read = []
    for position, block in enumerate(blocks, start=1):
        lines = block.strip("\n").split("\n")
        if numbered:
            assert lines.pop(0) == str(position)
        times = re.fullmatch(f"{STAMP} --> {STAMP}", lines[0])
        assert times is not None
        numbers = [int(n) for n in times.groups()]
        start, end = (h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (numbers[:4], numbers[4:]))
        assert len(lines) == 2
        read.append((start, end, lines[1]))
    return read


def test_subrip_reads_back_as_it_was_written() -> None:
    read = parse(srt(CUES).split("\n\n"), numbered=True)
    assert [(start, end) for start, end, _ in read] == [(0.0, 1.234), (1.234, 60.0), (3661.5, 3662.0)]
    assert read[0][2] == "TNF-α rose (p < 0.05) & fell"
    assert "-->" not in read[1][2]


def test_webvtt_reads_back_and_nothing_in_it_is_markup() -> None:
    head, *blocks = vtt(CUES).split("\n\n")
    read = parse(blocks, numbered=False)
    assert head == "WEBVTT"
    assert not any(re.search(r"<|>|&(?!amp;|lt;|gt;)", text) for _, _, text in read)
    assert [html.unescape(text) for _, _, text in read] == [c.text for c in CUES]


def test_no_cues_give_files_that_are_still_valid() -> None:
    assert srt([]) == ""
    assert vtt([]).startswith("WEBVTT\n")
