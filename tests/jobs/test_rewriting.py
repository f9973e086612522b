"""Another story: the paper's own file in place of its abstract, and a shorter script."""

from __future__ import annotations

from typing import Any

import pytest

from jobs import flow
from jobs.control import approve, attach, cancel, delete, redo, retry, shorten
from jobs.deeds import NotPossible
from jobs.failures import Verdict
from jobs.office import Office
from jobs.order import JobOrder
from pipeline.model import StageName
from pipeline.paper.jats import ABSTRACT_ONLY
from storage import audit, doomed, jobs, references, stage_runs, workspaces
from storage.purchases import Purchases
from storage.quotas import Refusal
from storage.records import Job, JobState, PaperCard
from storage.workspaces import Terms
from tests.databases import FakeClock
from tests.jobs.offices import (
    ADA,
    BEN,
    begun,
    finished,
    job_now,
    ordered,
    outcome,
    put,
    run_now,
    sent,
    work_through,
)

PDF = "uploads/lab/" + "a" * 64 + ".pdf"
ABSTRACT = PaperCard(title="Caption times", pmid="32296183", notes=("Old.", ABSTRACT_ONLY))
BROKE = Verdict(code="file-damaged", sentence="It broke.", retryable=True, reference="HH-AAAA")


def order_of(job: Job) -> JobOrder:
    return JobOrder.model_validate_json(job.order)


def read_abstract(office: Office, job: Job) -> None:
    """The next message is fetch-paper's; only the abstract is had."""
    [message] = sent(office)
    claim = begun(office, message)
    assert claim.stage == "fetch-paper"
    flow.finish(office, claim, outcome(office, claim).model_copy(update={"paper": ABSTRACT}))


def abstract_only(office: Office, *, until: StageName | None = None, **more: Any) -> Job:
    """A job told from an abstract: done, or about to begin `until`, or waiting for approval."""
    job = ordered(office, **more)
    read_abstract(office, job)
    work_through(office, until=until)
    return job_now(office, job.id)


def failed(office: Office, verdict: Verdict = BROKE, **more: Any) -> Job:
    """A job whose paper could not be read."""
    job = ordered(office, **more)
    flow.fail(office, begun(office, sent(office)[0]), verdict)
    return job_now(office, job.id)


def attached(office: Office, job: Job, upload: str = PDF) -> Job:
    answer = attach(office, job.id, upload, "mine.pdf", by="Ada")
    assert isinstance(answer, Job), answer
    return answer


def no(answer: object) -> str:
    assert isinstance(answer, NotPossible), answer
    return answer.sentence


def awaiting(office: Office, **more: Any) -> Job:
    job = ordered(office, needs_approval=True, **more)
    work_through(office)
    job = job_now(office, job.id)
    assert job.state is JobState.AWAITING_APPROVAL
    return job


def test_a_video_of_an_abstract_is_offered_before_it_is_made(office: Office) -> None:
    job = abstract_only(office, offer_closed=True)
    assert job.state is JobState.AWAITING_APPROVAL
    assert not job.needs_approval
    assert isinstance(approve(office, job.id, by="Ada"), Job)
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE


def test_the_papers_own_file_needs_no_asking(office: Office) -> None:
    job = abstract_only(office, offer_closed=True)
    put(office, PDF)
    assert isinstance(attach(office, job.id, PDF, "paper.pdf", by="Ada"), Job)
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE
    assert finished(office, source="1", offer_closed=True).state is JobState.DONE  # one that is free to read


def test_a_job_whose_paper_could_not_be_read_goes_on_with_its_file(office: Office) -> None:
    job = failed(office, seconds=45)
    again = attached(office, job)
    assert (again.id, again.state, again.stage) == (job.id, JobState.RUNNING, "fetch-paper")
    assert (again.failure, again.fraction, again.source) == (None, 0.0, "32296183")
    order = order_of(again)
    assert (order.upload, order.upload_name, order.seconds) == (PDF, "mine.pdf", 45)
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE
    [entry] = [one for one in audit.entries(office.database, "lab") if one.action == "attach"]
    assert (entry.actor, entry.detail) == ("Ada", "mine.pdf")


