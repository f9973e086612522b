"""The order of the line, by itself."""

from __future__ import annotations

import pytest

from jobs.admission import in_order
from storage.line import Line, Waiter

ADA, BEN, EVE = 1, 2, 3


def standing(*jobs: tuple[str, int]) -> tuple[Waiter, ...]:
    return tuple(Waiter(job=job, user=user, queued_at=float(at)) for at, (job, user) in enumerate(jobs))


@pytest.mark.parametrize(
    ("at_work", "last_begun", "expected"),
    [
        ({}, {}, ["a1", "b1", "e1", "a2", "b2", "a3"]),
        ({ADA: 1}, {ADA: 5.0}, ["b1", "e1", "a1", "b2", "a2", "a3"]),
        ({ADA: 2, BEN: 1}, {}, ["e1", "b1", "a1", "b2", "a2", "a3"]),
        ({}, {ADA: 3.0, BEN: 1.0, EVE: 2.0}, ["b1", "e1", "a1", "b2", "a2", "a3"]),
    ],
)
def test_who_is_next(at_work: dict[int, int], last_begun: dict[int, float], expected: list[str]) -> None:
    waiters = standing(("a1", ADA), ("a2", ADA), ("b1", BEN), ("a3", ADA), ("b2", BEN), ("e1", EVE))
    assert list(in_order(Line(waiters=waiters, at_work=at_work, last_begun=last_begun))) == expected


def test_nobody_waits() -> None:
    assert list(in_order(Line(waiters=(), at_work={ADA: 1}, last_begun={}))) == []
