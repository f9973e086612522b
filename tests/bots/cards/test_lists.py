"""Lists, quota, preferences, help, one's own page and an admin's."""

from __future__ import annotations

import pytest

from bots.cards.admin import AdminView, admin_card, found_card, spend_card
from bots.cards.audit import audit_card
from bots.cards.card import Buttons, Card, Checks, Choice, Chosen, Entry
from bots.cards.filters import ANY, days_of, folded, refined, since, unfolded
from bots.cards.home import HomeView, home_card
from bots.cards.lists import help_card, list_card, me_card, quota_card
from bots.cards.tongue import Tongue
from bots.slack.blocks import HOME_BLOCKS, blocks, home
from jobs.privacy import seen_by
from storage.audit import AuditEntry
from storage.catalogue import Filter, UserSpend
from storage.members import Preferences
from storage.records import JobState
from storage.workspaces import Terms
from tests.bots.slack.block_kit import held_to_the_rules, mentions, seen
from tests.pictures.samples import ADA, BEN, NASTY, NOW, PAPER, done, failed, job, members, usage, view

AWAY = failed("x", "Away.", "", retryable=True, stage="fetch-paper")


def deeds(card: Card) -> list[str]:
    found = []
    for block in card.blocks:
        if isinstance(block, Buttons | Entry):
            found += [button.deed for button in block.buttons]
        if isinstance(block, Choice | Checks):
            found.append(block.deed)
    return found


def entries(card: Card) -> list[Entry]:
    return [block for block in card.blocks if isinstance(block, Entry)]


def test_a_list_shows_state_length_day_and_link() -> None:
    card = list_card([done(), job(), AWAY, done(private=True, paper=NASTY)], 4)

    first, running, away, nasty = entries(card)
    assert (first.text, first.url) == (PAPER.title, "https://videos.example.org/v/k3mfq7xz")
    assert first.about == "done · 66 s · 21 Nov 2026 · k3mfq7xz"
    assert [button.deed for button in first.buttons] == ["delete"]
    assert first.buttons[0].confirm is not None
    assert running.about.startswith("58 %")
    assert [button.deed for button in running.buttons] == ["cancel"]
    assert [button.deed for button in away.buttons] == ["retry", "delete?"]
    assert "private" in nasty.about
    drawn = blocks(card)
    held_to_the_rules(drawn)
    assert mentions(drawn) == []
    assert NASTY.title in seen(drawn)


def test_a_list_turns_its_pages() -> None:
    def turning(offset: int, shown: int) -> list[tuple[str, str]]:
        card = list_card([job()] * shown, 23, offset=offset)
        row = [one for block in card.blocks if isinstance(block, Buttons) for one in block.buttons]
        return [(button.deed, button.value) for button in row]

    assert turning(0, 10) == [("list", "10")]
    assert turning(10, 10) == [("list", "0"), ("list", "20")]
    assert turning(20, 3) == [("list", "10")]


def test_who_has_no_videos_is_told_how_to_begin() -> None:
    assert "/video 32296183" in seen(blocks(list_card([], 0, tongue=Tongue(command="/video"))))


def test_a_quota_says_what_was_had_and_when_it_is_full() -> None:
    said = seen(blocks(quota_card(usage(), NOW)))

    assert "You, today: 3 of 10 videos · $1.20 of $5.00" in said
    assert "Workspace, this month: 187 of 500 videos · $200.00 of $200.00 · full until" in said
    assert said.count("full until") == 1


def test_a_quota_without_caps_counts_only() -> None:
    free = usage().user_day.model_copy(update={"videos_cap": None, "cents_cap": None})

    said = seen(blocks(quota_card(usage(user_day=free), NOW)))

    assert "You, today: 3 videos · $1.20\n" in said


def test_preferences_show_what_stands() -> None:
    card = me_card(ADA, Preferences(seconds=50, audience="peer", approve=False), 3)

    chosen = {block.deed: block.chosen for block in card.blocks if isinstance(block, Choice)}
    assert chosen == {"me-seconds": "50", "me-audience": "peer", "me-approve": "no"}
    for block in card.blocks:
        if isinstance(block, Choice):
            assert block.chosen in {option.value for option in block.options}
    assert "forget-me" in deeds(card)
    usual = me_card(ADA, Preferences(), 3)
    assert {block.chosen for block in usual.blocks if isinstance(block, Choice)} == {"-"}


