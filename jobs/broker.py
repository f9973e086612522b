"""The queue: Dramatiq on Redis, set up so that nothing is lost and nobody waits long.

What Dramatiq's own consumer of Redis lacks, ours has: it gives a sign of life while all threads are
busy (else its messages go to another worker), it hands back what a broken connection made it forget
(else nobody gets it as long as this process lives), and a time-out doesn't end it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any, Final, Literal, cast

import redis
from dramatiq import Message, MessageProxy
from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import compute_backoff, dq_name
from dramatiq.errors import BrokerConnectionError, ConnectionClosed, DecodeError
from dramatiq.middleware import TimeLimit

from jobs.errors import QueueAwayError
from jobs.redis_client import redis_client
from pipeline.model import StageName
from storage.records import WHOLE

QueueName = Literal["io", "cpu"]

#: Which actor does a stage, and in which queue its messages wait.
ACTORS: Final[Mapping[StageName, tuple[str, QueueName]]] = {
    "fetch-paper": ("fetch_paper", "io"),
    "generate-script": ("generate_script", "io"),
    "generate-audio": ("generate_audio", "cpu"),
    "generate-videos": ("generate_scene", "cpu"),
    "add-captions": ("add_captions", "cpu"),
    "publish": ("publish", "io"),
}
#: Delayed messages that one worker holds in memory; those beyond stay in Redis until there is room.
_DELAYED_AT_HAND = 20_000
#: Milliseconds between two looks at an idle queue, and at what is delayed. Half of the first is how
#: long a message waits for an idle worker.
_LOOK, _LOOK_AT_DELAYED = 80, 250
#: Seconds that one step of talking to Redis may take, and that sending is tried.
_PATIENCE = 2.0
_NAMESPACE = "hidden-hill"
#: Milliseconds after which a thread that is still at its message is interrupted. A backstop: stages
#: have limits of their own, all well below this one.
_TIME_LIMIT = 3_600_000

_log = logging.getLogger(__name__)


class StageBroker(RedisBroker):
    """The broker. `concurrency` says how many messages of a queue this process may be at, at once.

    `stopping` is set when the worker of this process is about to stop: work then lets go of itself,
    and nothing more is fetched.
    """

    def __init__(self, client: redis.Redis, *, heartbeat: float) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            client=client,
            namespace=_NAMESPACE,
            middleware=[TimeLimit(time_limit=_TIME_LIMIT)],
            # Each look at a queue also looks for workers that died. By default one in a thousand does.
            maintenance_chance=1_000_000,
            heartbeat_timeout=round(heartbeat * 1000),
        )
        self.concurrency: dict[str, int] = {}
        self.stopping = Event()
        self.quiet_for = heartbeat / 4
        #: By queue, the Redis ids of what was handed to this process and is not settled.
        self.held: dict[str, set[str]] = {}

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """A consumer whose limits are ours, whoever runs the worker. `timeout` is in milliseconds."""
        if queue_name in self.delay_queues:
            return _StageConsumer(self, queue_name, _DELAYED_AT_HAND, min(timeout, _LOOK_AT_DELAYED))
        return _StageConsumer(
            self, queue_name, self.concurrency.get(queue_name, prefetch), min(timeout, _LOOK)
        )

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Send `message`, `delay` milliseconds from now. Raises `dramatiq.errors.ConnectionClosed`."""
        with _connection():
            return super().enqueue(message, delay=delay)

    def close(self) -> None:
        """Close the connections to Redis."""
        self.client.close()


