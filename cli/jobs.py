"""Jobs seen from the terminal: `hidden-hill status` and `list`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.desk import AsJson, JobId, chosen, conclude, show
from cli.follow import follow, told
from cli.records import Seen, look_at, open_records
from cli.terminal import WORKSPACE
from cli.words import clock
from storage import jobs as rows
from storage.records import JobState


def status(
    job: JobId = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is done.")] = False,
    json: AsJson = False,
) -> None:
    """Say where a job is."""
    with open_records(waiting=wait) as records:
        found = chosen(records, job)
        if wait:
            conclude(records, follow(records, found.id, told(json=json)), json=json)
        else:
            show(records, found, json=json)


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