def test_help_knows_the_commands_name_and_tells_admins_more() -> None:
    video = Tongue(command="/video")
    plain, admin = seen(blocks(help_card(video))), seen(blocks(help_card(video, admin=True)))

    assert "/video 32296183" in plain
    assert "/paper" not in plain
    assert "/video admin help" in admin
    assert "/video admin help" not in plain


def own(**changes: object) -> HomeView:
    whole = {"who": ADA, "jobs": (), "total": 0, "preferences": Preferences(), "usage": usage(), "now": NOW}
    return HomeView.model_validate({**whole, **changes})


def test_ones_own_page_holds_everything_of_ones_own() -> None:
    card = home_card(own(jobs=tuple([done(), job(), AWAY] * 3), total=23))

    drawn = home(card)["blocks"]
    held_to_the_rules(drawn, HOME_BLOCKS)
    assert len(entries(card)) == 9
    assert {
        "delete",
        "cancel",
        "retry",
        "home-mine",
        "me-seconds",
        "me-audience",
        "me-approve",
        "forget-me",
    } <= set(deeds(card))
    assert "home-admin" not in deeds(card)
    assert "home-admin" in deeds(home_card(own(who=BEN)))


def test_a_first_page_says_how_to_begin_and_a_closed_one_why() -> None:
    assert "None yet." in seen(home(home_card(own()))["blocks"])
    closed = home_card(own(closed="Guests can’t use this app here."))
    assert "Guests can’t use this app here." in seen(home(closed)["blocks"])
    assert "/paper" not in seen(home(closed)["blocks"])
    assert deeds(closed) == ["forget-me"]
    kept = home_card(own(closed="Guests can’t use this app here.", jobs=(done(),), total=1))
    assert deeds(kept) == ["delete", "forget-me"]


def admins(**changes: object) -> AdminView:
    whole = {
        "who": BEN,
        "filter": Filter(),
        "jobs": tuple(
            seen_by(one, BEN).model_copy(update={"id": f"k3mfq7x{number}"})
            for number, one in enumerate((done(), job(), done(private=True, paper=NASTY)))
        ),
        "total": 23,
        "members": members(),
        "terms": Terms(),
        "usage": usage(),
        "now": NOW,
    }
    return AdminView.model_validate({**whole, **changes})


def test_an_admins_page_holds_usage_videos_rules_and_log() -> None:
    audit = (
        AuditEntry(at=NOW, workspace="w", actor="slack:U0ADA", action="delete", target="k3mfq7xz", detail=""),
    )
    card = admin_card(
        admins(audit=audit, spend=(UserSpend(user_id=1, name="", videos=2, cents=120),), workers=0)
    )

    drawn = home(card)["blocks"]
    held_to_the_rules(drawn, HOME_BLOCKS)
    said = seen(drawn)
    assert "No worker is alive" in said
    assert "somebody forgotten: 2 videos · $1.20" in said
    assert "Ada Byron deleted k3mfq7xz" in said
    assert NASTY.title not in str(drawn)
    [checks] = [block for block in card.blocks if isinstance(block, Checks)]
    assert [option.label for option in checks.options] == [PAPER.title, PAPER.title, "A private paper"]
    assert (
        checks.options[0].about
        == "Ada Byron · done · 21 Nov 2026 · 66 s · 8 scenes · in 1\u00a0min\u00a040\u00a0s"
    )
    assert {
        "home-filter",
        "home-search",
        "home-csv",
        "home-delete",
        "home-page",
        "home-pause",
        "home-limits",
    } <= set(deeds(card))
    for block in card.blocks:
        if isinstance(block, Choice):
            assert block.chosen in {option.value for option in block.options}


def test_a_pause_and_a_code_are_shown() -> None:
    card = admin_card(admins(terms=Terms(paused=True, access="code")))

    assert "Paused: no new videos are made." in seen(home(card)["blocks"])
    assert deeds(card).count("home-pause") == 1
    assert "home-code" in deeds(card)


