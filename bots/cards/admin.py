"""An admin's page: what is used and spent, everybody's videos, who may use the app, and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import Field

from bots.cards.audit import audit_lines
from bots.cards.card import (
    DOT,
    Block,
    Button,
    Buttons,
    Card,
    Checks,
    Choice,
    Confirm,
    Entry,
    Facts,
    Heading,
    Option,
    Paragraph,
    Rich,
    Small,
    bold,
    code,
    joined,
    plain,
)
from bots.cards.filters import ANY, DAYS, days_of, folded
from bots.cards.home import tabs
from bots.cards.lists import day, quotas, took
from bots.cards.tongue import PLAIN, Tongue
from bots.cards.wording import count, state_of, title_of
from storage.audit import AuditEntry
from storage.catalogue import Filter, UserSpend
from storage.jobs import UNFINISHED
from storage.members import Member
from storage.quotas import Usage, dollars
from storage.records import Job, JobState, Record, Requester
from storage.workspaces import Terms

#: What stands for a preference that the workspace leaves to whoever set the app up.
AS_SET_UP: Final = "default"
#: Jobs on one page, as many as can be ticked in one go.
PAGE: Final = 10
#: People in the choice of whose videos are shown, and those whose spending is told.
_PEOPLE, _SPENDERS = 95, 8
#: People who are named in a line, channels that are shown, and the days that videos may be kept for.
_NAMED, _CHANNELS = 12, 15
_RETENTIONS: Final = (30, 90, 180, 365)
_STATES: Final[Mapping[str, tuple[JobState, ...]]] = {
    "Done": (JobState.DONE,),
    "Being made": UNFINISHED,
    "Waiting for approval": (JobState.AWAITING_APPROVAL,),
    "Failed": (JobState.FAILED,),
    "Cancelled": (JobState.CANCELLED,),
    "Deleted": (JobState.DELETED,),
}
_ACCESS: Final = {
    "everyone": "Everybody of the {group}",
    "code": "Whoever joins with the code",
    "listed": "Only those let in by an admin",
}


class AdminView(Record):
    """What an admin's page is made from.

    `jobs` are one page of those that `filter` lets through, veiled where they are private. `usage` is read
    for its workspace spans. `spend` is this month's. `audit` are the last lines of the log, `titles` those of
    its videos, in quotes. `outside`: providers outside are set up.
    """

    who: Requester
    filter: Filter
    jobs: tuple[Job, ...]
    total: int
    offset: int = 0
    members: tuple[Member, ...] = ()
    terms: Terms
    usage: Usage
    spend: tuple[UserSpend, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    titles: dict[str, str] = Field(default_factory=dict)
    workers: int | None = None
    now: float
    outside: bool = False
    tongue: Tongue = PLAIN


def admin_card(view: AdminView) -> Card:
    """The page. Its presses carry the filter and the offset as `bots.cards.filters` folds them."""
    return Card(text=f"The {view.tongue.group}’s videos, budget and rules", blocks=tuple(_blocks(view)))


def _blocks(view: AdminView) -> Iterator[Block]:
    yield tabs("home-admin", view.tongue)
    yield from _state(view)
    yield Heading(text="Budget")
    yield from _budget(view)
    yield Heading(text="All videos")
    yield from _videos(view)
    yield Heading(text="Who may use it")
    yield from _rules(view)
    yield Heading(text="What was done")
    yield from _log(view)


def _state(view: AdminView) -> Iterator[Block]:
    if view.terms.paused:
        go_on = Button(label="Resume", deed="home-pause", value="no", style="primary")
        yield Paragraph(spans=(bold("Paused: no new videos are made."),))
        yield Buttons(buttons=(go_on,))
        return
    workers = "" if view.workers is None else f"{count(view.workers, 'worker')} alive"
    if view.workers == 0:
        yield Paragraph(spans=(bold("No worker is alive: nothing is being made."),))
    elif workers:
        yield Paragraph(spans=(plain(f"✓ {workers}."),))


def _budget(view: AdminView) -> Iterator[Block]:
    yield Facts(pairs=quotas(view.usage, view.now, view.tongue)[2:])
    if view.spend:
        most = view.spend[:_SPENDERS]
        yield Small(spans=(plain("This month, by person:"),))
        yield Facts(pairs=tuple((_name(one.name), _spent(one)) for one in most))
        if rest := view.spend[_SPENDERS:]:
            cents = sum(one.cents for one in rest)
            yield Small(spans=(plain(f"and {len(rest)} more: {dollars(cents)}"),))
    yield Buttons(buttons=(Button(label="Change limits…", deed="home-limits"),))


def _spent(one: UserSpend) -> Rich:
    return joined(count(one.videos, "video"), dollars(one.cents))


def _name(name: str) -> str:
    return name or "somebody forgotten"


def _videos(view: AdminView) -> Iterator[Block]:
    yield from _filters(view)
    if not view.jobs:
        yield Paragraph(spans=(plain("None like that."),))
        return
    context = folded(view.filter, view.offset)
    yield Small(spans=(plain(f"{view.offset + 1} to {view.offset + len(view.jobs)} of {view.total}"),))
    yield Checks(
        deed="home-tick", label="Choose videos to delete", options=tuple(_row(job) for job in view.jobs)
    )
    row = [
        *_turning(view),
        Button(label="CSV", deed="home-csv", value=folded(view.filter)),
        delete_ticked(context),
    ]
    yield Buttons(buttons=tuple(row))


def delete_ticked(context: str) -> Button:
    """Delete the videos that are ticked, once that is confirmed."""
    confirm = Confirm(
        title="Delete what is ticked?",
        text="Videos, captions and everything made for them are deleted for good, and their links end.",
        yes="Delete them",
        no="No",
        danger=True,
    )
    return Button(
        label="Delete what is ticked",
        deed="home-delete",
        value=context,
        style="danger",
        gathers="home-tick",
        confirm=confirm,
    )


def _filters(view: AdminView) -> Iterator[Block]:
    context = folded(view.filter)
    people = [Option(label="Everybody", value=f"u={ANY}")]
    people += [Option(label=_name(one.requester.name), value=f"u={one.id}") for one in view.members[:_PEOPLE]]
    states = {"In any state": "", **{label: ",".join(states) for label, states in _STATES.items()}}
    dates = {ANY: "At any time"} | {str(days): "Today" if days == 1 else f"Last {days} days" for days in DAYS}
    for label, options, chosen in (
        ("Whose", people, f"u={ANY if view.filter.user is None else view.filter.user}"),
        (
            "State",
            [Option(label=label, value=f"s={value or ANY}") for label, value in states.items()],
            f"s={','.join(view.filter.states) or ANY}",
        ),
        (
            "When",
            [Option(label=label, value=f"d={days}") for days, label in dates.items()],
            f"d={days_of(view.filter, view.now)}",
        ),
    ):
        yield Choice(deed="home-filter", label=label, options=tuple(options), chosen=chosen, context=context)
    search = Button(label="Search a paper…", deed="home-search", value=context)
    if view.filter.paper:
        without = view.filter.model_copy(update={"paper": ""})
        clear = Button(label=f"✕ “{view.filter.paper}”", deed="home-page", value=folded(without))
        yield Buttons(buttons=(search, clear))
    else:
        yield Buttons(buttons=(search,))


def _row(job: Job) -> Option:
    """One job: whose, how it stands, when, how long, how many scenes, how long it took, what it cost."""
    length = f"{job.seconds:.0f} s" if job.seconds else ""
    scenes = f"{job.scenes} scenes" if job.scenes else ""
    making = took(job)
    facts = (
        _name(job.requester.name),
        state_of(job),
        day(job.created_at),
        length,
        scenes,
        making and f"in {making}",
        dollars(job.spent_cents) if job.spent_cents else "",
    )
    return Option(label=title_of(job), value=job.id, about=DOT.join(filter(None, facts)))


def _turning(view: AdminView) -> Iterator[Button]:
    if view.offset > 0:
        value = folded(view.filter, max(view.offset - PAGE, 0))
        yield Button(label="← Newer", deed="home-page", value=value)
    if view.offset + len(view.jobs) < view.total:
        yield Button(
            label="Older →", deed="home-page", value=folded(view.filter, view.offset + len(view.jobs))
        )


def _rules(view: AdminView) -> Iterator[Block]:
    terms = view.terms
    yield Choice(
        deed="home-access",
        label="Who",
        options=tuple(
            Option(label=label.format(group=view.tongue.group), value=value)
            for value, label in _ACCESS.items()
        ),
        chosen=terms.access,
    )
    yield _switch("home-guests", terms.guests, on="Guests too", off="No guests")
    yield _switch("home-approval", terms.approval, on="Scripts are approved first", off="No approval needed")
    if view.outside:
        yield from _outside(terms)
    yield _kept(terms.retention_days)
    if people := tuple(_people(view)):
        yield Facts(pairs=people)
    yield from _automatic(terms)
    row = [
        Button(label="People…", deed="home-people"),
        Button(label="Add a channel…", deed="home-channel"),
        Button(label="New access code", deed="home-code") if terms.access == "code" else None,
        None if terms.paused else pause(),
    ]
    yield Buttons(buttons=tuple(button for button in row if button is not None))
    yield Small(spans=(plain("All of it in words: "), code(view.tongue.say("admin help"))))


def _outside(terms: Terms) -> Iterator[Block]:
    """Which files go to providers outside, and what happens when one fails."""
    uploads = {
        "ask": "Files: ask before they leave",
        "cloud": "Files go to Gemini and Runway",
        "local": "Files stay on our machines",
    }
    failing = {
        AS_SET_UP: "A provider fails: as set up",
        "fall-back": "A provider fails: we take over",
        "fail": "A provider fails: so does the video",
    }
    for deed, label, options, chosen in (
        ("home-uploads", "Files", uploads, terms.uploads),
        ("home-on-failure", "A provider fails", failing, terms.on_failure or AS_SET_UP),
    ):
        said = tuple(Option(label=text, value=value) for value, text in options.items())
        yield Choice(deed=deed, label=label, options=said, chosen=chosen)


def _kept(days: int | None) -> Choice:
    options = [Option(label="Videos stay until deleted", value="off")]
    options += [
        Option(label=f"Videos go after {some} days", value=str(some))
        for some in sorted({*_RETENTIONS, *([days] if days else [])})
    ]
    return Choice(
        deed="home-retention", label="Retention", options=tuple(options), chosen=str(days) if days else "off"
    )


def _automatic(terms: Terms) -> Iterator[Block]:
    """The channels where nobody is asked first, each with a way to end that."""
    if not terms.automatic:
        yield Small(spans=(plain("In every channel I ask before I make a video of a dropped PDF."),))
        return
    yield Small(spans=(plain("A dropped PDF starts at once in:"),))
    for one in terms.automatic[:_CHANNELS]:
        stop = Button(label="Ask first", deed="home-auto-off", value=one)
        yield Entry(text=f"#{one}", channel=one, buttons=(stop,))
    if more := terms.automatic[_CHANNELS:]:
        yield Small(spans=(plain(f"and in {count(len(more), 'more channel')}"),))


def _people(view: AdminView) -> Iterator[tuple[str, Rich]]:
    """For whom something of their own holds."""
    terms, people = view.terms, view.members
    for label, those in (
        ("Made admins here", [one for one in people if one.requester.user in terms.admins]),
        ("Let in", [one for one in people if one.preferences.joined]),
        ("Kept out", [one for one in people if one.preferences.blocked]),
        ("Hear what needs attention", [one for one in people if one.requester.user in terms.alerts_to]),
    ):
        if those:
            more = f" and {len(those) - _NAMED} more" if len(those) > _NAMED else ""
            yield label, (plain(", ".join(_name(one.requester.name) for one in those[:_NAMED]) + more),)


def pause() -> Button:
    """Take no new videos for now, once that is confirmed."""
    confirm = Confirm(
        title="Pause everything?",
        text="What is being made goes on; nobody can ask for a new video until you resume.",
        yes="Pause",
        no="No",
    )
    return Button(label="Pause everything", deed="home-pause", value="yes", confirm=confirm)


def _switch(deed: str, stands: bool, *, on: str, off: str) -> Choice:
    options = (Option(label=on, value="yes"), Option(label=off, value="no"))
    return Choice(deed=deed, label=on, options=options, chosen="yes" if stands else "no")


def _log(view: AdminView) -> Iterator[Block]:
    if not view.audit:
        yield Paragraph(spans=(plain("Nothing yet."),))
        return
    names = {f"{one.requester.platform}:{one.requester.user}": one.requester.name for one in view.members}
    lines = audit_lines(view.audit, names | view.titles)
    yield Paragraph(spans=(plain("\n".join(lines)),))
    yield Small(spans=(plain("More: "), code(view.tongue.say("admin audit 50"))))


def spend_card(spend: Sequence[UserSpend], span: str) -> Card:
    """Who had how many videos and spent what in `span` ("November 2026")."""
    total = sum(one.cents for one in spend)
    facts = tuple((_name(one.name), _spent(one)) for one in spend[:40])
    head = f"Spent in {span}: {dollars(total)}"
    blocks: tuple[Block, ...] = (Paragraph(spans=(bold(head),)),)
    return Card(text=f"{head}.", blocks=(*blocks, Facts(pairs=facts)) if facts else blocks)


def found_card(jobs: Sequence[Job], total: int, offset: int = 0) -> Card:
    """All videos that a filter lets through, in words, for `admin list`. The jobs are veiled where they are private."""
    if not jobs:
        return Card(text="None like that.", blocks=(Paragraph(spans=(plain("None like that."),)),))
    head = f"{count(total, 'video')}" + (
        f", {offset + 1} to {offset + len(jobs)}" if len(jobs) < total else ""
    )
    lines = [f"{job.id}  {row.label}\n{row.about}" for job in jobs for row in (_row(job),)]
    blocks = (Paragraph(spans=(bold(head),)), *(Paragraph(spans=(plain(line),)) for line in lines))
    return Card(text=f"{head}.", blocks=blocks)