def test_everything_of_an_abstracts_video_is_made_anew(office: Office) -> None:
    job = abstract_only(office)
    assert job.state is JobState.DONE
    again = attached(office, job)
    assert again.state is JobState.RUNNING
    assert (again.link, again.files) == (job.link, job.files), "what is there stays until the new one is done"
    assert again.paper.notes == ("Old.",)
    stages = []
    while messages := sent(office):
        for message in messages:
            stages.append(message[0])
            claim = begun(office, message)
            flow.finish(office, claim, outcome(office, claim, scenes=2))
    assert [name for name in stages if name != "generate-videos"] == [
        "fetch-paper",
        "generate-script",
        "generate-audio",
        "add-captions",
        "publish",
    ]
    assert stages.count("generate-videos") == 2
    done = job_now(office, job.id)
    assert (done.state, done.scenes, done.link) == (JobState.DONE, 2, job.link)
    assert office.database.do(lambda: jobs.held_videos(job.id)) == 1


def test_an_own_script_and_takes_belong_to_the_abstract(office: Office) -> None:
    job = abstract_only(office, script="uploads/lab/s.json")
    redo(office, job.id, 1, by="Ada")
    work_through(office)
    order = order_of(attached(office, job))
    assert (order.script, order.takes) == (None, {})


def test_an_attachment_that_comes_to_nothing_leaves_the_video_as_it_was(office: Office) -> None:
    job = abstract_only(office, needs_approval=True)
    approve(office, job.id, by="Ada")
    work_through(office)
    job = job_now(office, job.id)
    attached(office, job)
    work_through(office)
    approve(office, job.id, by="Ada")
    work_through(office, until="add-captions", scenes=5)
    flow.fail(office, begun(office, sent(office)[0]), BROKE)
    after = job_now(office, job.id)
    changed = {"message", "revision", "updated_at"}
    assert after.model_dump(exclude=changed) == job.model_dump(exclude=changed)
    assert "The video is as it was" in after.message
    redo(office, job.id, 1, by="Ada")
    runs = office.database.do(lambda: stage_runs.of_job(job.id))
    assert {run.stage for run in runs if run.state in stage_runs.UNFINISHED} == {"fetch-paper"}


def test_a_script_that_waits_for_approval_is_written_anew_and_waits_again(office: Office) -> None:
    job = abstract_only(office, needs_approval=True)
    assert job.state is JobState.AWAITING_APPROVAL
    again = attached(office, job)
    assert (again.state, again.waiting) == (JobState.RUNNING, None)
    work_through(office)
    assert job_now(office, job.id).state is JobState.AWAITING_APPROVAL


def test_what_is_at_work_is_dropped_at_once(office: Office) -> None:
    job = abstract_only(office, until="generate-audio")
    [message] = sent(office)
    claim = begun(office, message)
    attached(office, job)
    assert not flow.progress(office, claim, 0.5, "speaking")
    flow.finish(office, claim, outcome(office, claim))
    work_through(office)
    done = job_now(office, job.id)
    assert done.state is JobState.DONE
    assert run_now(office, job.id, "generate-audio").attempt == 2


def test_an_approved_script_is_not_the_new_one(office: Office) -> None:
    job = abstract_only(office, needs_approval=True)
    approve(office, job.id, by="Ada")
    attached(office, job)
    work_through(office)
    assert job_now(office, job.id).state is JobState.AWAITING_APPROVAL


def test_who_waited_for_the_abstracts_video_gets_it(office: Office) -> None:
    job = abstract_only(office, until="generate-audio")
    follower = ordered(office, BEN)
    assert follower.follows == job.id
    attached(office, job)
    assert job_now(office, follower.id).follows is None
    work_through(office)
    for one in (job, follower):
        assert job_now(office, one.id).state is JobState.DONE
    assert order_of(job_now(office, follower.id)).upload is None


