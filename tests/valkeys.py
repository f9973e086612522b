"""A real Valkey for tests: one server for each process of pytest, empty at the start of each test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import redis

from jobs.valkey import embedded


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own."""
    with embedded(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """The same, with nothing in it."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
    return valkey_server


def eventually(happens: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until `happens()` is true. Fails when it isn't after `seconds`."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
