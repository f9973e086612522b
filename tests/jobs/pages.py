"""A job whose video was published with its page, as a worker does it, without having been made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jobs import flow
from jobs.office import Office
from jobs.stage_process import Outcome
from storage.published import JobFiles, video_folder
from storage.records import Job
from tests.jobs.offices import begun, job_now, ordered, sent, work_through


def delivered(office: Office, files: Mapping[str, Path], types: Mapping[str, str]) -> Job:
    """A new job that is done; `files` and their content types by name, the video among them."""
    return published(office, ordered(office), files, types)


def published(office: Office, job: Job, files: Mapping[str, Path], types: Mapping[str, str]) -> Job:
    """The job, all its stages done: put into the store, looked at, handed over."""
    work_through(office, until="publish")
    [message] = sent(office)
    claim = begun(office, message)
    store = JobFiles(office.objects, video_folder(claim.created_at, "Captions", claim.token), {"job": job.id})
    for name, file in files.items():
        store.put(name, file, types[name])
    done = Outcome(key="k", provider="fake", version="1", seconds=0.1, reused=False, files=store.files)
    flow.look_at_link(office, claim, done)
    flow.finish(office, claim, done)
    return job_now(office, job.id)
