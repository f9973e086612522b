"""Is the video that a job is proud of still there? Asks the store, so never inside `do`."""

from __future__ import annotations

from jobs.ending import VIDEO
from jobs.office import Office
from storage.errors import StorageError
from storage.records import Job


def video_key(job: Job) -> str | None:
    """The object key of the job's finished video."""
    return next((file.key for file in job.files if file.name == VIDEO), None)


def video_is_gone(office: Office, job: Job) -> bool:
    """Whether the store has a file of the job's no more. While the store can't be asked, it is there."""
    try:
        return any(office.objects.head(file.key) is None for file in job.files)
    except StorageError:
        return False
