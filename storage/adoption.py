"""Taking over the videos of an older system: DIR/<paper id>/final_video.mp4, with a paper.json or without."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from functools import partial
from pathlib import Path
from typing import Final

from storage import audit, jobs, references
from storage.database import Database
from storage.job_ids import random_id
from storage.legacy_paper import legacy_paper
from storage.links import Links
from storage.models import JobRow, PublishedRow
from storage.objects import Objects
from storage.published import CACHE_CONTROL, JobFiles, video_folder
from storage.records import JobState, PaperCard, Record
from storage.tuples import tuples

VIDEO: Final = "final_video.mp4"
_PMID: Final = re.compile(r"(?:pmid[-_ :]?)?0*([1-9]\d{0,7})", re.IGNORECASE)
_PMCID: Final = re.compile(r"PMC0*([1-9]\d{0,8})", re.IGNORECASE)


class Adopted(Record):
    """A video that is a job of ours now. `link` is `None` where files have no address."""

    folder: str
    job: str
    link: str | None


class Known(Record):
    """A video that is the job's already, byte for byte.

    `other` is the paper's id, or the name, that the job has it under, if that is another than the folder's.
    `brought_back`: the job's file was gone from the store and is there again.
    """

    folder: str
    job: str
    other: str | None = None
    brought_back: bool = False


class Refused(Record):
    """A video that was left where it is, and why."""

    folder: str
    why: str


class Report(Record):
    """What became of each folder: adopted now, adopted before, damaged, or without a video."""

    adopted: tuple[Adopted, ...] = ()
    known: tuple[Known, ...] = ()
    damaged: tuple[Refused, ...] = ()
    without_video: tuple[str, ...] = ()


class DamagedVideoError(ValueError):
    """Raised for a file that is no video, or not a whole one; says what is wrong with it."""


def adopt(db: Database, objects: Objects, links: Links, folder: Path, *, workspace: str, user: int) -> Report:
    """Make a done job of each video below `folder`, for the user with row id `user`, free of charge.

    A video that the workspace has already, by its content, is not taken again; one whose file is gone from
    the store is put back. A folder named by a
    PMID or a PMCID is that paper; any other name is a file's, and nobody is asked about it. Raises
    `FileNotFoundError` when there is no `folder`, and the store's errors.
    """
    adopted: list[Adopted] = []
    known: list[Known] = []
    damaged: list[Refused] = []
    without: list[str] = []
    for paper in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        video = paper / VIDEO
        if not video.is_file():
            without.append(paper.name)
            continue
        sha256 = _digest(video)
        if there := db.do(partial(_known, workspace, sha256, paper)):
            known.append(_mended(db, objects, there, video))
            continue
        try:
            seconds = video_seconds(video)
        except DamagedVideoError as error:
            damaged.append(Refused(folder=paper.name, why=str(error)))
            continue
        taken = _Adoption(db, objects, links, workspace, user).of(paper, seconds, sha256)
        if isinstance(taken, Known):
            known.append(taken)
        else:
            adopted.append(taken)
    return Report(
        adopted=tuple(adopted), known=tuple(known), damaged=tuple(damaged), without_video=tuple(without)
    )


class _Adoption:
    def __init__(self, db: Database, objects: Objects, links: Links, workspace: str, user: int) -> None:
        self._db = db
        self._objects = objects
        self._links = links
        self._workspace = workspace
        self._user = user

    def of(self, folder: Path, seconds: float, sha256: str) -> Adopted | Known:
        """`Known` when somebody else took the same video over meanwhile."""
        video = folder / VIDEO
        card, source = _paper(folder)
        made_at = min(video.stat().st_mtime, self._db.now())
        job = random_id()
        token = secrets.token_hex(16)
        files = JobFiles(self._objects, video_folder(made_at, card.title or folder.name, token), {"job": job})
        files.put("video.mp4", video, "video/mp4")
        link = self._links.link(token, files.files[0])
        new = jobs.NewJob(
            id=job,
            workspace=self._workspace,
            user=self._user,
            private=False,
            order=json.dumps({"source": source}),
            source=source,
            # Equal to that of no order: who asks for this paper gets a video of today.
            sameness=f"{references.IMPORTED}{sha256[:56]}",
            state=JobState.DONE,
            stage="publish",
            needs_approval=False,
            estimate_cents=0,
            token=token,
        )

        def write_down() -> Known | None:
            self._db.alone(f"adopt:{self._workspace}")
            if there := _known(self._workspace, sha256, folder):
                return there
            jobs.add(self._db, new)
            jobs.change(
                self._db,
                job,
                (JobState.DONE,),
                fraction=1.0,
                paper=card,
                link=link,
                seconds=seconds,
                queued_at=made_at,
                finished_at=made_at,
            )
            JobRow.update(created_at=made_at).where(JobRow.id == job).execute()
            jobs.publish(job, files.files)
            audit.note(self._db, self._workspace, "import-media", "import", job, folder.name)
            return None

        if there := self._db.do(write_down):
            files.withdraw("video.mp4")
            return there
        return Adopted(folder=folder.name, job=job, link=link)


def _paper(folder: Path) -> tuple[PaperCard, str]:
    """What is known of the paper, and the source that asks for it again: an id, or a file's name."""
    card = legacy_paper(folder / "paper.json")
    if match := _PMID.fullmatch(folder.name):
        return card.model_copy(update={"pmid": match[1]}), match[1]
    if match := _PMCID.fullmatch(folder.name):
        pmcid = f"PMC{match[1]}"
        return card.model_copy(update={"pmcid": pmcid}), pmcid
    return card, folder.name


