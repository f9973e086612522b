"""What a person does to a job from the terminal: `hidden-hill approve`, `retry`, `redo`, `cancel`, `delete`, `keep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import JobId, chosen, granted, open_office, show
from cli.terminal import WORKSPACE, terminal_user
from jobs import control
from jobs.uploads import take_in
from pipeline.errors import UsageError

#: Who did it, in the audit log.
ME = f"terminal:{terminal_user().user}"


def approve(
    job: JobId = None,
    script: Annotated[Path | None, typer.Option(help="Go on with this script.json instead.")] = None,
) -> None:
    """Let a job that waits for approval go on."""
    with open_office() as (_, office):
        key = None if script is None else take_in(office.objects, WORKSPACE, script)
        show(office, granted(control.approve(office, chosen(office, job).id, by=ME, script=key)))


def retry(job: JobId = None) -> None:
    """Go on with a failed or cancelled job from where it stopped."""
    with open_office() as (_, office):
        show(office, granted(control.retry(office, chosen(office, job).id, by=ME)))


def redo(
    job: Annotated[str, typer.Argument(help="The job's id.")],
    scene: Annotated[int, typer.Argument(min=1, help="The scene, from 1.")],
) -> None:
    """Show something else in one scene of a finished video."""
    with open_office() as (_, office):
        show(office, granted(control.redo(office, chosen(office, job).id, scene - 1, by=ME)))


def cancel(job: JobId = None) -> None:
    """Stop a job."""
    with open_office() as (_, office):
        show(office, granted(control.cancel(office, chosen(office, job).id, by=ME)))


def delete(
    job: Annotated[str, typer.Argument(help="The job's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a job with its video and everything that was made for it alone."""
    with open_office() as (_, office):
        found = chosen(office, job)
        if not yes and not typer.confirm(f"Delete job {found.id}, {found.paper.title or found.source}?"):
            raise UsageError("Nothing was deleted.")
        granted(control.delete(office, found.id, by=ME))
        typer.echo(f"Deleted {found.id}.")


def keep(job: Annotated[str, typer.Argument(help="The job's id.")]) -> None:
    """Keep a video that would be deleted when its retention ends."""
    with open_office() as (_, office):
        show(office, granted(control.keep(office, chosen(office, job).id, by=ME)))
