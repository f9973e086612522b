"""The root of every value that is written to disk or crosses a process."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

StageName = Literal[
    "fetch-paper", "generate-script", "generate-audio", "generate-videos", "add-captions", "publish"
]


class Value(BaseModel):
    """A frozen value. Unknown fields are refused, so that a misspelt one in an edited file is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
