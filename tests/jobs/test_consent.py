"""Where a file may go is asked before anything is made of it; what was answered holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from jobs import consent, control, flow, repairs, rewriting
from jobs.deeds import NotPossible
from jobs.kit import Kit
from jobs.leaving import decided, leaving
from jobs.office import Office
from jobs.order import JobOrder, Leaving
from storage import audit, ledger, workspaces
from storage.quotas import Refusal
from storage.records import Job, JobState
from storage.workspaces import Terms
from tests.bots.desks import PASSES
from tests.databases import FakeClock
from tests.fakes.gemini import KEY, FakeGemini, Refused, open_gemini
from tests.jobs.offices import ADA, BEN, begun, job_now, ordered, run_now, sent, work_through
from tests.jobs.test_gemini_writing import script_of
from tests.jobs.test_stage_work import example_job
from tests.jobs.test_stage_work import work_through as really_work

#: A kit whose providers would all be used, and are never asked.
KEYS = Kit(data=Path("/nowhere"), gemini_key=SecretStr("g"), runway_key=SecretStr("r"))
FILE = {"upload": "uploads/lab/aa.pdf", "upload_name": "aa.pdf"}
GOES = Leaving(to=("Gemini",), what="the whole paper to Google Gemini (writing)")
HOUR = 3600.0


def asking(office: Office, who: object = ADA) -> Job:
    job = ordered(office, who, "aa.pdf", **FILE, cloud=None, leaving=GOES)  # type: ignore[arg-type]
    assert job.state is JobState.AWAITING_CONSENT
    return job


def order_of(job: Job) -> JobOrder:
    return JobOrder.model_validate_json(job.order)


def answered(office: Office, job: Job, *, cloud: bool, cents: int = 0) -> Job:
    now = consent.answer(office, job.id, cloud=cloud, by="terminal:ada", estimate_cents=cents)
    assert isinstance(now, Job), now
    return now


def test_what_would_leave_is_named() -> None:
    order = JobOrder(source="aa.pdf", **FILE)
    everything = leaving(KEYS, order)
    assert everything is not None
    assert everything.to == ("Gemini", "Runway")
    assert everything.what == (
        "the whole paper to Google Gemini (writing) and the script (voice); a phrase of it to Runway (footage)"
    )
    spoken = leaving(replace(KEYS, writer="extractive", footage="off"), order)
    assert spoken is not None
    assert (spoken.to, spoken.what) == (("Gemini",), "the script to Google Gemini (voice)")
    assert leaving(replace(KEYS, writer="extractive", voice="hibari", footage="off"), order) is None
    assert leaving(replace(KEYS, gemini_key=None, runway_key=None), order) is None
    assert leaving(KEYS, JobOrder(source="32296183")) is None


def test_the_workspace_decides_or_leaves_it_to_the_owner() -> None:
    order = JobOrder(source="aa.pdf", **FILE)
    assert decided(order, GOES, "ask").asks
    assert decided(order, GOES, "ask", said=True).may_leave
    assert decided(order, GOES, "cloud").may_leave
    assert not decided(order, GOES, "cloud", said=False).may_leave
    assert not decided(order, GOES, "local", said=True).may_leave
    assert decided(order, None, "ask") == order
    assert not decided(order, None, "cloud").may_leave
    assert not JobOrder(source="aa.pdf", **FILE, cloud=None).may_leave


def test_nothing_is_made_or_bought_before_the_answer(office: Office) -> None:
    job = asking(office)
    assert sent(office) == []
    repairs.due_again(office)
    assert sent(office) == []
    assert isinstance(control.approve(office, job.id, by="x"), NotPossible)
    assert isinstance(control.retry(office, job.id, by="x"), NotPossible)
    job = answered(office, job, cloud=True, cents=40)
    assert order_of(job).may_leave
    assert ledger.of_job(office.database, job.id) == (40, 0)
    assert [message[:2] for message in sent(office)] == [("fetch-paper", job.id)]
    (entry,) = [one for one in audit.entries(office.database, "lab") if one.target == job.id]
    assert (entry.actor, entry.action, entry.detail) == ("terminal:ada", "send-out", "Gemini")
    again = consent.answer(office, job.id, cloud=False, by="terminal:ada")
    assert isinstance(again, NotPossible)
    assert order_of(job_now(office, job.id)).may_leave


def test_an_answer_that_the_budget_can_t_pay_leaves_the_question(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", Terms(cents_per_user_day=30))
    job = asking(office)
    no = consent.answer(office, job.id, cloud=True, by="terminal:ada", estimate_cents=40)
    assert isinstance(no, Refusal)
    assert job_now(office, job.id).state is JobState.AWAITING_CONSENT
    assert not order_of(answered(office, job, cloud=False)).may_leave


def test_where_the_workspace_keeps_files_nobody_can_send_one(office: Office) -> None:
    job = asking(office)
    workspaces.set_terms(office.database, "lab", Terms(uploads="local"))
    no = consent.answer(office, job.id, cloud=True, by="terminal:ada")
    assert isinstance(no, NotPossible)
    assert no.sentence == consent.KEPT


def test_nobody_s_answer_keeps_it_after_a_day(office: Office, clock: FakeClock) -> None:
    job = asking(office)
    clock.advance(23 * HOUR)
    assert repairs.unanswered_questions(office) == 0
    clock.advance(2 * HOUR)
    assert repairs.unanswered_questions(office) == 1
    job = job_now(office, job.id)
    assert job.state is JobState.RUNNING
    assert order_of(job).cloud is False
    entry = audit.entries(office.database, "lab")[0]
    assert (entry.actor, entry.action) == ("sweeper", "keep-local")


def test_a_cancelled_question_is_asked_again_and_an_answer_is_kept(office: Office, clock: FakeClock) -> None:
    job = asking(office)
    control.cancel(office, job.id, by="terminal:ada")
    assert job_now(office, job.id).state is JobState.CANCELLED
    control.retry(office, job.id, by="terminal:ada")
    job = job_now(office, job.id)
    assert job.state is JobState.AWAITING_CONSENT
    assert job.waiting is not None
    answered(office, job, cloud=True)
    control.cancel(office, job.id, by="terminal:ada")
    control.retry(office, job.id, by="terminal:ada")
    job = job_now(office, job.id)
    assert job.state is JobState.RUNNING
    assert order_of(job).may_leave


def test_everybody_who_hands_the_same_file_in_is_asked(office: Office) -> None:
    first = answered(office, asking(office), cloud=True)
    second = asking(office, BEN)
    assert second.follows is None
    second = answered(office, second, cloud=True)
    assert second.follows == first.id
    third = answered(office, asking(office, BEN), cloud=False)
    assert third.follows is None
    work_through(office)
    assert job_now(office, second.id).state is JobState.DONE
    ready = answered(office, asking(office, BEN), cloud=True)
    assert (ready.state, ready.message) == (JobState.DONE, "made before")
    assert ledger.of_job(office.database, ready.id) == (0, 0)
    # An offer that was answered before the job was there makes the same video.
    straight = ordered(office, ADA, "aa.pdf", **FILE, cloud=True, leaving=GOES)
    assert straight.state is JobState.DONE


def test_a_file_for_a_job_is_asked_about_too(office: Office) -> None:
    job = ordered(office)
    message = sent(office)[0]
    flow.fail(office, begun(office, message), PASSES)
    rewriting.attach(office, job.id, FILE["upload"], "aa.pdf", by="x", cloud=None, leaving=GOES)
    job = job_now(office, job.id)
    assert job.state is JobState.AWAITING_CONSENT
    assert sent(office) == []
    answered(office, job, cloud=False)
    assert job_now(office, job.id).state is JobState.RUNNING


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


@pytest.mark.timeout(300)
def test_gemini_hears_nothing_before_the_answer_nor_after_a_no(
    office: Office, tmp_path: Path, database_url: str | None, example: Path, gemini: FakeGemini
) -> None:
    kit = Kit(
        data=tmp_path,
        database_url=SecretStr(database_url) if database_url else None,
        gemini_key=SecretStr(KEY),
        gemini_base_url=gemini.url,
        gemini_model="gemini-3.8-flash",
    )
    kept = example_job(office, example, cloud=None, leaving=GOES)
    really_work(office, kit)
    assert gemini.requests == []
    answered(office, kept, cloud=False)
    really_work(office, kit, last="generate-audio")  # written, and spoken
    assert run_now(office, kept.id, "generate-audio").provider == "hibari/heart"
    assert script_of(office, kit, kept).writer.startswith("extractive")
    assert gemini.requests == []
    # What a workspace prefers is heard when a run is begun, so a change holds for a retry.
    workspaces.set_terms(office.database, "lab", Terms(on_failure="fail"))
    gemini.tell(Refused.bad_key())
    agreed = example_job(office, example, cloud=None, leaving=GOES)
    answered(office, agreed, cloud=True, cents=100)
    really_work(office, kit, last="generate-script")
    assert gemini.requests
    assert job_now(office, agreed.id).state is JobState.FAILED
    workspaces.set_terms(office.database, "lab", Terms(on_failure="fall-back"))
    gemini.tell(Refused.bad_key())
    control.retry(office, agreed.id, by="terminal:ada")
    really_work(office, replace(kit, on_failure="fail"), last="generate-script")
    assert script_of(office, kit, agreed).remarks
