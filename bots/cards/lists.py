"""Lists and short answers for one person: their videos, their quota, what they prefer, what the app can do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from bots.cards import buttons
from bots.cards.card import (
    DOT,
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Confirm,
    Entry,
    Facts,
    Option,
    Paragraph,
    Rich,
    Small,
    bold,
    code,
    joined,
    plain,
)
from bots.cards.tongue import PLAIN, Tongue
from bots.cards.wording import count, lasted, state_of, title_of, upon
from storage.members import Preferences
from storage.quotas import Span as Quota
from storage.quotas import Usage, dollars
from storage.records import Job, JobState, Requester

#: Jobs on one page of a list.
PAGE: Final = 10
LENGTHS: Final = (45, 60, 67, 75, 90)
#: Options with what may stand behind them, as the help shows them; those of providers where these are set up.
_OPTIONS: Final = (
    ("seconds", "60"),
    ("audience", "public|student|peer"),
    ("approve", "yes"),
    ("figures", "off"),
)
_OF_PROVIDERS: Final = (
    ("voice", "Kore"),
    ("style", "calm"),
    ("tone", "plain|warm|lively"),
    ("footage", "no"),
)
AUDIENCES: Final = {"public": "everybody", "student": "students", "peer": "peers in the field"}


def list_card(
    jobs: Sequence[Job],
    total: int,
    *,
    offset: int = 0,
    places: Mapping[str, str] | None = None,
    tongue: Tongue = PLAIN,
) -> Card:
    """One's own jobs, newest first. The buttons "list" turn the page: their value is the offset.

    `places` are the addresses of the jobs' messages.
    """
    if not jobs:
        spans = (plain("No videos yet. "), *_how_to_begin(tongue))
        return Card(text="No videos yet.", blocks=(Paragraph(spans=spans),))
    pages = turning("list", offset, len(jobs), total)
    head = f"Your videos, {offset + 1} to {offset + len(jobs)} of {total}" if pages else "Your videos"
    blocks = (
        Paragraph(spans=(bold(head),)),
        *(entry(job, (places or {}).get(job.id, "")) for job in jobs),
        *pages,
    )
    return Card(text=f"{head}.", blocks=blocks)


def _how_to_begin(tongue: Tongue) -> Rich:
    return (
        plain("Type "),
        code(tongue.say("32296183")),
        plain(" with the PMID of a paper, or drop its PDF or Word file here."),
    )


def entry(job: Job, place: str = "") -> Entry:
    """One's own job as a line of a list, which leads to its message at `place`, or else to its video."""
    url = place or job.link or ""
    return Entry(text=title_of(job), about=_about(job), url=url, buttons=tuple(_deeds(job)))


def which_card(
    question: str, jobs: Sequence[Job], choices: Sequence[Button], places: Mapping[str, str]
) -> Card:
    """Asks which of several jobs is meant: each with the button that does it."""
    entries = (
        entry(job, places.get(job.id, "")).model_copy(update={"buttons": (button,)})
        for job, button in zip(jobs, choices, strict=True)
    )
    return Card(text=question, blocks=(Paragraph(spans=(bold(question),)), *entries))


def _about(job: Job) -> str:
    length = f"{job.seconds:.0f} s" if job.seconds and job.state is JobState.DONE else ""
    private = "private" if job.private else ""
    cost = dollars(job.spent_cents) if job.spent_cents else ""
    return DOT.join(filter(None, (state_of(job), length, day(job.created_at), cost, private, job.id)))


def _deeds(job: Job) -> Iterator[Button]:
    match job.state:
        case JobState.DONE:
            yield buttons.delete(job)
        case JobState.FAILED | JobState.CANCELLED:
            yield buttons.retry(job)
            yield Button(label="Delete", deed="delete?", value=job.id)
        case JobState.DELETED:
            pass
        case _:
            yield buttons.cancel(job)


def turning(deed: str, offset: int, shown: int, total: int, size: int = PAGE) -> list[Block]:
    """The buttons that turn the page, where there is another one."""
    row = []
    if offset > 0:
        row.append(Button(label="← Newer", deed=deed, value=str(max(offset - size, 0))))
    if offset + shown < total:
        row.append(Button(label="Older →", deed=deed, value=str(offset + shown)))
    return [Buttons(buttons=tuple(row))] if row else []


def day(at: float) -> str:
    """The day of a moment, in UTC, where no reader's own time can be shown."""
    then = datetime.fromtimestamp(at, UTC)
    return f"{then.day} {then:%b %Y}"


def quota_card(usage: Usage, now: float, *, tongue: Tongue = PLAIN) -> Card:
    """What a person and their workspace have had, what they may have, and when it starts anew."""
    facts = Facts(pairs=quotas(usage, now, tongue))
    left = usage.user_day.videos_cap
    said = f"You had {count(usage.user_day.videos, 'video')} today" + (
        f" of {left}." if left is not None else "."
    )
    return Card(text=said, blocks=(Paragraph(spans=(bold("Your quota"),)), facts, _what_counts()))


def _what_counts() -> Small:
    return Small(spans=(plain("Every video begun for you counts, deleted ones too; failed ones don’t."),))


def quotas(usage: Usage, now: float, tongue: Tongue) -> tuple[tuple[str, Rich], ...]:
    """The four spans, each with what is had of it."""
    group = tongue.group.capitalize()
    return (
        ("You, today", _quota(usage.user_day, now)),
        ("You, this month", _quota(usage.user_month, now)),
        (f"{group}, today", _quota(usage.workspace_day, now)),
        (f"{group}, this month", _quota(usage.workspace_month, now)),
    )


