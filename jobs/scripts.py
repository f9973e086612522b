"""What a job tells and from what: its script, its paper, and what the checks say. Asks the store: never inside `do`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel

from jobs.kit import Kit
from jobs.missing import video_key
from pipeline.keys import read, recall
from pipeline.model import Finding, Paper, Script, StageName
from pipeline.publish.manifest import Manifest
from storage import jobs, stage_runs
from storage.database import Database
from storage.errors import ObjectMissingError
from storage.objects import Objects
from storage.records import WHOLE, Job, JobState, RunState

M = TypeVar("M", bound=BaseModel)
_SCRIPT: Final = "script.json"
_PAPER: Final = "paper.json"
_MANIFEST: Final = "manifest.json"
_IMAGES: Final = "images"


class Shelves(Protocol):
    """The part of an office where scripts lie."""

    @property
    def database(self) -> Database: ...
    @property
    def objects(self) -> Objects: ...


def script_of(office: Shelves, kit: Kit, job: Job) -> Script | None:
    """The job's script with its evidence; `None` when it isn't written yet, or gone.

    Raises the store's errors.
    """
    made = _made(office, kit, job, "generate-script", _SCRIPT, Script)
    return made or _published(office, job, _SCRIPT, Script)


def copy_pictures(office: Shelves, kit: Kit, job: Job, to: Path) -> None:
    """Copy the user's own pictures that the job's script shows into the folder `to`, under the names in it.

    None when there are none, or they are gone. Raises the store's errors.
    """
    key = office.database.do(lambda: _key(job, "generate-script"))

    def copy(folder: Path) -> bool:
        if (folder / _IMAGES).is_dir():
            shutil.copytree(folder / _IMAGES, to / _IMAGES)
        return True

    if key is not None:
        recall(kit.artefacts(job.workspace, office.objects), "generate-script", key, copy)


def paper_of(office: Shelves, kit: Kit, job: Job) -> Paper | None:
    """The job's paper as it was read; `None` when it isn't read yet, or gone. Raises the store's errors."""
    return _made(office, kit, job, "fetch-paper", _PAPER, Paper)


def findings_of(office: Shelves, kit: Kit, job: Job) -> list[Finding]:
    """What the checks say of the job's script: as its manifest has it, else checked now. Raises the store's errors."""
    manifest = _published(office, job, _MANIFEST, Manifest)
    if manifest is not None:
        return list(manifest.checks)
    script, paper = script_of(office, kit, job), paper_of(office, kit, job)
    if script is None or paper is None:
        return []
    from pipeline.script.check import check

    return check(script, paper)


def _made(office: Shelves, kit: Kit, job: Job, stage: StageName, name: str, model: type[M]) -> M | None:
    """The value in the artefact of the job's stage; for a video that was made for another job, of that one's."""
    key = office.database.do(lambda: _key(job, stage))
    if key is None:
        return None
    artefacts = kit.artefacts(job.workspace, office.objects)
    found = recall(artefacts, stage, key, lambda folder: read(folder / name, model))
    return None if found is None else found[0]


def _key(job: Job, stage: StageName) -> str | None:
    makers = [job.id]
    if job.state is JobState.DONE and (video := video_key(job)) is not None:
        makers += [other for other in jobs.publishers(video) if other != job.id]
    for maker in makers:
        run = stage_runs.find(maker, stage, WHOLE)
        if run is not None and run.state is RunState.DONE and run.key is not None:
            return run.key
    return None


def _published(office: Shelves, job: Job, name: str, model: type[M]) -> M | None:
    """The value in a finished file of the job; `None` while it is being made, or when the file is gone."""
    key = next((file.key for file in job.files if file.name == name), None)
    if key is None or job.state is not JobState.DONE:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        try:
            office.objects.get(key, file)
            return read(file, model)
        except (ObjectMissingError, ValueError):
            return None
