"""The video's files: refused, too large, or gone, they keep nothing else back."""

from __future__ import annotations

import asyncio

from bots.port import UploadRefusedError
from jobs.kit import Kit
from jobs.office import Office
from storage.models import PublishedRow
from tests.bots.messaging import (
    asked,
    made,
    messenger,
    only,
    refusing,
    running,
    settled,
)
from tests.bots.platforms import Platform


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
