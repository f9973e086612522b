"""Following a job from the terminal until it ends or waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import typer

from cli.records import Records, Seen, look
from cli.reporting import hint
from cli.words import sentence, time_left
from pipeline.errors import UsageError
from storage.records import JobState

#: Seconds between two looks at the row; where hints come, they only make up for lost ones.
LOOK_EVERY, LOOK_AT_LEAST_EVERY = 0.3, 1.0

#: States in which nothing more comes by itself.
STANDING = {
    JobState.DONE,
    JobState.FAILED,
    JobState.CANCELLED,
    JobState.DELETED,
    JobState.AWAITING_CONSENT,
    JobState.AWAITING_APPROVAL,
}


def follow(records: Records, job_id: str, show: Callable[[Seen], None], news: Event | None = None) -> Seen:
    """Show the job whenever something about it is new, until it stands still; returns it as it is then.

    It is looked at when `news` is set, and now and then in any case.
    """
    heard, every = (Event(), LOOK_EVERY) if news is None else (news, LOOK_AT_LEAST_EVERY)
    shown: Seen | None = None
    while True:
        seen = look(records, job_id)
        if seen is None:
            raise UsageError(f"There is no job {job_id}.")
        if seen != shown:
            shown = seen
            show(seen)
        if seen.job.state in STANDING:
            return seen
        try:
            heard.wait(every)
            heard.clear()
        except KeyboardInterrupt:
            hint(f"The job goes on. Look again with: hidden-hill status {job_id} --wait")
            raise


def told(*, json: bool) -> Callable[[Seen], None]:
    """Tells of a job as it goes: a line for each thing that is new to a person, or an object for each change."""
    last = ""

    def show(seen: Seen) -> None:
        nonlocal last
        line = sentence(seen.job, alone=seen.alone, begun=seen.begun)
        if json:
            typer.echo(seen.job.model_dump_json())
        elif line != last and seen.job.state not in STANDING:
            left = seen.job.remaining
            ends = "" if left is None or seen.alone else f", {time_left(left)}"
            typer.echo(f"{seen.job.id}  {seen.job.fraction:4.0%}  {line}{ends}")
        last = line

    return show
