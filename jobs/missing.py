"""Is the video that a job is proud of still there? Asks the store, so never inside `do`."""

from __future__ import annotations

from collections.abc import Iterable

from jobs.ending import VIDEO
from jobs.office import Office
from storage.errors import StorageError
from storage.records import Job


def video_key(job: Job) -> str | None:
    """The object key of the job's finished video."""
    return next((file.key for file in job.files if file.name == VIDEO), None)


def newest_whole(office: Office, done: Iterable[Job]) -> Job | None:
    """The first of these jobs, newest first, none of whose files is gone. Asks no more than it must.

    While the store can't be asked, every file is there.
    """
    there: dict[str, bool] = {}
    for job in done:
        for key in sorted({file.key for file in job.files} - there.keys()):
            there[key] = _is_there(office, key)
            if not there[key]:
                break
        if all(there.get(file.key, False) for file in job.files):
            return job
    return None


def _is_there(office: Office, key: str) -> bool:
    try:
        return office.objects.head(key) is not None
    except StorageError:
        return True


def video_is_gone(office: Office, job: Job) -> bool:
    """Whether the store has a file of the job's no more. While the store can't be asked, it is there."""
    return newest_whole(office, [job]) is None
