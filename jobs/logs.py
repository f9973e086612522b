"""What is logged and how: one event a line, with the job, the stage and no secret."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, Literal, TextIO
from urllib.parse import quote

import structlog

from jobs.traces import trace

#: What stands in a log where a secret would have stood.
HIDDEN = "[hidden]"

#: Chatty libraries, and the least that is kept of them.
QUIET = {
    "botocore": logging.WARNING,
    "boto3": logging.WARNING,
    "s3transfer": logging.WARNING,
    "urllib3": logging.WARNING,
    "httpx": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
    "peewee": logging.WARNING,
    # Dramatiq logs an actor's arguments and tracebacks; what matters of them we log ourselves.
    "dramatiq": logging.WARNING,
}


class _WithoutSecrets(logging.Formatter):
    """Renders as `inner` does and takes every secret out of the finished line, traceback and all."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._hide = hiding(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._hide(self._inner.format(record))


def hiding(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that takes `secrets` out of a text, however they are written there."""
    known = [secret for secret in secrets if len(secret) >= 4]
    written = sorted({form for secret in known for form in _spellings(secret)}, key=len, reverse=True)

    def hide(text: str) -> str:
        for secret in written:
            text = text.replace(secret, HIDDEN)
        return text

    return hide


def _spellings(secret: str) -> tuple[str, ...]:
    """How a secret may be written in a line: plain, in an address, in JSON."""
    in_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    return (secret, quote(secret, safe=""), *in_json)


def configure(
    form: Literal["auto", "json", "text"] = "auto",
    level: Literal["debug", "info", "warning", "error", "critical"] = "info",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything, our own events and the libraries' alike, to `stream` (stderr) one line an event.

    `auto` is text on a terminal and JSON elsewhere. None of `secrets` appears in any line, and of an
    exception only its kind and its places.
    """
    stream = stream if stream is not None else sys.stderr
    as_json = form == "json" or (form == "auto" and not stream.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_traced),
        _name_the_event,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), event_key="message")
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_WithoutSecrets(formatter, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _traced(exc_info: structlog.typing.ExcInfo) -> str:
    return trace(exc_info[1])


def _name_the_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The sentence stands under "message", where log services look for it."""
    if "event" in event:
        event["message"] = event.pop("event")
    return event
