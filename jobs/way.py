"""The way of a job through its stages: what is due next, and what its runs make of its state. Inside `do`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jobs.closed import is_offered
from jobs.news import News
from jobs.office import Office
from jobs.patience import away_since
from jobs.progress import SCENES, STAGES, overall, pace
from pipeline.model import FPS, StageName
from storage import jobs, stage_runs
from storage.records import WHOLE, Job, JobState, RunState, StageRun, Waiting

_DAY: Final = 24 * 3600.0
#: Clocks of two machines differ; a run may begin this much before its time (seconds).
EARLY: Final = 1.0


def advance(office: Office, job: Job, news: News) -> None:
    """Make due what is next for a job that may run: the missing runs of the first stage that is not whole.

    Before the narration it stops for approval, where one is needed or only the abstract could be read.
    Runs that are due already stay so.
    """
    runs = stage_runs.of_job(job.id)
    stage = _next(runs, job.scenes)
    if stage == "generate-audio" and job.approved_at is None and (job.needs_approval or is_offered(job)):
        _ask_for_approval(office, job, news)
        return
    good = (*stage_runs.UNFINISHED, RunState.DONE) if stage == SCENES else stage_runs.UNFINISHED
    there = {run.scene for run in runs if run.stage == stage and run.state in good}
    for scene in range(job.scenes or 0) if stage == SCENES else (WHOLE,):
        if scene not in there:
            make_due(office, job.id, stage, scene, news)
    if job.state is not JobState.RUNNING or job.stage != stage:
        # What was said of one stage is not true of the next.
        said = job.message if job.stage == stage else ""
        jobs.change(
            office.database,
            job.id,
            jobs.UNFINISHED,
            state=JobState.RUNNING,
            stage=stage,
            message=said,
            waiting=None,
        )
    news.change(job.id)
    settle(office, job.id, news)


def make_due(
    office: Office, job: str, stage: StageName, scene: int, news: News, *, weight: float | None = None
) -> None:
    """Let one run begin now, as if it never had, and announce it."""
    stage_runs.make_due(office.database, job, stage, scene, weight=weight)
    news.send(stage, job, scene)


def fan_out(office: Office, job: Job, frames: Sequence[int], news: News) -> Job:
    """One run for each scene, each as heavy as its frames. Returns the job, which now knows its length."""
    for scene, count in enumerate(frames):
        make_due(office, job.id, SCENES, scene, news, weight=float(count))
    stage_runs.drop_scenes(job.id, SCENES, beyond=len(frames))
    seconds = sum(frames) / FPS
    jobs.change(office.database, job.id, jobs.UNFINISHED, scenes=len(frames), seconds=seconds)
    return job.model_copy(update={"scenes": len(frames), "seconds": seconds})


def stand_in_line(office: Office, job: Job, run: StageRun, news: News) -> None:
    """A job that comes back stands where it stood before; `run` is due, and is begun once it is admitted."""
    now = office.database.now()
    since = away_since(run, now)
    stage_runs.change(
        run.id, [run.state], state=RunState.DUE, due_at=now, began_at=now, away_since=since, task=None
    )
    jobs.change(office.database, job.id, [JobState.WAITING], state=JobState.QUEUED, waiting=None)
    news.change(job.id)


def settle(office: Office, job_id: str, news: News) -> None:
    """Say of the job what its runs say: that it is worked on, or what it waits for. Its fraction never falls."""
    job = jobs.find(job_id)
    if job is None or job.state not in jobs.AT_WORK:
        return
    runs = stage_runs.of_job(job_id)
    fraction = max(job.fraction, overall(runs, job.scenes, pace(office.database)))
    waiting = _waiting(office, job, runs)
    state = JobState.WAITING if waiting else JobState.RUNNING
    if (state, waiting) == (job.state, job.waiting) and fraction - job.fraction < 0.001:
        return
    jobs.change(office.database, job_id, jobs.AT_WORK, state=state, waiting=waiting, fraction=fraction)
    news.change(job_id)
    news.room = news.room or state is JobState.WAITING


def _waiting(office: Office, job: Job, runs: Sequence[StageRun]) -> Waiting | None:
    """What the job waits for, when no run of it is at work or about to be.

    A look at a provider's task is no work: a job that waits goes on waiting while somebody looks.
    """
    soon = office.database.now() + EARLY
    looked_at = [run for run in runs if run.state is RunState.RUNNING and run.task is not None]
    later = [
        run
        for run in runs
        if run.state is RunState.WAITING or (run.state is RunState.DUE and (run.due_at or 0.0) > soon)
    ]
    unfinished = [run for run in runs if run.state in stage_runs.UNFINISHED]
    if not unfinished or len(later) + len(looked_at) < len(unfinished):
        return None
    first = min([*later, *looked_at], key=lambda run: (run.scene, run.id))
    why = first.error or "another try"
    place = job.waiting.place if job.waiting is not None and job.waiting.why == why else None
    until = max((run.give_up_at for run in unfinished if run.give_up_at is not None), default=None)
    if until is None and (first.state is RunState.DUE or first.task is None):
        until = first.due_at
    return Waiting(why=why, place=place, until=until)


def _next(runs: Sequence[StageRun], scenes: int | None) -> StageName:
    """The first stage that is not whole. A job that is whole and not delivered is published again."""
    for stage in STAGES:
        done = {run.scene for run in runs if run.stage == stage and run.state is RunState.DONE}
        if stage == SCENES and scenes is None:
            return "generate-audio"
        if not done.issuperset(range(scenes or 0) if stage == SCENES else (WHOLE,)):
            return stage
    return "publish"


def _ask_for_approval(office: Office, job: Job, news: News) -> None:
    until = office.database.now() + office.rules.approval_days * _DAY
    jobs.change(
        office.database,
        job.id,
        jobs.UNFINISHED,
        state=JobState.AWAITING_APPROVAL,
        waiting=Waiting(why="the script waits for approval", until=until),
    )
    news.change(job.id)
    news.room = True
