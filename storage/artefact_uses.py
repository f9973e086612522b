"""Which artefacts a job refers to: one that nobody refers to may go. Called inside `Database.do`."""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Database
from storage.models import ArtefactUse
from storage.tuples import tuples


def note(db: Database, workspace: str, job: str, artefacts: Iterable[tuple[str, str]]) -> None:
    """`job` refers to these artefacts, each (stage, key), from now on, and uses what it referred to before."""
    ArtefactUse.update(used_at=db.now()).where(ArtefactUse.job == job).execute()
    rows = [
        {"workspace": workspace, "stage": stage, "key": key, "job": job, "used_at": db.now()}
        for stage, key in sorted(set(artefacts))
    ]
    if rows:
        ArtefactUse.insert_many(rows).on_conflict_ignore().execute()


def forget(workspace: str, job: str) -> list[tuple[str, str]]:
    """`job` refers to nothing any more. Returns the artefacts that no job of the workspace refers to now."""
    mine = tuples(ArtefactUse.select(ArtefactUse.stage, ArtefactUse.key).where(ArtefactUse.job == job))
    ArtefactUse.delete().where(ArtefactUse.job == job).execute()
    keys = {key for _, key in mine}
    others = ArtefactUse.select(ArtefactUse.stage, ArtefactUse.key).where(
        (ArtefactUse.workspace == workspace) & ArtefactUse.key.in_(keys)
    )
    still = set(tuples(others))
    return [(stage, key) for stage, key in mine if (stage, key) not in still]
