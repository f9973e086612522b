"""What one look at a platform's set-up found."""

from __future__ import annotations

from storage.records import Record


class Finding(Record):
    """What one look found: `text` is what is there, or what is wrong and what to do. `well` is `None` for a hint."""

    name: str
    well: bool | None
    text: str
