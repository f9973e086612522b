"""What the commands on jobs share: the office, one's latest job, a yes or a no, and a job as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from cli.environment import read_settings
from cli.follow import clock, sentence
from cli.reporting import AT_A_TERMINAL, said
from cli.terminal import WORKSPACE, terminal_user
from jobs.admission import place_in_line
from jobs.control import NotPossible
from jobs.opening import object_store, opened_database
from pipeline.errors import UsageError
from settings import Settings
from storage import jobs as rows
from storage.database import Database
from storage.objects import Objects
from storage.quotas import Refusal, dollars
from storage.records import Job, JobState, Waiting
from storage.workspaces import user_id

if TYPE_CHECKING:
    from jobs.office import Office

JobId = Annotated[str | None, typer.Argument(metavar="[JOB]", help="The job's id; your latest if not said.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


class RefusedError(UsageError):
    """Raised when a quota, or the state of a job, says no."""

    code = "refused"
    exit_status = 3


class Records(Protocol):
    """The part of an office that is enough to look at jobs."""

    @property
    def database(self) -> Database: ...
    @property
    def objects(self) -> Objects: ...


@dataclass(frozen=True)
class JustRecords:
    """A database and a store, without a queue."""

    database: Database
    objects: Objects


@contextmanager
def open_records() -> Iterator[Records]:
    """The database and the store alone, for commands that only look."""
    with said():
        settings = read_settings()
        with opened_database(settings, patience=AT_A_TERMINAL) as database:
            yield JustRecords(database, object_store(settings))


@contextmanager
def open_office() -> Iterator[tuple[Settings, Office]]:
    """The settings and the office that they describe; errors inside end the command in words."""
    with said():
        settings = read_settings()
        from jobs.opening import opened

        with opened(settings, patience=AT_A_TERMINAL) as at_hand:
            yield settings, at_hand.office


def chosen(records: Records, job: str | None) -> Job:
    """The job of that id, or one's latest. Raises `UsageError` when there is none."""

    def look() -> Job | None:
        if job is not None:
            return rows.find(job)
        latest = rows.recent(WORKSPACE, user=user_id(records.database, terminal_user()), limit=1)
        return latest[0] if latest else None

    found = records.database.do(look)
    if found is None:
        what = f"There is no job {job}." if job else "You have no jobs yet."
        raise UsageError(what, "`hidden-hill list` shows them, `hidden-hill submit` makes one.")
    return found


def granted(answer: Job | Refusal | NotPossible) -> Job:
    """The job; raises `RefusedError` with the sentence of a no."""
    if isinstance(answer, Job):
        return answer
    raise RefusedError(answer.sentence)


def show(records: Records, job: Job, *, json: bool = False, failing: bool = False) -> None:
    """Print the job as it stands. With `failing`, a failed one ends the command with status 4."""
    job = with_place(records, job)
    if json:
        typer.echo(job.model_dump_json(indent=1))
    else:
        for line in described(records, job):
            typer.echo(line)
    if failing and job.state in {JobState.FAILED, JobState.CANCELLED}:
        raise typer.Exit(4)


def with_place(records: Records, job: Job) -> Job:
    """The job; one that is queued with its place in line."""
    if job.state is not JobState.QUEUED:
        return job
    place = place_in_line(records.database, job.id)
    return job.model_copy(update={"waiting": Waiting(why="in line", place=place)})


def described(records: Records, job: Job) -> list[str]:
    """The job in a few lines for a person."""
    paper = job.paper
    lines = [f"{job.id}  {job.fraction:4.0%}  {sentence(job)}"]
    if paper.title:
        lines.append(f"  {paper.title}")
        names = f"{paper.authors[0]}{' et al.' if len(paper.authors) > 1 else ''}" if paper.authors else ""
        record = ", ".join(filter(None, (names, paper.journal, str(paper.year or ""))))
        lines += [f"  {record}"] if record else []
    else:
        lines.append(f"  {job.source}")
    lines.append(f"  asked for by {job.requester.name or job.requester.user}, {clock(job.created_at)}")
    if job.state is JobState.RUNNING and job.remaining is not None:
        lines.append(f"  about {job.remaining:.0f} s left")
    if job.state is JobState.DONE:
        lines += _results(records, job)
    return lines


def _results(records: Records, job: Job) -> list[str]:
    length = f"{job.seconds:.0f} s, " if job.seconds else ""
    lines = [f"  {length}{dollars(job.spent_cents)} spent"]
    if job.link:
        return [*lines, f"  {job.link}"]
    paths = [records.objects.path(file.key) for file in job.files if file.name == "video.mp4"]
    return [*lines, *(f"  {path}" for path in paths if path is not None)]
