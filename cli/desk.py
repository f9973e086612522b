"""What the commands on jobs share: the office, one's latest job, a yes or a no, and a job as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.environment import read_settings
from cli.records import Records, Seen, look_at
from cli.reporting import AT_A_TERMINAL, said
from cli.scripts import told_script
from cli.terminal import WORKSPACE, terminal_user
from cli.words import described
from jobs.deeds import NotPossible
from jobs.privacy import is_open_to
from pipeline.errors import HiddenHillError, InputError, ProviderError, UsageError
from settings import Settings
from storage import jobs as rows
from storage.quotas import Refusal
from storage.records import Job, JobState
from storage.workspaces import user_id

if TYPE_CHECKING:
    from jobs.office import Office

JobId = Annotated[str | None, typer.Argument(metavar="[JOB]", help="The job's id; your latest if not said.")]


#: The status of a command that waited for a job which somebody cancelled or deleted.
CANCELLED = 6
#: Failures that are nobody's but ours, and our machines'.
OUR_FAULTS = {"internal", "process-died", "worker-vanished", "out-of-memory", "disk-full"}


class RefusedError(UsageError):
    """Raised when a quota, or the state of a job, says no."""

    code = "refused"
    exit_status = 3


@contextmanager
def open_office() -> Iterator[tuple[Settings, Office]]:
    """The settings and the office that they describe; errors inside end the command in words.

    Raises `UsageError`, before anything is written, where production would lose it.
    """
    with said():
        settings = read_settings()
        from jobs.opening import opened, refuse_to_lose

        refuse_to_lose(settings)
        with opened(settings, patience=AT_A_TERMINAL) as at_hand:
            yield settings, at_hand.office


def chosen(records: Records, job: str | None, *, anyones: bool = False) -> Job:
    """The job of that id, or one's latest. Raises `UsageError` when there is none.

    Raises `RefusedError` for somebody else's private job, unless it may be `anyones`.
    """

    def look() -> Job | None:
        if job is not None:
            return rows.find(job.strip().lower())
        latest = rows.recent(WORKSPACE, user=user_id(records.database, terminal_user()), limit=1)
        return latest[0] if latest else None

    found = records.database.do(look)
    if found is None:
        what = f"There is no job {job}." if job else "You have no jobs yet."
        raise UsageError(what, "`hidden-hill list` shows them, `hidden-hill submit` makes one.")
    return found if anyones else opened_to_me(found)


def opened_to_me(job: Job) -> Job:
    """The job; raises `RefusedError` for somebody else's private one."""
    if is_open_to(job, terminal_user()):
        return job
    whose = job.requester.name or job.requester.user
    raise RefusedError(f"Job {job.id} is private: only {whose} sees it. You can cancel or delete it.")


def granted(answer: Job | Refusal | NotPossible) -> Job:
    """The job; raises `RefusedError` with the sentence of a no."""
    if isinstance(answer, Job):
        return answer
    raise RefusedError(answer.sentence)


def show(records: Records, job: Job, *, json: bool = False) -> None:
    """Print the job as it stands."""
    (seen,) = look_at(records, [job])
    if json:
        typer.echo(seen.job.model_dump_json())
    else:
        tell(records, seen)


def tell(records: Records, seen: Seen) -> None:
    """Print the job for a person."""
    for line in described(seen.job, records.objects, alone=seen.alone, begun=seen.begun):
        typer.echo(line)
    if seen.job.state is JobState.AWAITING_APPROVAL and is_open_to(seen.job, terminal_user()):
        for line in told_script(records, seen.job):
            typer.echo(line)


def conclude(records: Records, seen: Seen, *, json: bool) -> None:
    """The last words on a job that was followed. One that came to nothing ends the command with its `exit_status`."""
    if not json:
        tell(records, seen)
    if status := exit_status(seen.job):
        raise typer.Exit(status)


def exit_status(job: Job) -> int:
    """What a command that waited for the job ends with: 0 unless it failed, was cancelled or deleted.

    3: the paper or script can't be used; 5: our fault; 4: something else failed, a provider most often.
    """
    if job.state in {JobState.CANCELLED, JobState.DELETED}:
        return CANCELLED
    if job.state is not JobState.FAILED:
        return 0
    failure = job.failure
    if failure is None or failure.code in OUR_FAULTS:
        return HiddenHillError.exit_status
    return ProviderError.exit_status if failure.retryable else InputError.exit_status
