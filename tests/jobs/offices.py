"""An office whose queue and hints are recorded, and a worker that does whatever is sent, without doing any work."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from jobs import flow
from jobs.claims import Claim
from jobs.errors import QueueAwayError
from jobs.office import Office, Rules
from jobs.order import JobOrder
from jobs.stage_process import Outcome, StageTask
from jobs.submission import submit
from pipeline.model import StageName
from storage import jobs, stage_runs
from storage.artefacts import FolderArtefacts
from storage.database import Database
from storage.objects import FolderObjects, Links
from storage.records import WHOLE, Job, JobState, PaperCard, PublishedFile, Requester, StageRun

Message = tuple[StageName, str, int, float]
ADA = Requester(workspace="lab", platform="terminal", user="ada", name="Ada")
BEN = Requester(workspace="lab", platform="terminal", user="ben", name="Ben")


@dataclass
class RecordedQueue:
    """Remembers what was sent. `away`: it can't be reached; `full`: something waits in it always."""

    sent: deque[Message] = field(default_factory=deque)
    away: bool = False
    full: bool = False

    def send(self, stage: StageName, job: str, scene: int = WHOLE, *, after: float = 0.0) -> None:
        if self.away:
            raise QueueAwayError("Redis is away.")
        self.sent.append((stage, job, scene, after))

    def backlog(self, stage: StageName) -> int:
        return 1 if self.full else 0

    def take(self) -> list[Message]:
        """Everything that was sent since."""
        messages = []
        while self.sent:
            messages.append(self.sent.popleft())
        return messages


@dataclass
class RecordedHints:
    jobs: list[str] = field(default_factory=list)

    def changed(self, job: str) -> None:
        self.jobs.append(job)


def new_office(database: Database, folder: Path, *, web: str | None = None, **rules: Any) -> Office:
    """An office over `database` with a store in `folder`. `web` is where its links lead."""
    objects = FolderObjects(folder / "objects")
    return Office(
        database=database,
        objects=objects,
        links=Links(objects, None, web),
        queue=RecordedQueue(),
        hints=RecordedHints(),
        rules=Rules(**rules),
        local_artefacts=lambda workspace: FolderArtefacts(folder / "artefacts" / workspace),
    )


def sent(office: Office) -> list[Message]:
    """Everything that was sent since it was last asked for."""
    queue = office.queue
    assert isinstance(queue, RecordedQueue)
    return queue.take()


def job_now(office: Office, job_id: str) -> Job:
    job = office.database.do(lambda: jobs.find(job_id))
    assert job is not None
    return job


def run_now(office: Office, job_id: str, stage: StageName, scene: int = WHOLE) -> StageRun:
    run = office.database.do(lambda: stage_runs.find(job_id, stage, scene))
    assert run is not None
    return run


def ordered(office: Office, who: Requester = ADA, source: str = "32296183", **more: Any) -> Job:
    """A job that was taken, not refused."""
    order = {name: more.pop(name) for name in list(more) if name in JobOrder.model_fields}
    job = submit(office, who, JobOrder(source=source, **order), **more)
    assert isinstance(job, Job), job
    return job


_published = Lock()


def outcome(office: Office, claim: Claim | StageTask, *, scenes: int = 3) -> Outcome:
    """What a real stage would answer: files are put into the store for publish."""
    files = None
    if claim.stage == "publish":
        key = f"videos/2026-11-16-paper-{claim.token}/video.mp4"
        put(office, key)
        files = (
            PublishedFile(name="video.mp4", key=key, sha256="0" * 64, bytes=5, content_type="video/mp4"),
        )
    return Outcome(
        key=f"{claim.stage}-{claim.job}" if claim.scene == WHOLE else f"scene-{claim.job}-{claim.scene}",
        provider="fake",
        version="1",
        seconds=2.0,
        reused=False,
        message=f"{claim.stage} is done",
        paper=PaperCard(title="Caption times") if claim.stage == "fetch-paper" else None,
        scene_frames=(60,) * scenes if claim.stage == "generate-audio" else None,
        files=files,
    )


def with_preview(office: Office, job: Job) -> Job:
    """A job that is done, its video with a preview beside it."""
    [video] = job.files
    key = video.key.replace("video.mp4", "preview.mp4")
    put(office, key, "small")
    preview = video.model_copy(update={"name": "preview.mp4", "key": key})
    office.database.do(lambda: jobs.publish(job.id, [video, preview]))
    return job_now(office, job.id)


def put(office: Office, key: str, text: str = "video") -> None:
    """Put an object into the office's store, whose clock is the office's."""
    assert isinstance(office.objects, FolderObjects)
    with _published:
        file = office.objects._root.parent / "scratch"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        office.objects.put(key, file, content_type="video/mp4")
        now = office.database.now()
        os.utime(office.objects._root / key, (now, now))


def begun(office: Office, message: Message) -> Claim:
    """The claim that a worker has who got `message`."""
    stage, job, scene, _ = message
    claim = flow.begin(office, stage, job, scene, worker="test")
    assert claim is not None, message
    return claim


def work_through(office: Office, *, until: StageName | None = None, scenes: int = 3) -> None:
    """Do whatever is sent, as one worker does; stop before the stage `until`, leaving its messages."""
    later: list[Message] = []
    while messages := sent(office):
        for message in messages:
            if message[0] == until:
                later.append(message)
            elif claim := flow.begin(office, message[0], message[1], message[2], worker="test"):
                flow.finish(office, claim, outcome(office, claim, scenes=scenes))
    assert isinstance(office.queue, RecordedQueue)
    office.queue.sent.extend(later)


def finished(office: Office, who: Requester = ADA, source: str = "32296183", **more: Any) -> Job:
    """A job that is done."""
    job = ordered(office, who, source, **more)
    work_through(office)
    job = job_now(office, job.id)
    assert job.state is JobState.DONE, job
    return job
