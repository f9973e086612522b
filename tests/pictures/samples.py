"""Values to draw: our own example paper (CC0) with authors made up, its script, and jobs made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bots.cards.job import View
from pipeline.model import Author, Claim, Evidence, Paper, Scene, Script, Section, SectionKind
from pipeline.publish.post import post_text
from pipeline.script.check import check
from storage.members import Member, Preferences
from storage.quotas import Span, Usage
from storage.records import Failure, Job, JobState, PaperCard, Requester

#: 21 November 2026, 10:12 UTC.
NOW = 1_795_255_920.0
ADA = Requester(workspace="slack:T0LAB", platform="slack", user="U0ADA", name="Ada Byron")
BEN = Requester(workspace="slack:T0LAB", platform="slack", user="U0BEN", name="Ben Okri", admin=True)

PAPER = PaperCard(
    title="Captions timed by the voice itself start within milliseconds of the sound",
    authors=("Ada Byron", "Ben Okri", "Chiara Conti", "Dan Ek"),
    journal="Hidden Hill Technical Notes",
    year=2026,
    doi="10.5555/captions.2026",
)
LONG = PAPER.model_copy(
    update={
        "title": "Deep-learning-assisted detection and segmentation of rib fractures from CT scans: development and "
        "validation of FracNet in a multi-centre retrospective cohort of 900 patients"
    }
)
NASTY = PAPER.model_copy(update={"title": "<!channel> *pwn* <http://evil|x> & ~_`all`_~ of us :tada:"})


def job(**changes: Any) -> Job:
    """A job of Ada's that is being made, with changes."""
    whole: dict[str, Any] = {
        "id": "k3mfq7xz",
        "workspace": "slack:T0LAB",
        "requester": ADA,
        "private": False,
        "order": "{}",
        "source": "32296183",
        "paper": PAPER,
        "state": JobState.RUNNING,
        "stage": "generate-videos",
        "fraction": 0.58,
        "message": "scene 4 of 8",
        "revision": 12,
        "waiting": None,
        "failure": None,
        "needs_approval": False,
        "approved_at": None,
        "follows": None,
        "created_at": NOW - 60,
        "started_at": NOW - 55,
        "finished_at": None,
        "updated_at": NOW,
        "expires_at": None,
        "reserved_cents": 0,
        "spent_cents": 0,
        "token": "t" * 32,
        "files": (),
        "link": None,
        "scenes": 8,
        "seconds": 66.4,
        "remaining": 42.0,
    }
    return Job.model_validate({**whole, **changes})


def done(**changes: Any) -> Job:
    """A job of Ada's that is done, with changes."""
    return job(
        **{
            "state": JobState.DONE,
            "stage": "publish",
            "fraction": 1.0,
            "message": "",
            "finished_at": NOW + 45,
            "link": "https://videos.example.org/v/k3mfq7xz",
            "remaining": None,
            **changes,
        }
    )


def failed(code: str, sentence: str, advice: str, *, retryable: bool, stage: str, **changes: Any) -> Job:
    """A job of Ada's that failed, with changes."""
    failure = Failure(
        code=code, sentence=sentence, advice=advice, retryable=retryable, stage=stage, reference="HH-7F3K"
    )
    return job(**{"state": JobState.FAILED, "stage": stage, "failure": failure, "remaining": None, **changes})


def view(job: Job, **changes: Any) -> View:
    """What a card is made from."""
    return View(job=job, now=NOW, **changes)


