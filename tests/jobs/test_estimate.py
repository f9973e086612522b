"""What a person is told before anything is spent."""

from __future__ import annotations

from pathlib import Path

from jobs.estimate import cost_sentence, estimate_cents
from jobs.kit import Kit
from jobs.order import JobOrder


def test_the_embedded_providers_cost_nothing(tmp_path: Path) -> None:
    cents = estimate_cents(JobOrder(source="1"), Kit(data=tmp_path))
    assert cents == 0
    assert "nothing" in cost_sentence(cents)


def test_what_costs_is_told_in_dollars() -> None:
    assert cost_sentence(150) == "It costs $1.50 at most."
