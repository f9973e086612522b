"""Forms of an admin's page: the limits, who may do what, and in which channels a dropped PDF starts at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bots.desk.desk import Reply
from bots.discord.controls import CHANNELS, WRITTEN_IN
from bots.discord.forms import PERSON, WORKSPACE, Modal, fields_of, modal, text_field, titled
from bots.discord.front import Front
from bots.discord.pressed import Ids, Press
from bots.pages import CHANNEL, LIMITS, PEOPLE
from bots.people import Ask
from bots.rules import OF_A_PERSON, limit_label, of_channel, of_limits, of_person, shown
from storage.cap_words import NAMES
from storage.quotas import Caps

#: The forms, by the deeds of their buttons.
FORMS: Final = frozenset({LIMITS, PEOPLE, CHANNEL})
#: Discord's numbers for selects: of words, and of people.
_WORDS, _PEOPLE = 3, 5


def opens_form(press: Press) -> bool:
    """Whether the press opens one of these forms: that of the limits once it is known whose."""
    return press.deed in (PEOPLE, CHANNEL) or (press.deed == LIMITS and press.value in (PERSON, WORKSPACE))


async def form_of(front: Front, ask: Ask, press: Press) -> Modal | Reply:
    """The form, or why there is none."""
    if press.deed == PEOPLE:
        return people_modal()
    if press.deed == CHANNEL:
        return channel_modal()
    now = await front.work.call(front.desk.limits, ask)
    return now if isinstance(now, Reply) else limits_modal(now, press.value)


def words_of(press: Press, data: Mapping[str, Any]) -> str:
    """What an admin would type for a form that was sent; "" where nothing was chosen or changed."""
    typed = fields_of(data)
    if press.deed == PEOPLE:
        return of_person(typed.get("who", ""), typed.get("what", ""))
    if press.deed == CHANNEL:
        return of_channel(typed.get("where", ""), on=True)
    whose, _, before = press.value.partition(":")
    return of_limits(typed, dict(zip(_limits(whose), before.split(","), strict=False)))


def people_modal() -> Modal:
    """Somebody, and what holds for them from now on."""
    options = [{"label": label, "value": deed} for deed, label in OF_A_PERSON.items()]
    fields = [
        titled("Who?", {"type": _PEOPLE, "custom_id": "who"}),
        titled("What holds from now on?", {"type": _WORDS, "custom_id": "what", "options": options}),
    ]
    return modal("People", Ids().name(PEOPLE, ""), fields)


def channel_modal() -> Modal:
    """A channel where nobody is asked first."""
    select = {"type": CHANNELS, "custom_id": "where", "channel_types": list(WRITTEN_IN)}
    about = "A PDF that is dropped there starts at once. Elsewhere I ask first."
    return modal("Add a channel", Ids().name(CHANNEL, ""), [titled("In which channel?", select, about)])


def limits_modal(caps: Caps, whose: str) -> Modal:
    """The limits as they stand, to be changed; they are more than a form holds. Its name remembers how they stood."""
    now = {name: text for name, text in shown(caps).items() if name in _limits(whose)}
    fields = [
        text_field(name, f"{limit_label(name)} (nothing: no limit)", text, most=11, needed=False)
        for name, text in now.items()
    ]
    title = "Limits for one person" if whose == PERSON else "Limits for the whole server"
    return modal(title, Ids().name(LIMITS, f"{whose}:{','.join(now.values())}"), fields)


def _limits(whose: str) -> list[str]:
    return [name for name in NAMES if ("_per_user_" in name) == (whose == PERSON)]
