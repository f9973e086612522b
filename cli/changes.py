"""What a person does to a job from the terminal: `hidden-hill approve`, `retry`, `redo`, `cancel`, `delete`, `keep`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.as_json import AsJson
from cli.desk import JobId, chosen, granted, open_office, show
from cli.terminal import WORKSPACE, terminal_user
from cli.words import clock
from jobs import control
from jobs.deeds import NotPossible
from jobs.privacy import seen_by
from jobs.uploads import take_in_script
from pipeline.errors import UsageError
from storage.quotas import Refusal
from storage.records import Job

if TYPE_CHECKING:
    from jobs.office import Office

SomeJob = Annotated[str, typer.Argument(help="The job's id.")]


def approve(
    job: JobId = None,
    script: Annotated[Path | None, typer.Option(help="Go on with this script.json instead.")] = None,
    json: AsJson = False,
) -> None:
    """Let a job that waits for approval go on."""

    def deed(office: Office, job_id: str) -> Job | NotPossible:
        key = None if script is None else take_in_script(office.objects, WORKSPACE, script)
        return control.approve(office, job_id, by=_me(), script=key)

    _do(deed, job, json=json)


def retry(job: JobId = None, json: AsJson = False) -> None:
    """Go on with a failed or cancelled job from where it stopped; make a video again whose file is gone, for free."""
    _do(lambda office, job_id: control.retry(office, job_id, by=_me()), job, json=json)


def redo(
    job: SomeJob,
    scene: Annotated[int, typer.Argument(min=1, help="The scene, from 1.")],
    json: AsJson = False,
) -> None:
    """Show something else in one scene of a finished video."""
    _do(lambda office, job_id: control.redo(office, job_id, scene - 1, by=_me()), job, json=json)


def cancel(job: JobId = None, json: AsJson = False) -> None:
    """Stop a job."""
    _do(lambda office, job_id: control.cancel(office, job_id, by=_me()), job, json=json, anyones=True)


def delete(
    job: SomeJob,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Delete a job with its video and everything that was made for it alone."""
    with open_office() as (_, office):
        found = seen_by(chosen(office, job, anyones=True), terminal_user())
        if not yes and not _agreed(found):
            raise UsageError("Nothing was deleted.")
        deleted = seen_by(granted(control.delete(office, found.id, by=_me())), terminal_user())
        typer.echo(deleted.model_dump_json() if json else f"Deleted {found.id}.")


def keep(job: SomeJob, json: AsJson = False) -> None:
    """Keep a video that would be deleted when its retention ends."""
    with open_office() as (_, office):
        before = chosen(office, job)
        kept = granted(control.keep(office, before.id, by=_me()))
        show(office, kept, json=json)
        if not json:
            ends = before.expires_at
            was = "" if ends is None else f" It would have been deleted after {clock(ends)}."
            typer.echo(f"Kept until somebody deletes it.{was}")


def _agreed(job: Job) -> bool:
    """Whether whoever types says yes to deleting `job`. Raises `UsageError` when nobody answers."""
    whose = job.requester.name or job.requester.user
    question = f"Delete job {job.id}, {job.paper.title or job.source}, asked for by {whose}?"
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)
        raise UsageError(
            "Nothing was deleted: nobody answered.", "With --yes it is deleted without a question."
        ) from None


def _do(
    deed: Callable[[Office, str], Job | Refusal | NotPossible],
    job: str | None,
    *,
    json: bool,
    anyones: bool = False,
) -> None:
    with open_office() as (_, office):
        show(office, granted(deed(office, chosen(office, job, anyones=anyones).id)), json=json)


def _me() -> str:
    """Who did it, in the audit log."""
    return f"terminal:{terminal_user().user}"
