"""How a job ended, and the offer that begins one."""

from __future__ import annotations

import pytest

from bots.cards.card import Buttons, Card
from bots.cards.results import failed_card, moved_card, offer_card, result_card
from bots.slack.blocks import blocks, text
from pipeline.model import Finding, Scene, Script
from pipeline.paper.jats import ABSTRACT_ONLY
from pipeline.publish.checked import checked
from pipeline.publish.post import post_text
from storage.records import PaperCard, PublishedFile
from tests.bots.slack.block_kit import addresses, held_to_the_rules, mentions, seen
from tests.pictures.samples import (
    NASTY,
    NOW,
    PAPER,
    POST,
    WARNING,
    done,
    failed,
    paper,
    rewritten,
    script,
    view,
)


def deeds(card: Card) -> list[str]:
    return [button.deed for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def test_the_result_mentions_its_requester_once_and_tells_all() -> None:
    card = result_card(view(done()), script(), [], POST)

    drawn = blocks(card)
    held_to_the_rules(drawn)
    assert mentions(drawn) == ["U0ADA"]
    assert {"https://videos.example.org/v/k3mfq7xz", "https://doi.org/10.5555/captions.2026"} == addresses(
        drawn
    )
    said = seen(drawn)
    assert "Watch the video · 66 s · 8 scenes · made in 1\u00a0min\u00a040\u00a0s · cost nothing" in said
    assert "✓ 7 of 7 claims have their passage in the paper." in said
    assert "✓ Every number that is said or shown stands in its passage." in said
    assert POST.strip() in said
    assert deeds(card) == ["redo", "delete"]
    assert text(card) == f"Your video is ready: {PAPER.title}, 66 s"


def test_after_a_redo_it_says_which_scene_is_new() -> None:
    card = result_card(view(done(order='{"source": "1", "redone": 2}')), script(), [], POST)

    assert text(card) == f"Scene 3 of your video is new: {PAPER.title}, 66 s"
    assert "Scene 3 of your video is new." in seen(blocks(card))


def test_a_video_with_a_page_is_watched_there_and_downloaded_from_beside_it() -> None:
    files = tuple(
        PublishedFile(name=name, key=f"videos/a-b/{name}", sha256="0" * 64, bytes=1, content_type=kind)
        for name, kind in (("index.html", "text/html"), ("video.mp4", "video/mp4"))
    )
    link = "https://cdn.example.org/videos/a-b/index.html"
    drawn = blocks(result_card(view(done(files=files, link=link)), script(), [], POST))
    held_to_the_rules(drawn)
    assert {link, "https://cdn.example.org/videos/a-b/video.mp4"} < addresses(drawn)
    assert "cost nothing · Download" in seen(drawn)


def test_a_result_without_script_post_or_link_still_tells_what_it_can() -> None:
    card = result_card(view(done(link=None)), None, [], "")

    assert "66 s · 8 scenes" in seen(blocks(card))
    assert "claims" not in seen(blocks(card))
    held_to_the_rules(blocks(card))


def test_what_is_deleted_in_time_can_be_kept_and_a_closed_article_wants_its_pdf() -> None:
    closed = PAPER.model_copy(update={"notes": (ABSTRACT_ONLY,)})

    card = result_card(view(done(paper=closed, expires_at=NOW + 86_400, spent_cents=40)), script(), [], POST)

    assert deeds(card) == ["redo", "attach", "keep", "delete"]
    said = seen(blocks(card))
    assert "It is deleted on" in said
    assert ABSTRACT_ONLY in said
    assert "cost $0.40" in said


def test_remarks_of_the_checks_are_told_and_counted() -> None:
    missing = Finding(
        check="evidence",
        severity="repair",
        scene=4,
        sentence="Scene 5 quotes from “Abstract” what stands in “Results”.",
        passage=script().scenes[4].claims[0].evidence[0].quote,
    )
    number = Finding(
        check="numbers", severity="warn", scene=3, sentence="Scene 4 says 12, which its evidence does not."
    )

    assert checked(script(), [missing, number]) == [
        "⚠ Only 6 of 7 claims have their passage in the paper.",
        f"⚠ {missing.sentence}",
        f"⚠ {number.sentence}",
    ]


def test_a_scene_in_a_persons_own_words_gets_no_tick_and_is_told_of_over_the_post() -> None:
    assert checked(rewritten(), [WARNING]) == [
        "✓ 6 of 6 claims in the scenes left as written have their passage in the paper.",
        "✓ Every number that is said or shown stands in its passage.",
        f"⚠ {WARNING.sentence}",
    ]
    assert WARNING.sentence.endswith("not in its passage: unicorns, much.")

    post = post_text(paper(), rewritten())
    own = seen(blocks(result_card(view(done()), rewritten(), [WARNING], post)))
    written = seen(blocks(result_card(view(done()), script(), [], post_text(paper(), script()))))

    assert "To post beside it. ⚠ Scene 4 in it is in a person’s own words: read it first." in own
    assert "To post beside it:" in written


def test_a_script_that_is_all_a_persons_own_words_has_no_claims_to_praise() -> None:
    own = tuple(scene.model_copy(update={"by_hand": True}) for scene in script().scenes)

    assert not any("claims" in line for line in checked(Script(scenes=own), []))


def test_a_script_that_claims_nothing_is_not_praised_for_it() -> None:
    bare = Script(scenes=(Scene(kind="hook", narration="Why?"),))

    assert not any("of 0" in line for line in checked(bare, []))


def test_a_failure_tells_what_happened_what_was_spent_and_what_to_do() -> None:
    away = failed("x", "Runway can’t be reached.", "Retry later.", retryable=True, stage="generate-videos")

    free, paid = failed_card(view(away)), failed_card(view(away.model_copy(update={"spent_cents": 40})))

    assert mentions(blocks(free)) == ["U0ADA"]
    assert "Runway can’t be reached. Retry later." in seen(blocks(free))
    assert "Nothing was spent, and it counts as none of your videos. · HH-7F3K" in seen(blocks(free))
    assert "$0.40 was spent. Retry goes on from there and buys none of it again. · HH-7F3K" in seen(
        blocks(paid)
    )
    assert deeds(free) == ["retry"]
    assert text(free).endswith("Runway can’t be reached.")


def test_a_failure_that_no_retry_helps_has_no_such_button() -> None:
    unread = failed(
        "x", "No text.", "", retryable=False, stage="fetch-paper", paper=PaperCard(), spent_cents=5
    )
    other = failed("x", "Too little text.", "", retryable=False, stage="generate-script")

    assert deeds(failed_card(view(unread))) == ["attach"]
    assert "Retry" not in seen(blocks(failed_card(view(unread))))
    assert deeds(failed_card(view(other))) == []


@pytest.mark.parametrize("name", ["paper.pdf", "<!channel> *x*.pdf", "a" * 500 + ".pdf"])
def test_a_dropped_file_is_offered_by_its_name(name: str) -> None:
    card = offer_card(name, '{"file": "F1"}')

    drawn = blocks(card)
    held_to_the_rules(drawn)
    assert mentions(drawn) == []
    assert seen(drawn).startswith(name[:300])
    assert seen(drawn).endswith("Make a video of it?")
    assert [one.value for block in card.blocks if isinstance(block, Buttons) for one in block.buttons] == [
        '{"file": "F1"}'
    ] * 2
    assert deeds(card) == ["make-file", "not-file"]


def test_a_nasty_title_is_only_a_title() -> None:
    job = done(paper=NASTY)

    for card in (result_card(view(job), script(), [], NASTY.title), moved_card(view(job), "<!here>")):
        drawn = blocks(card)
        held_to_the_rules(drawn)
        assert set(mentions(drawn)) <= {"U0ADA"}
        assert not any("evil" in url for url in addresses(drawn))
        assert NASTY.title in seen(drawn)
