"""Workspaces and people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.database import Database
from storage.models import Workspace
from storage.records import Requester
from storage.workspaces import Terms, requester, set_terms, terms, user_id

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