def test_a_job_that_followed_another_goes_its_own_way(office: Office) -> None:
    leader = abstract_only(office, until="generate-audio")
    follower = ordered(office, BEN)
    office.database.do(lambda: jobs.change(office.database, follower.id, JobState, paper=ABSTRACT))
    assert attached(office, follower).follows is None
    work_through(office)
    assert job_now(office, leader.id).state is JobState.DONE
    assert order_of(job_now(office, follower.id)).upload == PDF


def test_files_that_others_hand_out_stay_where_they_are(office: Office) -> None:
    job = abstract_only(office)
    given = ordered(office, BEN)
    assert given.files == job.files
    attached(office, job)
    work_through(office)
    assert job_now(office, job.id).files != given.files
    assert office.objects.head(given.files[0].key) is not None


def test_nobody_who_orders_the_paper_gets_the_attached_ones_video(office: Office) -> None:
    job = failed(office)
    attached(office, job)
    other = ordered(office, BEN)
    assert other.follows is None
    work_through(office)
    assert order_of(job_now(office, other.id)).upload is None


def test_what_can_not_be_attached_to(office: Office) -> None:
    whole = finished(office)
    assert no(attach(office, whole.id, PDF, "a.pdf", by="Ada")) == (
        "This video is told from the whole paper already."
    )
    early = ordered(office, source="1")
    assert "has not been read yet" in no(attach(office, early.id, PDF, "a.pdf", by="Ada"))
    cancel(office, early.id, by="Ada")
    sent(office)
    for code in ("withdrawn", "retracted"):
        gone = failed(office, BROKE.model_copy(update={"code": code}), source=f"10.1000/{code}")
        assert f"was {code}" in no(attach(office, gone.id, PDF, "a.pdf", by="Ada"))
    forced = abstract_only(office, source="3", force=True)
    assert "on purpose" in no(attach(office, forced.id, PDF, "a.pdf", by="Ada"))
    assert no(attach(office, "nothing", PDF, "a.pdf", by="Ada")) == "There is no job nothing."


def test_it_is_attached_once(office: Office) -> None:
    job = abstract_only(office)
    attached(office, job)
    assert isinstance(attach(office, job.id, PDF, "a.pdf", by="Ada"), NotPossible)


def test_an_attachment_reserves_all_that_may_be_bought_anew(office: Office) -> None:
    job = abstract_only(office, until="generate-audio", estimate_cents=100)
    buyer = Purchases(office.database, job.workspace, job.id)
    buyer.once("script", provider="shop", cents=100, ask=lambda _: "task", repeatable=True)
    work_through(office)
    again = attached(office, job)
    assert (again.reserved_cents, again.spent_cents) == (100, 100)
    work_through(office)
    assert job_now(office, job.id).reserved_cents == 0


def test_an_attachment_after_a_failure_counts_its_video_and_may_be_refused(office: Office) -> None:
    job = failed(office, estimate_cents=40)
    assert office.database.do(lambda: jobs.held_videos(job.id)) == 0
    workspaces.set_terms(office.database, "lab", Terms(cents_per_day=30))
    refused = attach(office, job.id, PDF, "a.pdf", by="Ada")
    assert isinstance(refused, Refusal)
    assert job_now(office, job.id).state is JobState.FAILED
    workspaces.set_terms(office.database, "lab", Terms())
    assert attached(office, job).reserved_cents == 40
    assert office.database.do(lambda: jobs.held_videos(job.id)) == 1


def test_a_file_that_is_not_used_is_not_kept(office: Office, clock: FakeClock) -> None:
    other = "uploads/lab/" + "b" * 64 + ".pdf"
    for key in (PDF, other):
        put(office, key)
    job = abstract_only(office)
    attached(office, job)
    attach(office, job.id, other, "b.pdf", by="Ada")  # once is enough
    clock.advance(doomed.UNORDERED + 1.0)
    assert doomed.doomed(office.database) == [other]
    cancel(office, job.id, by="Ada")
    assert job_now(office, job.id).state is JobState.DONE
    clock.advance(doomed.UNORDERED + 1.0)
    assert sorted(doomed.doomed(office.database)) == [PDF, other]


