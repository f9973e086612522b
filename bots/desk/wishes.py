"""What somebody wishes for a video: which wishes can be had here, the order that they make, and what it costs."""

from __future__ import annotations

from typing import Any

from bots.commands import Options
from bots.desk.access import Standing
from bots.desk.replies import House
from jobs.estimate import estimate, span
from jobs.filming import films
from jobs.kit import Kit
from jobs.order import JobOrder
from jobs.voices import wished
from jobs.writers import writes_with_gemini


def offered(kit: Kit) -> frozenset[str]:
    """The options of a provider's that are of use here: "voice", "style", "tone", "footage"."""
    names = {"voice", "style"} if kit.gemini_key is not None else set[str]()
    names |= {"tone"} if _writes(kit) else set()
    return frozenset(names | ({"footage"} if films(kit) else set()))


def not_here(kit: Kit, options: Options) -> str | None:
    """Why a wish can't be met here, in a sentence; `None` when all can."""
    speaks = kit.gemini_key is not None
    if options.voice is not None and not speaks and wished(kit, options.voice).speaker == "gemini":
        return "Gemini’s voices are not set up here: hibari speaks."
    if options.style is not None and not speaks:
        return "A style is for Gemini’s voice, which is not set up here: ask without it."
    if options.tone not in (None, "plain") and not _writes(kit):
        return (
            "A tone is for Gemini’s writer, which is not set up here: "
            "the embedded one tells it in the paper’s own words."
        )
    if options.footage and not films(kit):
        return "Generated footage is not set up here: ask without it."
    return None


def order_of(house: House, me: Standing, options: Options, **paper: str) -> JobOrder:
    """What was said, else what they prefer, else what everybody gets."""
    likes = me.preferences
    said_so: dict[str, Any] = {
        "seconds": options.seconds or likes.seconds,
        "audience": options.audience or likes.audience,
        "figures": options.figures,
        "voice": options.voice,
        "style": options.style,
        "tone": options.tone,
        "footage": options.footage,
    }
    chosen = {name: value for name, value in said_so.items() if value is not None}
    width, height = house.size
    return JobOrder.model_validate(
        {**paper, **chosen, "force": options.force, "width": width, "height": height}
    )


def worth(house: House, me: Standing, options: Options, **paper: str) -> str:
    """What a video costs, for whoever is asked whether it is to be made; "" when it costs nothing."""
    found = estimate(order_of(house, me, options, **paper), house.kit)
    return f"It costs {span(found.about, found.most)}." if found.most else ""


def _writes(kit: Kit) -> bool:
    return kit.gemini_key is not None and writes_with_gemini(kit)
