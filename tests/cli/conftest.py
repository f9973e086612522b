"""Commands set up the log of their process; a test leaves it as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from jobs.logs import QUIET
from tests.valkeys import valkey_server, valkey_url

__all__ = ["valkey_server", "valkey_url"]


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    for name, least in levels.items():
        logging.getLogger(name).setLevel(least)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
