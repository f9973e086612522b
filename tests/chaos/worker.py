"""A worker for chaos, `python -m tests.chaos.worker`: like `hidden-hill worker`, with a kit and a clock of its own.

The environment says as usual where everything is, and besides:
`CHAOS_SHOP` (address), `CHAOS_REPEATABLE`, `CHAOS_CLOCK` (a file with seconds to add to the time), `CHAOS_SWEEP`
(the worker sweeps too). With `--sweeper` it only sweeps, and prints what it mended, one JSON object a line.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from cli.environment import read_settings
from jobs import logs
from jobs.broker import BrokerQueue, StageBroker, redis_broker
from jobs.hints import RedisHints
from jobs.office import Office
from jobs.opening import queue_server, rules
from jobs.stage_actors import WORKER, declare
from jobs.sweeper import Sweeper
from jobs.worker import run_worker
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
    settings: Settings, *, shop: str, repeatable: bool, clock: Path
) -> Iterator[tuple[Office, StageBroker]]:
    """The office that `settings` describe, as `jobs.opening` opens it, with actors that use the chaos kit."""
    url = settings.database_url
    with ExitStack() as stack:
        database = Database(
            url.get_secret_value() if url else None, folder=settings.data, clock=OffsetClock(clock)
        )
        stack.callback(database.close)
        kit = kit_of(settings, shop=shop, repeatable=repeatable)
        objects = kit.objects()
        redis_url = stack.enter_context(queue_server(settings))
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
            rules=replace(rules(settings), first_backoff=0.2, longest_backoff=2.0),
            local_artefacts=kit.local_artefacts,
        )
        declare(broker, office, kit)
        yield office, broker


def main(arguments: list[str]) -> None:
    """Work, or sweep, until SIGTERM."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    settings = read_settings()
    logs.configure("json", "info", secrets=[])
    shop, clock = os.environ["CHAOS_SHOP"], Path(os.environ["CHAOS_CLOCK"])
    repeatable = bool(os.environ.get("CHAOS_REPEATABLE"))
    with opened(settings, shop=shop, repeatable=repeatable, clock=clock) as (office, broker):
        sweeper = Sweeper(office, folder=settings.data, owner=WORKER)
        if "--sweeper" in arguments:
            while not stop.is_set():
                if found := sweeper.sweep():
                    print(json.dumps({"mended": found}), flush=True)
                stop.wait(SWEEP_EVERY)
            return
        sweep = sweeper.sweep if os.environ.get("CHAOS_SWEEP") else None
        run_worker(office, broker, io=2, cpu=1, stop=stop, sweep=sweep)


if __name__ == "__main__":
    main(sys.argv[1:])
