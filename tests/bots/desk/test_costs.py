"""What videos cost: told before, held to the cap of a job, and which wishes can be had."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.cards.job import View, job_card
from bots.desk.desk import Desk
from bots.slack.tongue import SlackTongue
from jobs.kit import Kit
from jobs.office import Office
from jobs.order import JobOrder
from storage import ledger
from storage.workspaces import Terms, set_terms
from tests.bots.desks import (
    ADA,
    BOSS,
    LAB,
    address,
    ask,
    begun,
    done,
    failed,
    jobs_of,
    pdf,
    unfetched,
    words_of,
)
from tests.databases import FakeClock
from tests.jobs.offices import job_now


@pytest.fixture
def paid(office: Office, tmp_path: Path) -> Desk:
    """A desk with every provider, at prices that the tables don't change by the day."""
    kit = Kit(
        data=tmp_path,
        gemini_key=SecretStr("g"),
        gemini_model="gemini-3.5-flash",
        gemini_voice_model="gemini-3.1-flash-tts-preview",
        runway_key=SecretStr("r"),
    )
    return Desk(office, kit, tongue=SlackTongue(), size=(360, 640), versions=("test 1",), address=address)


def test_what_a_video_costs_is_told_by_provider(paid: Desk) -> None:
    said = paid.command(ask(), "cost 32296183").card.text
    assert said.startswith("It costs about $3.37, at most $11.31: script about $0.09, at most $0.72 (Gemini)")
    without = paid.command(ask(), "cost 32296183 footage=no voice=hibari").card.text
    assert without == "It costs about $0.09, at most $0.72: script about $0.09, at most $0.72 (Gemini)."
    talk = paid.command(ask(), "could you have a look at 32296183 for us footage=no").card.text
    assert talk == "Shall I make a video of PMID 32296183? It costs about $0.13, at most $1.71."


def test_what_a_file_costs_depends_on_where_it_may_go(paid: Desk, office: Office) -> None:
    def told() -> str:
        return paid.command(ask(file=unfetched()), "cost").card.text

    assert told().startswith("It costs about $3.37, at most $11.31: ")
    assert told().endswith("You are asked before any of the file leaves; kept here, it costs nothing.")
    set_terms(office.database, LAB, Terms(uploads="cloud"))
    assert "at most $11.31" in told()
    assert "asked" not in told()
    set_terms(office.database, LAB, Terms(uploads="local"))
    assert told().startswith("It costs nothing")


def test_a_job_beyond_the_cap_is_refused_with_what_to_do(paid: Desk, office: Office) -> None:
    set_terms(office.database, LAB, Terms(cents_per_job=500))
    assert paid.command(ask(), "32296183").card.text == (
        "This video may cost $11.31, and one may cost $5.00 at most. "
        "Say footage=no, or ask whoever looks after the app for a higher limit."
    )
    assert jobs_of(office) == []
    job = begun(office, paid.command(ask(), "32296183 footage=no tone=warm"))
    order = JobOrder.model_validate_json(job.order)
    assert (order.footage, order.tone, order.about_cents) == (False, "warm", 13)
    assert job.reserved_cents == 171
    assert "One video: $12.00." in paid.command(ask(BOSS), "admin quota dollars_per_job=12").card.text
    assert begun(office, paid.command(ask(), "32296183")).reserved_cents == 1_131


def test_the_card_says_what_it_may_cost_and_then_what_it_did(paid: Desk, office: Office) -> None:
    def card() -> str:
        return words_of(job_card(View(job=job_now(office, job.id), now=0.0)))

    job = begun(office, paid.command(ask(), "32296183"))
    assert "costs about $3.37, at most $11.31" in card()
    ledger.charge(office.database, job=job.id, purchase="p", cents=9)
    assert "$0.09 so far, at most $11.31" in card()
    ledger.release(office.database, job=job.id, give_back=False)
    paid.command(ask(), f"cancel {job.id}")
    assert "at most" not in card()
    assert "$0.09 was spent." in card()


def test_what_costs_nothing_clutters_no_card(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(), "32296183"))
    assert "$" not in words_of(job_card(View(job=job, now=0.0)))
    offered = desk.dropped(ask(file=unfetched()))
    assert offered is not None
    assert "$" not in words_of(offered.card)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ("voice=Kore", "hibari speaks"),
        ("style=calm", "ask without it"),
        ("tone=warm", "in the paper’s own words"),
        ("footage=yes", "not set up here"),
    ],
)
def test_what_no_provider_is_there_for_is_said_and_not_offered(
    desk: Desk, paid: Desk, office: Office, tmp_path: Path, wish: str, why: str
) -> None:
    name = wish.partition("=")[0]
    for reply in (
        desk.command(ask(), f"32296183 {wish}"),
        desk.command(ask(), f"cost 32296183 {wish}"),
        desk.command(ask(file=pdf(tmp_path)), wish),
    ):
        assert why in reply.card.text
    assert jobs_of(office) == []
    assert f"{name}=" not in words_of(desk.command(ask(), "help").card)
    assert f"{name}=" in words_of(paid.command(ask(), "help").card)
    assert f"{name}=" in words_of(paid.home(ask()))
    assert "costs about" in paid.command(ask(), f"cost 32296183 {wish}").card.text
    for there_anyway in ("voice=hibari", "tone=plain", "footage=no"):
        assert "costs nothing" in desk.command(ask(), f"cost 32296183 {there_anyway}").card.text


def test_the_link_is_that_of_the_latest_that_has_one(desk: Desk, office: Office, clock: FakeClock) -> None:
    first = done(desk, office, paper="28445112")
    clock.advance(60)
    assert first.link is not None
    failed(desk, office)
    assert first.link in desk.command(ask(), "link").card.text
    assert "ncbi is away" in words_of(desk.command(ask(ADA), "status").card).casefold()
