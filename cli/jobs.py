"""Jobs seen from the terminal: `hidden-hill status` and `list`."""

from __future__ import annotations

import re
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.desk import AsJson, chosen, conclude, opened_to_me, show
from cli.follow import follow, told
from cli.records import Records, Seen, look_at, open_records
from cli.terminal import WORKSPACE
from cli.words import clock
from pipeline.errors import UsageError
from storage import jobs as rows
from storage.records import Job, JobState

#: A failure's reference, as `jobs.failures.new_reference` makes it.
_REFERENCE = re.compile(r"HH-[0-9A-Z]{4}", re.IGNORECASE)


def status(
    job: Annotated[
        str | None,
        typer.Argument(
            metavar="[JOB]",
            help="Its id, or the reference of its failure (HH-7F3K); your latest if not said.",
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is done.")] = False,
    json: AsJson = False,
) -> None:
    """Say where a job is."""
    with open_records(waiting=wait) as records:
        found = _failed_with(records, job) if job and _REFERENCE.fullmatch(job) else chosen(records, job)
        if wait:
            conclude(records, follow(records, found.id, told(json=json)), json=json)
        else:
            show(records, found, json=json)


def _failed_with(records: Records, reference: str) -> Job:
    """The job that failed with this reference. Raises `UsageError` when none did, or was tried again since."""
    found = records.database.do(lambda: rows.by_reference(reference.upper()))
    if found is None:
        raise UsageError(f"No job stands failed with {reference.upper()}.", "The log may still know it.")
    return opened_to_me(found)


def list_jobs(
    state: Annotated[
        list[JobState] | None, typer.Option(help="Only jobs in this state; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 20,
    json: AsJson = False,
) -> None:
    """Show the latest jobs."""
    with open_records() as records:
        found = records.database.do(lambda: rows.recent(WORKSPACE, states=state or (), limit=limit))
        seen = look_at(records, found)
        if json:
            for one in seen:
                typer.echo(one.job.model_dump_json())
        elif not seen:
            typer.echo("No jobs.")
        else:
            Console().print(_table(seen))
        if any(one.alone for one in seen):
            typer.echo("No worker is running.", err=True)


def _table(seen: list[Seen]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("job", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("paper", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("asked for", no_wrap=True)
    for job in (one.job for one in seen):
        place = f" ({job.waiting.place})" if job.waiting and job.waiting.place else ""
        title = Text(job.paper.title or job.source)
        table.add_row(job.id, f"{job.state}{place}", f"{job.fraction:.0%}", title, clock(job.created_at))
    return table
