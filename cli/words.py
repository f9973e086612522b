"""A job in words, for whoever reads them in a terminal."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

from jobs.missing import video_key
from storage.objects import Objects
from storage.quotas import dollars
from storage.records import Job, JobState

#: How wide a description is. Addresses and paths are longer, and are never broken.
WIDTH = 80
_INDENT = "  "


def sentence(job: Job, *, alone: bool = False, begun: bool = True) -> str:
    """What is going on, in one line. `alone`: no worker lives that could go on with it, or has yet `begun`."""
    missing = "; no worker is running" if alone else ""
    match job.state:
        case JobState.QUEUED:
            place = job.waiting.place if job.waiting else None
            return f"in line{'' if place is None else f', place {place}'}{missing}"
        case JobState.WAITING if job.waiting is not None:
            until = f", until {clock(job.waiting.until)} at most" if job.waiting.until else ""
            stage = f"{job.stage}: " if job.stage else ""
            return f"{stage}waiting: {job.waiting.why.rstrip('.')}{until}"
        case JobState.AWAITING_CONSENT:
            limit = job.waiting.until if job.waiting is not None else None
            ends = f" If nobody answers until {clock(limit)}, it is kept local." if limit else ""
            return f"it asks in the chat whether its file may leave our machines.{ends}"
        case JobState.AWAITING_APPROVAL:
            limit = job.waiting.until if job.waiting is not None else None
            ends = f" until {clock(limit)}, when the job is cancelled" if limit else ""
            return f"the script waits for approval{ends}: hidden-hill approve {job.id}"
        case JobState.FAILED if job.failure is not None:
            failure = job.failure
            retry = f" Again: hidden-hill retry {job.id}." if failure.retryable else ""
            words = " ".join(filter(None, (failure.sentence, failure.advice)))
            return f"failed in {failure.stage or job.stage}: {words}{retry} ({failure.reference})"
        case JobState.RUNNING if alone and not begun:
            return f"in line{missing}"
        case JobState.RUNNING:
            return (f"{job.stage}: {job.message}" if job.message else job.stage) + missing
        case _:
            said = job.message.replace("terminal:", "")
            if not said or said.startswith(str(job.state)):
                return said or str(job.state)
            return f"{job.state}: {said}"


def described(job: Job, objects: Objects, *, alone: bool = False, begun: bool = True) -> list[str]:
    """The job in a few lines."""
    lines = _wrapped(f"{job.id}  {job.fraction:4.0%}  {sentence(job, alone=alone, begun=begun)}", "")
    paper = job.paper
    lines += _wrapped(paper.title or job.source)
    names = f"{paper.authors[0]}{' et al.' if len(paper.authors) > 1 else ''}" if paper.authors else ""
    lines += _wrapped(", ".join(filter(None, (names, paper.journal, str(paper.year or "")))))
    lines += _wrapped(f"asked for by {job.requester.name or job.requester.user}, {clock(job.created_at)}")
    if job.state is JobState.RUNNING and job.remaining is not None and not alone:
        lines += _wrapped(time_left(job.remaining))
    if job.state is JobState.DONE:
        lines += _results(job, objects)
    elif cost := _cost(job):
        lines += _wrapped(cost)
    return lines


def time_left(seconds: float) -> str:
    """How long it will still take, no finer than it is known."""
    if seconds >= 120:
        return f"about {seconds / 60:.0f} min left"
    return f"about {max(round(seconds / 5) * 5, 5)} s left"


def clock(moment: float) -> str:
    """A moment (epoch seconds) as UTC, to the minute."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _results(job: Job, objects: Objects) -> list[str]:
    length = f"{job.seconds:.0f} s, " if job.seconds else ""
    lines = [f"{_INDENT}{length}{dollars(job.spent_cents)} spent"]
    if job.expires_at is not None:
        lines.append(f"{_INDENT}deleted after {clock(job.expires_at)}, unless: hidden-hill keep {job.id}")
    if job.link:
        return [*lines, f"{_INDENT}{job.link}"]
    key = video_key(job)
    path = None if key is None else objects.path(key)
    return lines if path is None else [*lines, f"{_INDENT}{path}"]


def _cost(job: Job) -> str:
    """What a job that isn't done cost so far, and may cost; "" for one that costs nothing."""
    most = job.reserved_cents + job.spent_cents
    spent = f"{dollars(job.spent_cents)} spent" if job.spent_cents else ""
    return ", ".join(filter(None, (spent, f"{dollars(most)} at most" if job.reserved_cents else "")))


def _wrapped(text: str, first: str = _INDENT) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
