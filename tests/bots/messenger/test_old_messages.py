"""Messages that a platform lets be edited no more: the job goes on below, and a deletion forgets them too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bots.port import MessageOldError
from jobs import control
from jobs.kit import Kit
from jobs.office import Office
from storage.chat import chat_of
from tests.bots.messaging import asked, made, messenger, running, settled, until
from tests.bots.platforms import Platform


def too_old(times: int) -> Callable[[str, str], None]:
    left = [times]

    def trouble(called: str, channel: str) -> None:
        if called == "edit" and left[0] > 0:
            left[0] -= 1
            raise MessageOldError("It is too old.")

    return trouble


def test_a_new_message_in_the_thread_takes_its_place(office: Office, kit: Kit) -> None:
    platform = Platform()
    job = asked(office)

    async def story() -> None:
        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.posts)
            platform.trouble = too_old(1)
            made(office, kit, job)
            await settled(office, job)

    asyncio.run(story())
    old, *others = platform.living()
    at = chat_of(office.database, job.id)
    assert at is not None
    assert old.text == "This goes on below, in the thread."
    assert (at.thread, at.message != old.id) == (old.id, True)
    new = platform.get(str(at.message))
    assert new.thread == old.id
    assert "Done" in new.words
    assert all(post.thread == old.id for post in others)


def test_of_a_deleted_job_the_old_message_goes(office: Office, kit: Kit) -> None:
    platform = Platform()
    job = asked(office)

    async def story() -> None:
        async with running(messenger(office, kit, platform)):
            made(office, kit, job)
            await settled(office, job)
            platform.trouble = too_old(99)
            control.delete(office, job.id, by="Ada")
            await until(lambda: not platform.living())

    asyncio.run(story())
    assert platform.posts