def _known(workspace: str, sha256: str, folder: Path) -> Known | None:
    """The job of the workspace that has this video, rather one that has it as the folder's paper. Inside `do`."""
    rows = (
        JobRow.select(JobRow.id, JobRow.source, JobRow.private)
        .join(PublishedRow, on=(JobRow.id == PublishedRow.job))
        .where(
            (JobRow.workspace == workspace)
            & (JobRow.state != str(JobState.DELETED))
            & (PublishedRow.sha256 == sha256)
        )
        .order_by(JobRow.created_at, JobRow.id)
    )
    _, wanted = _paper(folder)
    found = sorted(tuples(rows), key=lambda row: row[1] != wanted)
    if not found:
        return None
    job, source, private = found[0]
    return Known(folder=folder.name, job=job, other=None if private or source == wanted else source)


def _mended(db: Database, objects: Objects, known: Known, video: Path) -> Known:
    """Put the file of an imported video back if it is gone from the store: nothing else can bring it back."""

    def key() -> str | None:
        job = jobs.find(known.job) if references.is_imported(known.job) else None
        return job.files[0].key if job is not None and job.files else None

    lost = db.do(key)
    if lost is None or objects.head(lost) is not None:
        return known
    objects.put(
        lost, video, content_type="video/mp4", cache_control=CACHE_CONTROL, metadata={"job": known.job}
    )
    db.do(lambda: references.unmark(known.job, now=db.now()))
    return known.model_copy(update={"brought_back": True})


def video_seconds(file: Path) -> float:
    """How long the video lasts. Raises `DamagedVideoError` when it can't be read to its end."""
    import av

    try:
        with av.open(str(file)) as container:
            if not container.streams.video:
                raise DamagedVideoError("It holds no picture.")
            stream = container.streams.video[0]
            said = float(stream.duration * stream.time_base) if stream.duration else 0.0
            read = 0.0
            for number, packet in enumerate(container.demux(stream)):
                if packet.is_corrupt:
                    break
                if packet.pts is not None:
                    read = max(read, float((packet.pts + (packet.duration or 0)) * packet.time_base))
                if number == 0:
                    packet.decode()
    except (av.error.FFmpegError, OSError) as error:
        raise DamagedVideoError("It can't be read as a video.") from error
    if read <= 0 or read < said - 1.0:
        raise DamagedVideoError(f"It breaks off after {read:.0f} of {said:.0f} seconds.")
    return round(read, 3)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
