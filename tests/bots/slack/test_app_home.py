"""The App Home: one's own page, and the admins'."""

from __future__ import annotations

import json

from storage.records import JobState
from storage.workspaces import Terms, set_terms, terms
from tests.bots.slack.labs import ADA, BOSS, EVE, GUEST, LAB, SECRET, WORKSPACE, Lab
from tests.fakes.slack import View


def home(lab: Lab, user: str, words: str = "") -> View:
    """Somebody's page, once it holds `words`."""

    def shown() -> View | None:
        page = lab.slack.home(user)
        return page if page is not None and words in json.dumps(page.body, ensure_ascii=False) else None

    found = lab.until(shown)
    assert found is not None
    return found


def admins(lab: Lab) -> View:
    lab.slack.open_home(BOSS)
    lab.slack.press(BOSS, home(lab, BOSS, "home-admin"), "home-admin")
    return home(lab, BOSS, "All videos")


def test_ones_own_page_shows_videos_quota_and_preferences(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.slack.open_home(ADA)
    page = home(lab, ADA, "32296183")
    assert "home-admin" not in str(page.body)
    lab.slack.press(ADA, page, "me-seconds", "90")
    lab.until(lambda: lab.slack.home(ADA) is not page or page.history)
    assert lab.slack.views(ADA) == []  # the page shows it; nothing pops up
    lab.asked(ADA, "28445112")
    assert '"seconds":90' in lab.job().order
    assert lab.slack.complaints == []


def test_a_video_is_deleted_from_the_page(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.work()
    lab.slack.open_home(ADA)
    page = home(lab, ADA, "Delete")
    lab.slack.press(ADA, page, "delete")
    lab.until(lambda: lab.job().state is JobState.DELETED)
    lab.view(ADA, "Deleted")
    home(lab, ADA, "None yet")


def test_an_admin_sees_all_and_decides(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    page = admins(lab)
    assert "32296183" in str(page.body)
    lab.slack.press(BOSS, page, "home-pause")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).paused)
    page = home(lab, BOSS, "Resume")
    lab.slack.press(BOSS, page, "home-pause")
    lab.until(lambda: not terms(lab.office.database, WORKSPACE).paused)
    lab.slack.press(BOSS, home(lab, BOSS, "home-guests"), "home-guests", "yes")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).guests)
    lab.slack.press(BOSS, home(lab, BOSS, "home-access"), "home-access", "code")
    lab.slack.press(BOSS, home(lab, BOSS, "home-code"), "home-code")
    assert "The new access code is" in str(lab.view(BOSS, "new access code").body)


