"""What only Discord has: options and what is offered for them, threads that may not be begun, a wire that is moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.records import JobState
from tests.scenarios.discord_hand import DiscordHand
from tests.scenarios.lab import MADE, Lab, opened_labs
from tests.scenarios.papers import PDF

pytestmark = pytest.mark.timeout(300)

#: Where links lead.
WEB = "https://hill.example"


def test_a_file_is_handed_in_with_the_command(discord_lab: Lab[DiscordHand]) -> None:
    lab, discord = discord_lab, discord_lab.hand.fake
    ada = lab.person("Ada")
    room = lab.channel(ada)
    file = discord.add_file(ada, "paper.pdf", PDF.read_bytes())
    discord.command(ada, room, "paper make", file=file, seconds=30, approve=True)
    message = lab.started(room)
    lab.shows(message, "Captions timed by the voice itself", "asked for by Ada")
    assert "page 1" in lab.in_thread(message, "the passages of the paper").shown
    lab.press(ada, lab.in_thread(message, "Shall the video be made?"), "discard")
    lab.becomes(message, JobState.CANCELLED)


def test_the_preview_plays_in_the_thread_over_the_link_to_the_whole_video(tmp_path: Path) -> None:
    with opened_labs(tmp_path, "discord", HIDDEN_HILL_WEB_URL=WEB) as labs:
        lab = labs["discord"]
        lab.at_work()
        ada = lab.person("Ada")
        room = lab.channel(ada)
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30")
        lab.shows(message, "Done", seconds=MADE)
        job = lab.settled(message)
        video, *beside = lab.hand.files(message)
        assert video.name.endswith(f"{job.id}-preview.mp4")
        assert [file.name.rpartition(job.id)[2] for file in beside] == ["-cover.jpg", ".srt", ".vtt"]
        published = {file.name: file for file in job.files}
        assert len(video.content) == published["preview.mp4"].bytes < published["video.mp4"].bytes
        assert (
            f"[Full quality]({WEB}/v/{job.token}/video.mp4)" in lab.in_thread(message, "Full quality").shown
        )
        assert lab.hand.wrong() == []


def test_a_video_is_chosen_from_what_is_offered_while_typing(discord_lab: Lab[DiscordHand]) -> None:
    lab, discord = discord_lab, discord_lab.hand.fake
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben)
    title = "Captions that are found by their title"
    message = lab.ask(ada, room, f"{lab.paper(title)} seconds=30 approve=yes")
    lab.shows(message, title)
    sent = discord.autocomplete(ada, room, "paper cancel", "video", video="found by")
    (choice,) = sent.choices
    assert title in choice["name"]
    assert discord.autocomplete(ben, room, "paper cancel", "video", video="found by").choices == []
    discord.command(ada, room, "paper cancel", video=choice["value"])
    lab.becomes(message, JobState.CANCELLED)


def test_where_no_thread_may_be_begun_it_goes_on_in_replies_and_says_what_to_grant(
    discord_lab: Lab[DiscordHand],
) -> None:
    lab, discord = discord_lab, discord_lab.hand.fake
    ada = lab.person("Ada")
    room = lab.channel(ada)
    discord.deny(room, "CREATE_PUBLIC_THREADS")
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    question = lab.only(lambda: discord.of_app(room), "Shall the video be made?")
    assert question.place == room
    lab.only(lambda: discord.of_app(room), "Create Public Threads")
    lab.press(ada, question, "discard")
    lab.shows(message, "Cancelled.")


def test_what_is_done_while_discord_moves_the_connection_is_heard_afterwards(
    discord_lab: Lab[DiscordHand],
) -> None:
    """One that goes dumb is waited for over a minute: tests/bots/discord/test_gateway.py has it with less."""
    lab, discord = discord_lab, discord_lab.hand.fake
    ada = lab.person("Ada")
    room = lab.channel(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.settled_for_now(message)
    resumed = len(discord.gateway.resumes)
    discord.reconnect()
    lab.hand.react(ada, message, "❌")
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(message, "Cancelled.")
    lab.shows(question, "Nothing is made of this script.")
    assert len(discord.gateway.resumes) > resumed


def test_of_a_message_over_an_hour_old_a_new_one_takes_its_place(discord_lab: Lab[DiscordHand]) -> None:
    lab, discord = discord_lab, discord_lab.hand.fake
    ada = lab.person("Ada")
    room = lab.channel(ada)
    with lab.broken("artefacts", lab.hand.workspace, "generate-script"):
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        lab.becomes(message, JobState.FAILED)
    lab.until(lambda: lab.hand.app in lab.hand.reactions(message, "🔁"))
    lab.settled(message)
    discord.old_edits(0, 3600)
    discord.advance(2 * 3600)
    try:
        job = lab.job(message)
        lab.hand.react(ada, message, "🔁")
        question = lab.in_thread(message, "Shall the video be made?")
        lab.until(lambda: [one for one in lab.thread(message) if lab.has_button(one, "cancel")])
        lab.press(ada, question, "discard")
        lab.until(lambda: lab.job(message).state is JobState.CANCELLED)
        assert lab.job(message).id == job.id
    finally:
        discord.old_edits(5, 3600)
