"""A benchmark that misses its bar says so in its last line, and by its exit status."""

from __future__ import annotations

import pytest

from benchmarks.bars import Bar, status_of
from benchmarks.waiting import bars


def test_what_is_held_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(Bar("p95", 150.0, 150.0, " ms"), Bar("adds", -0.5, 8, " %")) == 0
    assert capsys.readouterr().out == "every bar is held\n"


@pytest.mark.parametrize("value", [150.1, float("inf"), float("nan")])
def test_what_is_missed_is_named_at_last(capsys: pytest.CaptureFixture[str], value: float) -> None:
    assert status_of(Bar("p50", 40, 150, " ms"), Bar("p95", value, 150, " ms")) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"MISSED: p95 {value:g} ms (bar 150 ms)"


@pytest.mark.parametrize(
    ("worse", "polls", "missed"),
    [
        ({}, [0.5, 1.9], []),
        ({"waiting": 999.0}, [0.5], ["jobs that did not wait while all others did"]),
        ({"own": 501.0, "threads": 1000.0}, [0.5], ["resident", "threads"]),
        ({}, [0.5, 2.1, 0.1], ["heard after ready"]),
    ],
)
def test_a_thousand_jobs_must_all_wait_at_once(
    worse: dict[str, float], polls: list[float], missed: list[str]
) -> None:
    most = {"waiting": 1000.0, "own": 89.0, "threads": 17.0, "idle": 283.0, "busy": 506.0} | worse
    assert [bar.what for bar in bars(1000, most, polls) if not bar.held] == missed
