"""What is said to the app: commands, mentions, direct messages; and who is not listened to."""

from __future__ import annotations

import copy

import pytest

from bots.slack.reception import STRANGER
from storage import workspaces
from storage.records import JobState
from storage.workspaces import change_terms
from tests.bots.slack.labs import (
    ADA,
    BEN,
    BOSS,
    BOT,
    EVE,
    FAR,
    GUEST,
    LAB,
    PDF,
    SECRET,
    SHARED,
    WORKSPACE,
    Lab,
)
from tests.fakes.slack import Message


def test_a_command_becomes_one_message_in_its_channel(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    assert (message.channel, message.thread_ts) == (LAB, None)
    assert len(lab.slack.of_app(LAB)) == 1
    assert lab.job().requester.name == "Ada"
    assert not lab.job().private
    assert lab.slack.notifications(ADA) == 0
    assert lab.slack.off_contract() == []


@pytest.mark.parametrize("channel", [SECRET, "dm"])
def test_what_is_asked_for_in_private_is_private(lab: Lab, channel: str) -> None:
    where = lab.slack.dm(ADA) if channel == "dm" else channel
    assert lab.asked(ADA, "32296183", where).channel == where
    assert lab.job().private


def test_help_is_whispered(lab: Lab) -> None:
    lab.slack.command(ADA, LAB, "help")
    assert "/paper" in lab.whisper(ADA).shown
    assert lab.slack.of_app(LAB) == []


def test_a_typo_is_answered_with_the_nearest_and_not_executed(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.slack.command(ADA, LAB, "cancell")
    assert "Did you mean /paper cancel?" in lab.whisper(ADA, "Did you mean").shown
    assert lab.job().state is not JobState.CANCELLED


def test_where_the_app_is_not_it_says_so_and_goes_on_in_the_direct_messages(lab: Lab) -> None:
    lab.slack.command(ADA, FAR, "32296183 seconds=60")
    whisper = lab.whisper(ADA, "/invite @")
    assert lab.jobs() == []
    lab.slack.press(ADA, whisper, "continue-dm")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).channel == lab.slack.dm(ADA)
    assert lab.job().private
    assert '"seconds":60' in lab.job().order
    assert "direct messages" in lab.whisper(ADA, "It goes on").shown
    lab.slack.command(ADA, FAR, "quota")  # what is whispered can be whispered anywhere
    assert "video" in lab.whisper(ADA, "oday").shown


def test_once_invited_it_posts(lab: Lab) -> None:
    lab.slack.command(ADA, FAR, "32296183")
    lab.whisper(ADA, "/invite @")
    lab.slack.invite(FAR)
    assert lab.asked(ADA, "32296183", FAR).channel == FAR


def test_a_mention_says_the_same_and_knows_its_thread(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    lab.slack.mention(ADA, LAB, "cancel", thread_ts=message.ts)
    assert "Cancelled" in lab.whisper(ADA, "Cancelled").shown
    assert lab.job().state is JobState.CANCELLED
    ts = lab.slack.mention(BEN, LAB, "please PMID 28445112, thanks")
    lab.whisper(BEN)
    lab.slack.mention(BEN, LAB, "28445112", thread_ts=ts)
    lab.until(lambda: len(lab.jobs()) == 2)
    assert lab.message(lab.job()).thread_ts == ts


def test_links_and_entities_are_read_as_they_were_typed(lab: Lab) -> None:
    lab.slack.mention(ADA, LAB, "make https://pubmed.ncbi.nlm.nih.gov/32296183/ seconds=60")
    lab.until(lab.jobs)
    assert lab.job().source == "32296183"


def test_in_direct_messages_no_command_is_needed(lab: Lab) -> None:
    dm = lab.slack.dm(ADA)
    lab.slack.say(ADA, dm, "32296183")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).channel == dm
    lab.slack.say(ADA, dm, "/paper quota")
    lab.until(lambda: any("oday" in one.shown for one in lab.slack.of_app(dm)))
    lab.slack.say(ADA, dm, "lorem ipsum dolor")
    lab.until(lambda: any("I don’t know what" in one.shown for one in lab.slack.of_app(dm)))
    assert len(lab.jobs()) == 1
    assert lab.slack.ephemerals(ADA) == []  # those would be gone the next day


def test_a_mention_with_a_file_is_heard_once(lab: Lab) -> None:
    file = lab.slack.add_file(ADA, "paper.pdf", PDF)
    ts = lab.slack.mention(ADA, LAB, "seconds=60", files=[file])
    lab.until(lab.jobs)
    message = lab.message(lab.job())
    lab.quiet()
    assert message.thread_ts == ts
    assert '"seconds":60' in lab.job().order
    assert len(lab.jobs()) == 1
    assert len(lab.slack.of_app(LAB, ts)) == 1  # no offer beside it


def test_what_comes_twice_is_done_once(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    command = next(sent for sent in lab.slack.sent if sent.kind == "slash_commands")
    lab.slack.mention(ADA, LAB, "28445112")
    lab.until(lambda: len(lab.jobs()) == 2)
    (mention,) = lab.slack.events("app_mention")
    for sent in (command, mention):
        lab.slack.redeliver(sent).done.wait(20)
    lab.quiet()
    assert len(lab.jobs()) == 2


def test_a_lost_acknowledgement_makes_no_second_job(lab: Lab) -> None:
    lab.slack.lose_acks(2)  # a mention is told of by two events
    lab.slack.mention(ADA, LAB, "32296183")
    lab.until(lambda: any(event.attempts > 1 for event in lab.slack.events()))
    lab.quiet()
    assert len(lab.jobs()) == 1


def test_people_of_other_teams_are_refused_in_one_sentence_a_day(lab: Lab) -> None:
    for _ in range(2):
        lab.slack.mention(EVE, SHARED, "32296183")
    lab.whisper(EVE, "another workspace")
    lab.quiet()
    assert lab.jobs() == []
    assert len(lab.slack.ephemerals(EVE)) == 1


def test_in_a_channel_that_another_company_made_our_people_are_ours(lab: Lab) -> None:
    lab.slack.add_channel("C0THEIRS", "theirs", "public", [ADA, EVE], made_by="T0ELSE")
    lab.slack.mention(EVE, "C0THEIRS", "28445112")
    lab.whisper(EVE, "another workspace")
    lab.slack.mention(ADA, "C0THEIRS", "32296183")
    lab.until(lambda: lab.slack.of_app("C0THEIRS"))
    (job,) = lab.jobs()
    assert job.requester.user == ADA


def test_a_command_is_answered_whoever_types_it_and_however_often(lab: Lab) -> None:
    for _ in range(3):
        lab.slack.command(EVE, SHARED, "32296183")
    lab.until(lambda: len(lab.slack.ephemerals(EVE)) == 3)
    assert {one.shown for one in lab.slack.ephemerals(EVE)} == {STRANGER}
    assert lab.jobs() == []


def test_payloads_of_other_installations_are_not_listened_to(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    command = next(sent for sent in lab.slack.sent if sent.kind == "slash_commands")
    lab.slack.mention(ADA, LAB, "28445112")
    lab.until(lambda: len(lab.jobs()) == 2)
    (mention,) = lab.slack.events("app_mention")
    foreign = copy.deepcopy(command.payload) | {
        "team_id": "T0EVIL",
        "trigger_id": "1.2.x",
        "text": "28445112",
    }
    event = copy.deepcopy(mention.payload) | {"team_id": "T0EVIL", "event_id": "Ev0EVIL"}
    event["authorizations"] = [{**event["authorizations"][0], "team_id": "T0EVIL"}]
    event["event"] |= {"team": "T0EVIL", "ts": "1.000001"}
    for kind, payload in (("slash_commands", foreign), ("events_api", event)):
        sent = lab.slack.send(kind, payload)
        assert sent.done.wait(20)
        assert sent.acked_at is not None
    lab.whisper(ADA, "another workspace")
    assert len(lab.jobs()) == 2


def test_programs_and_changed_messages_are_not_listened_to(lab: Lab) -> None:
    lab.slack.add_user("U0OTHER", "ci", bot=True)
    lab.slack.integration(LAB, f"<@{BOT}> 32296183")
    lab.slack.say("U0OTHER", LAB, f"<@{BOT}> 32296183")
    dm = lab.slack.dm(ADA)
    ts = lab.slack.say(ADA, dm, "help")
    lab.until(lambda: lab.slack.of_app(dm))
    lab.slack.edit_message(dm, ts, "32296183")
    lab.quiet()
    assert lab.jobs() == []


def test_guests_are_refused_until_they_are_let_in(lab: Lab) -> None:
    lab.slack.command(GUEST, LAB, "32296183")
    assert "Guests" in lab.whisper(GUEST).shown
    change_terms(lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"guests": True}))
    assert lab.asked(GUEST, "32296183").channel == LAB


def test_names_are_asked_for_once_however_many_ask(lab: Lab) -> None:
    sent = [lab.slack.command(ADA, LAB, "quota", wait=False) for _ in range(20)]
    assert all(one.done.wait(20) for one in sent)
    lab.until(lambda: len(lab.slack.ephemerals(ADA)) == 20)
    assert len(lab.slack.calls_of("users.info")) == 1
    assert len(lab.slack.calls_of("conversations.info")) == 1
    assert len(lab.slack.calls_of("auth.test")) == 1


def test_the_shortcut_makes_a_video_of_what_a_message_holds(lab: Lab) -> None:
    ts = lab.slack.say(BEN, LAB, "Have you seen https://pubmed.ncbi.nlm.nih.gov/32296183/ ?")
    lab.slack.shortcut(ADA, LAB, ts, "make_video")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).thread_ts == ts
    assert lab.job().requester.user == ADA
    dropped = lab.slack.drop(BEN, LAB, "paper.pdf", PDF)
    lab.slack.shortcut(ADA, LAB, dropped, "make_video")
    lab.until(lambda: len(lab.jobs()) == 2)
    assert lab.message(lab.job()).thread_ts == dropped
    nothing = lab.slack.say(BEN, LAB, "Lunch?")
    lab.slack.shortcut(ADA, LAB, nothing, "make_video")
    assert "no paper" in lab.whisper(ADA, "no paper").shown


