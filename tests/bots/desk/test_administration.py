"""What those who look after a workspace decide in words, and what everybody else hears."""

from __future__ import annotations

import csv
import io

import pytest

from bots.desk.administration import _ACTIONS, LOOKS
from bots.desk.desk import Desk
from bots.desk.overview import HELP
from bots.desk.sheets import sheet
from jobs.office import Office
from storage import audit, members, workspaces
from storage.cap_words import NAMES
from storage.catalogue import Filter
from storage.records import JobState, PaperCard
from storage.workspaces import Terms
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    KNOWN,
    LAB,
    ask,
    begun,
    buttons_of,
    jobs_of,
    words_of,
)
from tests.databases import FakeClock
from tests.jobs.offices import job_now, work_through


def say(desk: Desk, words: str) -> str:
    """What an admin is answered."""
    return words_of(desk.command(ask(BOSS, mentions=KNOWN), f"admin {words}").card)


def terms(office: Office) -> Terms:
    return workspaces.terms(office.database, LAB)


@pytest.mark.parametrize("words", ["", *LOOKS, *_ACTIONS, "quota videos_per_day=1", "add @U0ADA", "nonsense"])
def test_everybody_else_hears_one_sentence(desk: Desk, office: Office, words: str) -> None:
    before = terms(office)
    reply = desk.command(ask(), f"admin {words}")
    assert reply.card.text == "Only an admin of this workspace can do that."
    assert reply.document is None
    assert terms(office) == before
    pressed = desk.press(ask(), "admin-delete", '["k3mfq7xz"]')
    assert pressed is not None
    assert pressed.card.text == reply.card.text
    assert words_of(desk.admin_home(ask())).startswith(reply.card.text)
    assert desk.sheet(ask()).document is None


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (
            "quota videos_per_user_day=5 dollars_per_month=NONE cents_per_day=150 dollars_per_job=$7.5",
            {"videos_per_user_day": 5, "cents_per_month": None, "cents_per_day": 150, "cents_per_job": 750},
        ),
        ("quota videos_per_day=0", {"videos_per_day": 0}),
        ("allow code", {"access": "code"}),
        ("allow Listed", {"access": "listed"}),
        ("guests on", {"guests": True}),
        ("guests yes", {"guests": True}),
        ("approval on", {"approval": True}),
        ("pause", {"paused": True}),
        ("retention 90", {"retention_days": 90}),
        ("auto #C0LAB on", {"automatic": ("C0LAB",)}),
        ("auto <#C0LAB|lab> on", {"automatic": ("C0LAB",)}),
        ("add <@U0ADA|ada>", {"admins": ("U0ADA",)}),
        ("alerts @U0ADA on", {"alerts_to": ("U0ADA",)}),
    ],
)
def test_a_decision_is_kept_and_noted(
    desk: Desk, office: Office, words: str, changed: dict[str, object]
) -> None:
    say(desk, words)
    assert terms(office) == Terms.model_validate(changed)
    (line,) = audit.entries(office.database, LAB)
    assert line.actor == "slack:U0BOSS"


@pytest.mark.parametrize(
    "words",
    [
        "quota videos_per_user_day",
        "quota videos_per_user_day=many",
        "quota videos_per_user_day=-1",
        "quota videos_per_user_day=5 nonsense=3",
        "quota paused=yes",
        "quota access=code",
        "allow",
        "allow nobody",
        "guests",
        "guests perhaps",
        "retention",
        "retention 0",
        "retention soon",
        "auto",
        "auto #C0LAB",
        "auto #C0LAB perhaps",
        "auto #nope on",
        "auto C0LAB on",
        "auto #C0GONE on",
        "auto #C0GONE off",
        "pause tomorrow",
        "add U0ADA",
        "add Ada",
        "add @U0EVE",
        "add @U0ZZZZ9",
        "block Ada",
        "block @U0EVE",
        "let-in @U0ZZZZ9",
        "alerts @U0EVE on",
        "add",
        "add @nobody",
        "remove @U0ADA",
        "alerts @U0ADA",
        "block",
        "block @U0BOSS",
        "delete",
        "delete everything",
        "delete k3mfq7xz everything",
        "nonsense",
        "puase",
        "list nonsense=1",
        "list state=broken",
        "list since=yesterday",
        "list since=2026-02-31",
        "list user=@nobody",
        "audit 0",
        "audit many",
    ],
)
def test_what_is_not_understood_changes_nothing(desk: Desk, office: Office, words: str) -> None:
    desk.command(ask(), "help")
    text = say(desk, words)
    assert text
    assert terms(office) == Terms()
    assert audit.entries(office.database, LAB) == []


def test_the_help_names_every_word_and_each_is_understood(desk: Desk, office: Office) -> None:
    text = say(desk, "help")
    missing = [word for word in (*LOOKS, *_ACTIONS) if word not in text]
    assert missing == ["help"]
    desk.command(ask(ADA.model_copy(update={"name": "name"})), "help")
    for words, _ in HELP:
        if not words.startswith(("list", "delete")):
            answer = say(desk, words)
            assert not answer.startswith(("Say ", "I don’t", "There is no")), words
    assert "None like that" in say(desk, HELP[0][0])


