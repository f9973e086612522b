"""The turns at NCBI that the workers of all machines take together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from jobs import ncbi_pace
from jobs.kit import Kit
from jobs.ncbi_pace import SharedPace
from jobs.overheard import overhearing
from pipeline.errors import TransientProviderError
from pipeline.paper.pace import MachinePace
from tests.fakes.eutils import FakeNcbi
from tests.pipeline.paper.askers import a_second, ask_together
from tests.valkeys import valkey_server, valkey_url

__all__ = ["valkey_server", "valkey_url"]


@pytest.fixture
def fake() -> Iterator[FakeNcbi]:
    with FakeNcbi() as server:
        yield server


def test_workers_on_several_machines_keep_to_the_pace_together(
    fake: FakeNcbi, tmp_path: Path, valkey_url: str
) -> None:
    # If each of three machines has a worker, with one queue
    ask_together(fake, [tmp_path / "a", tmp_path / "b", tmp_path / "c"], 4, redis=valkey_url)

    # I expect NCBI to see no more in a second than it allows, but for one that was long on its way
    assert fake.most_within(1.0) <= 4
    assert a_second(fake) <= 3


def test_while_redis_is_away_each_machine_keeps_to_the_pace(fake: FakeNcbi, tmp_path: Path) -> None:
    ask_together(fake, [tmp_path, tmp_path], 5, redis="redis://127.0.0.1:1")
    assert fake.most_within(1.0) <= 4
    assert a_second(fake) <= 3


def test_a_redis_that_is_away_is_left_alone_for_a_while(tmp_path: Path, valkey_url: str) -> None:
    shared = SharedPace("redis://127.0.0.1:1", MachinePace(tmp_path / "a.turn", 0.001))
    with overhearing() as said:
        shared.take_turn()
    assert [line.sentence for line in said] == ["pace kept on this machine only: no queue"]
    shared._client = redis.Redis.from_url(valkey_url)
    shared.take_turn()
    with redis.Redis.from_url(valkey_url) as books:
        assert books.keys() == []


def test_too_long_a_line_is_left(tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ncbi_pace, "LONGEST_LINE", 0.0)
    SharedPace(valkey_url, MachinePace(tmp_path / "a.turn", 1_000)).take_turn()
    with pytest.raises(TransientProviderError, match="Too many"):
        SharedPace(valkey_url, MachinePace(tmp_path / "a.turn", 1_000)).take_turn()


def test_the_books_are_forgotten_when_nobody_asks(tmp_path: Path, valkey_url: str) -> None:
    SharedPace(valkey_url, MachinePace(tmp_path / "a.turn", 0.5)).take_turn()
    with redis.Redis.from_url(valkey_url) as books:
        (key,) = books.keys()
        assert 0 < books.pttl(key) <= 1_500


def test_a_stage_shares_the_pace_where_there_is_a_queue(tmp_path: Path, valkey_url: str) -> None:
    alone = Kit(data=tmp_path, ncbi_base_url="https://a.example")
    together = Kit(data=tmp_path, ncbi_base_url="https://a.example", redis_url=SecretStr(valkey_url))
    assert isinstance(alone.ncbi_pace, MachinePace)
    assert isinstance(together.ncbi_pace, SharedPace)
    together.ncbi_pace.take_turn()
    assert [file.name for file in (tmp_path / "turns").iterdir()] == [f"{alone.ncbi_pace.name}.turn"]