def test_a_broken_desk_answers_in_words(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("bots.desk.desk.Desk.command", breaks)
    lab.slack.command(ADA, LAB, "help")
    whisper: Message = lab.whisper(ADA)
    assert "HH-" in whisper.shown
    assert "secret" not in whisper.shown


def test_whom_and_what_an_admin_names_is_looked_up(lab: Lab) -> None:
    def told(words: str, answer: str) -> None:
        lab.slack.command(BOSS, LAB, f"admin {words}")
        lab.whisper(BOSS, answer)

    told(f"auto <#{LAB}|lab> on", "dropped in #lab is made")
    told(f"auto <#{SECRET}|secret> on", "dropped in #secret is made")
    told(f"auto <#{SECRET}|secret> off", "dropped in #secret.")
    told("auto #nope on", "I know no channel “#nope”")
    told("auto #C0NOPE on", "I know no channel “#C0NOPE”")
    told(f"add <@{EVE}|eve>", "nobody of this workspace")
    told("add <@U0ZZZZ9>", "can’t tell who “@U0ZZZZ9” is")
    told("add ben", "can’t tell who “ben” is")
    told(f"add <@{GUEST}>", "is a guest")
    terms = workspaces.terms(lab.office.database, WORKSPACE)
    assert (terms.automatic, terms.admins) == ((LAB,), (GUEST,))


def test_who_is_forgotten_leaves_no_title_in_the_direct_messages(lab: Lab) -> None:
    dm = lab.slack.dm(ADA)
    job = lab.asked(ADA, "32296183", dm)
    lab.work()
    for words in ("list", "status", "delete"):
        lab.slack.say(ADA, dm, words)
        lab.slack.say(ADA, dm, words, thread_ts=job.ts)
    lab.until(lambda: sum("Caption times" in one.shown for one in lab.slack.of_app(dm)) >= 4)
    lab.slack.say(ADA, dm, "forget-me")
    question = lab.until(lambda: [one for one in lab.slack.of_app(dm) if "Forget you?" in one.shown])[0]
    lab.slack.press(ADA, question, "forget-me")
    lab.until(lambda: "You are forgotten" in question.shown)
    lab.until(
        lambda: (
            not any(
                "Caption times" in one.shown for one in [*lab.slack.of_app(dm), *lab.slack.of_app(dm, job.ts)]
            )
        )
    )
    assert [one.shown for one in lab.slack.of_app(dm) if "You are forgotten" in one.shown]
    assert lab.slack.complaints == []
