"""What an admin decides in forms, said in the words that they could type: so both go one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from storage.cap_words import NONE, said_cap, said_name
from storage.quotas import Caps

#: What can be decided of a person: the words for it, and how they stand in the form.
OF_A_PERSON: Final = {
    "let-in": "May have videos made",
    "shut-out": "Is not let in any more",
    "block": "May not have videos made, whatever else holds",
    "unblock": "Is not kept out any more",
    "add": "Is an admin here",
    "remove": "Is no admin here any more",
    "alerts on": "Hears what needs attention",
    "alerts off": "No longer hears what needs attention",
}


def of_person(user: str, deed: str) -> str:
    """What an admin would type for the choice of somebody (by the platform's id) and a deed; "" for none."""
    verb, _, on = deed.partition(" ")
    return f"admin {verb} @{user} {on}".strip() if user and deed in OF_A_PERSON else ""


def of_channel(channel: str, *, on: bool) -> str:
    """What an admin would type so that a PDF dropped in that channel starts at once, or no longer; "" for none."""
    return f"admin auto #{channel} {'on' if on else 'off'}" if channel else ""


def shown(caps: Caps) -> dict[str, str]:
    """The limits as they stand in a form, by the names that people give them: nothing is no limit."""
    said = {name: said_cap(name, getattr(caps, name)) for name in Caps.model_fields}
    return {said_name(name): "" if cap == NONE else cap for name, cap in said.items()}


def limit_label(name: str) -> str:
    """ "dollars_per_user_day" as people read it in a form: "US dollars a day"."""
    thing, _, rest = name.partition("_per_")
    span = "video" if rest == "job" else rest.removeprefix("user_")
    return f"{'Videos' if thing == 'videos' else 'US dollars'} a {span}"


def of_limits(typed: Mapping[str, str], before: Mapping[str, str]) -> str:
    """What an admin would type for what they changed in a form that showed the limits of `before`; "" for nothing."""
    changed = [
        f"{name}={text.strip().replace(' ', '') or NONE}"
        for name, text in typed.items()
        if name in before and text.strip() != before[name]
    ]
    return f"admin quota {' '.join(changed)}" if changed else ""
