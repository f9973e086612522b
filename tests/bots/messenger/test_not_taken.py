"""What a platform doesn't take keeps nothing else back: it is said elsewhere, or left out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bots.cards.card import Card
from bots.messenger import messenger as module
from bots.messenger import telling
from bots.people import Place
from bots.port import PlaceGoneError, PortAwayError, PortError, PostRefusedError, Tag
from jobs.kit import Kit
from jobs.office import Office
from storage.models import ChatMessage
from storage.workspaces import set_terms
from tests.bots.messaging import BEN, asked, failed, made, messenger, running, settled, until
from tests.bots.messenger.test_messenger import FREE
from tests.bots.platforms import Platform, PlatformPort


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(telling, "_PATIENCE", 0.1)


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, PortError], None]:
    """Has posts whose tag begins with the word refused in that channel."""
    whole = PlatformPort.post

    def begin(what: str, channel: str, error: PortError) -> None:
        async def post(self: PlatformPort, place: Place, card: Card, *, tag: Tag) -> str:
            if tag.what.startswith(what) and place.channel == channel:
                raise error
            return await whole(self, place, card, tag=tag)

        monkeypatch.setattr(PlatformPort, "post", post)

    return begin


@pytest.mark.parametrize("error", [PostRefusedError("no_text"), PortAwayError("Slack answers strangely.")])
def test_a_script_that_is_never_taken_keeps_video_and_end_not_back(
    office: Office, kit: Kit, refusing: Callable[[str, str, PortError], None], error: PortError
) -> None:
    refusing("script", "C1", error)

    async def story() -> None:
        platform = Platform()
        job = asked(office)
        made(office, kit, job)
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert [len(platform.of(what)) for what in ("message", "script", "video", "end")] == [1, 0, 1, 1]

    asyncio.run(story())


def test_a_platform_that_was_away_for_a_while_is_told_everything(
    office: Office, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_PATIENCE", 60.0)
    whole, refused = PlatformPort.post, 0

    async def post(self: PlatformPort, place: Place, card: Card, *, tag: Tag) -> str:
        nonlocal refused
        if tag.what.startswith("script") and refused < 20:
            refused += 1
            raise PortAwayError("Slack is away.")
        return await whole(self, place, card, tag=tag)

    monkeypatch.setattr(PlatformPort, "post", post)

    async def story() -> None:
        platform = Platform()
        job = made(office, kit, asked(office))
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        assert refused == 20
        assert [post.tag.what.split(":")[0] for post in platform.posts] == [
            "message",
            "script",
            "video",
            "end",
        ]

    asyncio.run(story())


@pytest.mark.parametrize("what", ["message", "end"])
def test_what_must_be_heard_and_is_not_taken_is_told_by_dm(
    office: Office, kit: Kit, refusing: Callable[[str, str, PortError], None], what: str
) -> None:
    refusing(what, "C1", PostRefusedError("no_text"))

    async def story() -> None:
        platform = Platform()
        job = asked(office)
        made(office, kit, job)
        async with running(messenger(office, kit, platform)):
            await settled(office, job)
        (end,) = platform.of("end")
        assert end.channel == "D-UADA"
        assert len(platform.living("D-UADA")) >= 3  # why it is there, the message, the end

    asyncio.run(story())


def test_an_edit_that_is_never_taken_leaves_the_message_as_it_is(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)

        def trouble(method: str, channel: str) -> None:
            if method == "edit":
                raise PostRefusedError("edit_window_closed")

        async with running(messenger(office, kit, platform)):
            await until(lambda: platform.of("message"))
            platform.trouble = trouble
            made(office, kit, job)
            await settled(office, job)
        (message,) = platform.of("message")
        assert "Done" not in message.text
        assert len(platform.of("end")) == 1

    asyncio.run(story())


def test_a_failed_jobs_sign_stands_on_its_new_message_too(office: Office, kit: Kit) -> None:
    async def story() -> None:
        platform = Platform()
        job = asked(office)
        async with running(messenger(office, kit, platform)):
            failed(office, job)
            await settled(office, job)
            platform.closed.add("C1")
            (first,) = platform.of("message")
            assert first.reactions == {"retry"}
        moved = messenger(office, kit, platform)
        _shown_anew(office, job.id)
        async with running(moved):
            await until(lambda: platform.living("D-UADA"))
            await settled(office, job)
        message = next(post for post in platform.living("D-UADA") if post.tag.what == "message")
        assert message.reactions == {"retry"}

    asyncio.run(story())


def _shown_anew(office: Office, job: str) -> None:
    """Its message shows something else than it is to, so that it is edited."""
    office.database.do(
        lambda: ChatMessage.update(shown_digest="", shown_revision=0).where(ChatMessage.job == job).execute()
    )


def test_uploads_that_hang_silence_nobody(office: Office, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HANDS", 3)
    monkeypatch.setattr(module, "_CARRIERS", 2)
    hanging: list[str] = []

    async def upload(self: PlatformPort, place: Place, files: object, *, tag: Tag) -> str:
        hanging.append(tag.job)
        await asyncio.sleep(900)
        raise PlaceGoneError("It never comes so far.")

    monkeypatch.setattr(PlatformPort, "upload", upload)

    async def story() -> None:
        platform = Platform()
        set_terms(office.database, BEN.workspace, FREE)
        for number in range(module._HANDS + 2):
            made(office, kit, asked(office, BEN, str(32296190 + number), channel=f"C{number}"))
        whole = messenger(office, kit, platform)
        async with running(whole):
            await until(lambda: len(hanging) == module._CARRIERS)
            await until(lambda: len(whole._carried) == module._HANDS + 2)
            late = asked(office, channel="CNEW")
            whole.hint(late.id)
            await until(lambda: platform.living("CNEW"), within=30)

    asyncio.run(story())