def test_filters_and_search_turn_the_page(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.asked(ADA, "28445112")
    page = admins(lab)
    lab.slack.press(BOSS, page, "home-search")
    form = lab.view(BOSS, "PMID")
    lab.slack.submit(BOSS, form.id, {"paper": "28445112"})
    page = home(lab, BOSS, "✕ “28445112”")
    assert "32296183" not in str(page.body)
    lab.slack.press(BOSS, page, "home-filter:1", "s=done")
    home(lab, BOSS, "None like that")


def test_limits_are_checked_before_they_count(lab: Lab) -> None:
    lab.slack.press(BOSS, admins(lab), "home-limits")
    form = lab.view(BOSS, "videos_per_user_day")
    lab.slack.submit(BOSS, form.id, {"videos_per_user_day": "many"})
    lab.until(lambda: form.errors)
    assert form.open
    form.errors.clear()
    lab.slack.submit(BOSS, form.id, {"dollars_per_job": "some"})
    lab.until(lambda: form.errors)
    lab.slack.submit(
        BOSS, form.id, {"videos_per_user_day": "7", "videos_per_day": "", "dollars_per_job": "7.5"}
    )
    lab.until(lambda: terms(lab.office.database, WORKSPACE).videos_per_user_day == 7)
    assert terms(lab.office.database, WORKSPACE).cents_per_job == 750
    assert terms(lab.office.database, WORKSPACE).videos_per_day is None
    assert not form.open
    assert lab.slack.complaints == []


def test_limits_are_shown_to_admins_only_whatever_page_is_still_open(lab: Lab) -> None:
    with_ada = Terms(admins=(ADA,))
    set_terms(lab.office.database, WORKSPACE, with_ada)
    lab.slack.open_home(ADA)
    lab.slack.press(ADA, home(lab, ADA, "home-admin"), "home-admin")
    stale = home(lab, ADA, "Change limits")
    set_terms(lab.office.database, WORKSPACE, Terms())

    lab.slack.press(ADA, stale, "home-limits")

    assert "videos_per_user_day" not in str(lab.view(ADA, "Only an admin").body)


def test_several_are_ticked_and_deleted_and_the_sheet_is_sent(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.asked(ADA, "28445112", SECRET)
    lab.work()
    page = admins(lab)
    lab.slack.press(BOSS, page, "home-csv")
    (file,) = lab.until(lambda: lab.slack.files(lab.slack.dm(BOSS)))
    assert b"32296183" in file.content
    assert b"28445112" not in file.content  # of a private job only its requester knows the paper
    lab.view(BOSS, "The sheet is")
    page = home(lab, BOSS, "home-tick")
    (block,) = [one for one in page.body["blocks"] if "'home-tick'" in str(one)]
    lab.slack.press(BOSS, page, "home-delete@home-tick")
    lab.view(BOSS, "Tick the videos")
    ids = [option["value"] for option in block["elements"][0]["options"]]
    lab.slack.press(BOSS, page, "home-tick", ids)
    lab.slack.press(BOSS, page, "home-delete@home-tick")
    lab.until(lambda: all(job.state is JobState.DELETED for job in lab.jobs()))


def test_who_is_no_admin_sees_nothing_of_it(lab: Lab) -> None:
    lab.slack.open_home(ADA)
    home(lab, ADA)
    lab.slack.command(ADA, LAB, "admin pause")
    assert "Only an admin" in lab.whisper(ADA).shown
    assert not terms(lab.office.database, WORKSPACE).paused


def test_channels_are_added_and_taken_out_on_the_page(lab: Lab) -> None:
    lab.slack.press(BOSS, admins(lab), "home-channel")
    lab.slack.submit(BOSS, lab.view(BOSS, "In which channel").id, {"where": LAB})
    lab.until(lambda: terms(lab.office.database, WORKSPACE).automatic == (LAB,))
    page = home(lab, BOSS, f"<#{LAB}>")

    lab.slack.press(BOSS, page, "home-auto-off", LAB)

    lab.until(lambda: terms(lab.office.database, WORKSPACE).automatic == ())
    home(lab, BOSS, "In every channel I ask")
    assert lab.slack.complaints == []


def test_what_holds_for_a_person_is_decided_in_a_form(lab: Lab) -> None:
    def decide(user: str, deed: str) -> None:
        lab.slack.press(BOSS, home(lab, BOSS, "All videos"), "home-people")
        lab.slack.submit(BOSS, lab.view(BOSS, "Who?").id, {"who": user, "what": deed})

    admins(lab)
    decide(ADA, "add")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).admins == (ADA,))
    home(lab, BOSS, "Made admins here")
    decide(ADA, "alerts on")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).alerts_to == (ADA,))
    decide(EVE, "add")  # of another company
    lab.until(lambda: "nobody of this workspace" in lab.slack.messages(lab.slack.dm(BOSS))[-1].shown)
    assert terms(lab.office.database, WORKSPACE).admins == (ADA,)
    assert lab.slack.complaints == []


def test_how_long_videos_are_kept_is_chosen(lab: Lab) -> None:
    lab.slack.press(BOSS, admins(lab), "home-retention", "90")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).retention_days == 90)
    lab.slack.press(BOSS, home(lab, BOSS, "Videos go after 90 days"), "home-retention", "off")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).retention_days is None)


def test_a_guests_page_does_not_tell_how_to_do_what_guests_may_not(lab: Lab) -> None:
    lab.slack.open_home(GUEST)
    page = home(lab, GUEST, "Guests can")
    assert "/paper 32296183" not in str(page.body)
