"""What is logged and how: one event a line, with the job, the stage and no secret."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Literal, TextIO
from urllib.parse import quote

import structlog

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
    "peewee": logging.WARNING,
    # Dramatiq logs an actor's arguments and tracebacks; what matters of them we log ourselves.
    "dramatiq": logging.WARNING,
}


class _WithoutSecrets(logging.Formatter):
    """Renders as `inner` does and takes every secret out of the finished line, traceback and all."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        known = [secret for secret in secrets if len(secret) >= 4]
        written = {form for secret in known for form in _spellings(secret)}
        self._secrets = sorted(written, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def _spellings(secret: str) -> tuple[str, ...]:
    """How a secret may be written in a line: plain, in an address, in JSON."""
    in_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    return (secret, quote(secret, safe=""), *in_json)


def configure(
    form: Literal["auto", "json", "text"] = "auto",
    level: Literal["debug", "info", "warning", "error"] = "info",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything, our own events and the libraries' alike, to `stream` (stderr) one line an event.

    `auto` is text on a terminal and JSON elsewhere. None of `secrets` appears in any line.
    """
    stream = stream if stream is not None else sys.stderr
    as_json = form == "json" or (form == "auto" and not stream.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _name_the_event,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), event_key="message")
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
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


def _name_the_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The sentence stands under "message", where log services look for it."""
    if "event" in event:
        event["message"] = event.pop("event")
    return event
