"""The queue and its consumer, on a real Valkey."""

from __future__ import annotations

import pytest
import redis
from dramatiq import MessageProxy
from dramatiq.broker import Consumer

from jobs.broker import BrokerQueue, StageBroker, redis_broker
from jobs.errors import QueueAwayError
from pipeline.errors import UsageError
from tests.valkeys import eventually, valkey_server, valkey_url

__all__ = ["valkey_server", "valkey_url"]


@pytest.fixture
def broker(valkey_url: str) -> StageBroker:
    """A broker that knows the queues as a worker's does."""
    broker = redis_broker(valkey_url)
    for queue in ("io", "cpu"):
        broker.declare_queue(queue)
    return broker


def _next(consumer: Consumer) -> MessageProxy:
    found: list[MessageProxy] = []

    def came() -> bool:
        message = next(consumer)
        if message is not None:
            found.append(message)
        return bool(found)

    eventually(came)
    return found[0]


def test_a_message_says_which_row_to_look_at(broker: StageBroker) -> None:
    BrokerQueue(broker).send("fetch-paper", "job1")
    BrokerQueue(broker).send("generate-videos", "job2", 4)
    first, second = _next(broker.consume("io")), _next(broker.consume("cpu"))
    assert (first.actor_name, first.args) == ("fetch_paper", ("job1",))
    assert (second.actor_name, second.args) == ("generate_scene", ("job2", 4))


def test_the_backlog_is_what_nobody_fetched(broker: StageBroker) -> None:
    queue = BrokerQueue(broker)
    for number in range(3):
        queue.send("generate-audio", f"job{number}")
    queue.send("generate-audio", "late", after=60.0)
    assert queue.backlog("generate-videos") == queue.backlog("generate-audio") == 3
    assert queue.backlog("publish") == 0
    _next(broker.consume("cpu", prefetch=1))
    assert queue.backlog("generate-audio") == 2
    assert queue.delayed("generate-audio") == 1


def test_a_queue_that_is_away_is_said_to_be(tmp_path: object) -> None:
    queue = BrokerQueue(redis_broker(f"unix://{tmp_path}/nobody.sock?db=0"))
    with pytest.raises(QueueAwayError) as raised:
        queue.send("publish", "job1")
    assert raised.value.retryable
    assert str(tmp_path) not in raised.value.sentence + raised.value.advice
    with pytest.raises(QueueAwayError):
        queue.backlog("publish")


def test_an_address_that_is_none_is_the_users_error() -> None:
    with pytest.raises(UsageError, match="REDIS_URL"):
        redis_broker("localhost:6379")


def test_a_busy_process_gives_signs_of_life(broker: StageBroker, valkey_url: str) -> None:
    broker.quiet_for = 0.0
    BrokerQueue(broker).send("publish", "job1")
    consumer = broker.consume("io", prefetch=1)
    _next(consumer)  # now it may fetch no more
    with redis.Redis.from_url(valkey_url) as client:
        client.zadd("hidden-hill:__heartbeats__", {broker.broker_id: 1.0})
        assert next(consumer) is None
        seen = client.zscore("hidden-hill:__heartbeats__", broker.broker_id)
    assert isinstance(seen, float)
    assert seen > 1.0


def test_a_consumer_fetches_no_more_than_may_be_done_at_once(broker: StageBroker) -> None:
    queue = BrokerQueue(broker)
    for number in range(4):
        queue.send("publish", f"job{number}")
    broker.concurrency = {"io": 2}
    consumer = broker.consume("io", prefetch=100)
    first, second = _next(consumer), _next(consumer)
    assert next(consumer) is None
    consumer.ack(first)
    consumer.requeue([second])
    assert {_next(consumer).args[0], _next(consumer).args[0]} == {"job2", "job3"}
    assert queue.backlog("publish") == 1


def test_what_a_broken_connection_made_it_forget_comes_again(broker: StageBroker) -> None:
    queue = BrokerQueue(broker)
    for number in range(3):
        queue.send("publish", f"late{number}", after=60.0)
        queue.send("publish", f"now{number}")
    broker.concurrency = {"io": 3}
    late, now = broker.consume("io.DQ"), broker.consume("io")
    held = _next(now)  # the two others were fetched with it, and are in nobody's hands
    assert {_next(late).args[0] for _ in range(3)} == {"late0", "late1", "late2"}

    late, now = broker.consume("io.DQ"), broker.consume("io")
    assert {_next(late).args[0] for _ in range(3)} == {"late0", "late1", "late2"}
    assert {_next(now).args[0], _next(now).args[0]} == {"now1", "now2"}
    assert next(now) is None
    now.ack(held)


def test_a_closed_consumer_hands_back_what_it_fetched(broker: StageBroker) -> None:
    queue = BrokerQueue(broker)
    for number in range(3):
        queue.send("publish", f"job{number}")
    broker.concurrency = {"io": 3}
    consumer = broker.consume("io")
    _next(consumer)
    assert queue.backlog("publish") == 0
    consumer.close()
    assert queue.backlog("publish") == 2


def test_a_process_that_is_about_to_stop_fetches_nothing(broker: StageBroker) -> None:
    queue = BrokerQueue(broker)
    queue.send("publish", "job1")
    broker.stopping.set()
    assert next(broker.consume("io", prefetch=5)) is None
    assert queue.backlog("publish") == 1
