"""The finished files of a job, fetched to this machine and named for people, so that a platform can be given them."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Final

from bots.port import Attachment
from jobs.ending import VIDEO
from jobs.office import Office
from storage.errors import ObjectMissingError
from storage.records import Job, PublishedFile

#: What is handed over, in this order, and what is put after the common name.
_SUFFIXES: Final = {VIDEO: ".mp4", "cover.jpg": "-cover.jpg", "captions.srt": ".srt", "captions.vtt": ".vtt"}
_TITLES: Final = {
    VIDEO: "The video",
    "cover.jpg": "Its cover",
    "captions.srt": "Captions (SRT)",
    "captions.vtt": "Captions (WebVTT)",
}
#: Characters of the paper's title in a file name.
_SLUG: Final = 40


def names(job: Job, edition: int) -> tuple[str, ...]:
    """The names under which the job's files are handed over. `edition` (from 1) counts the times that they are."""
    stem = _stem(job, edition)
    return tuple(f"{stem}{_SUFFIXES[file.name]}" for file in _chosen(job))


def largest(job: Job) -> int:
    """The size of the largest of them (bytes)."""
    return max((file.bytes for file in _chosen(job)), default=0)


def fetched(office: Office, job: Job, edition: int, folder: Path) -> tuple[Attachment, ...]:
    """The files, on this machine: in `folder`, or where they are kept. None when the job has no video.

    May take long. Raises `ObjectMissingError` when the video is gone, and the store's errors; what is missing
    beside the video is left out.
    """
    found = []
    for file, name in zip(_chosen(job), names(job, edition), strict=True):
        path = _path(office, file, folder / name)
        if path is not None:
            found.append(Attachment(name=name, title=_TITLES[file.name], path=path, alt=_alt(job, file)))
    return tuple(found)


def published_text(office: Office, job: Job, name: str) -> str | None:
    """What the published file of that name says, `None` when there is none. Raises the store's errors."""
    file = next((file for file in job.files if file.name == name), None)
    if file is None:
        return None
    with tempfile.TemporaryDirectory(prefix="hidden-hill-", ignore_cleanup_errors=True) as folder:
        to = Path(folder, "text")
        try:
            office.objects.get(file.key, to)
        except ObjectMissingError:
            return None
        return to.read_text(encoding="utf-8", errors="replace")


def _chosen(job: Job) -> list[PublishedFile]:
    by_name = {file.name: file for file in job.files}
    return [by_name[name] for name in _SUFFIXES if name in by_name] if VIDEO in by_name else []


def _path(office: Office, file: PublishedFile, to: Path) -> Path | None:
    here = office.objects.path(file.key)
    if here is not None:
        return here
    try:
        office.objects.get(file.key, to)
    except ObjectMissingError:
        if file.name == VIDEO:
            raise
        return None
    return to


def _stem(job: Job, edition: int) -> str:
    plain = unicodedata.normalize("NFKD", job.paper.title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    while len("-".join(words)) > _SLUG:
        words.pop()
    return "-".join([*(words or ["paper"]), job.id, *([str(edition)] if edition > 1 else [])])


def _alt(job: Job, file: PublishedFile) -> str:
    about = job.paper.title or "the paper"
    if file.name == VIDEO:
        return f"The video about “{about}”, narrated, with captions"
    return f"The first picture of the video about “{about}”" if file.name == "cover.jpg" else ""
