"""Many things go wrong while jobs are made: every job comes out, with the same bytes, and nothing is bought twice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.model import StageName
from pipeline.stages import STAGES
from storage import stage_runs
from storage.records import RunState
from tests.chaos.faults import (
    OFTEN_ENOUGH,
    ClockMoved,
    DatabaseLocked,
    Fault,
    Kill,
    KillWhileBuying,
    MessagesDoubled,
    MessagesLost,
    PostgresRestarted,
    StageProcessKilled,
    StoreBroken,
    Term,
    ValkeyKilled,
)
from tests.chaos.reference import Reference
from tests.chaos.site import LOOK, Site, opened_site
from tests.chaos.tally import HANGS, LONG
from tests.databases import PostgresServer
from tests.fakes.s3 import Silence, Status, TornUpload

#: Kills of the long form, on each of the two back ends.
_KILLS: dict[StageName, int] = {
    "fetch-paper": 4,
    "generate-script": 4,
    "generate-audio": 6,
    "generate-videos": 10,
    "add-captions": 5,
    "publish": 4,
}


#: Out of so many faults the first strikes whose moment it is.
_AT_HAND = 4


def test_a_storm_on_the_embedded_parts(tmp_path: Path, reference: Reference) -> None:
    calamities: list[Fault]
    if LONG:
        calamities = [
            *_kills(),
            *(DatabaseLocked(10.0) for _ in range(2)),
            *(ValkeyKilled() for _ in range(3)),
            *(MessagesDoubled() for _ in range(4)),
            *(MessagesLost() for _ in range(2)),
            *(ClockMoved(seconds) for seconds in (7200.0, -7200.0, -7200.0, 7200.0)),
            *(Term() for _ in range(2)),
            *(StageProcessKilled() for _ in range(3)),
        ]
    else:
        calamities = [
            KillWhileBuying(),
            Kill("generate-audio"),
            MessagesDoubled(),
            ValkeyKilled(),
            Kill("generate-videos"),
            DatabaseLocked(2.0),
            ClockMoved(7200.0),
            ClockMoved(-7200.0),
            Kill("publish"),
        ]
    with opened_site(tmp_path, "storm on SQLite, embedded Valkey, folder", workers_sweep=LONG) as site:
        storm(site, calamities, jobs=4 if LONG else 2)
        site.close_books(reference)


def test_a_storm_on_postgres_and_a_bucket(
    tmp_path: Path, reference: Reference, postgres_server: PostgresServer
) -> None:
    calamities: list[Fault]
    if LONG:
        calamities = [
            *_kills(),
            *(PostgresRestarted(2.0) for _ in range(3)),
            *(ValkeyKilled() for _ in range(3)),
            *(StoreBroken("answers 500", Status(500), 6) for _ in range(3)),
            *(StoreBroken("does not answer", Silence(), 2) for _ in range(2)),
            *(StoreBroken("tears an upload", TornUpload(200), 3) for _ in range(3)),
            *(MessagesDoubled() for _ in range(4)),
            *(ClockMoved(seconds) for seconds in (7200.0, -7200.0)),
            *(Term() for _ in range(2)),
            *(StageProcessKilled() for _ in range(3)),
        ]
    else:
        calamities = [
            Kill("fetch-paper"),
            PostgresRestarted(0.5),
            StoreBroken("answers 500", Status(500), 4),
            StoreBroken("tears an upload", TornUpload(200), 2),
            StoreBroken("does not answer", Silence(), 1),
            Kill("add-captions"),
        ]
    name = "storm on Postgres, embedded Valkey, S3"
    with opened_site(tmp_path, name, postgres=postgres_server, workers_sweep=LONG) as site:
        storm(site, calamities, jobs=4 if LONG else 1)
        site.close_books(reference)


def storm(site: Site, calamities: Sequence[Fault], *, jobs: int) -> None:
    """Let all of it happen while there are `jobs` jobs at work; then wait until all are done."""
    left = list(calamities)
    if LONG:
        site.chance.shuffle(left)
    site.hire(2)
    for _ in range(jobs):
        site.submit()
    began = time.monotonic()
    while left:
        keep_busy(site, left, jobs)
        struck = next((fault for fault in left[: _AT_HAND if LONG else 1] if strikes(site, fault)), None)
        if struck is not None:
            left.remove(struck)
            at = time.monotonic() - began
            print(f"{at:7.1f} s  {type(struck).__name__}, {len(left)} to come", flush=True)
        in_time = time.monotonic() - began < HANGS * 0.6
        assert in_time, f"still to come: {left}\n{site.state_of_things()}"
        time.sleep(LOOK)
    site.until_all_ended()
    site.tally.notes.append(f"it took {time.monotonic() - began:.0f} s")


def strikes(site: Site, fault: Fault) -> bool:
    """Let `fault` strike, if this is its moment.

    While a run was lost often already it gets its rest: a job fails when workers vanish under it too often.
    """
    runs = [run for run in site.runs() if run.state in stage_runs.UNFINISHED]
    working = any(run.state is RunState.RUNNING for run in runs)
    return working and all(run.lost < OFTEN_ENOUGH for run in runs) and fault.strike(site)


def keep_busy(site: Site, left: Sequence[Fault], jobs: int) -> None:
    """Jobs enough that every fault can still strike."""
    wanted = frozenset[StageName]().union(*(fault.stages or STAGES for fault in left))
    unfinished = site.unfinished()
    names: list[str] = list(STAGES)
    to_come = {stage for job in unfinished for stage in STAGES[names.index(job.stage) :]}
    if len(unfinished) < jobs and (not unfinished or LONG or not wanted <= to_come):
        site.submit()


def _kills() -> list[Fault]:
    kills: list[Fault] = [Kill(stage) for stage, count in _KILLS.items() for _ in range(count)]
    return [*kills, KillWhileBuying(), KillWhileBuying()]
