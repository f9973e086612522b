"""The settings, or a sentence that says which variable is wrong."""

from __future__ import annotations

from pydantic import ValidationError

from pipeline.errors import UsageError
from settings import Settings


def read_settings() -> Settings:
    """What the environment says. Raises `UsageError` naming the first variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name} can't be used: {first['msg']}.", "Mend or unset the variable.") from None
