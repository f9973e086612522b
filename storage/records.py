"""What is remembered, as frozen values: rows of the database once they leave it.

Times are seconds since the epoch (UTC); money is US cents; fractions go from 0 to 1.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

#: Whether files that are handed in go to providers outside: whoever hands one in is asked, all do, none does.
Uploads = Literal["ask", "cloud", "local"]
#: What a stage does whose provider failed for good: something embedded takes over, or the job fails.
OnFailure = Literal["fall-back", "fail"]


class Record(BaseModel):
    """A frozen value that crosses a process or is written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JobState(StrEnum):
    """Where a job is. `DONE`, `FAILED`, `CANCELLED` and `DELETED` are ends; only a person leads out of them."""

    QUEUED = "queued"
    RUNNING = "running"
    AWAITING_CONSENT = "asking"
    AWAITING_APPROVAL = "awaiting-approval"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class RunState(StrEnum):
    """Where one stage, or one scene of one, is.

    A `DUE` run has been sent to the queue, or will be at `due_at`; its job has room. A `WAITING` one takes none: it
    waits for its `task`, or without one for another try.
    """

    DUE = "due"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: The scene number of a run that is a whole stage.
WHOLE = -1


class Requester(Record):
    """Who asks. `user` is the platform's own id; `name` is only shown."""

    workspace: str
    platform: str
    user: str
    name: str = ""
    admin: bool = False


class Failure(Record):
    """Why a job failed, in words for its requester. `reference` ("HH-7F3K") finds log and event."""

    code: str
    sentence: str
    advice: str = ""
    retryable: bool = False
    stage: str = ""
    reference: str = ""


class Waiting(Record):
    """What a job waits for: why, its place in line (1-based, `None` where there is no line), until when at most."""

    why: str
    place: int | None = None
    until: float | None = None


class PaperCard(Record):
    """What the record says of the paper, as far as it is known."""

    title: str = ""
    authors: tuple[str, ...] = ()
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    notes: tuple[str, ...] = ()


class PublishedFile(Record):
    """A finished file in the object store: its name ("video.mp4"), its key there, and what it holds."""

    name: str
    key: str
    sha256: str
    bytes: int
    content_type: str


class Job(Record):
    """One job as it stands. `order` is the JSON of `jobs.order.JobOrder`; `token` (128 bit) is its link's secret."""

    id: str
    workspace: str
    requester: Requester
    private: bool
    order: str
    source: str
    paper: PaperCard
    state: JobState
    stage: str
    fraction: float
    message: str
    revision: int
    waiting: Waiting | None
    failure: Failure | None
    needs_approval: bool
    approved_at: float | None
    follows: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    updated_at: float
    expires_at: float | None
    reserved_cents: int
    spent_cents: int
    token: str
    files: tuple[PublishedFile, ...]
    link: str | None
    scenes: int | None
    seconds: float | None
    remaining: float | None = None


class Finished(Record):
    """How a job stood that was done, while its video is made anew: what it goes back to if that comes to nothing."""

    order: str
    sameness: str
    started_at: float | None
    finished_at: float | None
    approved_at: float | None = None
    paper: PaperCard = PaperCard()
    scenes: int | None = None
    seconds: float | None = None


class StageRun(Record):
    """One stage of one job (or one scene of it): who holds it, until when, and what came of it.

    `attempt` counts how often it was begun, `failures` how often it failed in a way that may pass, `away` how
    many of these in a row, since `away_since`, say that something is away or busy, `defects` how many said
    otherwise, `lost` how often its holder vanished. `key` names the artefact. `task` is a provider's task that
    is waited for, until `give_up_at` at most. `error` says what it waits for, or why it failed. `weight` is how
    much of its stage it is: a scene's frames.
    """

    id: int
    job: str
    stage: str
    scene: int
    state: RunState
    attempt: int
    failures: int
    away: int
    away_since: float | None
    defects: int
    lost: int
    owner: str | None
    lease_until: float | None
    due_at: float | None
    fraction: float
    key: str | None
    provider: str | None
    version: str | None
    seconds: float | None
    reused: bool | None
    task: str | None
    error: str | None
    give_up_at: float | None
    weight: float
    began_at: float | None
    ended_at: float | None
