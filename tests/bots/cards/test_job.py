"""The one message of a job, in every state."""

from __future__ import annotations

import pytest

from bots.cards.card import Block, Buttons, Card, Paragraph, Small, Title, plainly
from bots.cards.job import View, deleted_card, job_card
from bots.cards.wording import PARTS, bar, lasted, percent, time_left
from jobs.privacy import seen_by
from jobs.progress import STAGES
from pipeline.paper.jats import ABSTRACT_ONLY
from storage.records import Job, JobState, PaperCard, Waiting
from tests.pictures.samples import ADA, BEN, NOW, PAPER, done, failed, job, view


def words(card: Card) -> str:
    """All that is said in the card, a line a block."""
    return "\n".join(line for block in card.blocks for line in _words(block))


def _words(block: Block) -> list[str]:
    if isinstance(block, Title):
        return [block.text]
    return [plainly(block.spans)] if isinstance(block, Paragraph | Small) else []


def deeds(card: Card) -> list[str]:
    """What can be pressed."""
    return [button.deed for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def people(card: Card) -> list[str]:
    """Whom a new message like this would notify."""
    return [
        span.target
        for block in card.blocks
        if isinstance(block, Paragraph | Small)
        for span in block.spans
        if span.style == "person"
    ]


def queued(**changes: object) -> Job:
    fresh = {
        "state": JobState.QUEUED,
        "stage": "fetch-paper",
        "fraction": 0.0,
        "message": "",
        "remaining": None,
    }
    return job(
        **{**fresh, "paper": PaperCard(), "scenes": None, "seconds": None, "started_at": None, **changes}
    )


def waiting(why: str, until: float | None = None, **changes: object) -> Job:
    stands = {"state": JobState.WAITING, "waiting": Waiting(why=why, until=until), "remaining": None}
    return job(**{**stands, **changes})


def test_a_running_job_says_what_how_far_and_how_long() -> None:
    card = job_card(view(job()))

    assert words(card).splitlines() == [
        "Captions timed by the voice itself start within milliseconds of the sound",
        "Ada Byron, Ben Okri, Chiara Conti et al. · Hidden Hill Technical Notes · 2026",
        "▰▰▰▰▰▰▰▱▱▱▱▱  58 %",
        "Drawing scene 4 of 8 · about 40 s left",
        "✓\u00a0paper  ✓\u00a0script  ✓\u00a0voice  ▸\u00a0pictures  ·\u00a0video",
        "asked for by Ada Byron",
    ]
    assert deeds(card) == ["cancel"]
    assert card.text.startswith("Captions timed by the voice itself")
    assert "Drawing scene 4 of 8" in card.text


@pytest.mark.parametrize(
    ("stage", "message", "said"),
    [
        ("fetch-paper", "reading pmid:32296183", "Reading the paper"),
        ("generate-script", "choosing what to tell", "Writing the script"),
        ("generate-audio", "scene 3 of 8", "Speaking scene 3 of 8"),
        ("generate-audio", "levelling the voice", "Speaking the script"),
        ("add-captions", "joining scenes and voice", "Joining scenes and voice"),
        ("publish", "handing over video.mp4", "Publishing the video"),
        ("", "", "Beginning"),
    ],
)
def test_each_stage_is_told_in_words(stage: str, message: str, said: str) -> None:
    lines = words(job_card(view(job(stage=stage, message=message)))).splitlines()

    assert lines[3] == f"{said} · about 40 s left"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (1, "Next in line. It begins as soon as there is room."),
        (2, "Place 2 in line. 1 other video is first."),
        (3, "Place 3 in line. 2 other videos are first."),
        (None, "In line. It begins as soon as there is room."),
    ],
)
def test_a_job_in_line_knows_its_place(place: int | None, said: str) -> None:
    card = job_card(view(queued(), place=place))

    assert words(card).splitlines()[:2] == ["PMID 32296183", said]
    assert deeds(card) == ["cancel"]


