"""Jobs seen from the terminal: `hidden-hill status` and `list`."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size

from cli.as_json import AsJson
from cli.desk import JobId, chosen, conclude, opened_to_me, show
from cli.follow import follow, told
from cli.records import Records, Seen, look_at, open_records
from cli.reporting import hint
from cli.scripts import script_of, write_script
from cli.terminal import WORKSPACE
from cli.words import clock
from pipeline.errors import UsageError
from storage import jobs as rows
from storage.quotas import dollars
from storage.records import Job, JobState

#: A failure's reference, as `jobs.failures.new_reference` makes it.
_REFERENCE = re.compile(r"HH-[0-9A-Z]{4}", re.IGNORECASE)


_GAP = "  "
#: Columns that a title has at least, however narrow the terminal is.
_LEAST_TITLE = 8


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
    """The job that failed with this reference, also if it was tried again since. Raises `UsageError` when none did."""
    found = records.database.do(lambda: rows.by_reference(reference.upper()))
    if found is None:
        raise UsageError(
            f"No job failed with {reference.upper()}, or it failed again since.",
            "The log of the worker may still know the reference.",
        )
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
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
            for line in table(seen, width):
                typer.echo(line)
        if any(one.alone for one in seen):
            hint(
                "No worker is running: start one with `hidden-hill worker`, or everything with `hidden-hill up`."
            )


def script(
    job: JobId = None,
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file, to be edited and given to `approve --script`.")
    ] = None,
) -> None:
    """Show the script of a job as JSON: what is said, each claim with its passage of the paper."""
    with open_records() as records:
        found = chosen(records, job)
        if out is None:
            typer.echo(script_of(records, found).model_dump_json(indent=2))
            return
        for file in write_script(records, found, out):
            typer.echo(f"Written: {file}")


def table(seen: Sequence[Seen], width: int | None) -> list[str]:
    """The jobs, a line each, with a headline. On `width` columns the titles are cut, and nothing else ever is."""
    paid = any(one.job.spent_cents for one in seen)  # where nothing costs anything, no column says so
    widest = max(len("cost"), *(len(dollars(one.job.spent_cents)) for one in seen)) if paid else 0
    rows = [("job", "state", "", "paper", f"{'cost':>{widest}}{_GAP}asked for" if paid else "asked for")]
    for one in seen:
        job = one.job
        state = str(job.state) if one.begun else "in line"
        place = f" ({job.waiting.place})" if job.waiting and job.waiting.place else ""
        title = " ".join((job.paper.title or job.source).split())
        share, asked = f"{job.fraction:.0%}", clock(job.created_at)
        if paid:
            cost = dollars(job.spent_cents) if job.spent_cents else ""
            asked = f"{cost:>{widest}}{_GAP}{asked}"
        rows.append((job.id, f"{state}{place}", share, title, asked))
    ids, states, shares, titles, _ = (max(map(cell_len, column)) for column in zip(*rows, strict=True))
    if width is not None:
        others = ids + states + shares + max(len(row[4]) for row in rows) + 4 * len(_GAP)
        titles = min(titles, max(width - others, _LEAST_TITLE))
    return [
        _GAP.join((name.ljust(ids), state.ljust(states), share.rjust(shares), _cut(title, titles), asked))
        for name, state, share, title, asked in rows
    ]


def _cut(title: str, width: int) -> str:
    """The title on exactly so many columns."""
    return set_cell_size(title, width) if cell_len(title) <= width else f"{set_cell_size(title, width - 1)}…"
