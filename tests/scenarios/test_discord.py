"""Stories that are the same in Discord as in Slack, told by the same words; and those that only Discord has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.records import JobState
from tests.scenarios import test_videos
from tests.scenarios.discord_lab import DiscordLab, opened_lab
from tests.scenarios.lab import MADE, Lab, has_button
from tests.scenarios.papers import PDF

pytestmark = pytest.mark.timeout(300)

#: Where the links lead.
WEB = "https://hill.example"

SHARED = (
    test_videos.test_the_same_paper_again_is_there_at_once,
    test_videos.test_a_pdf_in_a_direct_message_starts_and_its_passages_have_pages,
    test_videos.test_a_link_in_a_message_becomes_a_video_by_the_shortcut,
)


@pytest.fixture(scope="module")
def shared_discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiscordLab]:
    """The app and a worker, at work until the last story is told."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("looks at /proc")
    folder = tmp_path_factory.mktemp("discord")
    with opened_lab(folder, "discord", "worker", HIDDEN_HILL_WEB_URL=WEB) as lab:
        yield lab


@pytest.fixture
def discord(shared_discord: DiscordLab) -> Iterator[DiscordLab]:
    """The lab with all its processes at work; what was said in a story is as Discord has it."""
    for name in ("discord", "worker"):
        process = shared_discord.processes.get(name)
        if process is None or process.poll() is not None:  # another story broke off
            shared_discord.start(name)
    yield shared_discord
    wrong = shared_discord.slack.off_contract()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("story", SHARED, ids=lambda story: story.__name__.removeprefix("test_"))
def test_in_discord_as_in_slack(discord: DiscordLab, story: Callable[[Lab], None]) -> None:
    story(discord)


def test_a_command_becomes_a_video_that_plays_in_the_thread(discord: DiscordLab) -> None:
    ada = discord.person("Ada")
    room = discord.channel(ada)
    title = "Captions that light up when the voice says them"
    message = discord.ask(ada, room, f"{discord.paper(title)} seconds=30")
    discord.shows(message, title, "asked for by Ada")
    discord.shows(message, "Done", seconds=MADE)
    job = discord.settled(message)
    assert [said.ts for said in discord.slack.of_app(room)] == [message.ts]
    assert not has_button(message, "cancel")
    discord.in_thread(message, "the passages of the paper")
    names = [file.name.rpartition(job.id)[2] for file in discord.files(message)]
    assert names == ["-preview.mp4", "-cover.jpg", ".srt", ".vtt"]
    video = discord.files(message)[0]
    assert video.content[4:8] == b"ftyp"
    assert video.alt_text
    published = {file.name: file for file in job.files}
    assert len(video.content) == published["preview.mp4"].bytes < published["video.mp4"].bytes
    assert f"[Full quality]({WEB}/v/{job.token})" in discord.in_thread(message, "Full quality").shown
    result = discord.in_thread(message, "Your video is ready.")
    assert discord.slack.notified(ada) == [result]


@pytest.mark.parametrize("how", ["reaction", "button"])
def test_a_video_is_cancelled(discord: DiscordLab, how: str) -> None:
    ada, ben = discord.person("Ada"), discord.person("Ben")
    room = discord.channel(ada, ben)
    message = discord.ask(ada, room, f"{discord.paper()} seconds=30 approve=yes")
    discord.job(message)
    if how == "reaction":
        discord.slack.react(ada, room, message.ts, "x")
    else:
        discord.press(ada, message, "cancel")
    discord.becomes(message, JobState.CANCELLED)
    discord.shows(message, "Cancelled.", "Nothing was spent.")


def test_what_happened_while_the_app_was_dead_is_told_once(discord: DiscordLab) -> None:
    ada = discord.person("Ada")
    room = discord.channel(ada)
    message = discord.ask(ada, room, f"{discord.paper()} seconds=30")
    discord.job(message)
    discord.kill("discord")
    discord.becomes(message, JobState.DONE, MADE)
    discord.start("discord")
    discord.shows(message, "Done")
    discord.in_thread(message, "Your video is ready.")
    assert discord.slack.notifications(ada) == 1
    assert [said.ts for said in discord.slack.of_app(room)] == [message.ts]


def test_a_paper_dropped_in_a_channel_is_offered_to_who_dropped_it(discord: DiscordLab) -> None:
    ada, ben = discord.person("Ada"), discord.person("Ben")
    room = discord.channel(ada, ben)
    ts = discord.slack.drop(ada, room, "paper.pdf", PDF.read_bytes())
    offer = discord.until(lambda: discord.slack.of_app(room, ts))[0]
    assert "Make a video of" in offer.shown
    discord.press(ben, offer, "make-file")
    discord.whisper(ben, "Only whoever dropped the file")
    assert discord.jobs_of(ada) == []
