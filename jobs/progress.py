"""How far a job is, and how long it will still take, from how long stages took lately."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final, get_args
from weakref import WeakKeyDictionary

from pipeline.model import StageName
from storage import line, stage_runs, workers
from storage.database import Database
from storage.records import Job, JobState, Record, RunState, StageRun

#: In the order in which they run.
STAGES: Final[tuple[StageName, ...]] = get_args(StageName)
#: The stage that is done scene by scene.
SCENES: Final[StageName] = "generate-videos"

#: Seconds that a stage takes while nothing is known better; of the scenes, for one frame.
_AT_FIRST: Final[dict[StageName, float]] = {
    "fetch-paper": 4.0,
    "generate-script": 3.0,
    "generate-audio": 8.0,
    "generate-videos": 0.04,
    "add-captions": 12.0,
    "publish": 3.0,
}
#: Frames of a video whose script is not spoken yet.
_FRAMES: Final = 67 * 30
#: A job that is not delivered is not whole.
NEARLY: Final = 0.99
#: A worker that was seen in the last minute counts as living here.
_SEEN_WITHIN: Final = 60.0
#: How long what was looked up of past stages is used (seconds).
_KEPT: Final = 60.0
_looked_up: Final[WeakKeyDictionary[Database, tuple[float, dict[StageName, float]]]] = WeakKeyDictionary()


class Pace(Record):
    """Seconds that each stage takes; of the scenes, those of one frame. `hands`: scenes drawn at once."""

    seconds: dict[StageName, float]
    hands: int


def pace(db: Database) -> Pace:
    """The pace of late: the processor slots of all workers, shared by all jobs at work. Inside `do`.

    How long stages took is looked up once a minute.
    """
    now = db.now()
    kept = _looked_up.get(db)
    if kept is None or not kept[0] <= now < kept[0] + _KEPT:
        kept = _looked_up[db] = (now, {stage: _usual(stage) for stage in STAGES})
    slots = sum(worker.cpu for worker in workers.living(db, _SEEN_WITHIN))
    return Pace(seconds=kept[1], hands=max(slots // max(line.at_work(), 1), 1))


def _usual(stage: StageName) -> float:
    took = [lasted / max(weight, 1.0) for lasted, weight in stage_runs.durations(stage)]
    return median(took) if took else _AT_FIRST[stage]


def overall(runs: Sequence[StageRun], scenes: int | None, pace: Pace) -> float:
    """How far a job with these runs is, 0 to `NEARLY`: done work against all work, in seconds."""
    whole = left = 0.0
    for stage in STAGES:
        needed, missing = _work(stage, runs, scenes, pace)
        whole += needed
        left += missing
    return min(max(1.0 - left / whole, 0.0), NEARLY) if whole > 0 else 0.0


def remaining(runs: Sequence[StageRun], scenes: int | None, pace: Pace) -> float:
    """Seconds until delivery, if nothing is waited for."""
    return sum(_work(stage, runs, scenes, pace)[1] for stage in STAGES)


def with_remaining(db: Database, job: Job) -> Job:
    """`job` with the time left, when it is being worked on. Inside `do`."""
    if job.state is not JobState.RUNNING:
        return job
    left = remaining(stage_runs.of_job(job.id), job.scenes, pace(db))
    return job.model_copy(update={"remaining": left})


def _work(stage: StageName, runs: Sequence[StageRun], scenes: int | None, pace: Pace) -> tuple[float, float]:
    """Seconds that the stage takes, and those of them that are still to come."""
    mine = [run for run in runs if run.stage == stage]
    if stage != SCENES:
        needed = pace.seconds[stage]
        return needed, needed * (1.0 - max((_done(run) for run in mine), default=0.0))
    frames = sum(run.weight for run in mine) if scenes and mine else float(_FRAMES)
    drawn = sum(run.weight * _done(run) for run in mine)
    by_frame = pace.seconds[stage] / min(pace.hands, scenes or pace.hands)
    return frames * by_frame, max(frames - drawn, 0.0) * by_frame


def _done(run: StageRun) -> float:
    if run.state is RunState.DONE:
        return 1.0
    return run.fraction if run.state is RunState.RUNNING else 0.0
