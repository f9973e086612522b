"""Workspaces and people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.database import Database
from storage.models import Workspace
from storage.records import Requester
from storage.workspaces import (
    Terms,
    change_terms,
    is_code,
    requester,
    rotate_code,
    set_terms,
    terms,
    user_id,
)

ANN = Requester(workspace="lab", platform="slack", user="U1", name="Ann", admin=True)


def test_a_workspace_that_decided_nothing_has_the_defaults(database: Database) -> None:
    said = terms(database, "lab")
    assert said == Terms()
    assert (said.videos_per_user_day, said.cents_per_month, said.approval) == (10, 20_000, False)


def test_what_was_decided_stays_and_the_rest_follows_the_defaults(database: Database) -> None:
    set_terms(database, "lab", Terms(approval=True))
    set_terms(database, "lab", Terms(videos_per_day=None, retention_days=30))
    assert terms(database, "lab") == Terms(videos_per_day=None, retention_days=30)
    assert terms(database, "another") == Terms()
    row = database.do(lambda: Workspace.get_by_id("lab"))
    assert row.settings == '{"retention_days": 30, "videos_per_day": null}'


def test_a_setting_of_a_newer_program_is_passed_over(database: Database) -> None:
    set_terms(database, "lab", Terms(paused=True))
    database.do(lambda: Workspace.update(settings='{"paused": true, "hover": 3}').execute())
    assert terms(database, "lab") == Terms(paused=True)


def test_a_person_has_one_number_in_each_workspace_and_platform(database: Database) -> None:
    ann = user_id(database, ANN)
    assert user_id(database, ANN) == ann
    others = [
        ANN.model_copy(update=change) for change in ({"workspace": "b"}, {"platform": "d"}, {"user": "U2"})
    ]
    assert len({ann, *(user_id(database, other) for other in others)}) == 4


def test_a_person_who_is_new_to_many_threads_at_once_has_one_number(database: Database) -> None:
    with ThreadPoolExecutor(12) as threads:
        tries = [threads.submit(user_id, database, ANN) for _ in range(12)]
        assert len({one.result() for one in tries}) == 1


def test_a_name_follows_its_person_and_rights_are_not_remembered(database: Database) -> None:
    ann = user_id(database, ANN)
    assert requester(database, ann) == ANN.model_copy(update={"admin": False})
    user_id(database, ANN.model_copy(update={"name": "Ann B." + "x" * 300}))
    assert requester(database, ann).name == ("Ann B." + "x" * 300)[:200]
    user_id(database, ANN.model_copy(update={"name": ""}))
    assert requester(database, ann).name.startswith("Ann B.")
    with pytest.raises(LookupError):
        requester(database, ann + 100)


def test_who_may_use_the_app_is_remembered(database: Database) -> None:
    said = Terms(
        access="listed",
        guests=True,
        admins=("U1", "U2"),
        automatic=("C1",),
        alerts_to=("U3",),
        removed_at=5.0,
    )
    set_terms(database, "lab", said)
    assert terms(database, "lab") == said
    assert (Terms().access, Terms().guests, Terms().admins) == ("everyone", False, ())


def test_two_admins_who_change_different_things_at_once_both_succeed(database: Database) -> None:
    def add(user: str) -> Terms:
        return change_terms(
            database, "lab", lambda now: now.model_copy(update={"admins": (*now.admins, user)})
        )

    with ThreadPoolExecutor(8) as threads:
        for one in [threads.submit(add, f"U{number}") for number in range(8)]:
            one.result()
    assert set(terms(database, "lab").admins) == {f"U{number}" for number in range(8)}


def test_the_code_lets_in_however_it_is_typed(database: Database) -> None:
    code = rotate_code(database, "lab")
    assert len(code) == 8
    said = terms(database, "lab")
    for typed in (code, code.lower(), f" {code[:4]}-{code[4:]} ", code.replace("0", "O").replace("1", "l")):
        assert is_code(said, typed), typed
    for wrong in ("", code[:-1], code + "0", code[::-1] + "X", "pässwörd"):
        assert not is_code(said, wrong), wrong


def test_a_code_is_not_written_down_and_the_one_before_lets_nobody_in(database: Database) -> None:
    first = rotate_code(database, "lab")
    row = database.do(lambda: Workspace.get_by_id("lab"))
    assert first not in row.settings
    second = rotate_code(database, "lab")
    assert second != first
    assert not is_code(terms(database, "lab"), first)
    assert is_code(terms(database, "lab"), second)
    assert not is_code(Terms(), "")
    assert not is_code(Terms(), second)
