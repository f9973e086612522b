"""What a thread is told, who is mentioned, and what becomes of it when messages and places go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.port import PlaceGoneError, PortAwayError, PortRefusedError, Tag, UploadRefusedError
from jobs import control, flow
from jobs.failures import Verdict
from jobs.kit import Kit
from jobs.office import Office
from storage.database import Database
from storage.records import Job, JobState
from tests.bots.messaging import asked, kit_in, made, messenger, running, settled, until, with_story
from tests.bots.platforms import Platform, Post
from tests.databases import FakeClock
from tests.jobs.offices import begun, job_now, new_office, sent, work_through


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return new_office(database, tmp_path, web="https://hill.example")


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return kit_in(tmp_path)


def failed(office: Office, job: Job, *, retryable: bool = True) -> Job:
    """The job, whose latest run failed for good."""
    for message in sent(office):
        claim = begun(office, message)
        flow.fail(
            office,
            claim,
            Verdict(code="provider", sentence="It burnt.", retryable=retryable, reference="HH-1"),
        )
    job = job_now(office, job.id)
    assert job.state is JobState.FAILED
    return job


def mentions(platform: Platform) -> int:
    return sum(len(post.mentions) for post in platform.posts)


def only(posts: list[Post]) -> Post:
    (post,) = posts
    return post


def refusing(method: str, error: Exception) -> Callable[[str, str], None]:
    def trouble(called: str, channel: str) -> None:
        if called == method:
            raise error

    return trouble


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


# What people and admins of the platform do.


def test_a_message_that_a_person_deleted_stays_away_and_its_end_comes_by_dm(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            platform.delete(only(platform.of("message")))
            made(office, kit, job)
            await settled(office, job)
        assert [(post.channel, post.thread) for post in platform.living()] == [("D-UADA", None)] * 2
        assert [post.tag.what.split(":")[0] for post in platform.living()] == ["video", "end"]

    asyncio.run(story())


def test_under_a_dropped_paper_the_end_is_told_though_our_message_was_deleted(
    office: Office, kit: Kit
) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office, thread="root-1")
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            platform.delete(only(platform.of("message")))
            failed(office, job)
            await settled(office, job)
        assert [(post.channel, post.thread) for post in platform.living()] == [("C1", "root-1")]

    asyncio.run(story())


def test_when_the_dropped_paper_is_deleted_the_end_comes_by_dm(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        root = platform.new(channel="C1", thread=None, card=None, tag=Tag(job="", what="root"))
        job = asked(office, thread=root.id)
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            for post in platform.posts:
                platform.delete(post)
            failed(office, job)
            await settled(office, job)
        assert [post.channel for post in platform.living()] == ["D-UADA"]

    asyncio.run(story())


def test_a_closed_channel_moves_it_to_a_dm_once_and_says_why(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            platform.closed.add("C1")
            made(office, kit, job)
            await settled(office, job)
        there = platform.living("D-UADA")
        assert [post.tag.what.split(":")[0] for post in there] == [
            "moved-told",
            "message",
            "script",
            "video",
            "end",
        ]
        assert {post.thread for post in there[2:]} == {there[1].id}
        assert "Done" in there[1].text

    asyncio.run(story())


def test_one_who_cannot_be_told_at_all_is_left_alone(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform(closed={"C1"}, strangers={"UADA"})
        job = made(office, kit, asked(office))
        talker = messenger(office, kit, platform)
        async with running(talker):
            await settled(office, job)
            from storage import chat

            await until(lambda: not chat.due(office.database, "slack"))
        assert platform.posts == []

    asyncio.run(story())


def test_a_private_job_in_a_place_that_became_public_is_veiled(office: Office, kit: Kit) -> None:
    async def story() -> None:
        from storage.models import ChatMessage

        platform = Platform()
        job = made(office, kit, asked(office, kind="private"))
        office.database.do(lambda: ChatMessage.update(kind="public").execute())
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        in_public = platform.living("C1")
        assert len(in_public) == 1
        assert "Caption times" not in str(in_public[0].card)
        assert {post.tag.what.split(":")[0] for post in platform.living("D-UADA")} == {"video", "end"}

    asyncio.run(story())


def test_in_a_private_channel_its_own_job_is_whole(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office, kind="private"))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert "Caption times" in only(platform.of("message")).text
        assert {post.channel for post in platform.living()} == {"C1"}

    asyncio.run(story())


# Files.


def test_files_that_are_refused_do_not_keep_the_link_back(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform(trouble=refusing("upload", UploadRefusedError("No room.")))
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert platform.of("video") == []
        end = only(platform.of("end"))
        assert "could not be put here: the link has it" in end.words
        assert platform.calls["upload"] == 1

    asyncio.run(story())


def test_of_a_video_too_large_only_the_link_is_told(office: Office, kit: Kit) -> None:
    async def story() -> None:
        from storage.models import PublishedRow

        platform = Platform()
        job = made(office, kit, asked(office))
        office.database.do(lambda: PublishedRow.update(bytes=300_000_000).execute())
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert platform.calls["upload"] == 0
        assert "too large to be put here (300 MB)" in only(platform.of("end")).words

    asyncio.run(story())


def test_a_video_that_is_gone_from_the_store_does_not_keep_the_end_back(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        for file in job.files:
            office.objects.delete(file.key)
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert platform.of("video") == []
        assert len(platform.of("end")) == 1

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


def test_a_channel_that_is_back_before_it_was_noticed_is_written_to(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        once = iter([PlaceGoneError("not_in_channel")])

        def trouble(method: str, channel: str) -> None:
            if method == "post" and channel == "C1" and (error := next(once, None)) is not None:
                raise error

        platform.trouble = trouble
        async with running(messenger(office, kit, platform)):
            made(office, kit, job)
            await settled(office, job)
        # Whoever was told by direct message once is told there to the end.
        assert {post.channel for post in platform.living()} == {"D-UADA"}

    asyncio.run(story())
