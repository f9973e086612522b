"""What people do with jobs: cancel, retry, redo, approve, delete, keep, rebuild."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobs import flow
from jobs.control import NotPossible, approve, cancel, delete, keep, rebuild, redo, retry
from jobs.failures import Verdict
from jobs.office import Office
from jobs.order import JobOrder
from storage import audit, jobs, ledger, references, workspaces
from storage.artefacts import FolderArtefacts
from storage.errors import JobOverError, UnsurePurchaseError
from storage.purchases import Purchases
from storage.quotas import Refusal
from storage.records import Job, JobState
from storage.workspaces import Terms
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, begun, finished, job_now, ordered, outcome, put, sent, work_through

LASTS = Verdict(code="voice", sentence="The voice broke.", retryable=True, reference="HH-AAAA")


def held_videos(office: Office, job: Job) -> int:
    return office.database.do(lambda: jobs.held_videos(job.id))


def failed_at(office: Office, stage: str, **more: object) -> Job:
    job = ordered(office, **more)  # type: ignore[arg-type]
    work_through(office, until=stage)  # type: ignore[arg-type]
    flow.fail(office, begun(office, sent(office)[0]), LASTS)
    return job_now(office, job.id)


def test_cancelling_frees_what_was_reserved(office: Office) -> None:
    job = ordered(office, estimate_cents=40)
    cancelled = cancel(office, job.id, by="Ada")
    assert isinstance(cancelled, Job)
    assert (cancelled.state, cancelled.reserved_cents) == (JobState.CANCELLED, 0)
    assert held_videos(office, job) == 0
    [entry] = audit.entries(office.database, "lab", target=job.id)
    assert (entry.actor, entry.action) == ("Ada", "cancel")


def test_cancelling_after_something_was_bought_counts_the_video(office: Office) -> None:
    job = ordered(office, estimate_cents=40)
    ledger.charge(office.database, job=job.id, purchase="p", cents=10)
    cancelled = cancel(office, job.id, by="Ada")
    assert isinstance(cancelled, Job)
    assert (cancelled.reserved_cents, cancelled.spent_cents) == (0, 10)
    assert held_videos(office, job) == 1


def test_what_is_over_can_not_be_cancelled(office: Office) -> None:
    job = finished(office)
    assert cancel(office, job.id, by="Ada") == NotPossible(
        sentence="This job is done; there is nothing to cancel."
    )
    assert isinstance(cancel(office, "nothere2", by="Ada"), NotPossible)
    assert audit.entries(office.database, "lab") == []


def test_a_retry_goes_on_from_the_stage_that_failed(office: Office) -> None:
    job = failed_at(office, "add-captions", estimate_cents=40)
    again = retry(office, job.id, by="Ada")
    assert isinstance(again, Job)
    assert (again.state, again.failure, again.reserved_cents) == (JobState.RUNNING, None, 40)
    assert again.fraction >= job.fraction
    assert [message[:2] for message in sent(office)] == [("add-captions", job.id)]
    assert held_videos(office, job) == 1


def test_a_retry_draws_only_the_scenes_that_are_missing(office: Office) -> None:
    job = ordered(office)
    work_through(office, until="generate-videos")
    first, second, third = [begun(office, message) for message in sent(office)]
    flow.finish(office, third, outcome(office, third))
    flow.fail(office, first, LASTS)
    flow.finish(office, second, outcome(office, second))
    retry(office, job.id, by="Ada")
    assert [message[2] for message in sent(office)] == [0, 1]
    work_through(office)


def test_two_retries_at_once_are_one(office: Office) -> None:
    job = failed_at(office, "generate-script")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: retry(office, job.id, by=f"p{n}"), range(6)))
    assert sum(isinstance(answer, Job) for answer in answers) == 1
    assert sum(isinstance(answer, NotPossible) for answer in answers) == 5
    assert len(sent(office)) == 1
    assert held_videos(office, job) == 1


def test_a_retry_needs_room_in_the_quota(office: Office) -> None:
    job = failed_at(office, "generate-script", source="1")
    workspaces.set_terms(office.database, "lab", Terms(videos_per_user_day=1))
    ordered(office, source="2")
    refusal = retry(office, job.id, by="Ada")
    assert isinstance(refusal, Refusal)
    assert job_now(office, job.id).state is JobState.FAILED


def test_a_cancelled_job_that_awaited_approval_still_needs_it(office: Office) -> None:
    job = ordered(office, needs_approval=True)
    work_through(office)
    cancel(office, job.id, by="Ada")
    retry(office, job.id, by="Ada")
    assert job_now(office, job.id).state is JobState.AWAITING_APPROVAL


def test_redoing_a_scene_draws_it_alone_and_leaves_the_link_as_it_is(office: Office) -> None:
    job = finished(office)
    again = redo(office, job.id, 1, by="Ada")
    assert isinstance(again, Job)
    assert again.state is JobState.RUNNING
    assert 0 < again.fraction < 1
    assert JobOrder.model_validate_json(again.order).takes == {1: 1}
    messages = sent(office)
    assert [message[:3] for message in messages] == [("generate-videos", job.id, 1)]
    claim = begun(office, messages[0])
    flow.finish(office, claim, outcome(office, claim))
    work_through(office)
    done = job_now(office, job.id)
    assert (done.state, done.link) == (JobState.DONE, job.link)
    assert held_videos(office, job) == 1


def test_redoing_a_scene_leaves_the_video_that_others_were_given(office: Office) -> None:
    job = finished(office, ADA)
    given = ordered(office, BEN)
    redo(office, job.id, 0, by="Ada")
    work_through(office)
    assert job_now(office, job.id).files[0].key != given.files[0].key
    assert job_now(office, given.id).files == given.files
    # Who asks now gets the video as it was.
    assert ordered(office, BEN).files == given.files


def test_a_scene_can_be_redone_in_a_video_that_was_made_for_another(office: Office) -> None:
    job = finished(office, ADA)
    given = ordered(office, BEN)
    redo(office, given.id, 0, by="Ben")
    work_through(office)
    redone = job_now(office, given.id)
    assert redone.state is JobState.DONE
    assert redone.files[0].key != job.files[0].key


@pytest.mark.parametrize("scene", [-1, 3])
def test_there_is_nothing_to_redo_beyond_the_scenes(office: Office, scene: int) -> None:
    job = finished(office)
    assert isinstance(redo(office, job.id, scene, by="Ada"), NotPossible)
    assert job_now(office, job.id).state is JobState.DONE


@pytest.mark.parametrize("drawn", [False, True])
@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_a_redo_that_comes_to_nothing_leaves_the_video_as_it_was(
    office: Office, clock: FakeClock, how: str, drawn: bool
) -> None:
    job = finished(office, estimate_cents=40)
    clock.advance(60)
    redo(office, job.id, 0, by="Ada")
    if drawn:
        work_through(office, until="add-captions")
    if how == "cancelled":
        cancel(office, job.id, by="Ada")
    else:
        flow.fail(office, begun(office, sent(office)[0]), LASTS)
    now = job_now(office, job.id)
    changed = {"message", "revision", "updated_at"}
    assert now.model_dump(exclude=changed) == job.model_dump(exclude=changed)
    assert now.message == (
        "cancelled by Ada; the video is as it was"
        if how == "cancelled"
        else "Making it anew failed (HH-AAAA): The voice broke. The video is as it was."
    )
    assert held_videos(office, job) == 1
    assert ordered(office, BEN).files == job.files
    # The take that came to nothing is in no later video.
    sent(office)
    redo(office, job.id, 1, by="Ada")
    assert {message[2] for message in sent(office)} == {0, 1}


def test_a_second_redo_that_fails_goes_back_to_the_first(office: Office) -> None:
    job = finished(office)
    redo(office, job.id, 0, by="Ada")
    work_through(office)
    redo(office, job.id, 0, by="Ada")
    cancel(office, job.id, by="Ada")
    now = job_now(office, job.id)
    assert (now.state, JobOrder.model_validate_json(now.order).takes) == (JobState.DONE, {0: 1})


def test_approved_scripts_stand_in_line_and_let_others_before_them(office: Office, clock: FakeClock) -> None:
    hers = []
    for number in range(1, 6):
        hers.append(ordered(office, ADA, str(number), needs_approval=True))
        work_through(office)
        clock.advance(1)
    for job in hers:
        approve(office, job.id, by="Ada")
    states = [job_now(office, job.id).state for job in hers]
    assert states == [JobState.RUNNING] * 2 + [JobState.QUEUED] * 3
    his = ordered(office, BEN, "9")
    message = sent(office)[0]
    flow.fail(office, begun(office, message), LASTS)
    assert job_now(office, his.id).state is JobState.RUNNING


def test_approval_is_for_what_waits_for_it(office: Office) -> None:
    job = ordered(office)
    assert isinstance(approve(office, job.id, by="Ada"), NotPossible)


def test_deleting_takes_words_files_artefacts_and_uploads(office: Office, tmp_path: Path) -> None:
    upload = "uploads/lab/" + "a" * 64 + ".pdf"
    put(office, upload)
    job = finished(office, source="secret.pdf", upload=upload)
    artefacts = FolderArtefacts(tmp_path / "artefacts" / "lab")
    with artefacts.make("fetch-paper", f"fetch-paper-{job.id}") as folder:
        (folder / "paper.json").write_text("{}")
    gone = delete(office, job.id, by="Ada")
    assert isinstance(gone, Job)
    assert (gone.state, gone.source, gone.message, gone.link) == (JobState.DELETED, "", "", None)
    assert (gone.files, gone.paper.title) == ((), "")
    assert upload not in gone.order
    assert list(office.objects.list("videos/")) == []
    assert office.objects.head(upload) is None
    assert artefacts.find("fetch-paper", f"fetch-paper-{job.id}") is None
    assert isinstance(delete(office, job.id, by="Ada"), NotPossible)


def test_deleting_leaves_what_others_refer_to(office: Office) -> None:
    upload = "uploads/lab/" + "a" * 64 + ".pdf"
    put(office, upload)
    job = finished(office, ADA, source="a.pdf", upload=upload)
    given = ordered(office, BEN, source="b.pdf", upload=upload)
    assert given.state is JobState.DONE
    delete(office, job.id, by="Ada")
    assert office.objects.head(given.files[0].key) is not None
    assert office.objects.head(upload) is not None
    delete(office, given.id, by="Ben")
    assert office.objects.head(given.files[0].key) is None
    assert office.objects.head(upload) is None


def test_what_is_at_work_is_not_deleted(office: Office) -> None:
    job = ordered(office)
    assert delete(office, job.id, by="Ada") == NotPossible(
        sentence="This job is being made; cancel it first."
    )


def test_a_kept_video_does_not_expire(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", Terms(retention_days=30))
    job = finished(office)
    assert job.expires_at == office.database.now() + 30 * 24 * 3600
    kept = keep(office, job.id, by="Ada")
    assert isinstance(kept, Job)
    assert kept.expires_at is None
    assert kept.revision > job.revision


def test_a_retry_of_a_done_job_rebuilds_what_is_gone_and_else_says_no(office: Office) -> None:
    job = finished(office)
    refused = retry(office, job.id, by="Ada")
    assert isinstance(refused, NotPossible)
    office.objects.delete(job.files[0].key)
    again = retry(office, job.id, by="Ada")
    assert isinstance(again, Job)
    assert again.state is JobState.RUNNING
    assert again.reserved_cents == 0


def test_a_retry_may_buy_anew_what_was_unsure(office: Office) -> None:
    job = ordered(office, estimate_cents=40)
    work_through(office, until="generate-script")
    buyer = Purchases(office.database, job.workspace, job.id)

    def lost_its_answer(_: str) -> str:
        raise ConnectionResetError

    with pytest.raises(UnsurePurchaseError):
        buyer.once("script", provider="shop", cents=30, ask=lost_its_answer, repeatable=False)
    with pytest.raises(UnsurePurchaseError):
        buyer.once("script", provider="shop", cents=30, ask=lambda _: "task", repeatable=False)
    flow.fail(office, begun(office, sent(office)[0]), LASTS)
    retry(office, job.id, by="Ada")
    assert buyer.once("script", provider="shop", cents=30, ask=lambda _: "task", repeatable=False) == "task"


def test_a_video_whose_file_is_gone_is_rebuilt_from_its_scenes(office: Office, clock: FakeClock) -> None:
    job = finished(office)
    office.objects.delete(job.files[0].key)
    clock.advance(400 * 24 * 3600)
    rebuild(office, job.id, by="Ada")
    [message] = sent(office)
    claim = begun(office, message)
    assert claim.stage == "add-captions"
    flow.finish(office, claim, outcome(office, claim))
    work_through(office)
    done = job_now(office, job.id)
    assert (done.state, done.link) == (JobState.DONE, job.link)
    assert office.objects.head(done.files[0].key) is not None


def test_a_redo_reserves_what_its_scene_may_cost(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", Terms(cents_per_user_day=500))
    job = ordered(office, estimate_cents=300)
    buyer = Purchases(office.database, job.workspace, job.id)
    buyer.once("clips", provider="shop", cents=300, ask=lambda _: "task", repeatable=True)
    work_through(office)
    for take in (1, 2):
        again = redo(office, job.id, 0, by="Ada")
        assert isinstance(again, Job)
        assert again.reserved_cents == 100  # a third, as it has three scenes
        buyer.once(f"take {take}", provider="shop", cents=100, ask=lambda _: "task", repeatable=True)
        work_through(office)
    refused = redo(office, job.id, 0, by="Ada")
    assert isinstance(refused, Refusal)
    assert refused.limit == "cents_per_user_day"


def test_a_redo_of_a_video_that_cost_less_than_was_thought_reserves_its_scene_alone(office: Office) -> None:
    job = ordered(office, estimate_cents=300)
    buyer = Purchases(office.database, job.workspace, job.id)
    buyer.once("clips", provider="shop", cents=60, ask=lambda _: "task", repeatable=True)
    work_through(office)
    again = redo(office, job.id, 0, by="Ada")
    assert isinstance(again, Job)
    assert again.reserved_cents == 100


def test_nothing_is_bought_for_a_job_that_was_cancelled(office: Office) -> None:
    job = ordered(office, estimate_cents=40)
    buyer = Purchases(office.database, job.workspace, job.id)
    asked: list[str] = []

    def ask(purchase: str) -> str:
        asked.append(purchase)
        cancel(office, job.id, by="Ada")
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        buyer.once("clip", provider="shop", cents=60, ask=ask, repeatable=True)
    for what in ("clip", "another clip"):
        with pytest.raises(JobOverError) as refused:
            buyer.once(what, provider="shop", cents=60, ask=ask, repeatable=True)
        assert not refused.value.transient
    assert len(asked) == 1
    assert (job_now(office, job.id).reserved_cents, job_now(office, job.id).spent_cents) == (0, 0)


def test_what_is_lost_beside_the_video_is_made_again_too(office: Office) -> None:
    job = finished(office)
    cover = job.files[0].model_copy(update={"name": "cover.jpg", "key": job.files[0].key + ".jpg"})
    office.database.do(lambda: jobs.publish(job.id, [*job.files, cover]))
    again = retry(office, job.id, by="Ada")
    assert isinstance(again, Job)
    assert again.state is JobState.RUNNING


def test_a_job_that_is_at_work_again_uses_all_that_it_was_made_of(office: Office, clock: FakeClock) -> None:
    job = finished(office)
    clock.advance(29 * 24 * 3600)
    redo(office, job.id, 0, by="Ada")
    work_through(office)
    uses = office.database.do(references.last_uses)
    assert len(uses) > 1
    assert set(uses.values()) == {clock.now}
