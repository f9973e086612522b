"""Jobs looked through by page and filter, and who spent what."""

from __future__ import annotations

from typing import Any

import pytest

from storage import jobs, ledger, workspaces
from storage.catalogue import Filter, UserSpend, page, spend
from storage.database import Database
from storage.jobs import NewJob
from storage.models import JobRow
from storage.quotas import Caps
from storage.records import JobState, PaperCard, Requester
from tests.databases import START, FakeClock

ADA = Requester(workspace="lab", platform="slack", user="U1", name="Ada")
BEN = Requester(workspace="lab", platform="slack", user="U2", name="Ben")
EVE = Requester(workspace="other", platform="slack", user="U1", name="Eve")
PAPER = PaperCard(
    title='Über 50_% of "mice" \\ men',
    pmid="32296183",
    pmcid="PMC7224658",
    doi="10.1000/Ab.c",
    journal="Cell",
)


def add(
    db: Database,
    job: str,
    who: Requester = ADA,
    state: JobState = JobState.DONE,
    *,
    source: str = "1",
    private: bool = False,
    paper: PaperCard | None = None,
) -> int:
    """Write a job down; the row id of its requester."""
    user = workspaces.user_id(db, who)
    new = NewJob(
        id=job,
        workspace=who.workspace,
        user=user,
        private=private,
        order="{}",
        source=source,
        sameness=job,
        state=state,
        stage="publish",
        needs_approval=False,
        estimate_cents=0,
        token=job,
    )

    def work() -> None:
        jobs.add(db, new)
        if paper is not None:
            jobs.change(db, job, [state], paper=paper)

    db.do(work)
    return user


def ids(db: Database, wanted: Filter, **more: Any) -> list[str]:
    found, total = page(db, "lab", wanted, **more)
    assert total >= len(found)
    return [job.id for job in found]


def test_pages_go_from_the_newest_to_the_oldest(database: Database, clock: FakeClock) -> None:
    for number in range(7):
        add(database, f"j{number}")
        clock.advance(1.0)
    add(database, "elsewhere", EVE)
    pages = [page(database, "lab", Filter(), offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [[job.id for job in found] for found, _ in pages] == [
        ["j6", "j5", "j4"],
        ["j3", "j2", "j1"],
        ["j0"],
        [],
    ]
    assert {total for _, total in pages} == {7}
    assert pages[0][0][0].requester == ADA


def test_filters_narrow_each_other(database: Database, clock: FakeClock) -> None:
    ada = add(database, "a-done")
    clock.advance(10.0)
    add(database, "a-failed", state=JobState.FAILED)
    ben = add(database, "b-failed", BEN, JobState.FAILED)
    clock.advance(10.0)
    add(database, "b-deleted", BEN, JobState.DELETED)
    assert ids(database, Filter(user=ben)) == ["b-failed"]
    assert ids(database, Filter(user=ben, states=(JobState.DELETED,))) == ["b-deleted"]
    assert ids(database, Filter(states=(JobState.FAILED, JobState.DONE))) == [
        "a-failed",
        "b-failed",
        "a-done",
    ]
    assert ids(database, Filter(user=ada, states=(JobState.FAILED,))) == ["a-failed"]
    assert ids(database, Filter(since=START + 10.0)) == ["a-failed", "b-failed"]
    assert ids(database, Filter(until=START + 10.0)) == ["a-done"]
    assert page(database, "lab", Filter(user=ada, since=START + 11.0)) == ([], 0)


@pytest.mark.parametrize(
    "words",
    [
        "mice",
        "MICE",
        " über ",
        "ÜBER",
        "50_%",
        '"mice"',
        "\\ m",
        "32296183",
        "pmc722",
        "10.1000/AB.C",
        "my-file",
    ],
)
def test_a_paper_is_found_by_any_part_of_what_names_it(database: Database, words: str) -> None:
    add(database, "it", source="My-File.pdf", paper=PAPER)
    add(database, "other", source="50x", paper=PaperCard(title="Uber rats and hens"))
    assert ids(database, Filter(paper=words)) == ["it"]


@pytest.mark.parametrize("words", ["title", "pmid", "journal", "Cell", "%", "5_x", "null", "none of it"])
def test_a_paper_is_not_found_by_what_does_not_name_it(database: Database, words: str) -> None:
    add(database, "it", source="50x", paper=PaperCard(title="Of rats", journal="Cell", pmid=None))
    assert ids(database, Filter(paper=words)) == []


def test_a_search_does_not_tell_what_others_private_jobs_are_about(database: Database) -> None:
    add(database, "open", paper=PAPER)
    ada = add(database, "hers", private=True, paper=PAPER)
    ben = add(database, "his", BEN, private=True, source="mice.pdf")
    assert set(ids(database, Filter(paper="mice"))) == {"open"}
    assert set(ids(database, Filter(paper="mice"), viewer=ada)) == {"open", "hers"}
    assert set(ids(database, Filter(paper="mice", user=ada), viewer=ben)) == {"open"}
    assert set(ids(database, Filter(), viewer=ben)) == {"open", "hers", "his"}


def test_the_usual_page_is_read_by_an_index(database: Database) -> None:
    if database.dialect != "sqlite":
        pytest.skip("Postgres plans by its statistics")
    rows = JobRow.select(JobRow.id).where((JobRow.workspace == "lab") & (JobRow.state != "deleted"))
    query, values = rows.order_by(JobRow.created_at.desc(), JobRow.id).limit(20).sql()
    plan = database.do(lambda: database.run(f"EXPLAIN QUERY PLAN {query}", *values))
    assert any("USING INDEX jobrow_workspace_created_at" in row[-1] for row in plan), plan


def test_spending_is_told_by_person(database: Database, clock: FakeClock) -> None:
    ada, ben, eve = (workspaces.user_id(database, who) for who in (ADA, BEN, EVE))
    begun = clock.now
    for user, workspace, job, cents in (
        (ada, "lab", "a1", 30),
        (ben, "lab", "b1", 50),
        (ada, "lab", "a2", 0),
        (eve, "other", "e1", 99),
    ):
        ledger.reserve(database, workspace=workspace, user=user, job=job, cents=60, caps=Caps())
        if cents:
            ledger.charge(database, job=job, purchase=job, cents=cents)
        ledger.release(database, job=job, give_back=False)
        clock.advance(10.0)
    assert spend(database, "lab", begun, clock.now) == [
        UserSpend(user_id=ben, name="Ben", videos=1, cents=50),
        UserSpend(user_id=ada, name="Ada", videos=2, cents=30),
    ]
    assert spend(database, "lab", begun, begun + 10.0) == [
        UserSpend(user_id=ada, name="Ada", videos=1, cents=30)
    ]
    assert spend(database, "lab", begun + 1000.0, begun + 2000.0) == []


def test_a_video_that_was_given_back_counts_for_nobody(database: Database, clock: FakeClock) -> None:
    ada = workspaces.user_id(database, ADA)
    ledger.reserve(database, workspace="lab", user=ada, job="a1", cents=60, caps=Caps())
    ledger.release(database, job="a1", give_back=True)
    assert spend(database, "lab", clock.now - 1, clock.now + 1) == []
