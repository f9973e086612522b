"""What the rows say of objects: which keys jobs refer to. Called inside `Database.do`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from peewee import fn

from storage.models import ArtefactUse, JobRow, PublishedRow, StageRunRow
from storage.records import JobState, Record, RunState
from storage.tuples import tuples

#: A job in one of these states makes and publishes nothing any more until a person says so.
OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DELETED)

#: The message of a done job whose file is gone.
FILE_GONE = "The video's file is gone from the store. It can be made again free of charge."


class Publication(Record):
    """A file that a job's row says was published."""

    job: str
    key: str
    done: bool


class Unfinished(Record):
    """A job at work: its token, and when its row last changed (epoch seconds)."""

    job: str
    token: str
    updated_at: float


def publications() -> tuple[Publication, ...]:
    """Every published file of a job that was not deleted."""
    rows = (
        PublishedRow.select(PublishedRow.job, PublishedRow.key, JobRow.state)
        .join(JobRow, on=(JobRow.id == PublishedRow.job))
        .where(JobRow.state != str(JobState.DELETED))
    )
    return tuple(
        Publication(job=job, key=key, done=state == JobState.DONE) for job, key, state in tuples(rows)
    )


def is_published(key: str) -> bool:
    """Whether a job that was not deleted refers to `key`."""
    rows = (
        PublishedRow.select()
        .join(JobRow, on=(JobRow.id == PublishedRow.job))
        .where((PublishedRow.key == key) & (JobRow.state != str(JobState.DELETED)))
    )
    return bool(rows.exists())


def at_work() -> tuple[Unfinished, ...]:
    """Every job that is not over."""
    rows = JobRow.select(JobRow.id, JobRow.token, JobRow.updated_at).where(JobRow.state.not_in(_names(OVER)))
    return tuple(Unfinished(job=job, token=token, updated_at=at) for job, token, at in tuples(rows))


def is_needed(workspace: str, key: str) -> bool:
    """Whether a job of `workspace` refers to the object `key`: published it, ordered with it, or made of it."""
    ordered = JobRow.select().where((JobRow.workspace == workspace) & JobRow.order.contains(f'"{key}"'))
    stage, artefact = artefact_of(key)
    used = ArtefactUse.select().where(
        (ArtefactUse.workspace == workspace) & (ArtefactUse.stage == stage) & (ArtefactUse.key == artefact)
    )
    return is_published(key) or bool(ordered.exists()) or bool(used.exists())


def any_job() -> bool:
    """Whether the database knows a job at all, a deleted one too."""
    return bool(JobRow.select().exists())


def knows(tokens: Iterable[str]) -> bool:
    """Whether one of these is the token of a job, a deleted one too."""
    return bool(JobRow.select().where(JobRow.token.in_(list(tokens))).exists())


def published_and_not_done() -> tuple[str, ...]:
    """Jobs whose publishing is done although they are not."""
    ends = _names((JobState.DONE, JobState.CANCELLED, JobState.DELETED))
    rows = (
        JobRow.select(JobRow.id)
        .join(StageRunRow, on=(StageRunRow.job == JobRow.id))
        .where(
            (StageRunRow.stage == "publish")
            & (StageRunRow.state == str(RunState.DONE))
            & JobRow.state.not_in(ends)
        )
        .order_by(JobRow.id)
    )
    return tuple(job for (job,) in tuples(rows))


def last_uses() -> dict[tuple[str, str], float]:
    """When each artefact, (stage, key), was last referred to by a job of any workspace (epoch seconds)."""
    rows = ArtefactUse.select(ArtefactUse.stage, ArtefactUse.key, fn.MAX(ArtefactUse.used_at)).group_by(
        ArtefactUse.stage, ArtefactUse.key
    )
    return {(stage, key): used_at for stage, key, used_at in tuples(rows)}


def forget_artefact(stage: str, key: str, *, unused_since: float) -> bool:
    """Drop the references to an artefact that is about to be deleted; False when one is younger."""
    this = (ArtefactUse.stage == stage) & (ArtefactUse.key == key)
    if ArtefactUse.select().where(this & (ArtefactUse.used_at >= unused_since)).exists():
        return False
    ArtefactUse.delete().where(this).execute()
    return True


def artefact_of(key: str) -> tuple[str, str]:
    """Stage and key of the artefact in the object `artefacts/<workspace>/<stage>/<key>.tar`."""
    above, _, name = key.rpartition("/")
    return above.rpartition("/")[2], name.removesuffix(".tar")


def used_artefacts(workspace: str) -> set[tuple[str, str]]:
    """Every artefact, (stage, key), that a job of `workspace` refers to."""
    uses = ArtefactUse.select(ArtefactUse.stage, ArtefactUse.key).where(ArtefactUse.workspace == workspace)
    return set(tuples(uses))


def uploads() -> frozenset[str]:
    """Every key that the order of a job names: its paper, its script."""
    orders = JobRow.select(JobRow.order).where(JobRow.order.contains("uploads/"))
    return frozenset(key for (order,) in tuples(orders) for key in _upload_keys(order))


def _upload_keys(order: str) -> Iterator[str]:
    try:
        values = json.loads(order).values()
    except (ValueError, AttributeError):
        return
    yield from (value for value in values if isinstance(value, str) and value.startswith("uploads/"))


def mark_gone(job: str, *, now: float) -> bool:
    """Say on a done job that its file is gone; whether that was news."""
    changed = (
        JobRow.update(message=FILE_GONE, revision=JobRow.revision + 1, updated_at=now)
        .where((JobRow.id == job) & (JobRow.state == str(JobState.DONE)) & (JobRow.message != FILE_GONE))
        .execute()
    )
    return bool(changed)


def unmark_found(gone: frozenset[str], *, now: float) -> int:
    """Take `FILE_GONE` back from done jobs that are not among `gone`: their file was put back."""
    said = JobRow.select(JobRow.id).where(
        (JobRow.state == str(JobState.DONE)) & (JobRow.message == FILE_GONE)
    )
    found = [job for (job,) in tuples(said) if job not in gone]
    for job in found:
        JobRow.update(message="", revision=JobRow.revision + 1, updated_at=now).where(
            (JobRow.id == job) & (JobRow.message == FILE_GONE)
        ).execute()
    return len(found)


def _names(states: tuple[JobState, ...]) -> list[str]:
    return [str(state) for state in states]
