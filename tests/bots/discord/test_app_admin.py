"""What an admin says and decides: people and channels are those that Discord knows, in words, options and forms."""

from __future__ import annotations

from typing import Any

import pytest

from storage import members, workspaces
from storage.records import JobState, Requester
from storage.workspaces import Terms, set_terms
from tests.bots.discord.labs import ADA, BEN, BOB, EVE, FAR, LAB, SECRET, WORKSPACE, Lab
from tests.fakes.discord import Message

HIDDEN = "3000000000000000077"


def terms(lab: Lab) -> Terms:
    return workspaces.terms(lab.office.database, WORKSPACE)


def is_blocked(lab: Lab, user: str) -> bool:
    who = Requester(workspace=WORKSPACE, platform="discord", user=user)
    number = members.find(lab.office.database, who)
    return number is not None and members.preferences(lab.office.database, number).blocked


def read(message: Message) -> str:
    """What people read there: signs that mean nothing have a backslash before them."""
    return message.shown.replace("\\", "")


def admins_page(lab: Lab) -> Message:
    lab.type(ADA, "admin page")
    return lab.whisper(ADA, "Search a paper")


def test_whom_and_what_an_admin_s_words_name_is_looked_up(lab: Lab) -> None:
    robot = lab.discord.add_user("", "Robot", bot=True)
    lab.discord.add_channel(HIDDEN, "hidden", "private", [ADA], bot_in=False)
    dm = lab.discord.dm(ADA)

    def told(words: str, answer: str) -> None:
        lab.discord.say(ADA, dm, f"admin {words}")
        lab.until(lambda: [one for one in lab.discord.of_app(dm) if answer in read(one)])

    told(f"auto <#{LAB}> on", "dropped in #lab is made into a video at once.")
    told(f"auto <#{SECRET}> on", "dropped in #secret is made")
    told(f"auto <#{SECRET}> off", "dropped in #secret.")
    told(f"auto <#{FAR}> on", "as soon as I am there: grant me View Channel")
    told(f"auto <#{FAR}> off", "dropped in #far.")
    told(f"auto <#{HIDDEN}> on", "Is it a private one?")
    told("auto #nope on", "I know no channel “#nope”")
    told("auto #3000000000000000999 on", "I know no channel “#3000000000000000999”")
    told(f"add <@{EVE}>", "Eve is nobody of this server")
    told(f"add <@{robot.id}>", "Robot is nobody of this server")
    told("add <@2000000000000000999>", "can’t tell who “@2000000000000000999” is")
    told("add ben", "can’t tell who “ben” is")
    told(f"alerts <@{BEN}> on", "Ben Dale hears of what needs attention")
    told(f"block <@{BEN}>", "Ben Dale can’t have videos made here any more")
    told(f"let-in <@!{BOB}>", "Bob Vale may have videos made here")
    told(f"add <@{BOB}>", "Bob Vale is an admin here now")
    assert (terms(lab).automatic, terms(lab).admins, terms(lab).alerts_to) == ((LAB,), (BOB,), (BEN,))
    assert is_blocked(lab, BEN)
    lab.discord.mention(ADA, LAB, f"admin remove <@{BOB}>")
    lab.direct(ADA, "Bob Vale is no admin here any more")
    assert terms(lab).admins == ()


def test_nobody_is_looked_up_for_words_of_others(lab: Lab) -> None:
    lab.discord.say(BOB, lab.discord.dm(BOB), f"what does <@{EVE}> say about 32296183 then?")
    lab.direct(BOB, "Shall I make a video")
    assert lab.discord.calls_of("GET /users/{user_id}") == []


def test_people_and_channels_are_chosen_as_options(lab: Lab) -> None:
    def told(words: str, answer: str, **options: Any) -> None:
        lab.type(ADA, f"admin {words}", **options)
        lab.until(lambda: [one for one in lab.discord.ephemerals(ADA) if answer in read(one)])

    told("auto", "dropped in #lab is made", channel=LAB, on=True)
    told("add", "Ben Dale is an admin here now", person=BEN)
    told("alerts", "Ben Dale hears", person=BEN, on=True)
    told("block", "Bob Vale can’t have videos made", person=BOB)
    assert (terms(lab).automatic, terms(lab).admins, terms(lab).alerts_to) == ((LAB,), (BEN,), (BEN,))
    assert is_blocked(lab, BOB)
    told("unblock", "Bob Vale may have videos made", person=BOB)
    told("remove", "Ben Dale is no admin", person=BEN)
    told("alerts", "Ben Dale no longer hears", person=BEN, on=False)
    told("auto", "I ask before", channel=LAB, on=False)
    assert (terms(lab).automatic, terms(lab).admins, terms(lab).alerts_to) == ((), (), ())
    assert not is_blocked(lab, BOB)


def test_who_is_no_admin_decides_nothing(lab: Lab) -> None:
    for words, options in (("add", {"person": BOB}), ("auto", {"channel": LAB, "on": True})):
        lab.type(BOB, f"admin {words}", **options)
        lab.whisper(BOB, "Only an admin of this server")
    assert (terms(lab).automatic, terms(lab).admins) == ((), ())


