"""Caps on videos and cents, and the words that say which one is reached and until when.

Days and months are UTC's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from storage.records import Record


class Caps(Record):
    """At most so many videos and US cents, for one person, for the whole workspace, for one job; `None`: no limit."""

    videos_per_user_day: int | None = None
    videos_per_user_month: int | None = None
    videos_per_day: int | None = None
    videos_per_month: int | None = None
    cents_per_user_day: int | None = None
    cents_per_user_month: int | None = None
    cents_per_day: int | None = None
    cents_per_month: int | None = None
    cents_per_job: int | None = None


class Refusal(Record):
    """A "no": why, in a sentence, and when it is possible again (epoch seconds; `None`: not by waiting).

    `limit` is the name of the cap in `Caps`, or of what else stands in the way ("paused"). `most` is the cap of one
    job in US cents, where that is what stands in the way.
    """

    sentence: str
    possible_at: float | None
    limit: str
    most: int | None = None


class Span(Record):
    """What was had of a day or month so far, and what may be had. `ends_at` (epoch seconds) is when it starts anew."""

    videos: int
    reserved_cents: int
    spent_cents: int
    videos_cap: int | None
    cents_cap: int | None
    ends_at: float


class Usage(Record):
    """The four spans that count for a person in a workspace."""

    user_day: Span
    user_month: Span
    workspace_day: Span
    workspace_month: Span


class Period(StrEnum):
    """A day or a month."""

    DAY = "day"
    MONTH = "month"

    def bounds(self, now: float) -> tuple[float, float]:
        """Where the one that `now` is in begins and ends, in epoch seconds."""
        midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self is Period.DAY:
            return midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()
        first = midnight.replace(day=1)
        return first.timestamp(), (first + timedelta(days=32)).replace(day=1).timestamp()


_WHEN: Final = {Period.DAY: "today", Period.MONTH: "this month"}


def refusal(usage: Usage, *, videos: int, cents: int, now: float) -> Refusal | None:
    """Why `videos` more for `cents` more are too much; `None` when they are not.

    Of several reasons, the one that lasts longest. What costs nothing is never refused for money.
    """
    found = [
        no
        for ours, period, span in (
            (False, Period.DAY, usage.user_day),
            (False, Period.MONTH, usage.user_month),
            (True, Period.DAY, usage.workspace_day),
            (True, Period.MONTH, usage.workspace_month),
        )
        for no in (
            _videos_refusal(span, videos, now, ours=ours, period=period),
            _cents_refusal(span, cents, now, ours=ours, period=period),
        )
        if no is not None
    ]
    return max(found, key=lambda no: float("inf") if no.possible_at is None else no.possible_at, default=None)


def _videos_refusal(span: Span, videos: int, now: float, *, ours: bool, period: Period) -> Refusal | None:
    cap = span.videos_cap
    if cap is None or videos <= 0 or span.videos + videos <= cap:
        return None
    limit = f"videos_per_{period}" if ours else f"videos_per_user_{period}"
    if videos > cap:
        whom = "All of you together" if ours else "One person"
        sentence = f"{whom} may have {_count(cap)} a {period}. {_ASK}"
        return Refusal(sentence=sentence, possible_at=None, limit=limit)
    who = "All of you together have" if ours else "You have"
    again = f"The next is possible from {when(span.ends_at, now)}."
    sentence = f"{who} had {span.videos} of {_count(cap)} {_WHEN[period]}. {again}"
    return Refusal(sentence=sentence, possible_at=span.ends_at, limit=limit)


def _cents_refusal(span: Span, cents: int, now: float, *, ours: bool, period: Period) -> Refusal | None:
    cap, used = span.cents_cap, span.reserved_cents + span.spent_cents
    if cap is None or cents <= 0 or used + cents <= cap:
        return None
    limit = f"cents_per_{period}" if ours else f"cents_per_user_{period}"
    if cents > cap:
        whom = "all of you together" if ours else "one person"
        sentence = (
            f"This video may cost {dollars(cents)}, and {whom} may spend {dollars(cap)} a {period}. {_ASK}"
        )
        return Refusal(sentence=sentence, possible_at=None, limit=limit)
    who = "All of you together have" if ours else "You have"
    again = f"It is possible from {when(span.ends_at, now)}."
    sentence = (
        f"{who} used {dollars(used)} of {dollars(cap)} {_WHEN[period]}, "
        f"and this video may cost {dollars(cents)}. {again}"
    )
    return Refusal(sentence=sentence, possible_at=span.ends_at, limit=limit)


def over_job(cap: int | None, *, spent: int, cents: int) -> Refusal | None:
    """Why a job that `spent` so many US cents may not spend `cents` more; `None` when it may."""
    if cap is None or cents <= 0 or spent + cents <= cap:
        return None
    cost = f"This video cost {dollars(spent)} already, and" if spent else "This video may cost"
    more = f"may take {dollars(cents)} more; one" if spent else f"{dollars(cents)}, and one"
    sentence = f"{cost} {more} may cost {dollars(cap)} at most."
    return Refusal(sentence=sentence, possible_at=None, limit="cents_per_job", most=cap)


_ASK: Final = "Waiting won’t help: ask whoever looks after the app for a higher limit."


def when(at: float, now: float) -> str:
    """A time to come, as people say it: "00:00 UTC (in 3 h)", "1 December, 00:00 UTC (in 14 days)"."""
    then = datetime.fromtimestamp(at, UTC)
    ahead = at - now
    clock = f"{then:%H:%M} UTC"
    if ahead < 60 * 60:
        minutes = max(1, round(ahead / 60))
        return f"{clock} (in {minutes} min)"
    if ahead <= 24 * 60 * 60:
        return f"{clock} (in {round(ahead / 3600)} h)"
    days = round(ahead / 86_400)
    return f"{then.day} {then:%B}, {clock} (in {days} {'day' if days == 1 else 'days'})"


def dollars(cents: int) -> str:
    """US cents as people write them: "$4.80"."""
    return f"${cents / 100:,.2f}"


def _count(videos: int) -> str:
    return "no videos" if videos == 0 else f"{videos} {'video' if videos == 1 else 'videos'}"
