"""Workers as processes that are killed and stopped, and as threads whose Redis goes away."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import redis

from jobs.broker import ACTORS, BrokerQueue, redis_broker
from jobs.errors import QueueAwayError
from jobs.office import Queue
from jobs.valkey import embedded
from storage.database import Database
from storage.migrate import migrate
from storage.workers import living
from tests.jobs.working import Notebook, at_work, worker_process, workplace
from tests.valkeys import eventually, valkey_server, valkey_url

__all__ = ["valkey_server", "valkey_url"]


def _queue(url: str) -> BrokerQueue:
    return BrokerQueue(redis_broker(url))


def test_the_message_of_a_killed_worker_goes_to_another(valkey_url: str, tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    _queue(valkey_url).send("generate-videos", "busy", 3)
    with worker_process(valkey_url, tmp_path, heartbeat=3.0) as first:
        eventually(lambda: notes.lines("began"))
        first.kill()
    with worker_process(valkey_url, tmp_path, heartbeat=3.0) as second:
        eventually(lambda: len(notes.lines("began")) == 2)
        began = notes.lines("began", "busy")
        assert [line[3] for line in began] == [str(first.pid), str(second.pid)]
        assert [line[2] for line in began] == ["3", "3"]


def test_a_worker_that_is_stopped_lets_go_of_its_work_and_hands_back_what_it_fetched(
    valkey_url: str, tmp_path: Path
) -> None:
    notes, queue = Notebook(tmp_path), _queue(valkey_url)
    for number in range(6):
        queue.send("generate-videos", f"busy{number}")
    for number in range(50):
        queue.send("generate-audio", f"quick{number}", after=3600.0)
    with worker_process(valkey_url, tmp_path) as worker:
        eventually(lambda: len(notes.lines("began")) == 2)
        eventually(lambda: queue.backlog("generate-videos") == 4)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
    assert len(notes.lines("let-go")) == 2
    assert queue.backlog("generate-videos") == 6
    with redis.Redis.from_url(valkey_url) as client:
        assert client.llen("hidden-hill:cpu.DQ") == queue.delayed("generate-audio") == 50
        assert not client.keys("hidden-hill:__acks__*")


def test_a_worker_whose_work_does_not_let_go_ends_all_the_same(valkey_url: str, tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    _queue(valkey_url).send("publish", "stubborn")
    with worker_process(valkey_url, tmp_path) as worker:
        eventually(lambda: notes.lines("began"))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(12) == 0


def test_a_worker_says_that_it_lives_and_that_it_ends(valkey_url: str, tmp_path: Path) -> None:
    database = Database(None, folder=tmp_path)
    migrate(database)
    with worker_process(valkey_url, tmp_path) as worker:
        eventually(lambda: living(database, 60.0))
        (sign,) = living(database, 60.0)
        assert (sign.pid, sign.io, sign.cpu) == (worker.pid, 2, 2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
        assert not living(database, 60.0)
    database.close()


def test_neither_queue_takes_the_others_threads(valkey_url: str, tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    with workplace(valkey_url, tmp_path) as (office, broker), at_work(office, broker, io=1, cpu=2):
        for number in range(8):
            office.queue.send("generate-videos", f"busy-cpu{number}")
        eventually(lambda: len(notes.lines("began", "busy-cpu")) == 2)
        office.queue.send("publish", "quick-io")
        eventually(lambda: notes.lines("ended", "quick-io"))
        assert len(notes.lines("began", "busy-cpu")) == 2

        office.queue.send("fetch-paper", "busy-io0")
        office.queue.send("fetch-paper", "busy-io1")
        eventually(lambda: notes.lines("began", "busy-io"))
        assert office.queue.backlog("fetch-paper") <= 1
    assert len(notes.lines("began", "busy-io")) == 1


def test_thousands_of_delayed_messages_hold_no_thread(valkey_url: str, tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    with workplace(valkey_url, tmp_path) as (office, broker), at_work(office, broker, io=1, cpu=1):
        office.queue.send("publish", "quick-first")
        eventually(lambda: notes.lines("ended", "quick-first"))
        threads = threading.active_count()
        for number in range(2000):
            office.queue.send("generate-videos", f"quick-late{number}", after=3600.0)
        office.queue.send("generate-videos", "quick-soon", after=1.0)
        eventually(lambda: notes.lines("ended", "quick-soon"))
        assert threading.active_count() == threads
        assert not notes.lines("began", "quick-late")


def test_a_worker_goes_on_after_redis_was_killed(tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    with (
        embedded(tmp_path / "data") as url,
        workplace(url, tmp_path) as (office, broker),
        at_work(office, broker),
    ):
        for number in range(20):
            office.queue.send("generate-videos", f"quick-late{number}", after=2.0)
        office.queue.send("publish", "busy")
        eventually(lambda: notes.lines("began", "busy"))
        with redis.Redis.from_url(url) as client:
            eventually(lambda: client.llen("hidden-hill:cpu.DQ") == 0)
            os.kill(client.info("server")["process_id"], signal.SIGKILL)
        eventually(lambda: len(notes.lines("ended", "quick-late")) >= 20)
        assert {line[1] for line in notes.lines("ended", "quick-late")} == {
            f"quick-late{number}" for number in range(20)
        }
        eventually(lambda: _sent(office.queue, "quick-after"))
        eventually(lambda: notes.lines("ended", "quick-after"))
        assert len(notes.lines("began", "busy")) == 1


def _sent(queue: Queue, job: str) -> bool:
    try:
        queue.send("fetch-paper", job)
    except QueueAwayError:
        return False
    return True


def test_a_message_whose_row_can_not_be_read_comes_again_later(valkey_url: str, tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    with workplace(valkey_url, tmp_path) as (office, broker), at_work(office, broker):
        office.queue.send("publish", "away")
        eventually(lambda: notes.lines("began", "away"))
        queue = office.queue
        assert isinstance(queue, BrokerQueue)
        eventually(lambda: queue.delayed("publish") == 1)


def test_every_stage_has_an_actor_of_its_name(valkey_url: str, tmp_path: Path) -> None:
    notes = Notebook(tmp_path)
    with workplace(valkey_url, tmp_path) as (office, broker), at_work(office, broker):
        for stage in ACTORS:
            office.queue.send(stage, f"quick-{stage}", 7 if stage == "generate-videos" else -1)
        eventually(lambda: len(notes.lines("ended")) == 6)
    assert {(line[1], line[2]) for line in notes.lines("ended")} == {
        (f"quick-{stage}", "7" if stage == "generate-videos" else "-1") for stage in ACTORS
    }
