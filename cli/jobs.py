"""Jobs seen from the terminal: `hidden-hill status` and `list`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.desk import AsJson, JobId, chosen, open_records, show, with_place
from cli.follow import clock, follow, told
from cli.terminal import WORKSPACE
from storage import jobs as rows
from storage.records import JobState


def status(
    job: JobId = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is done.")] = False,
    json: AsJson = False,
) -> None:
    """Say where a job is."""
    with open_records() as records:
        found = chosen(records, job)
        if wait:
            found = follow(records.database, found.id, told(json=json))
        show(records, found, json=json, failing=wait)


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
        found = [with_place(records, one) for one in found]
        if json:
            for one in found:
                typer.echo(one.model_dump_json())
            return
        if not found:
            typer.echo("No jobs.")
            return
        table = Table("job", "state", "", "paper", "asked for", box=None, pad_edge=False)
        for one in found:
            title = one.paper.title or one.source
            table.add_row(one.id, one.state, f"{one.fraction:.0%}", title, clock(one.created_at))
        Console().print(table, markup=False)
