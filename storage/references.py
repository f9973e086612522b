"""What the rows say of objects: which keys jobs refer to. Called inside `Database.do`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from peewee import Expression, fn

from storage.models import ArtefactUse, DoomedRow, JobRow, PublishedRow, StageRunRow
from storage.records import Finished, JobState, Record, RunState
from storage.tuples import tuples

#: A job in one of these states makes and publishes nothing any more until a person says so.
OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DELETED)

#: The message of a done job whose file is gone.
FILE_GONE = "The video's file is gone from the store. It can be made again free of charge."
#: The same of one that was imported: there is nothing to make it from.
IMPORT_GONE = "The video's file is gone from the store. Import it once more."
#: How the sameness of an imported video begins.
IMPORTED = "adopted-"


class Publication(Record):
    """A file that a job's row says was published. `done`: the job is, and this is a file of its present video."""

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
        PublishedRow.select(PublishedRow.job, PublishedRow.key, PublishedRow.current, JobRow.state)
        .join(JobRow, on=(JobRow.id == PublishedRow.job))
        .where(JobRow.state != str(JobState.DELETED))
    )
    return tuple(
        Publication(job=job, key=key, done=bool(current) and state == JobState.DONE)
        for job, key, current, state in tuples(rows)
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
    ordered = JobRow.select().where((JobRow.workspace == workspace) & orders(key))
    stage, artefact = artefact_of(key)
    used = ArtefactUse.select().where(
        (ArtefactUse.workspace == workspace) & (ArtefactUse.stage == stage) & (ArtefactUse.key == artefact)
    )
    return is_published(key) or bool(ordered.exists()) or bool(used.exists())


def orders(key: str) -> Expression:
    """What is true of a job whose order names the object `key`, or the order that it may go back to."""
    named: Expression = JobRow.order.contains(f'"{key}"') | JobRow.finished.contains(key)
    return named


def doomed_keys() -> frozenset[str]:
    """Every key that is to be deleted by now or later."""
    return frozenset(key for (key,) in tuples(DoomedRow.select(DoomedRow.key)))


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
    """Every key that the order of a job names, or the order that it may go back to: its paper, its script."""
    naming = JobRow.order.contains("uploads/") | JobRow.finished.contains("uploads/")
    rows = tuples(JobRow.select(JobRow.order, JobRow.finished).where(naming))
    written = [said for order, finished in rows for said in (order, *_order_before(finished))]
    return frozenset(key for order in written for key in _upload_keys(order))


def _order_before(finished: str | None) -> tuple[str, ...]:
    return () if finished is None else (Finished.model_validate_json(finished).order,)


def _upload_keys(order: str) -> Iterator[str]:
    try:
        values = json.loads(order).values()
    except (ValueError, AttributeError):
        return
    yield from (value for value in values if isinstance(value, str) and value.startswith("uploads/"))


def mark_gone(job: str, *, now: float) -> bool:
    """Say on a done job that its file is gone; whether that was news."""
    message = IMPORT_GONE if is_imported(job) else FILE_GONE
    changed = (
        JobRow.update(message=message, revision=JobRow.revision + 1, updated_at=now)
        .where((JobRow.id == job) & (JobRow.state == str(JobState.DONE)) & (JobRow.message != message))
        .execute()
    )
    return bool(changed)


def is_imported(job: str) -> bool:
    """Whether the job's video was taken over from an older system: there is no script of it, and no paper."""
    return bool(JobRow.select().where((JobRow.id == job) & JobRow.sameness.startswith(IMPORTED)).exists())


def unmark_found(gone: frozenset[str], *, now: float) -> int:
    """Take it back from done jobs that are not among `gone`: their file was put back."""
    marked = JobRow.message.in_([FILE_GONE, IMPORT_GONE]) & (JobRow.state == str(JobState.DONE))
    found = [job for (job,) in tuples(JobRow.select(JobRow.id).where(marked)) if job not in gone]
    return sum(unmark(job, now=now) for job in found)


def unmark(job: str, *, now: float) -> bool:
    """Take back that the job's file is gone; whether that was said."""
    marked = (JobRow.id == job) & JobRow.message.in_([FILE_GONE, IMPORT_GONE])
    back: dict[str, object] = {"message": "", "revision": JobRow.revision + 1, "updated_at": now}
    return bool(JobRow.update(**back).where(marked).execute())


def _names(states: tuple[JobState, ...]) -> list[str]:
    return [str(state) for state in states]
