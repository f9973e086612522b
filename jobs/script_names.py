"""A name for a job's script, so that whoever approves one can say which they have read."""

from __future__ import annotations

import hashlib
from typing import Final

from storage import stage_runs
from storage.records import WHOLE, Job, JobState, RunState

#: Characters that name a script.
_NAMED: Final = 16


def script_name(job: Job) -> str | None:
    """The name of the script that the job goes on with; equal scripts have equal names. Inside `do`.

    `None` while there is none.
    """
    run = stage_runs.find(job.id, "generate-script", WHOLE)
    if run is not None and run.state is RunState.DONE and run.key is not None:
        return hashlib.sha256(run.key.encode()).hexdigest()[:_NAMED]
    if run is None and job.state is JobState.DONE:  # the video was made for another job
        return next((file.sha256[:_NAMED] for file in job.files if file.name == "script.json"), None)
    return None
