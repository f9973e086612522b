"""The settings, or a sentence that says which variable is wrong; and the file that lists them all."""

from __future__ import annotations

import textwrap

from pydantic import SecretStr, ValidationError
from pydantic_core import PydanticUndefined

from pipeline.errors import UsageError
from settings import Settings


def read_settings() -> Settings:
    """What the environment says. Raises `UsageError` naming the first variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name} can't be used: {first['msg']}.", "Mend or unset the variable.") from None


def env_example() -> str:
    """`.env.example`: every variable with its sentence, its default commented out."""
    lines = [
        "# Every variable that Hidden Hill reads. Nothing is needed to begin with; `make env` writes this file.",
        "",
    ]
    for field in Settings.model_fields.values():
        lines += textwrap.wrap(field.description or "", 110, initial_indent="# ", subsequent_indent="# ")
        secret = field.annotation == SecretStr | None
        plain = field.default if field.default not in (None, PydanticUndefined) else ""
        value = "…" if secret else str(int(plain) if isinstance(plain, bool) else plain)
        lines += [f"#{field.validation_alias}={value}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(env_example(), end="")  # noqa: T201 - `make env` reads it
