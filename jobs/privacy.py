"""Who sees what of a private job: its requester everything, everybody else that there is one and how far it is."""

from __future__ import annotations

from storage.records import Job, PaperCard, Requester

#: What stands where a source would stand.
VEIL = "a private paper"


def is_open_to(job: Job, viewer: Requester) -> bool:
    """Whether `viewer`, an admin or not, may know what the job is about."""
    asked = job.requester
    theirs = (asked.workspace, asked.platform, asked.user)
    return not job.private or theirs == (viewer.workspace, viewer.platform, viewer.user)


def seen_by(job: Job, viewer: Requester) -> Job:
    """The job as `viewer` may see it: without title, source, words, files and link if it is not open to them."""
    if is_open_to(job, viewer):
        return job
    failure = job.failure
    return job.model_copy(
        update={
            "order": "{}",
            "source": VEIL,
            "paper": PaperCard(),
            "message": "",
            "failure": failure.model_copy(update={"sentence": "It failed.", "advice": ""})
            if failure
            else None,
            "token": "",
            "files": (),
            "link": None,
        }
    )