def test_when_no_worker_lives_the_message_says_so() -> None:
    in_line = job_card(view(queued(), place=2, alone=True))
    running = job_card(view(job(), alone=True))
    waits = job_card(view(waiting("another try", NOW + 60), alone=True))

    assert "Nothing is being made: no worker is running. Your place is kept: 2." in words(in_line)
    assert "No worker is running: this stands still, and goes on by itself once one is back." in words(
        running
    )
    assert "left" not in words(running)
    assert "No worker is running." in words(waits)


def test_what_is_waited_for_is_told_and_until_when() -> None:
    provider = words(job_card(view(waiting("Runway is drawing scene 3", NOW + 300))))
    long = words(job_card(view(waiting("Gemini’s daily limit is reached", NOW + 20 * 3600))))

    assert "Waiting: Runway is drawing scene 3. It goes on by itself, by 10:17 UTC at the latest." in provider
    assert "by 22 November, 06:12 UTC at the latest" in long


def test_a_job_that_follows_another_gets_its_video_for_nothing() -> None:
    why = "the same video is being made for somebody else here"
    card = job_card(view(waiting(why, follows="abcdefgh", stage="fetch-paper", fraction=0.0)))

    assert "The same video is being made for somebody else here." in words(card)
    assert "it counts as none of yours" in words(card)


def test_a_script_that_waits_for_approval_says_until_when() -> None:
    state = waiting("the script waits for approval", NOW + 7 * 86_400, stage="generate-script")
    card = job_card(view(state.model_copy(update={"state": JobState.AWAITING_APPROVAL})))

    assert "If nobody answers by 28 November, 10:12 UTC, it is cancelled." in words(card)
    assert "✓\u00a0script  ·\u00a0voice" in words(card)
    assert deeds(card) == ["cancel"]


def test_a_done_job_is_short_and_leads_to_its_video() -> None:
    linked, here = job_card(view(done())), job_card(view(done(link=None, spent_cents=40)))

    assert "✓ Done · 66 s · 8 scenes · made in 1\u00a0min\u00a040\u00a0s · free" in words(linked)
    assert "fetch-paper" not in words(linked)
    assert deeds(linked) == ["watch", "redo", "delete"]
    assert "$0.40 · the video is in the thread" in words(here)
    assert deeds(here) == ["redo", "delete"]


def test_a_done_job_whose_file_is_missing_offers_to_make_it_again() -> None:
    card = job_card(view(done(), missing=True))

    assert "the video’s file is missing" in words(card)
    assert deeds(card) == ["rebuild", "delete"]


def test_a_failure_says_what_happened_what_to_do_and_its_reference() -> None:
    away = failed("x", "PubMed can’t be reached", "Retry later.", retryable=True, stage="generate-audio")
    card = job_card(view(away))

    assert "PubMed can’t be reached. Retry later." in words(card)
    assert "✗\u00a0voice" in words(card)
    assert "HH-7F3K" in words(card)
    assert deeds(card) == ["retry"]


@pytest.mark.parametrize(
    ("source", "asks"), [("32296183", "Have its PDF?"), ("scan.pdf", "Have a better PDF of it?")]
)
def test_a_paper_that_could_not_be_read_can_be_handed_in(source: str, asks: str) -> None:
    unread = failed(
        "x", "No text.", "", retryable=False, stage="fetch-paper", source=source, paper=PaperCard()
    )
    card = job_card(view(unread))

    assert asks in words(card)
    assert deeds(card) == ["attach"]


@pytest.mark.parametrize("code", ["retracted", "withdrawn"])
def test_a_retracted_paper_is_not_asked_for_as_a_pdf(code: str) -> None:
    retracted = failed(code, "It was retracted.", "", retryable=False, stage="fetch-paper")
    card = job_card(view(retracted))

    assert "PDF" not in words(card)
    assert deeds(card) == []


def test_a_closed_article_says_so_and_how_to_go_on_with_its_pdf() -> None:
    closed = PAPER.model_copy(update={"notes": (ABSTRACT_ONLY,)})

    said = words(job_card(view(job(paper=closed))))

    assert f"{ABSTRACT_ONLY} Have its PDF? Reply with it, and this job goes on." in said


