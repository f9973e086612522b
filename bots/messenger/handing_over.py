"""The finished files of a job, fetched to this machine and named for people, so that a platform can be given them."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Final

from bots.port import Attachment, Uploads
from jobs.ending import PREVIEW, VIDEO, video_link
from jobs.office import Office
from storage.errors import ObjectMissingError
from storage.records import Job, PublishedFile

#: What is handed over, one of the two videos first, and what is put after the common name.
_SUFFIXES: Final = {
    VIDEO: ".mp4",
    PREVIEW: "-preview.mp4",
    "cover.jpg": "-cover.jpg",
    "captions.srt": ".srt",
    "captions.vtt": ".vtt",
}
_TITLES: Final = {
    VIDEO: "The video",
    PREVIEW: "The video, in preview quality",
    "cover.jpg": "Its cover",
    "captions.srt": "Captions (SRT)",
    "captions.vtt": "Captions (WebVTT)",
}
#: Characters of the paper's title in a file name.
_SLUG: Final = 40


def chosen(job: Job, uploads: Uploads) -> tuple[PublishedFile, ...]:
    """The files that are handed over, the video first; none where neither the video nor its preview may be."""
    fitting = {file.name: file for file in job.files if file.bytes <= uploads.largest}
    videos = (PREVIEW, VIDEO) if uploads.preview_first and job.link else (VIDEO, PREVIEW)
    video = next((fitting[name] for name in videos if name in fitting), None)
    if video is None:
        return ()
    return (video, *(fitting[name] for name in _SUFFIXES if name in fitting and name not in videos))


def names(job: Job, edition: int, uploads: Uploads) -> tuple[str, ...]:
    """The names under which the job's files are handed over. `edition` (from 1) counts the times that they are."""
    stem = _stem(job, edition)
    return tuple(f"{stem}{_SUFFIXES[file.name]}" for file in chosen(job, uploads))


def fetched(office: Office, job: Job, edition: int, uploads: Uploads, folder: Path) -> tuple[Attachment, ...]:
    """The files, on this machine: in `folder`, or where they are kept.

    May take long. Raises `ObjectMissingError` when the video is gone, and the store's errors; what is missing
    beside the video is left out.
    """
    found = []
    for file, name in zip(chosen(job, uploads), names(job, edition, uploads), strict=True):
        path = _path(office, file, folder / name)
        if path is not None:
            whole = video_link(job) or "" if file.name == PREVIEW else ""
            title, alt = _TITLES[file.name], _alt(job, file)
            found.append(Attachment(name=name, title=title, path=path, alt=alt, whole=whole))
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


def _path(office: Office, file: PublishedFile, to: Path) -> Path | None:
    here = office.objects.path(file.key)
    if here is not None:
        return here
    try:
        office.objects.get(file.key, to)
    except ObjectMissingError:
        if file.name in (VIDEO, PREVIEW):
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
    if file.name in (VIDEO, PREVIEW):
        return f"The video about “{about}”, narrated, with captions"
    return f"The first picture of the video about “{about}”" if file.name == "cover.jpg" else ""
