"""Several threads do hundreds of things to the same jobs at random; what must hold in the end, holds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random

import pytest

from jobs import flow, repairs
from jobs.claims import Claim
from jobs.control import approve, attach, cancel, delete, redo, retry, shorten
from jobs.failures import Verdict
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import submit
from pipeline.paper.jats import ABSTRACT_ONLY
from storage import jobs, ledger, stage_runs, workspaces
from storage.records import Job, JobState, PaperCard
from storage.workspaces import Terms
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, RecordedQueue, outcome

EVE = ADA.model_copy(update={"user": "eve"})
PASSES = Verdict(code="busy", sentence="Busy.", transient=True, retryable=True)
LASTS = Verdict(code="broken", sentence="Broken.", retryable=True)
THREADS, STEPS = 4, 90


@dataclass
class Walk:
    """What the threads share: claims that somebody holds, jobs that were taken, what was seen of them."""

    office: Office
    clock: FakeClock
    claims: list[Claim] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    seen: dict[tuple[str, int], Job] = field(default_factory=dict)
    contradictions: list[tuple[Job, Job]] = field(default_factory=list)

    def go(self, seed: int) -> None:
        chance = Random(seed)
        steps: list[tuple[Callable[[Random], None], int]] = [
            (self.order, 3),
            (self.take, 14),
            (self.work, 14),
            (self.control, 5),
            (self.look, 3),
            (self.tick, 2),
            (self.mend, 1),
        ]
        for _ in range(STEPS):
            [(step)] = chance.choices([step for step, _ in steps], [often for _, often in steps])
            step(chance)

    def order(self, chance: Random) -> None:
        order = JobOrder(source=str(chance.randint(1, 12)))
        who = chance.choice([ADA, BEN, EVE])
        job = submit(
            self.office,
            who,
            order,
            private=chance.random() < 0.2,
            estimate_cents=10,
            needs_approval=chance.random() < 0.2,
        )
        assert isinstance(job, Job)
        self.jobs.append(job.id)

    def take(self, chance: Random) -> None:
        queue = self.office.queue
        assert isinstance(queue, RecordedQueue)
        try:
            message = queue.sent.popleft()
        except IndexError:
            return
        if chance.random() < 0.05:
            return  # lost
        if chance.random() < 0.1:
            queue.sent.append(message)  # given out twice
        claim = flow.begin(self.office, *message[:3], worker="walker")
        if claim is not None:
            self.claims.append(claim)

    def work(self, chance: Random) -> None:
        try:
            claim = self.claims.pop(chance.randrange(max(len(self.claims), 1)))
        except IndexError:
            return
        office, dice = self.office, chance.random()
        if dice < 0.1:
            flow.progress(office, claim, chance.random(), "at it")
            self.claims.append(claim)
        elif dice < 0.16:
            flow.fail(office, claim, PASSES.model_copy(update={"shared": chance.random() < 0.5}))
        elif dice < 0.19:
            flow.fail(office, claim, LASTS)
        elif dice < 0.24:
            flow.wait(office, claim, task="t", provider="runway", why="drawing", again=5, until=300)
        elif dice < 0.27:
            flow.let_go(office, claim)
        elif dice < 0.29 or (claim.task and dice < 0.5):
            flow.still_waiting(office, claim, again=5)
        elif dice > 0.95:
            pass  # the worker vanishes
        elif claim.task and not flow.may_go_on(office, claim):
            pass  # there is no room
        else:
            ledger.charge(office.database, job=claim.job, purchase=f"{claim.run}", cents=1)
            made = outcome(office, claim, scenes=2)
            if claim.stage == "fetch-paper" and not JobOrder.model_validate_json(claim.order).upload:
                notes = (ABSTRACT_ONLY,) if chance.random() < 0.5 else ()
                made = made.model_copy(update={"paper": PaperCard(title="A paper", notes=notes)})
            flow.finish(office, claim, made)

    def control(self, chance: Random) -> None:
        if not self.jobs:
            return
        job, office = chance.choice(self.jobs), self.office
        deeds: list[Callable[[], object]] = [
            lambda: cancel(office, job, by="x"),
            lambda: retry(office, job, by="x"),
            lambda: redo(office, job, chance.randrange(2), by="x"),
            lambda: approve(office, job, by="x"),
            lambda: delete(office, job, by="x"),
            lambda: attach(office, job, "uploads/lab/a.pdf", "a.pdf", by="x"),
            lambda: shorten(office, job, by="x"),
        ]
        chance.choices(deeds, [2, 4, 3, 4, 1, 3, 2])[0]()

    def look(self, chance: Random) -> None:
        for job_id in chance.sample(self.jobs, min(len(self.jobs), 4)):
            job = self.office.database.do(lambda job_id=job_id: jobs.find(job_id))  # type: ignore[misc]
            assert job is not None
            # The ledger's sums move by themselves; all else of one revision is one thing.
            job = job.model_copy(update={"reserved_cents": 0, "spent_cents": 0})
            before = self.seen.setdefault((job.id, job.revision), job)
            if before != job:
                self.contradictions.append((before, job))

    def tick(self, chance: Random) -> None:
        self.clock.advance(chance.choice([1, 3, 10, 31]))

    def mend(self, _: Random) -> None:
        repairs.due_again(self.office)

    def end(self) -> None:
        """One worker does what is left; people approve what waits for them."""
        self.claims.clear()
        queue = self.office.queue
        assert isinstance(queue, RecordedQueue)
        for _ in range(60):
            self.clock.advance(400)
            repairs.due_again(self.office)
            while queue.sent:
                message = queue.sent.popleft()
                if message[3] == 0 and (claim := flow.begin(self.office, *message[:3], worker="last")):
                    flow.finish(self.office, claim, outcome(self.office, claim, scenes=2))
            for job in self.all_jobs():
                if job.state is JobState.AWAITING_APPROVAL:
                    approve(self.office, job.id, by="x")
            if all(job.state not in jobs.UNFINISHED for job in self.all_jobs()):
                return

    def all_jobs(self) -> list[Job]:
        return self.office.database.do(lambda: jobs.recent("lab", limit=10_000))


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_every_job_ends_and_the_sums_are_right(
    office: Office, clock: FakeClock, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    unlimited = dict.fromkeys(name for name in Terms.model_fields if "per" in name)
    workspaces.set_terms(office.database, "lab", Terms.model_validate(unlimited))
    walk = Walk(office, clock)
    with ThreadPoolExecutor(THREADS) as pool:
        for thread in [pool.submit(walk.go, 100 * seed + number) for number in range(THREADS)]:
            thread.result()
    walk.end()
    assert "deadlock" not in caplog.text
    assert walk.contradictions == []
    everything = walk.all_jobs()
    assert len(everything) == len(walk.jobs) > 5
    assert {job.state for job in everything}.isdisjoint(jobs.UNFINISHED)
    for job in everything:
        runs, videos = office.database.do(
            lambda job=job: (stage_runs.of_job(job.id), jobs.held_videos(job.id))  # type: ignore[misc]
        )
        assert not [run for run in runs if run.state in stage_runs.UNFINISHED], job
        assert job.reserved_cents == 0
        assert 0 <= videos <= 1
        assert job.spent_cents <= len(runs)
        if job.state is JobState.DONE:
            assert (job.fraction, job.link) == (1.0, f"https://hill.example/v/{job.token}")
            assert [file.name for file in job.files] == ["video.mp4"]
            assert office.objects.head(job.files[0].key) is not None
        else:
            assert job.fraction < 1.0 or job.state is JobState.DELETED
        if job.state is JobState.FAILED and not job.files:
            assert videos == 0
        if job.state is JobState.DELETED:
            assert (job.source, job.files) == ("", ())
    usage = ledger.usage(office.database, "lab", 1, ledger.Caps())
    assert usage.workspace_month.reserved_cents == 0
    assert usage.workspace_month.spent_cents == sum(job.spent_cents for job in everything)
