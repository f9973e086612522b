"""What `--json` prints: one event a line, every field always there, null where it has no meaning."""

from __future__ import annotations

from typing import Literal

from pipeline.model import StageName, Value


class Event(Value):
    """`fraction` is of the stage, 0 to 1; `elapsed` and `remaining` are seconds of the whole run.

    `code` and `advice` are set on `failed`: a stable name of what went wrong and what to do next.
    """

    event: Literal["stage", "done", "failed"]
    stage: StageName | None = None
    fraction: float | None = None
    message: str
    elapsed: float
    remaining: float | None = None
    reused: bool | None = None
    code: str | None = None
    advice: str | None = None