def test_a_cancelled_job_says_what_was_spent() -> None:
    free = job_card(view(job(state=JobState.CANCELLED, message="cancelled by slack:U0ADA")))
    spent = job_card(view(job(state=JobState.CANCELLED, message="cancelled by slack:U0ADA", spent_cents=120)))
    forgotten = job_card(
        view(job(state=JobState.CANCELLED, message="Nobody approved the script within 7 days."))
    )

    assert "Cancelled. Nothing was spent." in words(free)
    assert "Cancelled. $1.20 was spent." in words(spent)
    assert "Cancelled. Nobody approved the script within 7 days. Nothing was spent." in words(forgotten)
    assert "U0ADA" not in words(free)
    assert deeds(free) == ["retry"]


def test_of_a_deleted_job_nothing_is_told() -> None:
    card = job_card(view(done(state=JobState.DELETED)))

    assert card == deleted_card()
    assert PAPER.title not in card.model_dump_json()


@pytest.mark.parametrize("state", list(JobState))
def test_others_learn_nothing_of_a_private_job(state: JobState) -> None:
    secret = done(
        private=True,
        state=state,
        message="SECRET message",
        source="SECRET.pdf",
        paper=PAPER.model_copy(update={"title": "SECRET title", "notes": ("SECRET note",)}),
        link="https://videos.example.org/SECRET",
        order='{"source": "SECRET"}',
        failure=failed("x", "SECRET sentence", "SECRET", retryable=True, stage="fetch-paper").failure,
    )

    card = job_card(view(seen_by(secret, BEN)))

    assert "SECRET" not in card.model_dump_json()
    assert "the video is in the thread" not in words(card)
    if state is not JobState.DELETED:
        assert "A private paper" in words(card)


@pytest.mark.parametrize("state", list(JobState))
def test_the_message_mentions_nobody(state: JobState) -> None:
    assert people(job_card(view(done(state=state)))) == []


def test_the_card_stays_the_same_while_nothing_changes() -> None:
    early, later = view(job()), View(job=job(remaining=41.0), now=NOW + 8)

    assert job_card(early).digest() == job_card(later).digest()


def test_names_that_are_not_known_are_left_out() -> None:
    nobody = ADA.model_copy(update={"name": ""})

    assert "asked for" not in words(job_card(view(job(requester=nobody))))


@pytest.mark.parametrize(
    ("fraction", "filled", "said"),
    [
        (0.0, 0, "0 %"),
        (0.001, 1, "0 %"),
        (0.5, 7, "50 %"),
        (0.58, 7, "58 %"),
        (0.999, 11, "99 %"),
        (1.0, 12, "100 %"),
    ],
)
def test_a_bar_is_full_only_when_it_is_done(fraction: float, filled: int, said: str) -> None:
    assert bar(fraction) == "▰" * filled + "▱" * (12 - filled)
    assert percent(fraction) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "about 10 s left"),
        (42, "about 40 s left"),
        (70, "about a minute left"),
        (95, "about 2 min left"),
        (3_000, "about 50 min left"),
        (20_000, "about 6 h left"),
    ],
)
def test_time_left_is_no_finer_than_it_is_known(seconds: float, said: str) -> None:
    assert time_left(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1\u00a0s"),
        (48, "48\u00a0s"),
        (60, "1\u00a0min"),
        (100, "1\u00a0min\u00a040\u00a0s"),
        (7_200, "2\u00a0h"),
        (7_500, "2\u00a0h\u00a05\u00a0min"),
    ],
)
def test_how_long_something_took(seconds: float, said: str) -> None:
    assert lasted(seconds) == said


def test_the_parts_of_the_making_span_every_stage_in_order() -> None:
    assert [stage for _, stages in PARTS for stage in stages] == list(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_the_parts_are_one_short_line_without_names_of_machines(stage: str) -> None:
    ticks = next(line for line in words(job_card(view(job(stage=stage)))).splitlines() if "▸" in line)

    assert len(ticks) <= 55
    assert "-" not in ticks
