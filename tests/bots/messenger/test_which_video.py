"""Which video stands in the thread: the whole one, its preview, or none, and what is said of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bots.port import Uploads
from jobs.kit import Kit
from jobs.office import Office
from storage.database import Database
from tests.bots.messaging import asked, kit_in, made, messenger, running, settled
from tests.bots.platforms import Platform, Post
from tests.jobs.offices import new_office

WEB = "https://hill.example"
#: The sizes of the files (bytes); `OLD` are those of a job that was done before there were previews.
NEW = {"video.mp4": 300, "preview.mp4": 90, "cover.jpg": 20, "captions.srt": 5}
OLD = {name: size for name, size in NEW.items() if name != "preview.mp4"}
PLAIN, PREVIEW_FIRST = False, True

TOO_LARGE = "too large to be put here"
LEADS = "The video above is a preview: the link has the full quality."
ASK = "The video above is a preview: ask whoever runs Hidden Hill for the full quality."


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return kit_in(tmp_path)


def told(office: Office, kit: Kit, sizes: dict[str, int], uploads: Uploads) -> tuple[Post | None, str]:
    """What was uploaded of a job that is done, and what was said at its end."""
    platform = Platform(uploads=uploads)

    async def story() -> None:
        job = made(office, kit, asked(office), sizes)
        async with running(messenger(office, kit, platform)):
            await settled(office, job)

    asyncio.run(story())
    (end,) = platform.of("end")
    return next(iter(platform.of("video")), None), end.words


@pytest.mark.parametrize(
    ("sizes", "first", "link", "room", "stands", "said"),
    [
        (NEW, PLAIN, True, 300, "whole", ""),
        (NEW, PLAIN, True, 299, "preview", LEADS),
        (NEW, PLAIN, False, 299, "preview", ASK),
        (NEW, PLAIN, True, 89, "none", TOO_LARGE),
        (NEW, PREVIEW_FIRST, True, 1_000, "preview", ""),
        (NEW, PREVIEW_FIRST, True, 90, "preview", ""),
        (NEW, PREVIEW_FIRST, True, 89, "none", TOO_LARGE),
        (NEW, PREVIEW_FIRST, False, 300, "whole", ""),
        (NEW, PREVIEW_FIRST, False, 299, "preview", ASK),
        (OLD, PREVIEW_FIRST, True, 300, "whole", ""),
        (OLD, PREVIEW_FIRST, True, 299, "none", TOO_LARGE),
        (OLD, PLAIN, True, 300, "whole", ""),
    ],
)
def test_the_best_that_fits_stands_in_the_thread(
    database: Database,
    kit: Kit,
    tmp_path: Path,
    sizes: dict[str, int],
    first: bool,
    link: bool,
    room: int,
    stands: str,
    said: str,
) -> None:
    office = new_office(database, tmp_path, web=WEB if link else None)
    post, words = told(office, kit, sizes, Uploads(largest=room, preview_first=first))
    assert (said in words) if said else ("preview" not in words and TOO_LARGE not in words)
    assert ("Watch the video" in words) == link
    if post is None:
        assert stands == "none"
        return
    video, *beside = post.files
    assert video.endswith({"whole": ".mp4", "preview": "-preview.mp4"}[stands])
    assert video.endswith("-preview.mp4") == (stands == "preview")
    assert [name.rpartition(".")[2] for name in beside] == ["jpg", "srt"]
    assert post.whole.startswith(WEB) == (stands == "preview" and link)


def test_what_is_too_large_beside_the_video_is_left_out(database: Database, kit: Kit, tmp_path: Path) -> None:
    office = new_office(database, tmp_path, web=WEB)
    post, _ = told(office, kit, NEW | {"cover.jpg": 500}, Uploads(largest=300))
    assert post is not None
    assert [name.rpartition(".")[2] for name in post.files] == ["mp4", "srt"]


def test_a_preview_that_is_gone_from_the_store_does_not_keep_the_end_back(
    database: Database, kit: Kit, tmp_path: Path
) -> None:
    office = new_office(database, tmp_path, web=WEB)
    platform = Platform(uploads=Uploads(largest=1_000, preview_first=True))

    async def story() -> None:
        job = made(office, kit, asked(office), NEW)
        office.objects.delete(next(file.key for file in job.files if file.name == "preview.mp4"))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)

    asyncio.run(story())
    assert platform.of("video") == []
    (end,) = platform.of("end")
    assert "could not be put here: the link has it" in end.words
