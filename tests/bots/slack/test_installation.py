"""Whose words are listened to: teams, organisations, programs, and ourselves."""

from __future__ import annotations

from typing import Any

import pytest

from bots.slack.installation import Door, Installation, person_of

ONE = Installation(team="T1", user="U0BOT", bot="B1")
#: Installed in a whole Enterprise Grid organisation.
ORG = Installation(team="T1", enterprise="E1", org=True, user="U0BOT", bot="B1")
#: A workspace of an organisation, with an installation of its own.
IN_ORG = Installation(team="T1", enterprise="E1", user="U0BOT", bot="B1")


def event(team: str | None = "T1", enterprise: str | None = None, **said: Any) -> dict[str, Any]:
    names = ("is_ext_shared_channel", "authorizations", "context_team_id")
    outer = {name: said.pop(name) for name in names if name in said}
    inner = {"type": "message", "user": "U1", **said}
    return {"type": "event_callback", "team_id": team, "enterprise_id": enterprise, "event": inner, **outer}


def command(team: str = "T1", enterprise: str | None = None) -> dict[str, Any]:
    return {"command": "/paper", "team_id": team, "enterprise_id": enterprise, "user_id": "U1"}


def press(team: str | None, enterprise: str | None, home: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": team and {"id": team},
        "enterprise": enterprise and {"id": enterprise},
        "user": {"id": "U1", "team_id": home},
    }


def test_workspaces_are_named_after_what_belongs_together() -> None:
    assert (ONE.workspace, IN_ORG.workspace, ORG.workspace) == ("slack:T1", "slack:T1", "slack:E1")


@pytest.mark.parametrize(
    ("installation", "allowed", "body", "verdict"),
    [
        (ONE, "", event(), "welcome"),
        (ONE, "", command(), "welcome"),
        (ONE, "", press("T1", None, "T1"), "welcome"),
        (ONE, "", event("T2"), "ignored"),
        (ONE, "", command("T2"), "ignored"),
        (ONE, "", command("T2") | {"response_url": "https://hooks"}, "stranger"),
        (ONE, "", press("T2", None, "T2"), "ignored"),
        # In a channel that another company made; who speaks is told by `users.info`, if not by the event.
        (ONE, "", event("T2", authorizations=[{"team_id": "T1"}]), "welcome"),
        (ONE, "", event("T2", authorizations=[{"team_id": "T1"}], user_team="T1"), "welcome"),
        (ONE, "", event("T2", authorizations=[{"team_id": "T1"}], user_team="T2"), "stranger"),
        (ONE, "", event("T2", context_team_id="T1"), "welcome"),
        (ONE, "", event("T1", authorizations=[{"team_id": "T2"}]), "ignored"),
        (ONE, "", press("T2", None, "T1"), "welcome"),
        (ONE, "", event(user_team="T2", is_ext_shared_channel=True), "stranger"),
        (ONE, "", event(source_team="T2"), "stranger"),
        (ONE, "", press("T1", None, "T2"), "stranger"),
        (ONE, "", event(user="U0BOT"), "ignored"),
        (ONE, "", event(user="USLACKBOT"), "ignored"),
        (ONE, "", event(user="U2", bot_id="B2"), "ignored"),
        (ONE, "", event(subtype="bot_message", user=None), "ignored"),
        (ONE, "", event(subtype="message_deleted", user=None, previous_message={"user": "U0BOT"}), "welcome"),
        (ONE, "", {}, "ignored"),
        (ONE, "T1, T3", event("T3"), "welcome"),
        (ONE, "T3", event("T1"), "ignored"),
        (IN_ORG, "", event("T1", "E1"), "welcome"),
        (IN_ORG, "", event("T2", "E1"), "ignored"),
        (ORG, "", event("T2", "E1", user_team="T2"), "welcome"),
        (ORG, "", press(None, "E1", "T2"), "welcome"),
        (ORG, "", command("T2", "E1"), "welcome"),
        (ORG, "", command("T9", "E9"), "ignored"),
        (ORG, "T1", event("T2", "E1"), "ignored"),
        (ORG, "T1", event("T1", "E1", user_team="T2"), "stranger"),
    ],
)
def test_the_door(installation: Installation, allowed: str, body: dict[str, Any], verdict: str) -> None:
    assert Door.of(installation, allowed).verdict(body) == verdict


def test_who_did_it() -> None:
    assert person_of(event()) == "U1"
    assert person_of(command()) == "U1"
    assert person_of(press("T1", None, "T1")) == "U1"
    assert person_of({"event": {"type": "user_change", "user": {"id": "U7"}}}) == "U7"
    assert person_of({"event": {"type": "app_uninstalled"}}) == ""


def test_people_of_an_organisation_are_known_by_it() -> None:
    door = Door.of(ORG, "")
    assert door.knows("T7", "E1")
    assert not door.knows("T7", "E2")
    assert Door.of(ORG, "T7").knows("E1", "E1", frozenset({"T7", "T8"}))
    assert not Door.of(ONE, "").knows("T2", None)
