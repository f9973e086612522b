"""What the admins are told: once when it begins, once when it is over, whatever dies in between."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import cast

import pytest

from bots.messenger.alerts import EVERY, Alerts
from bots.messenger.threads import Threads
from jobs import flow
from jobs.failures import Verdict
from jobs.office import Office
from storage import ledger, seen, workers
from storage.database import Database
from storage.models import StageRunRow
from storage.workers import WorkerSign
from storage.workspaces import Terms, set_terms, user_id
from tests.bots.messaging import ADA, BEN, asked
from tests.bots.platforms import Crash, Fate, MortalDatabase, Platform, PlatformPort, Post
from tests.databases import FakeClock
from tests.jobs.offices import begun, new_office, ordered, sent

WORKER = WorkerSign(id="w", host="h", pid=1, io=1, cpu=1)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    set_terms(database, ADA.workspace, Terms(admins=("UADMIN",)))
    workers.seen(database, WORKER)
    return new_office(database, tmp_path)


def looked(office: Office, platform: Platform, times: int = 1, *, fate: Fate | None = None) -> None:
    """A process looks so many times, and ends."""

    async def story() -> None:
        fate_or_none = fate or Fate()
        mortal = cast(Database, MortalDatabase(office.database, fate_or_none))
        threads = Threads(2)
        alerts = Alerts(
            dataclasses.replace(office, database=mortal), PlatformPort(platform, fate_or_none), threads
        )
        for _ in range(times):
            await alerts.look()
        threads.close()

    asyncio.run(story())


def later(clock: FakeClock, office: Office, *, alive: bool = True) -> None:
    """Some minutes later, so that another process may have the duty."""
    clock.advance(3 * EVERY)
    if alive:
        workers.seen(office.database, WORKER)


def told(platform: Platform) -> list[str]:
    return [post.text for post in platform.living()]


def test_nothing_is_said_while_all_is_well(office: Office) -> None:
    platform = Platform()
    asked(office)
    looked(office, platform, 3)
    assert platform.posts == []


def test_that_no_worker_runs_is_told_once_and_that_one_is_back(office: Office, clock: FakeClock) -> None:
    platform = Platform()
    asked(office)
    later(clock, office, alive=False)
    looked(office, platform, 3)
    (post,) = platform.living("D-UADMIN")
    assert "No worker is running, and 1 video waits." in post.text
    later(clock, office, alive=False)
    looked(office, platform, 2)
    assert len(platform.posts) == 1, "another process tells it no second time"
    workers.seen(office.database, WORKER)
    looked(office, platform, 1)
    assert len(platform.posts) == 1, "it may be away again in a moment"
    later(clock, office)
    looked(office, platform, 4)
    assert "A worker is running again" in told(platform)[-1]
    assert len(platform.posts) == 2
    later(clock, office, alive=False)
    looked(office, platform)
    assert len(platform.posts) == 3, "another episode"


def test_what_lasts_for_weeks_is_told_once_though_events_are_forgotten(
    office: Office, clock: FakeClock
) -> None:
    platform = Platform()
    asked(office)
    later(clock, office, alive=False)
    looked(office, platform)
    clock.advance(8 * 86_400)
    seen.forget_before(office.database, clock() - 7 * 86_400)
    looked(office, platform)
    assert len(platform.posts) == 1


def test_a_refusal_tells_nothing_of_the_job_that_it_stopped(office: Office) -> None:
    platform = Platform()
    asked(office, kind="dm")
    for message in sent(office):
        verdict = Verdict(
            code="provider", sentence="It refuses “Secret paper”.", advice="Ask it.", reference="HH-1"
        )
        flow.fail(office, begun(office, message), verdict)
    looked(office, platform)
    (text,) = told(platform)
    assert "HH-1" in text
    assert "Secret" not in text


def test_without_anything_to_do_no_worker_is_needed(office: Office, clock: FakeClock) -> None:
    platform = Platform()
    user_id(office.database, ADA)
    later(clock, office, alive=False)
    looked(office, platform)
    assert platform.posts == []


def test_a_long_queue_is_told(office: Office, clock: FakeClock) -> None:
    platform = Platform()
    for number in range(4):
        asked(office, source=f"3229618{number}")
    clock.advance(700)
    workers.seen(office.database, WORKER)
    looked(office, platform)
    (post,) = platform.living()
    assert "stood in line for 12 min" in post.text


def test_a_budget_is_told_at_80_and_at_100_percent(office: Office, clock: FakeClock) -> None:
    platform = Platform()
    terms = Terms(admins=("UADMIN",), cents_per_day=100, cents_per_month=None, cents_per_user_day=None)
    set_terms(office.database, ADA.workspace, terms)
    job = ordered(office, ADA, estimate_cents=70)
    looked(office, platform)
    assert platform.posts == []
    ledger.charge(office.database, job=job.id, purchase="p", cents=85)
    later(clock, office)
    looked(office, platform, 2)
    assert ["85%" in text or "85 %" in text for text in told(platform)] == [True]
    ledger.charge(office.database, job=job.id, purchase="q", cents=20)
    later(clock, office)
    looked(office, platform, 5)
    assert len(platform.posts) == 2
    assert "used up" in told(platform)[-1]


def test_publishing_that_fails_is_told(office: Office, clock: FakeClock) -> None:
    platform = Platform()
    job = asked(office)
    office.database.do(
        lambda: StageRunRow.insert(job=job.id, stage="publish", state="due", failures=3).execute()
    )
    looked(office, platform)
    assert "object store" in told(platform)[0]


def test_a_provider_that_refuses_us_is_told_in_its_workspace(office: Office) -> None:
    platform = Platform()
    asked(office)
    for message in sent(office):
        verdict = Verdict(code="provider", sentence="Gemini refuses the key.", reference="HH-1")
        flow.fail(office, begun(office, message), verdict)
    looked(office, platform)
    assert "A provider refuses our requests." in told(platform)[0]
    assert "HH-1" in told(platform)[0]


def test_whom_the_platform_names_hears_it_when_nobody_else_was_named(
    office: Office, clock: FakeClock
) -> None:
    set_terms(office.database, ADA.workspace, Terms())
    platform = Platform(admin_ids=["UOWNER", "UOTHER", "UOWNER"])
    asked(office, BEN)
    later(clock, office, alive=False)
    looked(office, platform)
    assert sorted(post.channel for post in platform.living()) == ["D-UOTHER", "D-UOWNER"]


def test_one_who_cannot_be_told_does_not_keep_it_from_the_others(office: Office, clock: FakeClock) -> None:
    set_terms(office.database, ADA.workspace, Terms(alerts_to=("UGONE", "UADMIN")))
    platform = Platform(strangers={"UGONE"})
    asked(office)
    later(clock, office, alive=False)
    looked(office, platform, 3)
    assert [post.channel for post in platform.living()] == ["D-UADMIN"]


def test_a_workspace_that_removed_the_app_hears_nothing(office: Office, clock: FakeClock) -> None:
    platform = Platform()
    asked(office)
    set_terms(office.database, ADA.workspace, Terms(admins=("UADMIN",), removed_at=clock.now))
    later(clock, office, alive=False)
    looked(office, platform)
    assert platform.posts == []


def test_whenever_the_process_dies_an_alert_is_told_once(office: Office, clock: FakeClock) -> None:
    asked(office)
    later(clock, office, alive=False)
    survived = moment = 0
    while survived < 2:
        moment += 1
        platform = Platform()
        try:
            looked(office, platform, fate=Fate(at=moment))
        except Crash:
            pass
        else:
            survived += 1
        later(clock, office, alive=False)
        looked(office, platform)
        posts: list[Post] = platform.living()
        assert len(posts) == 1, moment
        # Another episode for the next death.
        workers.seen(office.database, WORKER)
        later(clock, office)
        looked(office, Platform(), 4)
        later(clock, office, alive=False)
    assert moment > 8
