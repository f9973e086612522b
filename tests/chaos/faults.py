"""What can go wrong, one class each. `strike` is called until it says that it struck."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Protocol

from pipeline.model import StageName
from storage import stage_runs
from storage.records import RunState, StageRun
from storage.sqlite import FILE
from tests.chaos.processes import stage_processes
from tests.chaos.site import Site
from tests.fakes.s3 import Fault as WireFault

#: A run that was lost so often is left alone, so that no job fails for it (`Rules.max_lost` is 8).
OFTEN_ENOUGH = 4
#: A kill comes at a random moment of this many seconds after the stage was seen at work.
_MOMENTS: Mapping[StageName, float] = {"generate-audio": 1.5, "generate-videos": 0.5, "add-captions": 0.8}


class Fault(Protocol):
    """Something that goes wrong. `stages`: any of them has to come yet, else it can't strike; empty: any time."""

    @property
    def stages(self) -> frozenset[StageName]: ...

    def strike(self, site: Site) -> bool:
        """Do it, if this is the moment; whether it was. Notes in the tally what was done."""
        ...


@dataclass
class Kill:
    """SIGKILL of a worker that is at `stage`."""

    stage: StageName

    @property
    def stages(self) -> frozenset[StageName]:
        return frozenset({self.stage})

    def strike(self, site: Site) -> bool:
        for run in site.running():
            victim = site.holder(run)
            if run.stage != self.stage or victim is None:
                continue
            time.sleep(site.chance.uniform(0.0, _MOMENTS.get(self.stage, 0.05)))
            if not any(one.id == run.id and one.owner == run.owner for one in site.running()):
                return False
            site.kill(victim)
            site.tally.faults[f"kill in {self.stage}"] += 1
            return True
        return False


@dataclass
class KillWhileBuying:
    """SIGKILL of a worker whose order is in the shop's books and was not answered yet."""

    stages: frozenset[StageName] = frozenset({"generate-script"})
    _lock: Lock = field(default_factory=Lock)
    _struck: Event = field(default_factory=Event)

    def strike(self, site: Site) -> bool:
        site.shop.before_answer = lambda headers: self._at_the_till(site, headers)
        if not self._struck.is_set():
            return False
        site.shop.before_answer = None
        site.hire()
        site.tally.faults["kill while buying"] += 1
        return True

    def _at_the_till(self, site: Site, headers: Mapping[str, str]) -> None:
        with self._lock:
            victim = next((one for one in site.living() if str(one.pid) == headers.get("X-Worker")), None)
            if victim is not None and not self._struck.is_set():
                victim.kill()
                self._struck.set()


@dataclass
class Term:
    """SIGTERM of a worker at work; it is gone within ten seconds."""

    stages: frozenset[StageName] = frozenset({"generate-videos"})

    def strike(self, site: Site) -> bool:
        victim = next((one for run in site.running() if (one := site.holder(run))), None)
        if victim is None:
            return False
        site.hire()
        seconds = victim.stop()
        assert seconds <= 10.0
        site.tally.faults["SIGTERM"] += 1
        site.tally.notes.append(f"a worker stopped in {seconds:.1f} s")
        return True


@dataclass
class StageProcessKilled:
    """SIGKILL of a process in which a stage is done, as when memory runs out; its worker lives on."""

    stages: frozenset[StageName] = frozenset({"generate-audio", "generate-videos", "add-captions"})

    def strike(self, site: Site) -> bool:
        # A run whose process dies a third time fails for good.
        if any(run.failures for run in site.running()):
            return False
        victims = stage_processes(site.mark, [one.pid for one in site.workers])
        if not victims:
            return False
        os.kill(site.chance.choice(victims), signal.SIGKILL)
        site.tally.faults["stage's process killed"] += 1
        return True


@dataclass
class ValkeyKilled:
    """SIGKILL of the queue's server; its guard starts it again."""

    stages: frozenset[StageName] = frozenset()

    def strike(self, site: Site) -> bool:
        try:
            pid = int((site.data / "valkey" / "server.pid").read_text())
            os.kill(pid, signal.SIGKILL)
        except (OSError, ValueError):  # it is just being started
            return False
        site.tally.faults["Valkey killed"] += 1
        return True


@dataclass
class DatabaseLocked:
    """Another process has SQLite's write lock for `seconds`."""

    seconds: float
    stages: frozenset[StageName] = frozenset()

    def strike(self, site: Site) -> bool:
        with closing(sqlite3.connect(site.data / FILE, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(self.seconds)
            other.execute("ROLLBACK")
        site.tally.faults[f"database locked {self.seconds:g} s"] += 1
        return True


@dataclass
class PostgresRestarted:
    """The server stops, throwing everybody out, and is away for `seconds`."""

    seconds: float
    stages: frozenset[StageName] = frozenset()

    def strike(self, site: Site) -> bool:
        assert site.postgres is not None
        site.postgres.stop()
        time.sleep(self.seconds)
        site.postgres.start()
        site.tally.faults["Postgres restarted"] += 1
        return True


@dataclass
class ClockMoved:
    """Everybody's clock jumps by so many seconds, and stays there until the next jump."""

    seconds: float
    stages: frozenset[StageName] = frozenset()

    def strike(self, site: Site) -> bool:
        moved = float(site.clock.read_text()) if site.clock.exists() else 0.0
        scratch = site.clock.with_suffix(".new")
        scratch.write_text(str(moved + self.seconds))
        scratch.replace(site.clock)
        site.tally.faults["clock moved " + ("on" if self.seconds > 0 else "back")] += 1
        return True


@dataclass
class MessagesDoubled:
    """Every message that may be under way is sent twice more."""

    stages: frozenset[StageName] = frozenset()

    def strike(self, site: Site) -> bool:
        runs = [run for run in site.runs() if run.state in stage_runs.UNFINISHED]
        for run in runs:
            send_again(site, run, times=2)
        site.tally.faults["message doubled"] += len(runs)
        return bool(runs)


@dataclass
class MessagesLost:
    """Every message in the queue is gone."""

    stages: frozenset[StageName] = frozenset()

    def strike(self, site: Site) -> bool:
        import redis

        due = [run for run in site.runs() if run.state is RunState.DUE]
        if not due:
            return False
        with suppress(redis.RedisError), redis.Redis(unix_socket_path=site.valkey_socket) as client:
            client.flushall()
            site.tally.faults["queue emptied"] += 1
            return True
        return False


@dataclass
class StoreBroken:
    """The bucket breaks the next `times` requests that change something, or all kinds if `reading`."""

    what: str
    fault: WireFault
    times: int = 1
    stages: frozenset[StageName] = frozenset({"generate-videos", "add-captions", "publish"})
    _under_way: bool = False

    def strike(self, site: Site) -> bool:
        assert site.wire is not None
        if not self._under_way:
            site.wire.strikes = lambda method, path: method in {"PUT", "POST"}
            site.wire.faults.extend([self.fault] * self.times)
            self._under_way = True
        if site.wire.faults:
            return False
        site.tally.faults[f"S3 {self.what}"] += self.times
        return True


def send_again(site: Site, run: StageRun, *, times: int) -> None:
    """Send a run's message so many times more."""
    stage: StageName = run.stage  # type: ignore[assignment]
    for _ in range(times):
        site.office.queue.send(stage, run.job, run.scene)
