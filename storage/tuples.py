"""What a query answers, as tuples (the types of peewee know only of rows)."""

from __future__ import annotations

from typing import Any

from peewee import ModelSelect


def tuples(query: ModelSelect[Any]) -> list[tuple[Any, ...]]:
    """Every row of `query` as a tuple of the columns that it selects."""
    return list(query.tuples().iterator())