def test_a_script_that_told_of_the_abstract_is_not_kept(office: Office, clock: FakeClock) -> None:
    script = "uploads/lab/" + "c" * 64 + ".json"
    job = abstract_only(office, script=script, until="generate-audio")
    attached(office, job)
    clock.advance(doomed.UNORDERED + 1.0)
    assert doomed.doomed(office.database) == [script]


def test_while_the_workspace_is_paused_nothing_is_attached(office: Office) -> None:
    job = failed(office)
    workspaces.set_terms(office.database, "lab", Terms(paused=True))
    refused = attach(office, job.id, PDF, "a.pdf", by="Ada")
    assert isinstance(refused, Refusal)
    assert refused.limit == "paused"


def test_deleting_the_job_deletes_what_was_attached(office: Office) -> None:
    put(office, PDF)
    job = abstract_only(office)
    attached(office, job)
    work_through(office)
    assert office.database.do(lambda: references.is_needed("lab", PDF))
    delete(office, job.id, by="Ada")
    assert not office.database.do(lambda: references.is_needed("lab", PDF))


@pytest.mark.parametrize(("before", "after"), [(67, 55), (60, 50), (45, 35), (35, 30), (32, 30), (120, 95)])
def test_a_script_is_written_a_fifth_shorter_and_waits_again(
    office: Office, clock: FakeClock, before: int, after: int
) -> None:
    job = awaiting(office, seconds=before)
    line_before = office.database.do(lambda: jobs.entry(job.id)).queued_at
    clock.advance(60.0)
    again = shorten(office, job.id, by="Ada")
    assert isinstance(again, Job)
    assert (again.state, order_of(again).seconds) == (JobState.RUNNING, after)
    assert office.database.do(lambda: jobs.entry(job.id)).queued_at > line_before, "a round of its own"
    [message] = sent(office)
    assert message[0] == "generate-script"
    claim = begun(office, message)
    assert JobOrder.model_validate_json(claim.order).seconds == after
    flow.finish(office, claim, outcome(office, claim))
    work_through(office)
    waiting = job_now(office, job.id)
    assert (waiting.state, waiting.approved_at) == (JobState.AWAITING_APPROVAL, None)
    assert waiting.fraction >= job.fraction


def test_it_can_be_shortened_until_it_is_short(office: Office) -> None:
    job = awaiting(office, seconds=40)
    shorten(office, job.id, by="Ada")
    work_through(office)
    assert no(shorten(office, job.id, by="Ada")) == "A video has 30 seconds at least; this one has no more."
    assert job_now(office, job.id).state is JobState.AWAITING_APPROVAL


def test_only_a_script_that_waits_and_was_not_written_by_hand_is_shortened(office: Office) -> None:
    own = awaiting(office, script="uploads/lab/s.json")
    assert "by hand" in no(shorten(office, own.id, by="Ada"))
    cancel(office, own.id, by="Ada")
    job = finished(office, source="2")
    assert no(shorten(office, job.id, by="Ada")) == "This job is done; no script waits for approval."


def test_who_waited_for_the_long_one_is_not_given_the_short_one(office: Office) -> None:
    job = awaiting(office)
    follower = ordered(office, BEN, needs_approval=True)
    assert follower.follows == job.id
    shorten(office, job.id, by="Ada")
    work_through(office)
    assert job_now(office, follower.id).follows is None
    assert order_of(job_now(office, follower.id)).seconds == 67
    late = ordered(office, ADA, needs_approval=True)
    assert late.follows != job.id


def test_a_shortened_job_that_fails_can_be_retried(office: Office) -> None:
    job = awaiting(office)
    shorten(office, job.id, by="Ada")
    flow.fail(office, begun(office, sent(office)[0]), BROKE)
    assert job_now(office, job.id).state is JobState.FAILED
    again = retry(office, job.id, by="Ada")
    assert isinstance(again, Job)
    work_through(office)
    assert job_now(office, job.id).state is JobState.AWAITING_APPROVAL
    assert order_of(job_now(office, job.id)).seconds == 55
