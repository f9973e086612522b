"""What the messenger can do in Slack, and how it is told of what goes wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bots.cards.card import Card, Paragraph, bold, person, plain
from bots.people import Place
from bots.port import (
    Attachment,
    BusyError,
    MessageGoneError,
    PlaceGoneError,
    PortAwayError,
    PortError,
    PortRefusedError,
    PostRefusedError,
    Tag,
    UploadRefusedError,
)
from bots.slack.client import api_client, api_session
from bots.slack.directory import Directory
from bots.slack.installation import Door, Installation
from bots.slack.port import SlackPort
from bots.slack.service import who_we_are
from tests.bots.slack.labs import (
    ADA,
    BOSS,
    BOT,
    FAR,
    LAB,
    MANIFEST,
    SECRET,
    WORKSPACE,
    populated,
    settings_of,
)
from tests.fakes.slack import FakeSlack

T = TypeVar("T")
TAG = Tag(job="k3mfq7xz", what="message")
NASTY = "<!channel> *pwn* <http://evil|x> & <@U0ADA>"


def card(words: str, *, mentions: str = "") -> Card:
    spans = (plain(words), bold(" bold"), *((person(mentions),) if mentions else ()))
    return Card(text=words, blocks=(Paragraph(spans=spans),))


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(manifest=MANIFEST) as one:
        populated(one)
        yield one


def at(channel: str = LAB, thread: str | None = None) -> Place:
    return Place(platform="slack", workspace=WORKSPACE, channel=channel, kind="public", thread=thread)


def through(slack: FakeSlack, folder: Path, work: Callable[[SlackPort], Awaitable[T]]) -> T:
    """What `work` does with a port of its own."""

    async def run() -> T:
        settings = settings_of(slack, folder)
        async with api_session() as session:
            client = api_client(settings, session, patient=False)
            door = Door.of(await who_we_are(client), "")
            return await work(SlackPort(client, session, Directory(client, door)))

    return asyncio.run(run())


def test_a_message_is_posted_found_again_edited_and_removed(slack: FakeSlack, tmp_path: Path) -> None:
    async def work(port: SlackPort) -> None:
        began = time.time() - 60
        assert await port.find(at(), TAG, since=began) is None
        ts = await port.post(at(), card(NASTY), tag=TAG)
        reply = await port.post(at(thread=ts), card("reply"), tag=Tag(job="k3mfq7xz", what="script:1"))
        assert await port.find(at(), TAG, since=began) == ts
        assert await port.find(at(thread=ts), Tag(job="k3mfq7xz", what="script:1"), since=began) == reply
        assert await port.find(at(), Tag(job="k3mfq7xz", what="end:1"), since=began) is None
        await port.edit(at(), ts, card("later", mentions=ADA), tag=TAG)
        assert await port.find(at(), TAG, since=began) == ts
        await port.react(at(), ts, "retry")
        await port.react(at(), ts, "retry")
        await port.unreact(at(), ts, "retry")
        await port.unreact(at(), ts, "retry")
        await port.remove(at(), reply)
        await port.remove(at(), reply)
        assert await port.find(at(thread=ts), Tag(job="k3mfq7xz", what="script:1"), since=began) is None

    through(slack, tmp_path, work)
    (message,) = slack.of_app(LAB)
    assert "later" in message.shown
    assert slack.notifications(ADA) == 0  # an edit rings at nobody
    assert not message.unfurls
    assert slack.off_contract() == []


def test_paper_text_mentions_links_and_formats_nothing(slack: FakeSlack, tmp_path: Path) -> None:
    through(slack, tmp_path, lambda port: port.post(at(), card(NASTY), tag=TAG))
    (message,) = slack.of_app(LAB)
    assert slack.notifications(ADA) == 0
    assert NASTY in message.shown
    assert "<" not in message.text


def test_files_go_up_together_and_are_found_by_their_names(slack: FakeSlack, tmp_path: Path) -> None:
    files = []
    for name, size in (("a.mp4", 700_000), ("a-cover.jpg", 10), ("a.srt", 5)):
        (tmp_path / name).write_bytes(b"x" * size)
        files.append(Attachment(name=name, title="The " + name, path=tmp_path / name, alt="a picture"))
    tag = Tag(job="k3mfq7xz", what="video:1", files=tuple(file.name for file in files))

    async def work(port: SlackPort) -> None:
        began = time.time() - 60
        ts = await port.post(at(), card("root"), tag=TAG)
        assert await port.find(at(thread=ts), tag, since=began) is None
        handle = await port.upload(at(thread=ts), files, tag=tag)
        assert await port.find(at(thread=ts), tag, since=began) == handle
        other = Tag(job="k3mfq7xz", what="video:2", files=("a-2.mp4",))
        assert await port.find(at(thread=ts), other, since=began) is None
        (found,) = slack.of_app(LAB, ts)
        assert len(found.files) == 3
        await port.remove(at(thread=ts), handle)
        await port.remove(at(thread=ts), handle)
        assert await port.find(at(thread=ts), tag, since=began) is None

    through(slack, tmp_path, work)
    assert slack.off_contract() == []


def test_a_direct_message_and_the_admins(slack: FakeSlack, tmp_path: Path) -> None:
    async def work(port: SlackPort) -> None:
        place = await port.dm(ADA)
        assert place == Place(platform="slack", workspace=WORKSPACE, channel=slack.dm(ADA), kind="dm")
        assert list(await port.admins(WORKSPACE)) == [BOSS]
        assert list(await port.admins("slack:T0ELSE")) == []

    through(slack, tmp_path, work)


def test_an_organisation_is_looked_after_by_its_own_admins(tmp_path: Path) -> None:
    """Not by those of one of its teams; and its people are asked for team by team."""
    with FakeSlack(enterprise="E0ORG", org=True) as slack:
        slack.state.teams.append("T0ELSE")
        slack.add_user("U0TEAM", admin=True)
        slack.add_user("U0ORG", org_admin=True, team="T0ELSE")
        slack.add_user("U0ADA")

        async def work(port: SlackPort) -> None:
            assert list(await port.admins("slack:E0ORG")) == ["U0ORG"]

        through(slack, tmp_path, work)
        assert slack.off_contract() == []


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ("not_in_channel", PlaceGoneError),
        ("is_archived", PlaceGoneError),
        ("channel_not_found", PlaceGoneError),
        ("message_not_found", MessageGoneError),
        ("cant_update_message", MessageGoneError),
        ("invalid_auth", PortRefusedError),
        ("token_revoked", PortRefusedError),
        ("account_inactive", PortRefusedError),
        ("internal_error", PortAwayError),
        (500, PortAwayError),
        ("break", PortAwayError),
        ("org_login_required", PortAwayError),
        ("something_new", PostRefusedError),
        ("ekm_access_denied", PostRefusedError),
        ("team_access_not_granted", PostRefusedError),
        ("access_denied", PostRefusedError),
        ("no_permission", PlaceGoneError),
        ("restricted_action_non_threadable_channel", PlaceGoneError),
        (429, BusyError),
    ],
)
def test_what_goes_wrong_has_a_name(
    slack: FakeSlack, tmp_path: Path, fault: str | int, raised: type[PortError]
) -> None:
    slack.fail_next("chat.update", fault, 5, retry_after=3)

    async def work(port: SlackPort) -> None:
        ts = await port.post(at(), card("words"), tag=TAG)
        with pytest.raises(raised) as caught:
            await port.edit(at(), ts, card("other words"), tag=TAG)
        if isinstance(caught.value, BusyError):
            assert caught.value.retry_after == 3.0

    through(slack, tmp_path, work)
    if fault == 429:
        assert len(slack.calls_of("chat.update")) == 1  # the messenger paces, not the library


@pytest.mark.parametrize("patient", [True, False])
def test_a_post_whose_answer_is_lost_is_not_posted_again(
    slack: FakeSlack, tmp_path: Path, patient: bool
) -> None:
    """Slack wrote it and the connection broke: whether it is there must be asked, not guessed."""
    slack.fail_next("chat.postMessage", "lost")

    async def work(client: AsyncWebClient) -> None:
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=LAB, text="Your video is ready")

    async def called() -> None:
        async with api_session() as session:
            await work(api_client(settings_of(slack, tmp_path), session, patient=patient))

    asyncio.run(called())
    assert [said.text for said in slack.of_app(LAB)] == ["Your video is ready"]


def test_what_may_be_done_twice_is_tried_again(slack: FakeSlack, tmp_path: Path) -> None:
    slack.fail_next("chat.update", "lost")

    async def work(port: SlackPort) -> None:
        ts = await port.post(at(), card("words"), tag=TAG)
        await port.edit(at(), ts, card("other words"), tag=TAG)

    through(slack, tmp_path, work)
    assert len(slack.calls_of("chat.update")) == 2


def test_places_and_messages_that_are_gone(slack: FakeSlack, tmp_path: Path) -> None:
    async def work(port: SlackPort) -> None:
        with pytest.raises(PlaceGoneError):
            await port.post(at(FAR), card("words"), tag=TAG)
        ts = await port.post(at(), card("words"), tag=TAG)
        slack.delete_message(LAB, ts)
        with pytest.raises(MessageGoneError):
            await port.edit(at(), ts, card("other"), tag=TAG)
        with pytest.raises(MessageGoneError):
            await port.react(at(), ts, "retry")
        await port.unreact(at(), ts, "retry")
        assert await port.find(at(), TAG, since=0) is None
        slack.archive(SECRET)
        with pytest.raises(PlaceGoneError):
            await port.post(at(SECRET), card("words"), tag=TAG)
        with pytest.raises(PlaceGoneError):
            await port.dm("U0NOBODY")

    through(slack, tmp_path, work)


def test_a_missing_scope_is_named(slack: FakeSlack, tmp_path: Path) -> None:
    slack.workspace.scopes.discard("reactions:write")

    async def work(port: SlackPort) -> None:
        ts = await port.post(at(), card("words"), tag=TAG)
        with pytest.raises(PostRefusedError, match="reactions:write"):
            await port.react(at(), ts, "retry")

    through(slack, tmp_path, work)


def test_files_that_are_not_taken(slack: FakeSlack, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    file = Attachment(name="a.mp4", title="The video", path=tmp_path / "a.mp4")
    slack.fail_next("files.getUploadURLExternal", "storage_limit_reached")

    async def work(port: SlackPort) -> None:
        with pytest.raises(UploadRefusedError):
            await port.upload(at(), [file], tag=TAG)

    through(slack, tmp_path, work)


def test_when_slack_refuses_our_blocks_the_words_go_out(slack: FakeSlack, tmp_path: Path) -> None:
    slack.fail_next("chat.postMessage", "invalid_blocks")
    through(slack, tmp_path, lambda port: port.post(at(), card("words"), tag=TAG))
    (message,) = slack.of_app(LAB)
    assert message.text == "words"
    assert message.user == BOT


def test_the_address_of_a_message_is_the_one_that_slack_gives(slack: FakeSlack, tmp_path: Path) -> None:
    installed = Installation(team="T0LAB", user="U0BOT", url="https://lab.slack.example/")

    async def compare(port: SlackPort) -> None:
        ts = await port.post(at(), card("root"), tag=TAG)
        reply = await port.post(at(thread=ts), card("reply"), tag=TAG)
        async with api_session() as session:
            client = api_client(settings_of(slack, tmp_path), session, patient=False)
            for place, message in ((at(), ts), (at(thread=ts), reply)):
                said = await client.chat_getPermalink(channel=LAB, message_ts=message)
                assert said["permalink"] == installed.address(place, message)

    through(slack, tmp_path, compare)
