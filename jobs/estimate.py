"""What a video may cost at most, before anything is made."""

from __future__ import annotations

from jobs.kit import Kit
from jobs.order import JobOrder
from storage.quotas import dollars


def estimate_cents(order: JobOrder, kit: Kit) -> int:  # noqa: ARG001 - providers that cost money will ask
    """US cents at most for this order, with the providers of today. Reading, writing and speaking here is free."""
    return 0


def cost_sentence(cents: int) -> str:
    """What a person is told of `cents`."""
    if cents <= 0:
        return (
            "It costs nothing, whatever the paper: videos are written, spoken and drawn on our own machines."
        )
    return f"It costs {dollars(cents)} at most."
