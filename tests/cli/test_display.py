from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from cli.display import LiveTable, PlainLines, clock
from cli.events import Event
from cli.forecast import DEFAULT_SECONDS, Forecast
from storage.timings import Timings


def event(stage: str, fraction: float, message: str, elapsed: float, reused: bool | None = None) -> Event:
    return Event.model_validate(
        {
            "event": "stage",
            "stage": stage,
            "fraction": fraction,
            "message": message,
            "elapsed": elapsed,
            "remaining": 60.0,
            "reused": reused,
        }
    )


def test_plain_lines_tell_beginning_and_end_and_little_in_between() -> None:
    told = io.StringIO()
    with PlainLines(Console(file=told, width=200), Console(file=io.StringIO())) as display:
        for step in range(101):
            display.show(event("generate-videos", step / 101, f"scene {step // 20 + 1} of 6", step / 10))
        display.show(event("generate-videos", 1.0, "scene 6 of 6", 10.2, reused=False))
        display.show(Event(event="done", message="video.mp4: 67 s", elapsed=10.3))
    lines = told.getvalue().splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("· generate-videos 0 %: scene 1 of 6")
    assert lines[-2].startswith("✓ generate-videos: scene 6 of 6")
    assert lines[-1] == "video.mp4: 67 s"


def test_a_failure_is_told_with_its_advice_and_not_on_stdout() -> None:
    told, errors = io.StringIO(), io.StringIO()
    with PlainLines(Console(file=told), Console(file=errors, width=200)) as display:
        display.show(Event(event="failed", message="It broke.", elapsed=1.0, code="x", advice="Mend it."))
    assert (told.getvalue(), errors.getvalue()) == ("", "It broke. Mend it.\n")


def test_the_live_table_shows_every_stage_and_what_is_going_on() -> None:
    told = io.StringIO()
    console = Console(file=told, width=120, force_terminal=True, color_system=None)
    with LiveTable(console, "publish") as display:
        display.show(event("fetch-paper", 1.0, "4 sections", 1.0, reused=True))
        display.show(event("generate-script", 0.5, "choosing what to tell", 2.0))
    shown = told.getvalue()
    for words in ("fetch-paper", "(reused)", "choosing what to tell", "50 %", "publish", "so far, about 1:0"):
        assert words in shown


def test_the_live_table_ends_with_what_went_wrong() -> None:
    told = io.StringIO()
    with LiveTable(Console(file=told, width=120, force_terminal=True), "publish") as display:
        display.show(event("generate-script", 0.5, "choosing what to tell", 2.0))
        display.show(Event(event="failed", message="It broke.", elapsed=3.0, advice="Mend it."))
    assert (
        told.getvalue().index("choosing")
        < told.getvalue().index("It broke.")
        < told.getvalue().index("Mend it.")
    )


@pytest.mark.parametrize(("seconds", "shown"), [(0.2, "0:00"), (59.6, "1:00"), (75, "1:15"), (3600, "60:00")])
def test_the_clock_reads_as_on_a_watch(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_time_left_comes_from_the_past_until_the_stage_shows_its_own_speed(tmp_path: Path) -> None:
    forecast = Forecast(Timings(tmp_path / "t", DEFAULT_SECONDS, kind="k"), "add-captions")
    after = DEFAULT_SECONDS["add-captions"]
    assert forecast.remaining("generate-videos", 0.0, 0.0) == DEFAULT_SECONDS["generate-videos"] + after
    assert forecast.remaining("generate-videos", 0.5, 10.0) == pytest.approx(10.0 + after)
    assert forecast.remaining("add-captions", 1.0, 4.0) == 0.0
