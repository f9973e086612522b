"""What people hand in stays as long as a job needs it, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jobs import flow
from jobs.control import approve, attach, cancel
from jobs.deeds import NotPossible
from jobs.failures import Verdict
from jobs.handed_in import GOING
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.sweeper import TIDY_EVERY, Sweeper
from pipeline.paper.jats import ABSTRACT_ONLY
from storage import doomed, jobs, references
from storage.objects import FolderObjects
from storage.records import Job, JobState, PaperCard
from tests.databases import FakeClock
from tests.jobs.offices import ADA, begun, finished, job_now, ordered, outcome, put, sent, work_through

PDF = f"uploads/lab/{'a' * 64}.pdf"
SCRIPT, OTHER = (f"uploads/lab/{letter * 64}.json" for letter in "bc")
UNREAD = Verdict(code="file-damaged", sentence="It broke.", retryable=True, reference="HH-AAAA")
DAY = 24 * 3600.0


class Slow(FolderObjects):
    """A store in which something happens while it deletes."""

    meanwhile: Callable[[], None]

    def delete(self, key: str) -> None:
        super().delete(key)
        self.meanwhile()


def tidy(office: Office, clock: FakeClock, folder: Path, days: float = 0.0) -> None:
    """What a sweeper does that comes `days` from now."""
    clock.advance(days * DAY + TIDY_EVERY)
    Sweeper(office, folder=folder, owner="one").tidy()


def there(office: Office, *keys: str) -> list[bool]:
    return [office.objects.head(key) is not None for key in keys]


def awaiting(office: Office, source: str = "1") -> Job:
    job = ordered(office, source=source, needs_approval=True)
    work_through(office)
    return job_now(office, job.id)


def unread(office: Office) -> Job:
    job = ordered(office, source="2")
    flow.fail(office, begun(office, sent(office)[0]), UNREAD)
    return job_now(office, job.id)


def told_from_abstract(office: Office, script: str) -> Job:
    """A done job with a script of one's own, of a paper of which only the abstract was had."""
    job = ordered(office, script=script)
    claim = begun(office, sent(office)[0])
    card = PaperCard(title="Caption times", notes=(ABSTRACT_ONLY,))
    flow.finish(office, claim, outcome(office, claim).model_copy(update={"paper": card}))
    work_through(office)
    return job_now(office, job.id)


def test_what_is_being_deleted_can_not_be_ordered_until_it_is_gone(office: Office, tmp_path: Path) -> None:
    waiting, failed = awaiting(office), unread(office)
    store = Slow(tmp_path / "objects")
    slow = replace(office, objects=store)
    answers: list[object] = []

    def meanwhile() -> None:
        answers.append(submit(slow, ADA, JobOrder(source="a.pdf", upload=PDF)))
        answers.append(approve(slow, waiting.id, by="Ada", script=PDF))
        answers.append(attach(slow, failed.id, PDF, "a.pdf", by="Ada"))

    store.meanwhile = meanwhile
    put(slow, PDF)
    office.database.do(lambda: doomed.doom(office.database, "lab", [PDF]))
    assert doomed.carry_out(office.database, store, PDF)
    assert answers == [GOING, NotPossible(sentence=GOING.sentence), GOING]
    assert [job_now(office, job.id).state for job in (waiting, failed)] == [waiting.state, failed.state]
    assert job_now(office, failed.id).reserved_cents == 0
    put(office, PDF)  # handed in again
    assert isinstance(submit(office, ADA, JobOrder(source="a.pdf", upload=PDF)), Job)


def test_an_upload_that_was_refused_and_handed_in_again_can_be_ordered(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    put(office, PDF)
    office.database.do(lambda: doomed.doom(office.database, "lab", [PDF], after=DAY))
    clock.advance(DAY + 1)
    put(office, PDF)
    tidy(office, clock, tmp_path)
    ordered(office, source="a.pdf", upload=PDF)
    tidy(office, clock, tmp_path, 3)
    assert there(office, PDF) == [True]


def test_a_script_that_no_job_waits_for_goes_after_a_day(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    job = finished(office)
    put(office, SCRIPT)
    assert isinstance(approve(office, job.id, by="Ada", script=SCRIPT), NotPossible)
    tidy(office, clock, tmp_path, 0.5)
    assert there(office, SCRIPT) == [True]
    tidy(office, clock, tmp_path, 0.5)
    assert there(office, SCRIPT) == [False]


def test_a_script_that_was_approved_twice_stays(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    job = awaiting(office)
    put(office, SCRIPT)
    assert isinstance(approve(office, job.id, by="Ada", script=SCRIPT), Job)
    assert isinstance(approve(office, job.id, by="Ada", script=SCRIPT), NotPossible)
    tidy(office, clock, tmp_path, 2)
    assert there(office, SCRIPT) == [True]


def test_a_script_that_was_replaced_goes(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    for key in (SCRIPT, OTHER):
        put(office, key)
    job = ordered(office, script=SCRIPT, needs_approval=True)
    work_through(office)
    approve(office, job.id, by="Ada", script=OTHER)
    tidy(office, clock, tmp_path)
    assert there(office, SCRIPT, OTHER) == [False, True]


@pytest.mark.parametrize("ends", ["done", "cancelled"])
def test_what_a_video_was_made_of_stays_until_the_new_one_is_done(
    office: Office, clock: FakeClock, tmp_path: Path, ends: str
) -> None:
    for key in (PDF, SCRIPT):
        put(office, key)
    job = told_from_abstract(office, SCRIPT)
    assert isinstance(attach(office, job.id, PDF, "a.pdf", by="Ada"), Job)
    tidy(office, clock, tmp_path)
    assert there(office, PDF, SCRIPT) == [True, True]
    assert office.database.do(references.uploads) == {PDF, SCRIPT}
    assert office.database.do(lambda: jobs.is_ordered("lab", SCRIPT, besides="another"))
    if ends == "done":
        work_through(office)
    else:
        cancel(office, job.id, by="Ada")
    assert job_now(office, job.id).state is JobState.DONE
    tidy(office, clock, tmp_path)
    assert there(office, PDF, SCRIPT) == ([True, False] if ends == "done" else [False, True])
