"""The settings, or a sentence that says which variable is wrong; and the file that lists them all."""

from __future__ import annotations

import textwrap

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined

from pipeline.errors import UsageError
from settings import Settings


def read_settings() -> Settings:
    """What the environment says. Raises `UsageError` naming the first variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name} can't be used: {_wrong(first)}.", "Mend or unset the variable.") from None


def _wrong(found: ErrorDetails) -> str:
    """What a variable has to be, in our words."""
    said = found.get("ctx", {})
    match found["type"]:
        case "int_parsing" | "int_from_float":
            return "it has to be a whole number"
        case "float_parsing":
            return "it has to be a number"
        case "greater_than_equal":
            return f"it has to be at least {said['ge']:g}"
        case "greater_than":
            return f"it has to be more than {said['gt']:g}"
        case "less_than_equal":
            return f"it can be {said['le']:g} at most"
        case "bool_parsing":
            return "it has to be 1 or 0"
        case "literal_error":
            return f"it has to be {said['expected']}"
        case "string_pattern_mismatch":
            return f"it has to look like {said['pattern']}"
        case "value_error":
            return str(said["error"])
    return str(found["msg"])


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
