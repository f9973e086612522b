"""The filter of an admin's list, folded into a few characters that a platform hands back with each press."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from bots.cards.card import Chosen
from storage.catalogue import Filter
from storage.quotas import Period
from storage.records import JobState

#: The options for when: so many days, today among them.
DAYS: Final = (1, 7, 30, 90)
#: What a search may be, in characters as they are folded: the whole stays under 200.
SEARCH: Final = 90
_DAY: Final = 86_400
#: What stands for "all".
ANY: Final = "-"


def folded(wanted: Filter, offset: int = 0) -> str:
    """Filter and offset as one word of at most 200 characters; a search is cut where it is too long."""
    said = {
        "u": wanted.user,
        "s": ",".join(wanted.states),
        "a": None if wanted.since is None else int(wanted.since),
        "b": None if wanted.until is None else int(wanted.until),
        "o": offset or None,
    }
    search = wanted.paper.strip()
    while len(urlencode({"q": search})) > SEARCH:
        search = search[:-1]
    return urlencode({name: value for name, value in {**said, "q": search}.items() if value}, safe=",")


def unfolded(word: str) -> tuple[Filter, int]:
    """Filter and offset again; the filter of everything for what nobody folded."""
    said = dict(parse_qsl(word))
    try:
        states = tuple(JobState(state) for state in said.get("s", "").split(",") if state)
        wanted = Filter.model_validate(
            {
                "user": said.get("u"),
                "states": states,
                "since": said.get("a"),
                "until": said.get("b"),
                "paper": said.get("q", ""),
            }
        )
        return wanted, max(int(said.get("o", "0")), 0)
    except (ValidationError, ValueError):
        return Filter(), 0


def refined(value: str, now: float) -> Filter:
    """The filter after a press on one of the choices "home-filter"; `value` is that press's value."""
    chosen = Chosen.model_validate_json(value)
    wanted, _ = unfolded(chosen.context)
    what, _, which = (chosen.values or ("",))[0].partition("=")
    all_of_it = which == ANY
    match what:
        case "u":
            return wanted.model_copy(
                update={"user": None if all_of_it or not which.isdigit() else int(which)}
            )
        case "s":
            known = [state for state in JobState if state.value in which.split(",")]
            return wanted.model_copy(update={"states": tuple(known)})
        case "d":
            days = None if all_of_it or not which.isdigit() else int(which)
            return wanted.model_copy(update={"since": days and since(days, now), "until": None})
        case _:
            return wanted


def since(days: int, now: float) -> float:
    """When the last so many days began, today being one of them (UTC)."""
    midnight, _ = Period.DAY.bounds(now)
    return midnight - (days - 1) * _DAY


def days_of(wanted: Filter, now: float) -> str:
    """Which of the options for when stands there."""
    return next((str(days) for days in DAYS if wanted.since == since(days, now)), ANY)
