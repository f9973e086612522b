"""What becomes of a job's words when messages, channels and people go."""

from __future__ import annotations

import asyncio

from bots.port import PlaceGoneError, Tag
from jobs.kit import Kit
from jobs.office import Office
from storage import chat
from storage.models import ChatMessage
from tests.bots.messaging import (
    asked,
    failed,
    made,
    messenger,
    only,
    running,
    settled,
    until,
)
from tests.bots.platforms import Platform


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
            await until(lambda: not chat.due(office.database, "slack"))
        assert platform.posts == []

    asyncio.run(story())


def test_a_private_job_in_a_place_that_became_public_is_veiled(office: Office, kit: Kit) -> None:
    async def story() -> None:
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
