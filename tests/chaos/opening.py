"""The office of a site: as `jobs.opening` opens one, with the chaos kit and a clock that moves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from jobs.broker import BrokerQueue, StageBroker, redis_broker
from jobs.hints import RedisHints
from jobs.office import Office
from jobs.opening import queue_server, rules
from jobs.stage_actors import declare
from settings import Settings
from storage.database import Database
from storage.objects import Links
from tests.chaos.kit import kit_of

#: Seconds between two rounds of a sweeper.
SWEEP_EVERY = 0.3


@dataclass
class OffsetClock:
    """The time, moved by as many seconds as `file` says."""

    file: Path

    def __call__(self) -> float:
        try:
            return time.time() + float(self.file.read_text())
        except (OSError, ValueError):  # not there yet, or just being written
            return time.time()


@contextmanager
def opened(
    settings: Settings, *, shop: str, repeatable: bool, clock: Path, tries: int = 5
) -> Iterator[tuple[Office, StageBroker]]:
    """The office that `settings` describe, with actors that use the chaos kit."""
    url = settings.database_url
    with ExitStack() as stack:
        database = Database(
            url.get_secret_value() if url else None, folder=settings.data, clock=OffsetClock(clock)
        )
        stack.callback(database.close)
        redis_url = stack.enter_context(queue_server(settings))
        kit = kit_of(settings, shop=shop, repeatable=repeatable)
        kit = replace(kit, redis_url=SecretStr(redis_url))
        objects = kit.objects()
        broker = redis_broker(redis_url, heartbeat=settings.lease)
        stack.callback(broker.close)
        hints = RedisHints(redis_url)
        stack.callback(hints.close)
        office = Office(
            database=database,
            objects=objects,
            links=Links(objects, settings.public_base_url, settings.web_url),
            queue=BrokerQueue(broker),
            hints=hints,
            rules=replace(rules(settings), first_backoff=0.2, longest_backoff=2.0, max_failures=tries),
            local_artefacts=kit.local_artefacts,
        )
        declare(broker, office, kit)
        yield office, broker