def _quota(quota: Quota, now: float) -> Rich:
    videos = _of(
        str(quota.videos), None if quota.videos_cap is None else count(quota.videos_cap, "video"), "videos"
    )
    cents = quota.spent_cents + quota.reserved_cents
    money = _of(dollars(cents), None if quota.cents_cap is None else dollars(quota.cents_cap), "")
    full = _is_full(quota)
    again: Rich = (plain(DOT), plain("full until "), upon(quota.ends_at, now)) if full else ()
    return (*joined(videos, money), *again)


def _of(had: str, cap: str | None, things: str) -> str:
    return f"{had} of {cap}" if cap is not None else " ".join(filter(None, (had, things)))


def _is_full(quota: Quota) -> bool:
    videos = quota.videos_cap is not None and quota.videos >= quota.videos_cap
    cents = quota.spent_cents + quota.reserved_cents
    return videos or (quota.cents_cap is not None and cents >= quota.cents_cap > 0)


def me_card(who: Requester, preferences: Preferences, videos: int, *, tongue: Tongue = PLAIN) -> Card:
    """What is remembered of a person, and what can be changed of it."""
    words = (plain("In words: "), code(tongue.say("me seconds=60 audience=student approve=yes")))
    blocks: tuple[Block, ...] = (
        Paragraph(spans=(bold(who.name or "You"), plain(f"  {count(videos, 'finished video')}"))),
        *preference_blocks(preferences),
        Small(spans=words),
        Buttons(buttons=(forget_me(),)),
    )
    return Card(text="What is remembered of you, and what you prefer.", blocks=blocks)


def preference_blocks(preferences: Preferences) -> Iterator[Block]:
    """Choices, in place at once: how long, for whom, and whether the script is approved first."""
    usual = Option(label="Length: as usual (67 s)", value="-")
    lengths = sorted({*LENGTHS, *([preferences.seconds] if preferences.seconds else [])})
    yield Choice(
        deed="me-seconds",
        label="Length",
        options=(usual, *(Option(label=f"Length: {length} s", value=str(length)) for length in lengths)),
        chosen=str(preferences.seconds or "-"),
    )
    yield Choice(
        deed="me-audience",
        label="Audience",
        options=(
            Option(label="For: as usual (everybody)", value="-"),
            *(Option(label=f"For: {words}", value=name) for name, words in AUDIENCES.items()),
        ),
        chosen=preferences.audience or "-",
    )
    yield Choice(
        deed="me-approve",
        label="Approval",
        options=(
            Option(label="Approve scripts: as usual", value="-"),
            Option(label="Approve scripts: yes", value="yes"),
            Option(label="Approve scripts: no", value="no"),
        ),
        chosen={None: "-", True: "yes", False: "no"}[preferences.approve],
    )


def forget_me(page: str = "") -> Button:
    """Deletes all of a person's videos and what is remembered of them, once that is confirmed.

    `page` says where it stands, if on a page; it does the same everywhere.
    """
    confirm = Confirm(
        title="Forget you?",
        text="All your videos are deleted for good, what is being made is cancelled, and your name and "
        "preferences are erased. What was spent stays in the books, without your name.",
        yes="Forget me",
        no="No",
        danger=True,
    )
    return Button(label="Forget me…", deed="forget-me", value=page, confirm=confirm)


def help_card(tongue: Tongue = PLAIN, *, admin: bool = False, offered: Collection[str] = frozenset()) -> Card:
    """What the app can do, in words that can be typed; `offered` are the options of providers that are there."""
    return Card(
        text=f"Type {tongue.say('32296183')} with a paper’s PMID, or drop a PDF or Word file.",
        blocks=tuple(help_blocks(tongue, admin=admin, offered=offered)),
    )


def help_blocks(tongue: Tongue, *, admin: bool, offered: Collection[str] = frozenset()) -> Iterator[Block]:
    """The lines of the help; `offered` are the options of providers that are there."""
    yield Paragraph(
        spans=(
            bold("A paper in, a short narrated video out."),
            plain(
                " Every claim in it has its passage in the paper. Type a PMID, PMCID or address, or drop a PDF "
                "or Word file:"
            ),
        )
    )
    lines = tuple(span for said, does in _lines(tongue) for span in (code(said), plain(f"  {does}\n")))
    yield Paragraph(spans=(*lines[:-1], plain(lines[-1].text.rstrip("\n"))))
    known = [*_OPTIONS, *(one for one in _OF_PROVIDERS if one[0] in offered)]
    shown = (span for name, value in known for span in (plain("  "), code(tongue.option(name, value))))
    yield Small(spans=(plain("Options, in any order:"), *shown))
    yield Small(
        spans=(
            plain(
                "On a video’s message: 🔁 retries, ❌ cancels, 🗑️ deletes. In its thread the commands mean "
            ),
            plain(
                "that video, elsewhere your latest. What is asked for in a direct message stays between us."
            ),
        )
    )
    if admin:
        yield Small(
            spans=(
                plain("For admins: "),
                code(tongue.say("admin help")),
                plain(", and "),
                tongue.admins_page,
                plain("."),
            )
        )


def _lines(tongue: Tongue) -> Iterator[tuple[str, str]]:
    yield tongue.say("32296183"), "make a video of this paper"
    yield tongue.say("cost 32296183"), "what it would cost, without making it"
    yield tongue.say("list"), "your videos"
    yield tongue.say("status"), "how one stands; also approve, cancel, retry, link, keep, delete"
    yield tongue.say("redo scene 3"), "make one scene anew"
    yield tongue.say("quota"), "what you had and may have"
    yield tongue.say("me"), "what you prefer; forget-me deletes your videos, name and preferences"


def took(job: Job) -> str:
    """How long the making took, "" while that is not known."""
    if job.started_at is None or job.finished_at is None:
        return ""
    return lasted(job.finished_at - job.started_at)
