"""What may be said to Runway and what it may answer: held against the library's own types."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from runwayml._utils import PropertyInfo
from runwayml.types import text_to_video_create_params as params
from runwayml.types.organization_retrieve_response import OrganizationRetrieveResponse
from runwayml.types.task_retrieve_response import TaskRetrieveResponse
from runwayml.types.text_to_video_create_response import TextToVideoCreateResponse

#: The version of the API that the library asks for.
VERSION: Final = "2024-11-06"
_LONGEST_PROMPT: Final = 1000

_TASK: TypeAdapter[Any] = TypeAdapter(TaskRetrieveResponse)


def off_order(body: Mapping[str, Any]) -> str:
    """What is wrong with an order for a video, "" when nothing is.

    The types say which models, ratios and fields there are; what they say in words only (whole seconds from 2 to 10,
    lengths) is checked here.
    """
    kind = _kinds().get(str(body.get("model")))
    if kind is None:
        return f"model: there is no {body.get('model')}"
    names = {alias: name for name, alias in _aliases(kind).items()}
    if unknown := set(body) - set(names):
        return f"unknown fields: {sorted(unknown)}"
    try:
        TypeAdapter(kind).validate_python({names[alias]: value for alias, value in body.items()}, strict=True)
    except ValidationError as error:
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    if body["model"] == "gen4.5" and not 2 <= body["duration"] <= 10:
        return "duration: 2 to 10"
    if not 1 <= len(body["promptText"].encode("utf-16-le")) // 2 <= _LONGEST_PROMPT:
        return "promptText: 1 to 1000 characters"
    if not 0 <= body.get("seed", 0) <= 4_294_967_295:
        return "seed: 0 to 4294967295"
    return ""


def task_reply(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """`body`, which the library's own type of a task takes."""
    _TASK.validate_python(body)
    return body


def order_reply(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """`body`, which the library's own type of an answer to an order takes."""
    TextToVideoCreateResponse.model_validate(body)
    return body


def organization_reply(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """`body`, which the library's own type of an account takes."""
    OrganizationRetrieveResponse.model_validate(body)
    return body


@cache
def _kinds() -> dict[str, Any]:
    """The library's parameters by the model that they are for."""
    found = {}
    for kind in get_args(params.TextToVideoCreateParams):
        hints = get_type_hints(kind)
        for name in get_args(hints["model"]):
            found[name] = kind
    return found


def _aliases(kind: Any) -> dict[str, str]:
    """Field → its name on the wire."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        notes = [note for note in _metadata(hint) if isinstance(note, PropertyInfo)]
        found[name] = next((note.alias for note in notes if note.alias), name)
    return found


def _metadata(hint: Any) -> list[Any]:
    found = list(getattr(hint, "__metadata__", ()))
    for part in get_args(hint):
        if typing.get_origin(hint) in {typing.Required, typing.NotRequired}:
            found += _metadata(part)
    return found