_FIFTH = "Captions timed by the voice's own durations were 5 ms off at the median, and nine in ten were within 30 ms."
_TOLD = (
    (
        "hook",
        "Captions that light up word by word help a viewer only when each word appears as it is heard.",
        "",
        1,
    ),
    (
        "background",
        "Many tools that make narrated videos spread the words of a text evenly over the sound, because they do not "
        "know when each word is spoken.",
        "",
        1,
    ),
    (
        "method",
        "The researchers compared three ways to time their captions: even spacing, spacing in proportion to letters, "
        "and the durations that the voice's own model computes.",
        "We compared three ways to time their captions: even spacing, spacing in proportion to letters, and the "
        "durations that the voice's own model computes.",
        2,
    ),
    (
        "finding",
        "Captions spaced evenly started 222 ms away from the sound at the median, and spacing by letters did no "
        "better, with 231 ms.",
        "",
        3,
    ),
    ("finding", _FIFTH, "", 3),
    (
        "limitation",
        "For a voice that does not report them, words can be aligned with the sound afterwards, which the "
        "researchers did not measure here.",
        "For a voice that does not report them, words can be aligned with the sound afterwards, which we did not "
        "measure here.",
        3,
    ),
    ("takeaway", "Spacing words evenly should be the last resort, not the default.", "", 1),
)


def script() -> Script:
    """What is said of it: seven scenes with their passages, and the source."""
    scenes = tuple(
        Scene(
            kind=kind,  # type: ignore[arg-type]
            narration=words,
            claims=(
                Claim(
                    text=words,
                    evidence=(Evidence(quote=quote or words, section=_section(kind), page=page),),
                ),
            ),
        )
        for kind, words, quote, page in _TOLD
    )
    return Script(
        scenes=(*scenes, Scene(kind="source", narration="Byron et al., 2026. Narrated by a machine."))
    )


_SECTIONS: Final[Mapping[str, SectionKind]] = {
    "Methods": "methods",
    "Results": "results",
    "Discussion": "discussion",
}


def _section(kind: str) -> str:
    return {"method": "Methods", "finding": "Results", "limitation": "Discussion"}.get(kind, "Abstract")


def rewritten() -> Script:
    """The same with its fourth scene in Ada's own words."""
    scenes = list(script().scenes)
    words = scenes[3].narration.replace("spacing by letters did no better", "unicorns did much better")
    scenes[3] = scenes[3].model_copy(update={"narration": words, "by_hand": True})
    return script().model_copy(update={"scenes": tuple(scenes)})


def paper(*, abstract_only: bool = False) -> Paper:
    """The paper as it was read."""
    said = [(_section(kind), quote or words, page) for kind, words, quote, page in _TOLD]
    sections = [
        Section(
            title=title,
            kind=kind,
            paragraphs=tuple(text for section, text, _ in said if section == title),
            pages=tuple(page for section, _, page in said if section == title),
        )
        for title, kind in _SECTIONS.items()
    ]
    return Paper(
        title=PAPER.title,
        authors=tuple(Author(name=name, surname=name.split()[-1]) for name in PAPER.authors),
        abstract=tuple(text for section, text, _ in said if section == "Abstract"),
        abstract_page=1,
        sections=tuple(sections),
        journal=PAPER.journal,
        year=PAPER.year,
        doi=PAPER.doi,
        abstract_only=abstract_only,
        source="file:captions.pdf",
    )


#: What the checks really say of `rewritten`.
(WARNING,) = check(rewritten(), paper())
#: The text that is really posted beside it.
POST = post_text(paper(), script())


def usage(**changes: Any) -> Usage:
    """What Ada and her workspace had."""
    tomorrow, next_month = NOW - NOW % 86_400 + 86_400, NOW + 9 * 86_400

    def span(videos: int, cap: int, cents: int, most: int, ends: float) -> Span:
        return Span(
            videos=videos, reserved_cents=0, spent_cents=cents, videos_cap=cap, cents_cap=most, ends_at=ends
        )

    spans = {
        "user_day": span(3, 10, 120, 500, tomorrow),
        "user_month": span(21, 100, 840, 5_000, next_month),
        "workspace_day": span(12, 50, 480, 2_000, tomorrow),
        "workspace_month": span(187, 500, 20_000, 20_000, next_month),
    }
    return Usage.model_validate({**spans, **changes})


def members() -> tuple[Member, ...]:
    """Who is in the workspace."""
    return tuple(
        Member(id=number, requester=who, preferences=Preferences(), videos=9 - number, last_at=NOW)
        for number, who in enumerate((ADA, BEN), 1)
    )
