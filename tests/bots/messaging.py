"""A messenger on a platform in memory, over real rows: how tests begin one, and how they wait for it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from bots.messenger.messenger import Messenger
from bots.messenger.pacing import Pacing
from bots.messenger.plan import next_step
from bots.messenger.sight import Sight, look
from jobs import flow
from jobs.failures import Verdict
from jobs.kit import Kit
from jobs.office import Office
from storage import chat
from storage.database import Database
from storage.records import Job, JobState, PublishedFile, Requester
from tests.bots.platforms import Fate, MortalDatabase, Platform, PlatformPort, Post
from tests.bots.scripts import with_story
from tests.jobs.offices import begun, job_now, ordered, outcome, put, sent, work_through

ADA = Requester(workspace="slack:T1", platform="slack", user="UADA", name="Ada")
BEN = Requester(workspace="slack:T1", platform="slack", user="UBEN", name="Ben")


def unhurried() -> Pacing:
    """A pacing that never lets anybody wait, for tests that are not about it."""
    return Pacing(rate=1e6, burst=1e6, edit_rate=1e6, edit_burst=1e6)


def asked(
    office: Office,
    who: Requester = ADA,
    source: str = "32296183",
    *,
    channel: str = "C1",
    kind: chat.Kind = "public",
    thread: str | None = None,
    **more: Any,
) -> Job:
    """A job that was asked for in a chat."""
    job = ordered(office, who, source, private=kind != "public", **more)
    chat.open_chat(
        office.database,
        job=job.id,
        platform=who.platform,
        workspace=who.workspace,
        channel=channel,
        kind=kind,
        thread=thread,
    )
    return job


#: What a video's files have in the tests (bytes), as `made` leaves them.
SIZES: Mapping[str, int] = {
    "video.mp4": 20,
    "preview.mp4": 10,
    "cover.jpg": 20,
    "captions.srt": 20,
    "captions.vtt": 20,
    "post.md": 20,
}


def made(office: Office, kit: Kit, job: Job, sizes: Mapping[str, int] = SIZES) -> Job:
    """The job, done, with all that a real one leaves behind; files of these `sizes`, as far as rows tell."""
    with_story(office, kit, job)
    work_through(office, until="publish", scenes=1)
    for message in sent(office):
        claim = begun(office, message)
        files = []
        for name, size in sizes.items():
            key = f"videos/2026-11-16-paper-{claim.job_token}/{name}"
            put(office, key, f"{name} of {job.id}")
            files.append(
                PublishedFile(name=name, key=key, sha256="0" * 64, bytes=size, content_type="text/plain")
            )
        ended = outcome(office, claim).model_copy(update={"files": tuple(files)})
        flow.finish(office, claim, ended)
    return job_now(office, job.id)


def messenger(
    office: Office, kit: Kit, platform: Platform, *, fate: Fate | None = None, **options: Any
) -> Messenger:
    """A messenger in a process of its own, as far as it knows. Its rounds are fast, its pacing lets it."""
    fate = fate or Fate()
    mortal = cast(Database, MortalDatabase(office.database, fate))
    said = {"every": 0.05, "lively": 0.05, "pacing": unhurried(), **options}
    return Messenger(dataclasses.replace(office, database=mortal), kit, PlatformPort(platform, fate), **said)


@asynccontextmanager
async def running(messenger: Messenger) -> AsyncIterator[asyncio.Task[None]]:
    """The messenger at work until the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(messenger.run(stop))
    try:
        yield task
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await task


async def until(condition: Callable[[], object], *, within: float = 60.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.01)


async def lives(messenger: Messenger, condition: Callable[[], object]) -> None:
    """The messenger at work until something is so. Raises what it dies of."""
    stop = asyncio.Event()
    life = asyncio.create_task(messenger.run(stop))
    goal = asyncio.create_task(until(condition))
    await asyncio.wait([life, goal], return_when=asyncio.FIRST_COMPLETED)
    goal.cancel()
    stop.set()
    await asyncio.gather(goal, return_exceptions=True)
    await life


def is_settled(office: Office, *jobs: Job) -> bool:
    """Whether all that is to be shown and said of these jobs is."""
    seen = look(office, [job.id for job in jobs], platform="slack")
    return all(_is_settled(sight) for sight in seen.values())


def _is_settled(sight: Sight) -> bool:
    return next_step(sight) is None and sight.chat.shown_revision == sight.job.revision


async def settled(office: Office, *jobs: Job) -> None:
    """Wait until all that is to be shown and said of these jobs is."""
    await until(lambda: is_settled(office, *jobs))


def kit_in(folder: Path) -> Kit:
    """A kit whose artefacts are below `folder`, as those of `tests.jobs.offices.new_office` are."""
    return Kit(data=folder)


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
    """How often anybody was notified."""
    return sum(len(post.mentions) for post in platform.posts)


def only(posts: list[Post]) -> Post:
    """The one post that there is."""
    (post,) = posts
    return post


def refusing(method: str, error: Exception) -> Callable[[str, str], None]:
    """Trouble for a `Platform`: that method always raises `error`."""

    def trouble(called: str, channel: str) -> None:
        if called == method:
            raise error

    return trouble