def test_the_log_holds_no_name_of_a_private_file(desk: Desk, office: Office) -> None:
    audit.note(office.database, LAB, "slack:U0ADA", "attach", "k3mfq7xz", "Secret manuscript.pdf")
    assert "k3mfq7xz" in say(desk, "audit")
    assert "Secret" not in say(desk, "audit")
    assert "Secret" not in words_of(desk.admin_home(ask(BOSS)))


def test_a_misspelt_word_is_answered_with_the_nearest(desk: Desk) -> None:
    assert "Did you mean /paper admin pause?" in say(desk, "puase")
    assert "Did you mean" not in say(desk, "tomorrow")
    assert "Did you mean videos_per_user_day=?" in say(desk, "quota video_per_user_day=5")
    assert "Did you mean state=?" in say(desk, "list stat=failed")


def test_other_words_for_the_same(desk: Desk, office: Office) -> None:
    assert say(desk, "budget") == say(desk, "limits") == say(desk, "quota")
    assert say(desk, "Users") == say(desk, "people")
    assert "Newcomer may" in say(desk, "let in @U0NEWCOMER1")


def test_a_limit_is_told_in_words(desk: Desk) -> None:
    assert say(desk, "quota videos_per_user_day=13 dollars_per_month=none dollars_per_job=5").startswith(
        "One person: 13 videos a day. The workspace: any amount of money a month. One video: $5.00.\n"
    )
    assert "One person: 13 videos a day." in say(desk, "audit")


def test_a_channel_is_named_and_must_be_there(desk: Desk, office: Office) -> None:
    assert "dropped in #lab is made" in say(desk, "auto #C0LAB on")
    assert "invite me" in say(desk, "auto #C0FAR on")
    assert "I know no channel “#nope”" in say(desk, "auto #nope on")
    assert terms(office).automatic == ("C0LAB", "C0FAR")
    # One that was deleted meanwhile is no more known, and can be taken out all the same.
    desk.command(ask(BOSS), "admin auto #C0FAR off")
    assert terms(office).automatic == ("C0LAB",)


def test_rights_are_given_to_people_of_this_workspace_by_mention(desk: Desk, office: Office) -> None:
    desk.command(ask(), "help")
    assert "can’t tell who “Ada” is" in say(desk, "add Ada")
    assert "Eve is nobody of this workspace" in say(desk, "add @U0EVE")
    assert "can’t tell who “@U0ZZZZ9” is" in say(desk, "add @U0ZZZZ9")
    assert "Gil is a guest" in say(desk, "add @U0GIL")
    assert terms(office).admins == ("U0GIL",)
    assert "guest" not in say(desk, "add @U0BEN")


def test_what_is_decided_can_be_undone(desk: Desk, office: Office) -> None:
    for words in (
        "pause",
        "guests on",
        "approval on",
        "retention 9",
        "auto #C0LAB on",
        "auto #C0FAR on",
        "add @U0ADA",
    ):
        say(desk, words)
    say(desk, "auto #C0LAB off")
    assert terms(office).automatic == ("C0FAR",)
    for words in (
        "resume",
        "guests off",
        "approval off",
        "retention off",
        "auto #C0FAR off",
        "remove @U0ADA",
    ):
        say(desk, words)
    assert terms(office) == Terms()


def test_an_admin_whom_an_admin_made(desk: Desk, office: Office) -> None:
    say(desk, "add @U0ADA")
    assert "Paused" in desk.command(ask(), "admin pause").card.text
    say(desk, "remove @U0ADA")
    assert "Only an admin" in desk.command(ask(), "admin resume").card.text
    assert terms(office).paused


def test_people_are_named_by_mention_or_by_their_only_name(desk: Desk, office: Office) -> None:
    desk.command(ask(), "help")
    desk.command(ask(BEN), "help")
    other = ADA.model_copy(update={"user": "U0TWIN"})
    say(desk, "block @U0ADA")
    assert [
        one.requester.user for one in members.members(office.database, LAB) if one.preferences.blocked
    ] == ["U0ADA"]
    desk.command(ask(other), "help")
    assert "Several people" in say(desk, "unblock Ada")
    say(desk, "unblock @U0ADA")
    assert not any(one.preferences.blocked for one in members.members(office.database, LAB))
    people = say(desk, "people")
    assert "Ben (@U0BEN): 0 finished videos" in people
    # One who never came is let in before they do.
    say(desk, "let-in @U0NEWCOMER1")
    assert "let in" in say(desk, "people")


def test_a_name_in_another_workspace_is_nobody(desk: Desk) -> None:
    desk.command(ask(ADA.model_copy(update={"workspace": "slack:T0ELSE", "name": "Eve"})), "help")
    assert "nobody called" in say(desk, "unblock Eve")


def test_the_limits_are_told(desk: Desk) -> None:
    text = say(desk, "quota")
    assert all(name in text for name in NAMES)
    assert "dollars_per_day=50.00" in text
    assert "dollars_per_day= is an amount like 20 or 7.50 or none, not “1.234”." in say(
        desk, "quota dollars_per_day=1.234"
    )


