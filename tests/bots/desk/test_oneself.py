"""What is a person's own: their list, what they prefer, and being forgotten."""

from __future__ import annotations

from bots.cards.card import Chosen
from bots.desk.desk import Desk
from jobs.office import Office
from storage import audit, members, workspaces
from storage.records import JobState
from storage.workspaces import Terms
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    KNOWN,
    LAB,
    ask,
    begun,
    buttons_of,
    done,
    jobs_of,
    made,
    pressed,
    words_of,
)
from tests.databases import FakeClock
from tests.jobs.offices import job_now


def test_preferences_are_used_when_nothing_is_said(desk: Desk, office: Office) -> None:
    desk.command(ask(), "me seconds=45 audience=peer approve=yes")
    job = made(desk, office)
    assert '"seconds":45' in job.order
    assert '"audience":"peer"' in job.order
    assert job.needs_approval
    other = begun(office, desk.command(ask(), "32296184 seconds=90 audience=student approve=no"))
    assert '"seconds":90' in other.order
    assert '"audience":"student"' in other.order
    assert not other.needs_approval
    desk.command(ask(), "me reset")
    assert (
        members.preferences(office.database, workspaces.user_id(office.database, ADA))
        == members.Preferences()
    )


def test_preferences_by_choice(desk: Desk, office: Office) -> None:
    user = workspaces.user_id(office.database, ADA)
    for deed, value in (("me-seconds", "60"), ("me-audience", "student"), ("me-approve", "yes")):
        pressed(desk, ADA, deed, Chosen(values=(value,)).model_dump_json())
    assert members.preferences(office.database, user) == members.Preferences(
        seconds=60, audience="student", approve=True
    )
    for deed, value in (("me-seconds", "-"), ("me-audience", "everybody"), ("me-approve", "no")):
        pressed(desk, ADA, deed, Chosen(values=(value,)).model_dump_json())
    assert members.preferences(office.database, user) == members.Preferences(
        audience="student", approve=False
    )
    for nonsense in ("", "{}", "[]", Chosen(values=("1", "2")).model_dump_json()):
        assert pressed(desk, ADA, "me-seconds", nonsense).card.text == "Nothing was chosen."
    blocking = Chosen(values=("yes",)).model_dump_json()
    assert pressed(desk, ADA, "me-blocked", blocking).card.text == "Nothing was chosen."


def test_me_refuses_what_it_does_not_know(desk: Desk) -> None:
    assert "second" in desk.command(ask(), "me second=60").card.text
    assert "foo" in desk.command(ask(), "me foo").card.text
    assert "Ada" in words_of(desk.command(ask(), "me").card)


def test_being_forgotten_asks_first_and_leaves_nothing(desk: Desk, office: Office) -> None:
    db = office.database
    bens = done(desk, office, BEN, paper="3")
    finished, running = done(desk, office, paper="1"), made(desk, office, paper="2")
    desk.command(ask(), "me seconds=45")
    question = desk.command(ask(), "forget-me")
    assert "all 2 of your videos" in question.card.text
    button = buttons_of(question.card)["forget-me"]
    assert button.confirm is not None
    assert len(jobs_of(office)) == 3
    reply = pressed(desk, ADA, button.deed, button.value)
    assert "You are forgotten" in reply.card.text
    assert [job.id for job in jobs_of(office)] == [bens.id]
    assert [job_now(office, job.id).state for job in (finished, running)] == [JobState.DELETED] * 2
    (me,) = [one for one in members.members(db, LAB) if one.requester.user == "U0ADA"]
    assert (me.requester.name, me.preferences) == ("", members.Preferences())
    assert "Ada" not in "".join(entry.model_dump_json() for entry in audit.entries(db, LAB))


def test_forgetting_oneself_does_not_lift_a_block(desk: Desk) -> None:
    desk.command(ask(), "help")
    desk.command(ask(BOSS, mentions=KNOWN), "admin block @U0ADA")
    pressed(desk, ADA, "forget-me", "")
    assert "decided so" in desk.command(ask(), "32296183").card.text


def test_a_list_shows_ones_own_and_its_pages_turn(desk: Desk, office: Office, clock: FakeClock) -> None:
    workspaces.set_terms(office.database, LAB, Terms(videos_per_user_day=None))
    for number in range(1, 13):
        made(desk, office, paper=str(number))
        clock.advance(1)
    bens = made(desk, office, BEN, paper="99")
    first = desk.command(ask(), "list").card
    older = buttons_of(first)["list"]
    second = pressed(desk, ADA, "list", older.value)
    assert second.replace
    assert bens.id not in words_of(first) + words_of(second.card)
    assert "12" in words_of(first)
    # A page behind the last one is the last one.
    assert pressed(desk, ADA, "list", "500").card == second.card
    assert words_of(desk.home(ask(), 500)) == words_of(desk.home(ask(), 10))
