from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.captions.cues import cues
from pipeline.model import Word


def words(text: str, *, pause_after: str = "", pause: float = 0.0) -> list[Word]:
    """Words of 0.3 s each; a pause follows the word named."""
    result, now = [], 0.0
    for shown in text.split():
        result.append(Word(shown=shown, spoken=shown, start=round(now, 3), end=round(now + 0.28, 3)))
        now += 0.3 + (pause if shown == pause_after else 0.0)
    return result


def cut(text: str, most: int = 40) -> list[str]:
    said = words(text)
    return [cue.text for cue in cues(said, fits=lambda t: len(t) <= most, seconds=said[-1].end + 0.3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works.", ["It works."]),
        ("Yes. The mice slept longer.", ["Yes.", "The mice slept longer."]),
        (
            "The effect was small, but it lasted for years.",
            ["The effect was small,", "but it lasted for years."],
        ),
        (
            "Recall fell by 37.5 % in treated animals.",
            ["Recall fell by 37.5 %", "in treated animals."],
        ),
    ],
)
def test_cues_break_where_a_reader_breathes(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_no_word_is_lost_and_no_cue_has_more_than_five() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    shown = cut(text)
    assert " ".join(shown) == text
    assert max(len(cue.split()) for cue in shown) <= 5


def test_a_cue_never_exceeds_the_room_there_is() -> None:
    shown = cut("immunohistochemistry of hippocampal interneurons demonstrates reorganisation", most=24)
    assert all(len(cue) <= 24 or " " not in cue for cue in shown)


def test_a_word_too_long_for_any_line_still_gets_its_cue() -> None:
    assert "dichlorodiphenyltrichloroethane" in cut("the dichlorodiphenyltrichloroethane level", most=12)


def test_a_short_gap_is_held_and_a_long_one_is_empty() -> None:
    held = cues(
        words("We slept. They woke.", pause_after="slept.", pause=0.2), fits=lambda t: len(t) < 12, seconds=3
    )
    assert held[0].end == held[1].start

    apart = cues(
        words("We slept. They woke.", pause_after="slept.", pause=1.0), fits=lambda t: len(t) < 12, seconds=3
    )
    assert apart[0].words[-1].end < apart[0].end < apart[1].start


def test_cues_follow_each_other_and_end_with_the_scene() -> None:
    said = words("Every cell keeps time. A broken clock still ticks, only slower than it should do at night.")
    seconds = said[-1].end + 0.1
    shown = cues(said, fits=lambda t: len(t) < 30, seconds=seconds)
    for before, after in pairwise(shown):
        assert before.start < before.end <= after.start
    assert shown[-1].end == pytest.approx(seconds)


def test_a_scene_without_words_has_no_cues() -> None:
    assert cues([], fits=lambda _: True, seconds=2.0) == []
