"""Whoever waits for a job looks at once when a hint says that it changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from cli import follow
from cli.hearing import hints_of
from cli.records import JustRecords
from jobs import control
from jobs.hints import RedisHints
from storage.records import JobState
from tests.cli.commands import House
from tests.jobs.offices import ordered
from tests.jobs.test_opening import settings
from tests.valkeys import eventually


def test_a_hint_is_followed_by_a_look(
    tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "LOOK_AT_LEAST_EVERY", 1000.0)
    hints = RedisHints(valkey_url)
    with House(tmp_path).office() as office, ThreadPoolExecutor() as threads:
        job = ordered(office)
        here = settings(tmp_path, redis_url=SecretStr(valkey_url))
        records = JustRecords(office.database, office.objects)
        with hints_of(job.id, here) as news:
            waiting = threads.submit(follow.follow, records, job.id, lambda _: None, news)
            control.cancel(office, job.id, by="ada")

            def told() -> bool:
                hints.changed("another")
                hints.changed(job.id)
                return waiting.done()

            eventually(told)
        assert waiting.result().job.state is JobState.CANCELLED
    hints.close()
