"""The rows of jobs: changed only from where they may be, found in the ways people look for them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from storage import jobs, line, stage_runs, workspaces
from storage.database import Database
from storage.jobs import NewJob
from storage.records import (
    WHOLE,
    Failure,
    JobState,
    PaperCard,
    PublishedFile,
    Requester,
    RunState,
    Waiting,
)
from tests.databases import FakeClock

ADA = Requester(workspace="lab", platform="slack", user="U1", name="Ada")
BEN = Requester(workspace="lab", platform="slack", user="U2", name="Ben")
VIDEO = PublishedFile(
    name="video.mp4", key="videos/a/video.mp4", sha256="0" * 64, bytes=7, content_type="video/mp4"
)


@dataclass
class Desk:
    """Writes jobs down."""

    db: Database

    def add(self, job: str, who: Requester = ADA, *, private: bool = False, sameness: str = "s") -> None:
        def work() -> None:
            jobs.add(
                self.db,
                NewJob(
                    id=job,
                    workspace=who.workspace,
                    user=workspaces.user_id(self.db, who),
                    private=private,
                    order='{"source":"1","upload":"uploads/lab/x_y.pdf"}',
                    source="1",
                    sameness=sameness,
                    state=JobState.QUEUED,
                    stage="fetch-paper",
                    needs_approval=False,
                    estimate_cents=5,
                    token=f"token-{job}",
                ),
            )

        self.db.do(work)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_a_job_comes_back_as_it_was_written(desk: Desk) -> None:
    desk.add("j1")
    failure = Failure(code="c", sentence="It broke.", retryable=True, stage="publish", reference="HH-7F3K")
    waiting = Waiting(why="Runway is busy", place=2, until=5.0)
    paper = PaperCard(title="Tühja", authors=("A B",), year=2020)

    def work() -> bool:
        return jobs.change(
            desk.db,
            "j1",
            [JobState.QUEUED],
            state=JobState.WAITING,
            failure=failure,
            waiting=waiting,
            paper=paper,
        )

    assert desk.db.do(work)
    desk.db.do(lambda: jobs.publish("j1", [VIDEO]))
    job = desk.db.do(lambda: jobs.find("j1"))
    assert job is not None
    assert (job.state, job.failure, job.waiting, job.paper) == (JobState.WAITING, failure, waiting, paper)
    assert (job.requester, job.files, job.revision) == (ADA, (VIDEO,), 2)
    assert desk.db.do(lambda: jobs.by_token("token-j1")) == job
    assert desk.db.do(lambda: jobs.by_reference("HH-7F3K")) == job
    assert desk.db.do(lambda: jobs.by_token("nobody's")) is None


def test_a_change_from_another_state_is_none(desk: Desk) -> None:
    desk.add("j1")
    assert not desk.db.do(lambda: jobs.change(desk.db, "j1", [JobState.RUNNING], state=JobState.DONE))
    job = desk.db.do(lambda: jobs.find("j1"))
    assert job is not None
    assert (job.state, job.revision) == (JobState.QUEUED, 1)


def test_recent_jobs_newest_first(desk: Desk, clock: FakeClock) -> None:
    for number, who in enumerate([ADA, BEN, ADA]):
        clock.advance(1)
        desk.add(f"j{number}", who)
    desk.add("j9", ADA.model_copy(update={"workspace": "other"}))
    ada = desk.db.do(lambda: workspaces.user_id(desk.db, ADA))
    assert [job.id for job in desk.db.do(lambda: jobs.recent("lab"))] == ["j2", "j1", "j0"]
    assert [job.id for job in desk.db.do(lambda: jobs.recent("lab", user=ada, limit=1))] == ["j2"]
    assert desk.db.do(lambda: jobs.recent("lab", states=[JobState.DONE])) == []


def test_equal_jobs_are_those_that_the_asker_may_know_of(desk: Desk, clock: FakeClock) -> None:
    desk.add("j1", ADA, private=True)
    clock.advance(1)
    desk.add("j2", ADA)
    desk.add("j3", ADA, sameness="other")
    ada, ben = (desk.db.do(lambda who=who: workspaces.user_id(desk.db, who)) for who in (ADA, BEN))  # type: ignore[misc]

    def equal(user: int) -> list[str]:
        found = desk.db.do(lambda: jobs.equal("lab", "s", jobs.UNFINISHED, user=user))
        return [job.id for job in found]

    assert (equal(ada), equal(ben)) == (["j1", "j2"], ["j2"])


def test_objects_that_several_jobs_refer_to(desk: Desk) -> None:
    desk.add("j1")
    desk.add("j2")
    own = VIDEO.model_copy(update={"name": "cover.jpg", "key": "videos/a/cover.jpg"})
    desk.db.do(lambda: jobs.publish("j1", [VIDEO, own]))
    desk.db.do(lambda: jobs.publish("j2", [VIDEO]))
    assert desk.db.do(lambda: jobs.sole_keys("j1")) == ["videos/a/cover.jpg"]
    assert desk.db.do(lambda: jobs.is_ordered("lab", "uploads/lab/x_y.pdf", besides="j1"))
    assert not desk.db.do(lambda: jobs.is_ordered("lab", "uploads/lab/xzy.pdf", besides="j1"))
    assert not desk.db.do(lambda: jobs.is_ordered("other", "uploads/lab/x_y.pdf", besides="j1"))


def test_a_run_that_is_made_due_again_forgets_what_came_of_it(desk: Desk) -> None:
    desk.add("j1")

    def once() -> None:
        stage_runs.make_due(desk.db, "j1", "generate-videos", 0, weight=60.0)
        run = stage_runs.find("j1", "generate-videos", 0)
        assert run is not None
        stage_runs.change(
            run.id, [RunState.DUE], state=RunState.RUNNING, owner="w", lease_until=9.0, task="t"
        )
        stage_runs.change(run.id, [RunState.RUNNING], state=RunState.DONE, key="k", seconds=3.0, reused=False)
        done = stage_runs.find("j1", "generate-videos", 0)
        assert done is not None
        assert (done.owner, done.lease_until, done.key) == (None, None, "k")
        assert stage_runs.durations("generate-videos") == [(3.0, 60.0)]
        stage_runs.make_due(desk.db, "j1", "generate-videos", 0)
        again = stage_runs.find("j1", "generate-videos", 0)
        assert again is not None
        assert (again.state, again.key, again.task, again.weight) == (RunState.DUE, None, None, 60.0)
        assert stage_runs.find("j1", "generate-videos", WHOLE) is None

    desk.db.do(once)


def test_the_line_and_who_is_at_work(desk: Desk, clock: FakeClock) -> None:
    for job, who in [("j1", ADA), ("j2", ADA), ("j3", BEN)]:
        desk.add(job, who)
    began = clock.now

    def work() -> line.Line:
        jobs.change(desk.db, "j1", [JobState.QUEUED], state=JobState.RUNNING, started_at=began)
        return line.line()

    now = desk.db.do(work)
    ada = desk.db.do(lambda: workspaces.user_id(desk.db, ADA))
    assert {waiter.job for waiter in now.waiters} == {"j2", "j3"}
    assert (now.at_work, now.last_begun) == ({ada: 1}, {ada: began})
    assert desk.db.do(line.at_work) == 1
