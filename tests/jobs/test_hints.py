"""Hints over a real Valkey, and without one."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from threading import Event

import pytest
import redis

from jobs.hints import RedisHints, listen
from jobs.valkey import embedded
from tests.valkeys import eventually, valkey_server, valkey_url

__all__ = ["valkey_server", "valkey_url"]


def test_who_listens_hears_which_job_changed(valkey_url: str) -> None:
    hints, stop, heard = RedisHints(valkey_url), Event(), list[str]()
    listener = listen(valkey_url, heard.append, stop)

    def told() -> bool:
        hints.changed("job1")
        return "job1" in heard

    eventually(told)
    stop.set()
    listener.join(10)
    assert not listener.is_alive()
    hints.close()


def test_a_hint_without_redis_is_lost_in_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    hints = RedisHints(f"unix://{tmp_path}/nobody.sock")
    with caplog.at_level(logging.WARNING):
        for _ in range(100):
            hints.changed("job1")
    assert len(caplog.records) == 1
    hints.close()


def test_a_listener_comes_back_after_redis_was_killed_and_survives_its_own_mistakes(tmp_path: Path) -> None:
    stop, heard = Event(), list[str]()

    def hear(job: str) -> None:
        heard.append(job)
        raise ValueError("a mistake")

    with embedded(tmp_path) as url:
        listener = listen(url, hear, stop)

        def told(job: str) -> bool:
            hints = RedisHints(url)
            hints.changed(job)
            hints.close()
            return job in heard

        eventually(lambda: told("before"))
        with redis.Redis.from_url(url) as client:
            os.kill(client.info("server")["process_id"], signal.SIGKILL)
        eventually(lambda: told("after"))
        stop.set()
        listener.join(10)
        assert not listener.is_alive()