class _StageConsumer(Consumer):
    """Fetches at most `prefetch` messages that are not settled. Lives as long as its connection."""

    def __init__(self, broker: StageBroker, queue_name: str, prefetch: int, pause: int) -> None:
        self._broker = broker
        self._queue = queue_name
        self._prefetch = prefetch
        self._pause = pause
        self._misses = 0
        self._fetched: list[bytes | None] = []
        self._asked = time.monotonic()
        self._held = broker.held.setdefault(queue_name, set())
        if queue_name in broker.delay_queues:
            self._held.clear()  # Dramatiq forgets what it holds of these when a connection breaks
        self._reclaim()

    def __next__(self) -> MessageProxy | None:
        if not self._fetched:
            self._fetch()
        while self._fetched:
            encoded = self._fetched.pop(0)
            message = _decoded(encoded)
            if message is not None:
                self._misses = 0
                self._held.add(message.options["redis_message_id"])
                return MessageProxy(message)
        self._misses, pause = compute_backoff(self._misses, max_backoff=self._pause)
        time.sleep(pause / 1000)
        return None

    def ack(self, message: MessageProxy) -> None:
        self._settle("ack", [message])

    def nack(self, message: MessageProxy) -> None:
        self._settle("nack", [message])

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        self._settle("requeue", list(messages))

    def close(self) -> None:
        """Hand back what was fetched and not given to a thread."""
        fetched = [_decoded(encoded) for encoded in self._fetched]
        self._fetched = []
        self.requeue([MessageProxy(message) for message in fetched if message is not None])

    def _fetch(self) -> None:
        room = 0 if self._broker.stopping.is_set() else self._prefetch - len(self._held)
        now = time.monotonic()
        # To fetch nothing is a sign of life.
        if room > 0 or now - self._asked > self._broker.quiet_for:
            self._asked = now
            with _connection():
                self._fetched = self._broker.do_fetch(self._queue, max(room, 0))

    def _settle(self, command: str, messages: list[MessageProxy]) -> None:
        ids = [message.options["redis_message_id"] for message in messages]
        if ids:
            with _connection():
                getattr(self._broker, f"do_{command}")(self._queue, *ids)
            self._held.difference_update(ids)

    def _reclaim(self) -> None:
        """Put back what Redis believes this process has, and it hasn't."""
        with _connection():
            key = f"{_NAMESPACE}:__acks__.{self._broker.broker_id}.{self._queue}"
            believed = {name.decode() for name in cast("set[bytes]", self._broker.client.smembers(key))}
            if lost := believed - self._held:
                self._broker.do_requeue(self._queue, *lost)


class BrokerQueue:
    """`jobs.office.Queue` on a broker. Sending needs no actor to be declared."""

    def __init__(self, broker: StageBroker) -> None:
        self._broker = broker

    def send(self, stage: StageName, job: str, scene: int = WHOLE, *, after: float = 0.0) -> None:
        """Announce a run, `after` seconds from now. Raises `QueueAwayError` after two to four seconds.

        A message whose answer was lost may be sent twice: it only says "look at this row".
        """
        actor, queue = ACTORS[stage]
        arguments = (job,) if scene == WHOLE else (job, scene)
        message: Message[Any] = Message(
            queue_name=queue, actor_name=actor, args=arguments, kwargs={}, options={}
        )
        delay = round(after * 1000) if after > 0 else None
        give_up = time.monotonic() + _PATIENCE
        while True:
            try:
                self._broker.enqueue(message, delay=delay)
            except BrokerConnectionError as error:
                if time.monotonic() > give_up:
                    raise _away() from error
                time.sleep(0.2)
            else:
                return

    def backlog(self, stage: StageName) -> int:
        """How many messages nobody has fetched yet, of the queue that `stage` goes through."""
        try:
            return cast("int", self._broker.client.llen(f"{_NAMESPACE}:{ACTORS[stage][1]}"))
        except redis.RedisError as error:
            raise _away() from error

    def delayed(self, stage: StageName) -> int:
        """How many messages of that queue wait for their time, wherever they are held."""
        try:
            return cast("int", self._broker.client.hlen(f"{_NAMESPACE}:{dq_name(ACTORS[stage][1])}.msgs"))
        except redis.RedisError as error:
            raise _away() from error


def redis_broker(url: str, *, heartbeat: float = 20.0) -> StageBroker:
    """The broker at `url`. A worker without a sign of life for `heartbeat` seconds loses its messages to others.

    Connects when it is first used. Raises `pipeline.errors.UsageError` when `url` is no address.
    """
    return StageBroker(redis_client(url, patience=_PATIENCE), heartbeat=heartbeat)


def _away() -> QueueAwayError:
    return QueueAwayError("The queue can't be reached.", "Is Redis running, and is REDIS_URL right?")


def _decoded(encoded: bytes | None) -> Message[Any] | None:
    if encoded is None:  # settled by another worker that believed us dead
        return None
    try:
        return Message.decode(encoded)
    except DecodeError:
        _log.error("A message in the queue can't be read; it is skipped.")
        return None


@contextmanager
def _connection() -> Iterator[None]:
    """Whatever Redis complains of, Dramatiq takes it for a broken connection and comes again."""
    try:
        yield
    except redis.RedisError as error:
        raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]
