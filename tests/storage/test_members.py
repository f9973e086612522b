"""People of a workspace: what they prefer, what they had, and what is left when they are forgotten."""

from __future__ import annotations

import pytest

from storage import jobs, members, workspaces
from storage.database import Database
from storage.jobs import NewJob
from storage.members import Preferences
from storage.models import User
from storage.records import JobState, Requester
from tests.databases import FakeClock

ADA = Requester(workspace="slack:T1", platform="slack", user="U1", name="Ada")
BEN = Requester(workspace="slack:T1", platform="slack", user="U2", name="Ben")
EVE = Requester(workspace="slack:T2", platform="slack", user="U1", name="Eve")


def asked(db: Database, who: Requester, job: str, state: JobState) -> None:
    new = NewJob(
        id=job,
        workspace=who.workspace,
        user=workspaces.user_id(db, who),
        private=False,
        order="{}",
        source="1",
        sameness=job,
        state=state,
        stage="publish",
        needs_approval=False,
        estimate_cents=0,
        token=job,
    )
    db.do(lambda: jobs.add(db, new))


def test_who_said_nothing_prefers_nothing(database: Database) -> None:
    ada = workspaces.user_id(database, ADA)
    assert members.preferences(database, ada) == Preferences()
    assert members.preferences(database, ada + 100) == Preferences()


def test_preferences_are_kept_each_persons_own(database: Database) -> None:
    ada, ben = (workspaces.user_id(database, who) for who in (ADA, BEN))
    likes = Preferences(seconds=45, audience="peer", approve=False, joined=True, blocked=True)
    members.set_preferences(database, ada, likes)
    assert members.preferences(database, ada) == likes
    assert members.preferences(database, ben) == Preferences()
    members.set_preferences(database, ada, Preferences(audience="student"))
    assert members.preferences(database, ada) == Preferences(audience="student")


def test_what_a_newer_program_remembers_is_passed_over(database: Database) -> None:
    ada = workspaces.user_id(database, ADA)
    database.do(lambda: User.update(preferences='{"seconds": 50, "hover": 1}').execute())
    assert members.preferences(database, ada) == Preferences(seconds=50)


def test_finding_somebody_makes_nobody(database: Database) -> None:
    assert members.find(database, ADA) is None
    assert members.members(database, ADA.workspace) == []
    ada = workspaces.user_id(database, ADA)
    assert members.find(database, ADA) == ada
    assert members.find(database, EVE) is None


def test_members_are_told_with_their_videos(database: Database, clock: FakeClock) -> None:
    begun = clock.now
    workspaces.user_id(database, BEN)
    asked(database, EVE, "e1", JobState.DONE)
    asked(database, ADA, "a1", JobState.DONE)
    clock.advance(5.0)
    asked(database, ADA, "a2", JobState.FAILED)
    ada, ben = members.members(database, "slack:T1")
    assert (ada.requester, ada.videos, ada.last_at) == (ADA, 1, begun + 5.0)
    assert (ben.requester, ben.videos, ben.last_at) == (BEN, 0, None)
    assert [one.requester.name for one in members.members(database, "slack:T2")] == ["Eve"]


def test_whoever_asked_last_is_first(database: Database, clock: FakeClock) -> None:
    for number, who in enumerate((ADA, BEN)):
        asked(database, who, f"j{number}", JobState.DONE)
        clock.advance(5.0)
    assert [one.requester.name for one in members.members(database, "slack:T1")] == ["Ben", "Ada"]


@pytest.mark.parametrize("blocked", [False, True])
def test_who_is_forgotten_keeps_their_number_and_an_admins_block(database: Database, blocked: bool) -> None:
    ada, ben = (workspaces.user_id(database, who) for who in (ADA, BEN))
    for user in (ada, ben):
        members.set_preferences(database, user, Preferences(seconds=45, joined=True, blocked=blocked))
    members.forget(database, ada)
    assert members.preferences(database, ada) == Preferences(blocked=blocked)
    assert workspaces.requester(database, ada).name == ""
    assert workspaces.user_id(database, ADA.model_copy(update={"name": ""})) == ada
    assert members.preferences(database, ben).seconds == 45
    assert workspaces.requester(database, ben).name == "Ben"
