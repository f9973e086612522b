"""The jobs of a workspace as a sheet (CSV), for those who look after it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from jobs.privacy import seen_by
from storage.records import Job, Requester

_COLUMNS: Final = (
    "job",
    "state",
    "asked for by",
    "user",
    "private",
    "asked for at",
    "finished at",
    "title",
    "source",
    "doi",
    "pmid",
    "pmcid",
    "seconds",
    "scenes",
    "made in seconds",
    "spent USD",
    "failure",
    "link",
)
#: A cell that begins so is a formula to a spreadsheet: a title must not become one.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet(found: Iterable[Job], viewer: Requester) -> bytes:
    """One line a job, as `viewer` may see it; UTF-8 with a mark, so that spreadsheets read it as such."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for job in found:
        writer.writerow([_cell(value) for value in _row(seen_by(job, viewer))])
    return text.getvalue().encode("utf-8-sig")


def _row(job: Job) -> list[object]:
    paper = job.paper
    took = None if job.started_at is None or job.finished_at is None else job.finished_at - job.started_at
    return [
        job.id,
        str(job.state),
        job.requester.name,
        job.requester.user,
        "yes" if job.private else "no",
        _moment(job.created_at),
        _moment(job.finished_at),
        paper.title,
        job.source,
        paper.doi,
        paper.pmid,
        paper.pmcid,
        None if job.seconds is None else round(job.seconds, 1),
        job.scenes,
        None if took is None else round(took),
        f"{job.spent_cents / 100:.2f}",
        job.failure.reference if job.failure else None,
        job.link,
    ]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _moment(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
