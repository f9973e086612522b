"""The messenger: one message a job, equal to its row; everything said once, whatever dies in between."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading

import pytest

from bots.messenger.holding import LEASE
from bots.messenger.messenger import PROGRESS_EVERY
from bots.messenger.pacing import Pacing
from bots.port import BusyError, PortRefusedError
from jobs import flow
from jobs.kit import Kit
from jobs.office import Office
from storage import chat, jobs, workers
from storage.models import ChatMessage, JobRow
from storage.quotas import Caps
from storage.records import JobState
from storage.workers import WorkerSign
from storage.workspaces import Terms, set_terms
from tests.bots.messaging import (
    ADA,
    asked,
    is_settled,
    lives,
    made,
    messenger,
    running,
    settled,
    until,
)
from tests.bots.platforms import Crash, Fate, Platform, PlatformPort, Post
from tests.bots.scripts import with_story
from tests.databases import FakeClock
from tests.jobs.offices import begun, ordered, sent, work_through

#: A workspace without limits.
FREE = Terms.model_validate(dict.fromkeys(Caps.model_fields))


def test_a_job_has_one_message_that_is_edited_and_ends_in_one_notification(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            made(office, kit, job)
            await settled(office, job)
        (message,) = platform.of("message")
        assert message.thread is None
        assert "Done" in message.text
        assert message.mentions == []
        assert [len(platform.of(what)) for what in ("script", "video", "end")] == [1, 1, 1]
        assert {post.thread for post in platform.living() if post is not message} == {message.id}
        (video,) = platform.of("video")
        assert video.files == (
            f"caption-times-{job.id}.mp4",
            f"caption-times-{job.id}-cover.jpg",
            f"caption-times-{job.id}.srt",
            f"caption-times-{job.id}.vtt",
        )
        assert [post.mentions for post in platform.living() if post.mentions] == [["UADA"]]
        assert platform.of("end")[0].mentions == ["UADA"]

    asyncio.run(story())


@pytest.mark.parametrize("part", range(4))
def test_whenever_it_dies_everything_is_there_once(
    office: Office, kit: Kit, clock: FakeClock, part: int
) -> None:
    """A process dies at each of its moments in turn, before or after rows and calls; another goes on."""
    job = made(office, kit, asked(office))
    stride = 4 if office.database.dialect == "sqlite" else 12

    def one_life(platform: Platform, fate: Fate) -> bool:
        """Whether it came to its end."""
        worker = messenger(office, kit, platform, fate=fate, every=10.0)
        try:
            asyncio.run(lives(worker, lambda: is_settled(office, job)))
        except Crash:
            return False
        return True

    survived, moment = 0, part + 1 - stride
    while survived < 2:
        moment += stride
        office.database.do(lambda: _anew(office, job.id))
        platform = Platform()
        survived += one_life(platform, Fate(at=moment))
        clock.advance(LEASE + 1)
        assert one_life(platform, Fate())
        counts = {what: len(platform.of(what)) for what in ("message", "script", "video", "end")}
        assert counts == {"message": 1, "script": 1, "video": 1, "end": 1}, moment
    assert moment > 30


def _anew(office: Office, job: str) -> None:
    """As if the job had just been asked for."""
    ChatMessage.delete().where(ChatMessage.job == job).execute()
    chat.open_chat(
        office.database, job=job, platform="slack", workspace=ADA.workspace, channel="C1", kind="public"
    )


def test_two_processes_say_everything_once(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        jobs = [asked(office, source=f"3229618{number}") for number in range(4)]
        one, other = messenger(office, kit, platform), messenger(office, kit, platform)
        async with running(one), running(other):
            for job in jobs:
                with_story(office, kit, job)
            work_through(office)
            for job in jobs:
                one.hint(job.id)
                other.hint(job.id)
            await settled(office, *jobs)
        for what in ("message", "script", "video", "end"):
            assert len(platform.of(what)) == len({post.tag.job for post in platform.of(what)}) == 4, what

    asyncio.run(story())


def test_a_thousand_hints_become_a_few_edits(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        flow_began = sent(office)
        claim = begun(office, flow_began[0])
        talker = messenger(office, kit, platform, every=60.0, lively=60.0)
        loop = asyncio.get_running_loop()
        async with running(talker):
            await until(lambda: platform.of("message"))
            began = loop.time()

            def changes() -> None:
                for number in range(1, 201):
                    flow.progress(office, claim, number / 400, f"page {number}")
                    for _ in range(5):
                        talker.hint(job.id)

            thread = threading.Thread(target=changes)
            thread.start()
            await asyncio.to_thread(thread.join)
            await settled(office, job)
            lasted = loop.time() - began
        (message,) = platform.of("message")
        assert 1 <= message.edits <= 2 + lasted / PROGRESS_EVERY

    asyncio.run(story())


def test_of_a_hundred_jobs_in_one_channel_every_end_is_shown(office: Office, kit: Kit) -> None:
    """Every seventh write is too many for the platform, whatever we do."""

    async def story() -> None:
        platform = Platform()
        writes = itertools.count(1)

        def limit(method: str, channel: str) -> None:
            if method in ("post", "edit", "upload") and next(writes) % 7 == 0:
                raise BusyError(0.02)

        platform.trouble = limit
        set_terms(office.database, ADA.workspace, FREE)
        all_jobs = [asked(office, source=str(32296000 + number)) for number in range(100)]
        office.database.do(lambda: JobRow.update(state=str(JobState.RUNNING)).execute())
        pacing = Pacing(rate=200.0, burst=4.0, edit_rate=1e6, edit_burst=1e6)
        talker = messenger(office, kit, platform, pacing=pacing, every=60.0, lively=1.0)
        async with running(talker):
            await until(lambda: len(platform.of("message")) == 100)
            for number, job in enumerate(all_jobs):
                state = JobState.CANCELLED if number % 2 else JobState.DONE
                office.database.do(lambda job=job, state=state: _end(office, job.id, state))  # type: ignore[misc]
                talker.hint(job.id)
            await until(
                lambda: len(platform.of("end")) == 50 and all(map(_shows_an_end, platform.of("message")))
            )
        assert next(writes) > 7 * 25
        for number, job in enumerate(all_jobs):
            (message,) = [post for post in platform.of("message") if post.tag.job == job.id]
            assert ("Cancelled" if number % 2 else "Done") in message.text
        assert len(platform.of("end")) == 50

    asyncio.run(story())


def _shows_an_end(post: Post) -> bool:
    return "Done" in post.text or "Cancelled" in post.text


def _end(office: Office, job: str, state: JobState) -> None:
    now = office.database.now()
    jobs.change(office.database, job, [JobState.RUNNING], state=state, stage="publish", finished_at=now)


def test_one_that_cannot_be_looked_at_does_not_hide_the_others(
    office: Office, kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        platform = Platform()
        broken, well = asked(office), asked(office, source="32296184")
        office.database.do(lambda: JobRow.update(paper="{").where(JobRow.id == broken.id).execute())
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
        assert [post.tag.job for post in platform.of("message")] == [well.id]

    with caplog.at_level(logging.CRITICAL):
        asyncio.run(story())


def test_one_that_cannot_be_told_does_not_stop_the_others(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        asked(office, channel="C-broken")
        asked(office, source="32296184", channel="C-well")

        def trouble(method: str, channel: str) -> None:
            if channel == "C-broken":
                raise RuntimeError("a mistake")

        platform.trouble = trouble
        async with running(messenger(office, kit, platform)) as task:
            await until(lambda: platform.of("message") and platform.calls["post"] >= 2)
            assert not task.done()
        assert [post.channel for post in platform.of("message")] == ["C-well"]

    asyncio.run(story())


def test_a_hint_may_come_before_the_message_is_noted(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        talker = messenger(office, kit, platform, every=60.0)
        job = ordered(office, ADA)
        async with running(talker):
            await until(lambda: platform.calls["admins"] == 0)
            talker.hint(job.id)
            await asyncio.to_thread(
                chat.open_chat,
                office.database,
                job=job.id,
                platform="slack",
                workspace=ADA.workspace,
                channel="C1",
                kind="public",
            )
            await until(lambda: platform.of("message"))

    asyncio.run(story())


def test_jobs_of_elsewhere_are_none_of_its_business(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        elsewhere, ours = ordered(office), asked(office)
        talker = messenger(office, kit, platform)
        async with running(talker):
            talker.hint(elsewhere.id)
            talker.hint(ours.id)
            await settled(office, ours)
        assert {post.tag.job for post in platform.posts} == {ours.id}

    asyncio.run(story())


def test_that_no_worker_lives_is_said_without_any_change_of_the_row(
    office: Office, kit: Kit, clock: FakeClock
) -> None:
    async def story() -> None:
        platform = Platform()
        workers.seen(office.database, WorkerSign(id="w", host="h", pid=1, io=1, cpu=1))
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            assert "No worker" not in platform.of("message")[0].words
            await settled(office, job)
            clock.advance(office.rules.worker_gone_after + 1)
            await until(lambda: "no worker" in platform.of("message")[0].words.lower())
            workers.seen(office.database, WorkerSign(id="w", host="h", pid=1, io=1, cpu=1))
            await until(lambda: "no worker" not in platform.of("message")[0].words.lower())

    asyncio.run(story())


def test_it_ends_when_the_platform_refuses_it(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        asked(office)

        def revoked(method: str, channel: str) -> None:
            raise PortRefusedError("The token was revoked.", "Install the app again.")

        platform.trouble = revoked
        async with asyncio.timeout(30):
            await messenger(office, kit, platform).run(asyncio.Event())

    with pytest.raises(PortRefusedError, match="revoked"):
        asyncio.run(story())


def test_it_stops_at_once_though_the_platform_does_not_answer(office: Office, kit: Kit) -> None:
    class Silent(PlatformPort):
        async def _answered(self) -> None:
            silent.set()
            await asyncio.Event().wait()

    silent = asyncio.Event()

    async def story() -> None:
        platform = Platform()
        job = asked(office)
        talker = messenger(office, kit, platform)
        talker._teller.port = Silent(platform)
        async with running(talker):
            await silent.wait()
        # What was held is free, so that the next process need not wait for a lease to end.
        assert chat.take(office.database, job.id, "another", 1.0) is not None

    asyncio.run(story())
