"""What a thread is told, and who is mentioned."""

from __future__ import annotations

import asyncio

from bots.port import PortAwayError, PortRefusedError
from jobs import control, flow
from jobs.failures import Verdict
from jobs.kit import Kit
from jobs.office import Office
from storage.records import JobState
from tests.bots.messaging import (
    asked,
    failed,
    made,
    mentions,
    messenger,
    only,
    refusing,
    running,
    settled,
    until,
)
from tests.bots.platforms import Platform
from tests.bots.scripts import with_story
from tests.databases import FakeClock
from tests.jobs.offices import begun, job_now, sent, work_through


def test_a_failure_is_told_once_and_each_retry_ends_once_more(
    office: Office, kit: Kit, clock: FakeClock
) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            failed(office, job)
            await settled(office, job)
            message = only(platform.of("message"))
            end = only(platform.of("end"))
            assert (end.thread, end.mentions) == (message.id, ["UADA"])
            assert message.reactions == {"retry"}
            clock.advance(1)
            control.retry(office, job.id, by="Ada")
            await settled(office, job)
            assert message.reactions == set()
            clock.advance(1)
            failed(office, job)
            await settled(office, job)
            assert message.reactions == {"retry"}
            assert len(platform.of("end")) == 2
            clock.advance(1)
            control.retry(office, job.id, by="Ada")
            made(office, kit, job)
            await settled(office, job)
        assert message.reactions == set()
        assert (len(platform.of("end")), mentions(platform), len(platform.of("video"))) == (3, 3, 1)

    asyncio.run(story())


def test_what_cannot_be_retried_gets_no_sign_for_it(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            failed(office, job, retryable=False)
            await settled(office, job)
        assert only(platform.of("message")).reactions == set()
        assert len(platform.of("end")) == 1

    asyncio.run(story())


def test_a_reaction_that_is_not_allowed_keeps_nothing_back(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform(trouble=refusing("react", PortRefusedError("missing_scope")))
        job = asked(office)
        async with running(messenger(office, kit, platform)) as task:
            failed(office, job)
            await settled(office, job)
            assert not task.done()
        assert len(platform.of("end")) == 1

    asyncio.run(story())


def test_a_script_that_waits_for_approval_is_asked_about_once(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office, needs_approval=True)
        with_story(office, kit, job)
        work_through(office)
        assert job_now(office, job.id).state is JobState.AWAITING_APPROVAL
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
            question = only(platform.of("approval"))
            assert question.mentions == ["UADA"]
            assert platform.posts.index(only(platform.of("script"))) < platform.posts.index(question)
            control.approve(office, job.id, by="Ada")
            await settled(office, job)
            assert "approved" in question.text
            made(office, kit, job)
            await settled(office, job)
        assert (len(platform.of("approval")), len(platform.of("script"))) == (1, 1)
        assert len([post for post in platform.living() if post.mentions]) == 1  # the question is answered
        assert len(platform.of("end")) == 1

    asyncio.run(story())


def test_a_job_of_a_dropped_paper_hangs_under_it(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office, thread="root-1"))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert {post.thread for post in platform.living()} == {"root-1"}
        assert len(platform.living()) == 4

    asyncio.run(story())


def test_a_video_made_before_is_told_like_any_other(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        made(office, kit, asked(office))
        again = asked(office)
        assert job_now(office, again.id).state is JobState.DONE
        async with running(messenger(office, kit, platform)):
            await settled(office, again)
        mine = [post for post in platform.living() if post.tag.job == again.id]
        assert [post.tag.what.split(":")[0] for post in mine] == ["message", "video", "end"]

    asyncio.run(story())


def test_a_redo_uploads_anew_and_tells_once(office: Office, kit: Kit, clock: FakeClock) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
            clock.advance(60)
            control.redo(office, job.id, 0, by="Ada")
            made(office, kit, job)
            await settled(office, job)
        first, second = platform.of("video")
        assert not set(first.files) & set(second.files)
        assert (len(platform.of("end")), len(platform.of("script"))) == (2, 1)

    asyncio.run(story())


def test_a_redo_that_failed_says_that_the_video_is_as_it_was(
    office: Office, kit: Kit, clock: FakeClock
) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
            clock.advance(60)
            control.redo(office, job.id, 0, by="Ada")
            for message in sent(office):
                verdict = Verdict(code="provider", sentence="It burnt.", reference="HH-2")
                flow.fail(office, begun(office, message), verdict)
            await settled(office, job)
            assert job_now(office, job.id).state is JobState.DONE
        assert len(platform.of("video")) == 1
        last = platform.of("end")[-1]
        assert "HH-2" in last.text
        assert last.mentions == ["UADA"]

    asyncio.run(story())


def test_a_rebuild_that_failed_says_that_the_file_is_missing(
    office: Office, kit: Kit, clock: FakeClock
) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
            clock.advance(60)
            office.objects.delete(job_now(office, job.id).files[0].key)
            control.rebuild(office, job.id, by="Ada")
            for message in sent(office):
                verdict = Verdict(code="provider", sentence="It burnt.", reference="HH-2")
                flow.fail(office, begun(office, message), verdict)
            await settled(office, job)
        assert len(platform.of("video")) == 1
        assert "still missing" in platform.of("end")[-1].text
        assert "the video’s file is missing" in platform.of("message")[-1].text

    asyncio.run(story())


def test_a_redo_that_was_cancelled_needs_no_words(office: Office, kit: Kit, clock: FakeClock) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
            clock.advance(60)
            control.redo(office, job.id, 0, by="Ada")
            control.cancel(office, job.id, by="Ada")
            await settled(office, job)
        assert (len(platform.of("end")), len(platform.of("video"))) == (1, 1)

    asyncio.run(story())


def test_a_deleted_job_leaves_nothing_that_tells_of_it(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
            control.delete(office, job.id, by="Ada")
            await settled(office, job)
        message = only(platform.living())
        assert "deleted" in message.text
        assert "Caption" not in str(message.card)

    asyncio.run(story())


def test_what_got_out_though_its_answer_was_lost_is_not_said_again(office: Office, kit: Kit) -> None:
    """The platform takes each message, and the connection breaks before it says so."""

    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        lost: set[str] = set()
        talker = messenger(office, kit, platform)
        port = talker._teller.port
        answered = port._answered  # type: ignore[attr-defined]

        async def breaks() -> None:
            await answered()
            latest = platform.posts[-1].tag.what
            if latest not in lost:
                lost.add(latest)
                raise PortAwayError("The connection broke.")

        port._answered = breaks  # type: ignore[attr-defined]
        async with running(talker):
            await settled(office, job)
        assert len(lost) == 4
        for what in ("message", "script", "video", "end"):
            assert len(platform.of(what)) == 1, what

    asyncio.run(story())