def test_rules_are_decided_on_the_page_and_each_channel_can_be_taken_out() -> None:
    ada, ben = members()
    known = (ada.model_copy(update={"preferences": Preferences(blocked=True)}), ben)
    rules = Terms(automatic=("C0PAPERS", "nope"), retention_days=45, admins=("U0BEN",))

    card = admin_card(admins(terms=rules, members=known))

    drawn = home(card)["blocks"]
    held_to_the_rules(drawn, HOME_BLOCKS)
    said = seen(drawn)
    assert "Made admins here: Ben Okri" in said
    assert "Kept out: Ada Byron" in said
    assert "<#C0PAPERS>" in str(drawn)
    assert "#nope" in said
    row = [button for block in card.blocks if isinstance(block, Entry) for button in block.buttons]
    assert [(button.deed, button.value) for button in row] == [
        ("home-auto-off", "C0PAPERS"),
        ("home-auto-off", "nope"),
    ]
    assert {"home-people", "home-channel"} <= set(deeds(card))
    [kept] = [one for one in card.blocks if isinstance(one, Choice) and one.deed == "home-retention"]
    assert kept.chosen == "45"


def test_a_page_of_many_people_and_long_searches_keeps_to_the_limits() -> None:
    many = tuple(
        one.model_copy(
            update={"id": number, "requester": ADA.model_copy(update={"name": f"Nr {number} " + "x" * 100})}
        )
        for number, one in enumerate([members()[0]] * 300)
    )
    wanted = Filter(user=250, states=tuple(JobState), since=NOW, until=NOW + 1, paper="é" * 300)

    drawn = home(admin_card(admins(members=many, filter=wanted, offset=10)))["blocks"]

    held_to_the_rules(drawn, HOME_BLOCKS)


def test_what_is_said_of_spending_searches_and_the_log_is_plain() -> None:
    spend = spend_card([UserSpend(user_id=1, name="*Ada*", videos=1, cents=5)], "November 2026")
    found = found_card([done(paper=NASTY)], 1)
    log = audit_card(
        [AuditEntry(at=NOW, workspace="w", actor="<!here>", action="a", target="t", detail="*d*")]
    )

    assert "Spent in November 2026: $0.05\n*Ada*: 1 video · $0.05" in seen(blocks(spend))
    assert NASTY.title in seen(blocks(found))
    assert "<!here> a t (*d*)" in seen(blocks(log))
    for card in (spend, found, log, spend_card([], "x"), found_card([], 0), audit_card([])):
        held_to_the_rules(blocks(card))
        assert mentions(blocks(card)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(user=7, states=(JobState.DONE, JobState.FAILED), since=1.0, until=2.0, paper="a & b=c, é"),
        Filter(states=tuple(JobState), paper="rib fractures"),
    ],
)
def test_a_filter_survives_being_folded(wanted: Filter) -> None:
    assert unfolded(folded(wanted, 20)) == (wanted, 20)
    assert len(folded(wanted, 20)) <= 200


@pytest.mark.parametrize("word", ["", "u=x", "s=nonsense", "o=-3", "o=x", "a=b&&&", "\x00"])
def test_what_nobody_folded_is_no_filter(word: str) -> None:
    assert unfolded(word) == (Filter(), 0)


def test_a_long_search_is_cut_so_that_the_fold_stays_short() -> None:
    wanted = Filter(user=10**9, states=tuple(JobState), since=NOW, until=NOW, paper="é" * 300)

    word = folded(wanted, 10**6)

    assert len(word) <= 240
    assert unfolded(word)[0].paper == "é" * 14


def test_a_choice_refines_the_filter_and_goes_back_to_the_first_page() -> None:
    before = folded(Filter(paper="x", user=3), 20)

    def after(value: str) -> Filter:
        return refined(Chosen(context=before, values=(value,)).model_dump_json(), NOW)

    assert after("s=queued,running") == Filter(paper="x", user=3, states=(JobState.QUEUED, JobState.RUNNING))
    assert after("s=-") == Filter(paper="x", user=3)
    assert after("u=5") == Filter(paper="x", user=5)
    assert after(f"u={ANY}") == Filter(paper="x")
    assert after("d=7") == Filter(paper="x", user=3, since=since(7, NOW))
    assert days_of(after("d=7"), NOW) == "7"
    assert after("d=-").since is None
    assert after("nonsense") == Filter(paper="x", user=3)


def test_today_began_at_midnight() -> None:
    assert since(1, NOW) == NOW - (10 * 60 + 12) * 60
    assert days_of(Filter(since=NOW), NOW) == ANY


def test_the_message_of_a_job_keeps_to_the_limits_with_any_title() -> None:
    from bots.cards.job import job_card

    for title in ("x" * 5_000, "<" * 5_000, "", " ", NASTY.title * 30):
        drawn = blocks(
            job_card(view(job(paper=PAPER.model_copy(update={"title": title, "authors": (title,) * 3}))))
        )
        held_to_the_rules(drawn)
