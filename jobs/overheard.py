"""What is logged in a stage's process, carried to the worker: there it is logged with the job, and without secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from pydantic import Field

from storage.records import Record

#: Whose words are carried: libraries keep theirs.
_OURS: Final = "pipeline"
#: One stage logs no more than this.
_MOST: Final = 200
#: What every record has; the rest is what was said beside the sentence.
_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Said(Record):
    """One line of a log. `level` is `logging`'s number, `beside` what was said beside the sentence."""

    logger: str
    level: int
    sentence: str
    beside: dict[str, str | int | float] = Field(default_factory=dict)


@contextmanager
def overhearing() -> Iterator[list[Said]]:
    """The lines, from "info" on, that the pipeline logs in this process while the block lasts."""
    ear = _Ear()
    ours = logging.getLogger(_OURS)
    level = ours.level
    ours.addHandler(ear)
    ours.setLevel(logging.INFO)
    try:
        yield ear.said
    finally:
        ours.setLevel(level)
        ours.removeHandler(ear)


def log_again(said: Iterable[Said]) -> None:
    """Log these lines here."""
    for one in said:
        logging.getLogger(one.logger).log(one.level, "%s", one.sentence, extra=one.beside)


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said: list[Said] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.said) >= _MOST:
            return
        beside = {
            name: value
            for name, value in vars(record).items()
            if name not in _USUAL and isinstance(value, str | int | float)
        }
        line = Said(logger=record.name, level=record.levelno, sentence=record.getMessage(), beside=beside)
        self.said.append(line)