def test_what_holds_for_a_person_is_decided_in_a_form(lab: Lab) -> None:
    page = admins_page(lab)

    def decide(user: str, deed: str) -> None:
        lab.discord.press(ADA, page, "home-people")
        (view,) = lab.until(lambda: lab.discord.views(ADA))
        lab.discord.submit(ADA, view.id, {"who": user, "what": deed})

    decide(BEN, "add")
    lab.whisper(ADA, "Ben Dale is an admin here now")
    lab.until(lambda: "Made admins here" in page.shown)
    decide(BEN, "alerts on")
    lab.until(lambda: terms(lab).alerts_to == (BEN,))
    decide(BOB, "block")
    lab.until(lambda: "Kept out" in page.shown)
    assert is_blocked(lab, BOB)
    assert terms(lab).admins == (BEN,)


def test_channels_are_added_and_taken_out_on_the_page(lab: Lab) -> None:
    page = admins_page(lab)
    lab.discord.press(ADA, page, "home-channel")
    (view,) = lab.until(lambda: lab.discord.views(ADA))
    lab.discord.submit(ADA, view.id, {"where": LAB})
    lab.until(lambda: f"<#{LAB}>" in page.shown)
    assert terms(lab).automatic == (LAB,)
    lab.discord.press(ADA, page, "home-auto-off")
    lab.until(lambda: "In every channel I ask" in page.shown)
    assert terms(lab).automatic == ()


def test_how_long_videos_are_kept_is_chosen(lab: Lab) -> None:
    page = admins_page(lab)
    lab.discord.choose(ADA, page, "home-retention", "90")
    lab.whisper(ADA, "Finished videos are deleted after 90 days")
    assert terms(lab).retention_days == 90
    lab.discord.choose(ADA, page, "home-retention", "off")
    lab.until(lambda: terms(lab).retention_days is None)


def test_only_what_was_changed_in_the_form_of_limits_counts(lab: Lab) -> None:
    lab.discord.press(ADA, admins_page(lab), "home-limits")
    whose = lab.whisper(ADA, "Which limits?")
    lab.discord.press(ADA, whose, "For one person …")
    (view,) = lab.until(lambda: lab.discord.views(ADA))
    set_terms(lab.office.database, WORKSPACE, Terms(videos_per_user_month=7))  # somebody else, meanwhile
    lab.discord.submit(ADA, view.id, {"videos_per_user_day": "3"})
    lab.until(lambda: terms(lab).videos_per_user_day == 3)
    assert terms(lab).videos_per_user_month == 7
    lab.until(lambda: "One person: 3 videos a day" in read(whose))


def test_limits_are_shown_to_admins_only_whatever_page_is_still_open(lab: Lab) -> None:
    set_terms(lab.office.database, WORKSPACE, Terms(admins=(BEN,)))
    lab.type(BEN, "admin page")
    lab.discord.press(BEN, lab.whisper(BEN, "Search a paper"), "home-limits")
    whose = lab.whisper(BEN, "Which limits?")
    set_terms(lab.office.database, WORKSPACE, Terms())
    lab.discord.press(BEN, whose, "For one person …")
    lab.whisper(BEN, "Only an admin")
    assert lab.discord.views(BEN) == []


def test_one_s_own_page_shows_what_came_of_a_press(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.fail()
    lab.until(lambda: lab.job().state is JobState.FAILED)
    lab.type(BOB, "home")
    page = lab.whisper(BOB, "What I can do")
    assert "32296183" in page.shown
    assert "Your quota" in page.shown
    assert not page.has_button("home-admin")
    lab.discord.choose(BOB, page, "me-seconds", "45")
    lab.quiet()
    assert "What I can do" in page.shown
    lab.discord.press(BOB, page, "retry")
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.until(lambda: "failed" not in page.shown)
    assert "What I can do" in page.shown
    lab.type(ADA, "home")
    mine = lab.whisper(ADA, "What I can do")
    lab.discord.press(ADA, mine, "home-admin")
    lab.until(lambda: "Search a paper" in mine.shown)


@pytest.mark.parametrize("how", ["words", "page"])
def test_who_is_forgotten_leaves_nothing_in_the_direct_messages(lab: Lab, how: str) -> None:
    dm = lab.discord.dm(BOB)
    lab.asked(BOB, "32296183", dm)
    lab.work()
    lab.until(lambda: lab.job().state is JobState.DONE)
    for words in ("list", "status"):
        lab.discord.say(BOB, dm, words)
    lab.until(lambda: sum("Caption times" in one.shown for one in lab.discord.of_app(dm)) >= 4)
    theirs = lab.discord.say(BOB, dm, "thank you")
    lab.direct(BOB, "You’re welcome")
    if how == "words":
        lab.discord.say(BOB, dm, "forget-me")
        button = lab.direct(BOB, "Forget you?")
    else:
        lab.type(BOB, "home")
        button = lab.whisper(BOB, "What I can do")
    lab.discord.press(BOB, button, "Forget me…")
    question = lab.whisper(BOB, "All your videos")
    lab.discord.press(BOB, question, "Forget me")
    lab.until(lambda: "You are forgotten" in question.shown)
    lab.until(lambda: not any("Caption times" in one.shown for one in lab.discord.of_app(dm)))
    lab.until(lambda: not any("welcome" in one.shown for one in lab.discord.of_app(dm)))
    lab.quiet()
    assert not lab.discord.state.messages[theirs].deleted
