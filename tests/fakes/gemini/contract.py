"""Whether a body is one that Gemini and its SDK know: each part is read by the SDK's own strict models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from google.genai import types
from pydantic import BaseModel, TypeAdapter, ValidationError

_REQUEST: dict[str, Any] = {
    "contents": list[types.Content],
    "systemInstruction": types.Content,
    "generationConfig": types.GenerationConfig,
    "safetySettings": list[types.SafetySetting],
    "tools": list[types.Tool],
    "toolConfig": types.ToolConfig,
    "serviceTier": str,
    "store": bool,
    "cachedContent": str,
}
#: What the SDK's model of the configuration does not hold though its own client sends it.
_BESIDES = {"thinkingConfig": types.ThinkingConfig, "speechConfig": types.SpeechConfig}
_REPLY: dict[str, type[BaseModel]] = {
    "generateContent": types.GenerateContentResponse,
    "countTokens": types.CountTokensResponse,
}


def off_request(method: str, body: Mapping[str, Any]) -> list[str]:
    """What is wrong with the body of a request."""
    if method == "countTokens":
        inner = body.get("generateContentRequest")
        body = dict(inner) if isinstance(inner, dict) else body
        body = {name: value for name, value in body.items() if name != "model"}
    wrong = [f"{method}: no field {name}" for name in body if name not in _REQUEST]
    if not body.get("contents"):
        wrong.append(f"{method}: no contents")
    for name, value in body.items():
        kind = _REQUEST.get(name)
        if kind is None:
            continue
        if name == "generationConfig":
            wrong += [f"{name}.{extra}: {e}" for extra, e in _besides(value)]
            value = {key: one for key, one in value.items() if key not in _BESIDES}  # noqa: PLW2901
        wrong += _read(f"{method}.{name}", partial(_strict, kind, value))
    return wrong


def off_reply(method: str, body: Mapping[str, Any]) -> list[str]:
    """What is wrong with the body of an answer."""
    model = _REPLY.get(method, types.Model)
    known = {name: value for name, value in body.items() if name not in _CONVERTED.get(method, ())}
    return _read(f"{method} answers", lambda: _strict(model, known))


#: What the SDK renames on the way in, so that its model does not hold it under this name.
_CONVERTED = {"models": ("inputTokenLimit", "outputTokenLimit", "supportedGenerationMethods")}


def _besides(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, error)
        for name, kind in _BESIDES.items()
        if name in config
        for error in _read(name, partial(_strict, kind, config[name]))
    ]


def _strict(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


def _read(where: str, read: Callable[[], Any]) -> list[str]:
    try:
        read()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return [f"{where}.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found]
    return []
