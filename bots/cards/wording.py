"""Facts about jobs in the words of messages: short, and no finer than they are known."""

from __future__ import annotations

import json
from typing import Final

from bots.cards.card import Span, moment
from jobs.failures import doing
from jobs.privacy import VEIL
from jobs.progress import SCENES, STAGES
from pipeline.model import Evidence, Scene, SceneKind, StageName
from pipeline.paper.jats import ABSTRACT_ONLY
from storage.quotas import dollars
from storage.records import Job, JobState, PaperCard

#: How many cells a bar has.
CELLS: Final = 12
#: So many authors are named before it says "et al.".
_NAMED: Final = 3
#: A moment nearer than this is told by the clock alone (seconds).
_SOON: Final = 12 * 3600.0
#: The parts of the making, each with the stages that it spans: few and short enough for one line on a phone.
PARTS: Final[tuple[tuple[str, tuple[StageName, ...]], ...]] = (
    ("paper", ("fetch-paper",)),
    ("script", ("generate-script",)),
    ("voice", ("generate-audio",)),
    ("pictures", ("generate-videos",)),
    ("video", ("add-captions", "publish")),
)
_KINDS: Final[dict[SceneKind, str]] = {
    "hook": "opening",
    "background": "background",
    "method": "what they did",
    "finding": "finding",
    "limitation": "limitation",
    "takeaway": "takeaway",
    "source": "source",
}
_DOING: Final[dict[StageName, str]] = {"generate-audio": "speaking", "generate-videos": "drawing"}


def title_of(job: Job) -> str:
    """What the job is about, as far as it is known: the paper's title, or what was asked for."""
    if job.paper.title:
        return job.paper.title
    if job.source.isdecimal():
        return f"PMID {job.source}"
    return "A private paper" if is_veiled(job) else job.source


def is_veiled(job: Job) -> bool:
    """Whether whoever looks may not know what the job is about (`jobs.privacy`)."""
    return job.private and job.source == VEIL


def address_of(paper: PaperCard) -> str:
    """Where the paper can be read, "" when nobody knows."""
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    if paper.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}/"
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{paper.pmcid}/" if paper.pmcid else ""


def byline(paper: PaperCard) -> str:
    """Authors, journal and year in one line; "" while nothing is known."""
    names = ", ".join(paper.authors[:_NAMED]) + (" et al." if len(paper.authors) > _NAMED else "")
    journal = (paper.journal or "").split(" : ")[0]
    return " · ".join(filter(None, (names, journal, str(paper.year or ""))))


def is_abstract_only(paper: PaperCard) -> bool:
    """Whether the paper's full text was not at hand, so that its PDF would help."""
    return ABSTRACT_ONLY in paper.notes


def bar(fraction: float) -> str:
    """How far it is, in `CELLS` cells: one when it has begun, all of them only when it is whole."""
    filled = CELLS if fraction >= 1.0 else min(int(fraction * CELLS) + (fraction > 0.0), CELLS - 1)
    return "▰" * filled + "▱" * (CELLS - filled)


def percent(fraction: float) -> str:
    """A fraction as people read it, never rounded up to the whole."""
    return f"{min(int(fraction * 100 + 1e-6), 100)} %"


def going_on(job: Job) -> str:
    """What is done now, as a sentence without its full stop: "Drawing scene 4 of 8"."""
    stage = _stage(job.stage)
    if stage is None:
        return "Beginning"
    if job.message.startswith("scene ") and stage in _DOING:
        return f"{_DOING[stage]} {job.message}".capitalize()
    return doing(stage).capitalize()


def time_left(seconds: float) -> str:
    """How long it will still take, no finer than it is known."""
    if seconds >= 3 * 3600:
        return f"about {seconds / 3600:.0f} h left"
    if seconds >= 90:
        return f"about {max(round(seconds / 60), 2)} min left"
    if seconds >= 50:
        return "about a minute left"
    return f"about {max(round(seconds / 10) * 10, 10)} s left"


def lasted(seconds: float) -> str:
    """How long something took: "48 s", "1 min 40 s", "2 h 5 min"."""
    whole = max(round(seconds), 1)
    if whole < 60:
        said = f"{whole} s"
    elif whole < 3600:
        said = f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    else:
        minutes = round(whole / 60)
        said = f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return said.replace(" ", "\u00a0")  # it stands in one line on narrow screens too


def money(cents: int) -> str:
    """What was spent: "$0.40", or that nothing was."""
    return dollars(cents) if cents else "free"


def cost_so_far(job: Job) -> str:
    """What a job that is being made may cost, and what it did so far; "" for one that costs nothing."""
    most = job.reserved_cents + job.spent_cents
    if not most:
        return ""
    about = json.loads(job.order or "{}").get("about_cents", 0)
    begun = f"{dollars(job.spent_cents)} so far" if job.spent_cents else ""
    if not begun and 0 < about < most:
        begun = f"costs about {dollars(about)}"
    held = f"at most {dollars(most)}" if job.reserved_cents else ""
    return ", ".join(filter(None, (begun, held)))


def count(number: int, thing: str) -> str:
    """So many of something: "1 scene", "8 scenes"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def upon(at: float, now: float) -> Span:
    """A moment to come or gone by: the clock when it is near, else with its day."""
    return moment(at, "time" if abs(at - now) < _SOON else "both")


def state_of(job: Job) -> str:
    """How a job stands, in a word or two, for lists."""
    match job.state:
        case JobState.QUEUED:
            return "in line"
        case JobState.RUNNING:
            return percent(job.fraction)
        case JobState.AWAITING_CONSENT:
            return "asks where its file may go"
        case JobState.AWAITING_APPROVAL:
            return "waits for approval"
        case _:
            return str(job.state)


def sentence(text: str) -> str:
    """`text` with a capital and a full stop."""
    said = text.strip()
    ended = said if not said or said.endswith((".", "?", "!", "…")) else f"{said}."
    return ended[:1].upper() + ended[1:]


def parts_before(job: Job) -> int:
    """How many of the `PARTS` are behind the job."""
    if job.state is JobState.DONE:
        return len(PARTS)
    stage = "generate-audio" if job.state is JobState.AWAITING_APPROVAL else job.stage
    return next((number for number, (_, stages) in enumerate(PARTS) if stage in stages), 0)


def kind_of(scene: Scene) -> str:
    """What a scene is for, as people say it: "opening", "what they did"."""
    return _KINDS[scene.kind]


def place_of(evidence: Evidence) -> str:
    """Where in the paper a passage stands: "Results, page 3"."""
    return f"{evidence.section}, page {evidence.page}" if evidence.page else evidence.section


def _stage(name: str) -> StageName | None:
    return next((stage for stage in STAGES if stage == name), None)


def scene_count(job: Job) -> str:
    """How many scenes the video has, "" while that isn't known."""
    return (
        count(job.scenes, "scene") if job.scenes and job.stage in (SCENES, "add-captions", "publish") else ""
    )
