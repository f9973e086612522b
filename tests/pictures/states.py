"""Every state that somebody can see, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bots.cards.admin import AdminView, admin_card
from bots.cards.audit import audit_card
from bots.cards.card import Card
from bots.cards.home import HomeView, home_card
from bots.cards.job import deleted_card, job_card
from bots.cards.lists import help_card, list_card, me_card, quota_card
from bots.cards.results import failed_card, offer_card, result_card
from bots.cards.story import answered_card, approval_card, script_cards
from bots.cards.tongue import PLAIN, Tongue
from jobs.order import JobOrder, Leaving
from jobs.privacy import seen_by
from pipeline.paper.jats import ABSTRACT_ONLY
from pipeline.publish.post import post_text
from pipeline.script.check import check
from storage.audit import AuditEntry
from storage.catalogue import Filter, UserSpend
from storage.members import Preferences
from storage.records import Job, JobState, PaperCard, Requester, Waiting
from storage.workspaces import Terms
from tests.pictures import samples
from tests.pictures.samples import ADA, BEN, NOW, PAPER, done, failed, job, view

#: Those that are a page of their own and no message.
HOMES = frozenset({"home", "home-new", "home-closed", "home-admin", "home-admin-search"})

_CLOSED = PAPER.model_copy(update={"notes": (ABSTRACT_ONLY,), "doi": None, "pmid": "32296183"})


@dataclass(frozen=True)
class Shown:
    """One card as somebody sees it: whether nobody else does, and the reactions under it."""

    card: Card
    only_you: bool = False
    reactions: tuple[str, ...] = ()


def states(tongue: Tongue = PLAIN) -> dict[str, list[Shown]]:
    """The messages of each picture, as a platform words them."""
    return {
        **_under_way(),
        **_ended(),
        **_threads(),
        **_lists(tongue),
    }


def _shown(*cards: Card, only_you: bool = False, reactions: tuple[str, ...] = ()) -> list[Shown]:
    return [Shown(card, only_you, reactions) for card in cards]


def _job(job_: Job, **changes: object) -> list[Shown]:
    return _shown(job_card(view(job_, **changes)))


def _queued(**changes: object) -> Job:
    fresh = {
        "state": JobState.QUEUED,
        "stage": "fetch-paper",
        "fraction": 0.0,
        "message": "",
        "paper": PaperCard(),
    }
    return job(**{**fresh, "started_at": None, "remaining": None, "scenes": None, "seconds": None, **changes})


def _asking() -> Job:
    goes = Leaving(
        to=("Gemini", "Runway"),
        what="the whole paper to Google Gemini (writing) and the script (voice); a phrase of it to Runway (footage)",
        cents=140,
    )
    order = JobOrder(source="paper.pdf", upload="uploads/lab/aa.pdf", cloud=None, leaving=goes)
    waiting = Waiting(why="it asks where its file may go", until=NOW + 86_400)
    return _queued(
        state=JobState.AWAITING_CONSENT, source="paper.pdf", order=order.model_dump_json(), waiting=waiting
    )


def _waiting(why: str, until: float | None = None, **changes: object) -> Job:
    waiting = Waiting(why=why, until=until)
    return job(**{"state": JobState.WAITING, "waiting": waiting, "remaining": None, **changes})


def _under_way() -> dict[str, list[Shown]]:
    stages = (
        ("fetch-paper", 0.02, "reading pmid:32296183", 75.0, PaperCard()),
        ("generate-script", 0.08, "choosing what to tell", 70.0, samples.LONG),
        ("generate-audio", 0.2, "scene 3 of 8", 62.0, PAPER),
        ("generate-videos", 0.58, "scene 4 of 8", 42.0, PAPER),
        ("add-captions", 0.9, "joining scenes and voice", 8.0, PAPER),
        ("publish", 0.97, "handing over video.mp4", 2.0, PAPER),
    )
    running = {
        f"running-{stage}": _job(
            job(stage=stage, fraction=far, message=message, remaining=left, paper=paper),
            script_ready=stage != "fetch-paper",
        )
        for stage, far, message, left, paper in stages
    }
    awaiting = job(
        state=JobState.AWAITING_APPROVAL,
        stage="generate-script",
        fraction=0.1,
        waiting=Waiting(why="the script waits for approval", until=NOW + 7 * 86_400),
        remaining=None,
    )
    return {
        "queued": _job(_queued(), place=3) + _job(_queued(), place=1),
        "queued-alone": _job(_queued(), place=2, alone=True),
        **running,
        "running-alone": _job(job(), alone=True),
        "waiting-provider": _job(_waiting("Runway is drawing scene 3", NOW + 300, spent_cents=40)),
        "waiting-retry": _job(
            _waiting(
                "PubMed can’t be reached", NOW + 60, stage="fetch-paper", fraction=0.0, paper=PaperCard()
            )
        ),
        "waiting-following": _job(
            _waiting(
                "the same video is being made for somebody else here",
                stage="fetch-paper",
                fraction=0.0,
                follows="abcdefgh",
                paper=PaperCard(),
            )
        ),
        "asking": _job(_asking()),
        "awaiting-approval": _job(awaiting),
        "nasty": _job(job(paper=samples.NASTY)),
        "closed-article": _job(job(paper=_CLOSED)),
    }


_AWAY = ("provider-away", "Runway can’t be reached.", "It is usually back within the hour; then retry.")
_SCAN = (
    "pdf-without-text",
    "This PDF holds pictures of pages and no text.",
    "Run text recognition over it first.",
)


def _failures() -> dict[str, Job]:
    away = failed(*_AWAY, retryable=True, stage="generate-videos", spent_cents=40)
    unread = failed(
        *_SCAN, retryable=False, stage="fetch-paper", paper=PaperCard(), source="scan.pdf", scenes=None
    )
    return {"failed-retryable": away, "failed-unreadable": unread}


def _ended() -> dict[str, list[Shown]]:
    private = done(private=True)
    return {
        "done": _job(done()) + _job(done(link=None)),
        "done-missing": _job(done(), missing=True),
        **{
            name: _shown(
                job_card(view(one)), reactions=("🔁",) if one.failure and one.failure.retryable else ()
            )
            for name, one in _failures().items()
        },
        "cancelled": _job(job(state=JobState.CANCELLED, message="cancelled by slack:U0ADA"))
        + _job(job(state=JobState.CANCELLED, message="Nobody approved the script within 7 days.")),
        "deleted": _shown(deleted_card()),
        "private-veiled": _job(seen_by(private, BEN)),
    }


def _threads() -> dict[str, list[Shown]]:
    script, paper = samples.script(), samples.paper()
    awaiting = job(
        state=JobState.AWAITING_APPROVAL,
        waiting=Waiting(why="the script waits for approval", until=NOW + 7 * 86_400),
    )
    closed = awaiting.model_copy(update={"paper": _CLOSED})
    results = {
        "result": result_card(view(done()), script, [], samples.POST),
        "result-remarks": result_card(
            view(done(paper=_CLOSED, spent_cents=40, expires_at=NOW + 90 * 86_400)),
            samples.rewritten(),
            [samples.WARNING],
            post_text(paper.model_copy(update={"doi": None, "pmid": _CLOSED.pmid}), samples.rewritten()),
        ),
    }
    endings = {f"thread-{name}": _shown(failed_card(view(one))) for name, one in _failures().items()}
    return {
        "script": _shown(*script_cards(view(job()), script, paper, check(script, paper))),
        "script-rewritten": _shown(*script_cards(view(job()), samples.rewritten(), paper, [samples.WARNING])),
        "approval": _shown(
            approval_card(view(awaiting), script, 0), approval_card(view(closed), script, 140)
        ),
        "approval-answered": _shown(answered_card(awaiting, "This script was approved.")),
        **{name: _shown(card) for name, card in results.items()},
        **endings,
        "offer": _shown(offer_card("manuscript_v7_FINAL.pdf", "{}")),
    }


def _lists(tongue: Tongue) -> dict[str, list[Shown]]:
    jobs = (
        job(),
        done(paper=samples.LONG),
        done(private=True),
        next(iter(_failures().values())),
        done(paper=samples.NASTY),
        job(state=JobState.CANCELLED),
    )
    own = HomeView(
        who=ADA,
        jobs=jobs,
        total=16,
        offset=10,
        preferences=Preferences(seconds=60),
        usage=samples.usage(),
        now=NOW,
        tongue=tongue,
    )
    new = own.model_copy(
        update={"jobs": (), "total": 0, "offset": 0, "who": Requester(**{**ADA.model_dump(), "admin": False})}
    )
    closed = new.model_copy(update={"closed": "Guests can’t have videos made here."})
    search = _admin((done(), done()), tongue).model_copy(
        update={"filter": Filter(states=(JobState.DONE,), paper="captions"), "total": 2, "offset": 0}
    )
    return {
        "list": _shown(list_card(jobs, 16, offset=10, tongue=tongue), only_you=True)
        + _shown(list_card((), 0, tongue=tongue), only_you=True),
        "quota": _shown(quota_card(samples.usage(), NOW, tongue=tongue), only_you=True),
        "me": _shown(me_card(ADA, Preferences(audience="student"), 21, tongue=tongue), only_you=True),
        "help": _shown(help_card(tongue, admin=True), only_you=True),
        "audit": _shown(audit_card(_audit(), _KNOWN), only_you=True),
        "home": _shown(home_card(own)),
        "home-new": _shown(home_card(new)),
        "home-closed": _shown(home_card(closed)),
        "home-admin": _shown(admin_card(_admin(jobs, tongue))),
        "home-admin-search": _shown(admin_card(search)),
    }


#: Whom and what the log's readers know by name.
_KNOWN: Final = {"slack:U0ADA": "Ada Byron", "slack:U0BEN": "Ben Okri", "k3mfq7xz": f"“{PAPER.title}”"}


def _audit() -> tuple[AuditEntry, ...]:
    said = (
        ("slack:U0BEN", "set-terms", "slack:T0LAB", "videos_per_user_day=5"),
        ("slack:U0ADA", "delete", "k3mfq7xz", ""),
        ("sweeper", "cancel", "abcdefgh", "Nobody approved the script within 7 days."),
    )
    return tuple(
        AuditEntry(at=NOW - 3600 * n, workspace="slack:T0LAB", actor=who, action=did, target=what, detail=how)
        for n, (who, did, what, how) in enumerate(said)
    )


def _admin(jobs: tuple[Job, ...], tongue: Tongue) -> AdminView:
    return AdminView(
        tongue=tongue,
        who=BEN,
        filter=Filter(),
        jobs=tuple(
            seen_by(one, BEN).model_copy(update={"id": f"k3mfq7x{number}"}) for number, one in enumerate(jobs)
        ),
        total=16,
        offset=10,
        members=samples.members(),
        terms=Terms(access="code", automatic=("C0PAPERS",), retention_days=90, admins=("U0BEN",)),
        usage=samples.usage(),
        spend=(
            UserSpend(user_id=1, name="Ada Byron", videos=120, cents=14_000),
            UserSpend(user_id=2, name="", videos=67, cents=6_000),
        ),
        audit=_audit(),
        workers=2,
        now=NOW,
    )
