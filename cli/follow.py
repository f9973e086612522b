"""Following a job from the terminal until it ends or waits for a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import typer

from pipeline.errors import UsageError
from storage.database import Database
from storage.jobs import find
from storage.records import Job, JobState

#: Seconds between two looks at the row.
LOOK_EVERY = 0.3

#: States in which nothing more comes by itself.
STANDING = {
    JobState.DONE,
    JobState.FAILED,
    JobState.CANCELLED,
    JobState.DELETED,
    JobState.AWAITING_APPROVAL,
}


def follow(database: Database, job_id: str, show: Callable[[Job], None]) -> Job:
    """Show the job whenever its revision rose, until it stands still; returns it as it is then."""
    shown = -1
    while True:
        job = database.do(lambda: find(job_id))
        if job is None:
            raise UsageError(f"There is no job {job_id}.")
        if job.revision != shown:
            shown = job.revision
            show(job)
        if job.state in STANDING:
            return job
        time.sleep(LOOK_EVERY)


def told(*, json: bool) -> Callable[[Job], None]:
    """Tells of a job as it goes: a line for each thing that is new to a person, or an object for each revision."""
    last = ""

    def show(job: Job) -> None:
        nonlocal last
        line = sentence(job)
        if json:
            typer.echo(job.model_dump_json())
        elif line != last and job.state not in STANDING:
            typer.echo(f"{job.id}  {job.fraction:4.0%}  {line}")
        last = line

    return show


def sentence(job: Job) -> str:
    """What is going on, in one line."""
    match job.state:
        case JobState.QUEUED:
            place = job.waiting.place if job.waiting else None
            return "in line" if place is None else f"in line, place {place}"
        case JobState.WAITING if job.waiting is not None:
            until = f", until {clock(job.waiting.until)} at most" if job.waiting.until else ""
            return f"{job.stage}: waiting: {job.waiting.why}{until}"
        case JobState.AWAITING_APPROVAL:
            return f"the script waits for approval: hidden-hill approve {job.id}"
        case JobState.FAILED if job.failure is not None:
            failure = job.failure
            retry = f" Again: hidden-hill retry {job.id}." if failure.retryable else ""
            words = " ".join(filter(None, (failure.sentence, failure.advice)))
            return f"failed in {failure.stage or job.stage}: {words}{retry} ({failure.reference})"
        case JobState.RUNNING:
            return f"{job.stage}: {job.message}" if job.message else job.stage
        case _:
            return f"{job.state}: {job.message}" if job.message else str(job.state)


def clock(moment: float) -> str:
    """A moment (epoch seconds) as UTC, to the minute."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
