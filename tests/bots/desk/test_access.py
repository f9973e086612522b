"""Who may have videos made: everybody, those with the code, those on the list."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

from bots.desk.access import TRIES
from bots.desk.desk import Desk
from jobs.office import Office
from storage import audit, workspaces
from storage.records import Requester
from storage.workspaces import Terms
from tests.bots.desks import ADA, BEN, BOSS, KNOWN, LAB, ask, jobs_of
from tests.databases import FakeClock

#: The same paper again would be the same job.
_papers = itertools.count(1)


def lets(desk: Desk, who: Requester = ADA, *, guest: bool = False) -> bool:
    """Whether `who` may have a video made."""
    return desk.command(ask(who, guest=guest), str(next(_papers))).job is not None


def code(desk: Desk) -> str:
    """A new access code, as an admin hears it."""
    text = desk.command(ask(BOSS), "rotate-code").card.text
    return text.split("access code is ")[1].split(":")[0]


def test_everybody_but_guests(desk: Desk) -> None:
    assert lets(desk)
    assert not lets(desk, BEN, guest=True)
    desk.command(ask(BOSS), "admin guests on")
    assert lets(desk, BEN, guest=True)


def test_a_guest_may_be_let_in_alone(desk: Desk) -> None:
    assert "Guests" in desk.command(ask(BEN, guest=True), "32296183").card.text
    desk.command(ask(BOSS, mentions=KNOWN), "admin let-in @U0BEN")
    assert lets(desk, BEN, guest=True)


def test_those_who_know_the_code(desk: Desk, office: Office) -> None:
    desk.command(ask(BOSS), "admin allow code")
    assert "/paper join CODE" in desk.command(ask(), "32296183").card.text
    secret = code(desk)
    assert len(secret) == 8
    assert "not the access code" in desk.command(ask(), "join ABCDEFGH").card.text
    assert not lets(desk)
    assert "You’re in" in desk.command(ask(), f"join {secret[:4].lower()}-{secret[4:]}").card.text
    assert lets(desk)
    assert lets(desk, BOSS)
    # A new code keeps nobody out who is in, and the old one lets nobody in.
    code(desk)
    assert lets(desk)
    assert "not the access code" in desk.command(ask(BEN), f"join {secret}").card.text
    assert secret not in "".join(entry.model_dump_json() for entry in audit.entries(office.database, LAB))


def test_wrong_codes_run_out_for_an_hour(desk: Desk, clock: FakeClock) -> None:
    desk.command(ask(BOSS), "admin allow code")
    secret = code(desk)
    for _ in range(TRIES):
        assert "not the access code" in desk.command(ask(), "join WRONG").card.text
    assert "too many" in desk.command(ask(), f"join {secret}").card.text
    assert "You’re in" in desk.command(ask(BEN), f"join {secret}").card.text
    clock.advance(3_599)
    assert "too many" in desk.command(ask(), f"join {secret}").card.text
    clock.advance(2)
    assert "You’re in" in desk.command(ask(), f"join {secret}").card.text


def test_trying_all_at_once_does_not_help(desk: Desk, office: Office) -> None:
    desk.command(ask(BOSS), "admin allow code")
    code(desk)
    desk.command(ask(), "help")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: desk.command(ask(), f"join WRONG{n}").card.text, range(20)))
    assert sum("not the access code" in answer for answer in answers) == TRIES


def test_where_no_code_is_needed_none_is_asked_for(desk: Desk) -> None:
    assert "No code is needed" in desk.command(ask(), "join ABCDEFGH").card.text
    desk.command(ask(BOSS), "admin allow listed")
    assert "let in" in desk.command(ask(), "join ABCDEFGH").card.text
    desk.command(ask(BOSS), "admin allow code")
    assert "Say the access code too" in desk.command(ask(), "join").card.text


def test_before_there_is_a_code_nothing_is_one(desk: Desk) -> None:
    desk.command(ask(BOSS), "admin allow code")
    assert "not the access code" in desk.command(ask(), "join none").card.text


def test_those_on_the_list(desk: Desk) -> None:
    desk.command(ask(BOSS), "admin allow listed")
    assert not lets(desk)
    desk.command(ask(BOSS, mentions=KNOWN), "admin let-in @U0ADA")
    assert lets(desk)
    desk.command(ask(BOSS, mentions=KNOWN), "admin shut-out @U0ADA")
    assert not lets(desk)


def test_whoever_is_blocked_stays_so_with_the_code(desk: Desk) -> None:
    desk.command(ask(BOSS), "admin allow code")
    secret = code(desk)
    desk.command(ask(), "help")
    desk.command(ask(BOSS, mentions=KNOWN), "admin block @U0ADA")
    assert "decided so" in desk.command(ask(), f"join {secret}").card.text
    assert not lets(desk)
    desk.command(ask(BOSS, mentions=KNOWN), "admin unblock @U0ADA")
    assert "You’re in" in desk.command(ask(), f"join {secret}").card.text


def test_only_admins_hear_the_code(desk: Desk, office: Office) -> None:
    before = workspaces.terms(office.database, LAB)
    assert "Only an admin" in desk.command(ask(), "rotate-code").card.text
    assert workspaces.terms(office.database, LAB) == before


def test_a_paused_workspace_says_so(desk: Desk, office: Office) -> None:
    workspaces.set_terms(office.database, LAB, Terms(paused=True))
    assert "Paused: no videos" in desk.command(ask(), "32296183").card.text
    assert jobs_of(office) == []