def test_a_limit_counts_at_once(desk: Desk) -> None:
    say(desk, "quota videos_per_user_day=0")
    assert "no videos" in desk.command(ask(), "32296183").card.text


def test_the_list_by_filters(desk: Desk, office: Office, clock: FakeClock) -> None:
    first = begun(office, desk.command(ask(), "1"))
    clock.advance(24 * 3600)
    second = begun(office, desk.command(ask(BEN), "2"))
    desk.command(ask(BEN), "cancel")

    def found(words: str) -> list[str]:
        text = say(desk, f"list {words}")
        return [job.id for job in (first, second) if job.id in text]

    assert found("") == [first.id, second.id]
    assert found("state=cancelled") == [second.id]
    assert found("state=running,cancelled") == [first.id, second.id]
    assert found("user=@U0ADA") == [first.id]
    assert found("user=Ben state=cancelled since=2026-11-17") == [second.id]
    assert found("until=2026-11-16") == [first.id]
    assert found("paper=2") == [second.id]
    assert found("paper=nothing") == []


def test_spend_and_the_audit_log(desk: Desk, office: Office) -> None:
    begun(office, desk.command(ask(), "1"))
    assert "November 2026" in say(desk, "spend")
    assert "Ada: 1 video" in say(desk, "spend")
    say(desk, "pause")
    say(desk, "resume")
    log = say(desk, "audit 1")
    assert "resume" in log
    assert "pause" not in log.replace("resume", "")


def test_the_log_is_told_in_words(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(), "1"))
    private = begun(office, desk.command(ask(kind="dm"), "2"))
    audit.note(office.database, LAB, "slack:U0ADA", "approve", job.id, "uploads/slack:T0LAB/a262.json")
    audit.note(office.database, LAB, "slack:U0ADA", "cancel", private.id)
    say(desk, "block @U0BEN")
    say(desk, "auto #C0LAB on")
    log = say(desk, "audit")
    assert "Ada approved “PMID 1” with words of their own" in log
    assert "Ada cancelled a private video\n" in log
    assert "Boss blocked Ben\n" in log
    assert "Boss turned videos without a question on in #lab\n" in log
    assert "uploads/" not in log
    assert "approved “PMID 1”" in words_of(desk.admin_home(ask(BOSS)))


def test_several_are_deleted_after_a_question(desk: Desk, office: Office) -> None:
    done = begun(office, desk.command(ask(), "1"))
    work_through(office)
    running = begun(office, desk.command(ask(BEN), "2"))
    kept = begun(office, desk.command(ask(BEN), "3"))
    reply = desk.command(ask(BOSS), f"admin delete {done.id}, {running.id} {running.id} zzzzzzzz")
    assert "Delete 2 videos" in reply.card.text
    assert "1 of those named is not there" in reply.card.text
    assert len(jobs_of(office)) == 3
    button = buttons_of(reply.card)["admin-delete"]
    assert button.confirm is not None
    answer = desk.press(ask(BOSS), button.deed, button.value)
    assert answer is not None
    assert answer.card.text == "Deleted 2 of 2."
    assert [job.id for job in jobs_of(office)] == [kept.id]
    assert "None of these" in say(desk, f"delete {done.id}")
    for nonsense in ("", "{}", "3", "[[]]"):
        answer = desk.press(ask(BOSS), "admin-delete", nonsense)
        assert answer is not None
        assert answer.card.text.startswith(("Nothing was deleted", "Deleted 0"))


def test_the_sheet_holds_every_job_and_no_formula(desk: Desk, office: Office) -> None:
    begun(office, desk.command(ask(), "1"))
    begun(office, desk.command(ask(BEN), "2"))
    document = desk.command(ask(BOSS), "admin csv user=@U0ADA").document
    assert document is not None
    rows = list(csv.DictReader(io.StringIO(document.content.decode("utf-8-sig"))))
    assert [(row["asked for by"], row["source"], row["state"]) for row in rows] == [("Ada", "1", "running")]
    whole = desk.sheet(ask(BOSS), Filter()).document
    assert whole is not None
    assert len(whole.content.splitlines()) == 3
    evil = job_now(office, rows[0]["job"]).model_copy(
        update={"paper": PaperCard(title='=HYPERLINK("http://evil")\n@x')}
    )
    (row,) = csv.DictReader(io.StringIO(sheet([evil], BOSS).decode("utf-8-sig")))
    assert row["title"] == '\'=HYPERLINK("http://evil")\n@x'


def test_the_admins_page(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(), "1"))
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE
    text = words_of(desk.admin_home(ask(BOSS)))
    assert "Caption times" in text
    assert "None like that" in words_of(desk.admin_home(ask(BOSS), Filter(states=(JobState.FAILED,))))
    # A page behind the last one is the last one.
    assert "Caption times" in words_of(desk.admin_home(ask(BOSS), Filter(), 500))
    assert "Caption times" in words_of(desk.home(ask()))
    assert "Caption times" not in words_of(desk.home(ask(BEN)))
