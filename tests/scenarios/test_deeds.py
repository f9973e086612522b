"""What people do to a video that is being made, or is there."""

from __future__ import annotations

import json

import pytest

from storage.records import JobState
from tests.fakes.slack.state import BOT_USER, texts_of
from tests.scenarios.lab import BOSS, MADE, WORKSPACE, Lab, elements, has_button

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("how", ["reaction", "button"])
def test_a_video_is_cancelled(lab: Lab, how: str) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.slack.react(ben, room, message.ts, "x")
    lab.whisper(ben, "Only Ada or an admin can cancel this video.")
    assert lab.job(message).state is not JobState.CANCELLED
    if how == "reaction":
        lab.slack.react(ada, room, message.ts, "x")
    else:
        lab.press(ada, message, "cancel")
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(message, "Cancelled.", "Nothing was spent.")
    assert not has_button(message, "cancel")
    assert lab.deeds(lab.job(message), "cancel") == 1
    assert len(lab.slack.ephemerals(ben)) == 1
    assert lab.slack.notifications(ben) == 0


def test_a_failure_is_told_and_retried_from_where_it_failed_once(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben, BOSS)
    with lab.broken("artefacts", WORKSPACE, "generate-script"):
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        lab.becomes(message, JobState.FAILED)
    failed = lab.in_thread(message, "Your video could not be made.")
    assert "Nothing was spent" in failed.shown
    assert "HH-" in failed.shown
    assert f"<@{ada}>" in failed.shown
    lab.shows(message, "Something unforeseen went wrong while writing the script.")
    lab.until(lambda: BOT_USER in message.reactions.get("repeat", []))
    lab.slack.react(ben, room, message.ts, "repeat")
    lab.whisper(ben, "Only Ada or an admin can retry this video.")
    asked = len(lab.ncbi.requests)
    lab.slack.react(ada, room, message.ts, "repeat")
    lab.slack.react(BOSS, room, message.ts, "arrows_counterclockwise")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.quiet()
    job = lab.job(message)
    assert lab.deeds(job, "retry") == 1
    assert len(lab.ncbi.requests) == asked
    lab.until(lambda: BOT_USER not in message.reactions.get("repeat", []))
    assert lab.slack.of_app(room) == [message]
    assert lab.slack.notified(ada) == [failed, question]
    lab.press(ada, question, "discard")
    lab.becomes(message, JobState.CANCELLED)


def test_a_pdf_that_cant_be_read_says_so_and_asks_for_a_better_one(lab: Lab) -> None:
    ada = lab.person("Ada")
    dm = lab.slack.dm(ada)
    ts = lab.slack.drop(ada, dm, "scan.pdf", b"%PDF-1.7 and nothing that is one")
    message = lab.until(lambda: lab.slack.of_app(dm, ts))[0]
    lab.becomes(message, JobState.FAILED)
    failed = lab.in_thread(message, "Your video could not be made.")
    assert "Have a better PDF of it?" in failed.shown
    assert "HH-" in failed.shown
    assert has_button(failed, "attach")
    lab.settled(message)
    assert "repeat" not in message.reactions
    assert not has_button(message, "retry")
    assert lab.slack.notified(ada) == [failed]


def test_ones_own_page_shows_a_video_and_deletes_it_with_its_files(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room, other = lab.channel(ada), lab.channel(ben)
    title, pmid = "Captions that are to be deleted", lab.paper("Captions that are to be deleted")
    theirs = lab.ask(ben, other, f"{pmid} seconds=30")
    lab.shows(theirs, "Done", seconds=MADE)
    message = lab.ask(ada, room, f"{pmid} seconds=30")
    lab.shows(message, "Done")
    lab.settled(message)
    assert len(lab.files(message)) == 4
    view = lab.page(ada)
    assert title in "\n".join(texts_of(view.body["blocks"]))
    job = lab.job(message)
    one = next(element for element in elements(view.body["blocks"]) if job.id in str(element))
    value = _option(one, "delete") if one["type"] == "overflow" else one["value"]
    lab.slack.press(ada, view, one["action_id"], value)
    _confirmed(lab, ada)
    lab.becomes(message, JobState.DELETED)
    lab.until(lambda: not lab.files(message))
    lab.shows(message, "This video was deleted.")
    assert title not in message.shown
    lab.until(lambda: not any(title in said.shown for said in lab.slack.of_app(room, message.ts)))
    assert title not in "\n".join(texts_of(lab.page(ada).body["blocks"]))
    lab.settled(theirs)
    assert len(lab.files(theirs)) == 4
    assert lab.job(theirs).state is JobState.DONE


def _option(menu: dict[str, object], deed: str) -> str:
    """The value of the menu's entry for that deed."""
    options = menu["options"]
    assert isinstance(options, list)
    return next(str(one["value"]) for one in options if json.loads(one["value"])[0].startswith(deed))


def _confirmed(lab: Lab, user: str) -> None:
    """If a window asks whether it is meant, say yes."""
    for view in lab.slack.views(user):
        for element in elements(view.body["blocks"]):
            if element["action_id"].startswith("delete"):
                lab.slack.press(user, view, element["action_id"], element.get("value"))
