"""Buttons and selects of a message, and what they remember."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bots.cards.card import Button, Buttons, Card, Checks, Choice, Chosen, Option
from bots.cards.literal import one_line, shortened, units
from bots.discord.pressed import MENU, OPTION_VALUE, Ids
from bots.discord.spans import BUTTON_ADDRESS, given_address

Component = dict[str, Any]

#: Discord's numbers for what a component is.
ROW, BUTTON, SELECT, CHANNELS = 1, 2, 3, 8
#: Its numbers for the channels in which people write.
WRITTEN_IN: Final = (0, 5, 15)
#: Characters of a button's label, of a select that nothing stands in, and of an option's two lines.
LABEL, PLACEHOLDER, OPTION = 80, 150, 100
#: Buttons side by side, and options of a select.
IN_A_ROW, OPTIONS = 5, 25
_STYLES: Final = {"primary": 1, "normal": 2, "danger": 4}
_LINK: Final = 5


def gatherers(card: Card) -> dict[str, tuple[Button, ...]]:
    """The buttons that gather what is ticked, by the deed of the ticks that they gather.

    Discord tells nobody what stands in a select when a button beside it is pressed. So the select itself
    does what the button would do, with what is ticked, once it is closed; the question of the button comes first.
    """
    ticks = {block.deed for block in card.blocks if isinstance(block, Checks)}
    found: dict[str, tuple[Button, ...]] = {}
    for block in card.blocks:
        for button in block.buttons if isinstance(block, Buttons) else ():
            if button.gathers in ticks:
                found[button.gathers] = (*found.get(button.gathers, ()), button)
    return found


def rows(buttons: Sequence[Button], card: Card, ids: Ids) -> list[Component]:
    """Rows of at most five."""
    drawn = [button_of(button, ids, context=_standing(button, card)) for button in buttons if opens(button)]
    return [_row(drawn[start : start + IN_A_ROW]) for start in range(0, len(drawn), IN_A_ROW)]


def opens(button: Button) -> bool:
    """Whether the button does something at Discord: some addresses can't be opened by one."""
    return button.url is None or given_address(button.url, BUTTON_ADDRESS) is not None


def button_of(button: Button, ids: Ids, *, context: str | None = None) -> Component:
    """One button; `context` is its value with what it gathers. One that opens an address tells nobody."""
    label = _text(button.label, LABEL)
    if button.url is not None:
        url = given_address(button.url, BUTTON_ADDRESS)
        return {"type": BUTTON, "style": _LINK, "label": label, "url": url}
    value = button.value if context is None else context
    name = ids.name(button.deed, value, asks=button.confirm is not None)
    return {"type": BUTTON, "style": _STYLES[button.style], "label": label, "custom_id": name}


def menu(buttons: Sequence[Button], ids: Ids) -> Component:
    """Several deeds as a select: each option says which."""
    some = buttons[:OPTIONS]
    options = [
        {"label": _text(button.label, OPTION), "value": ids.option(button.deed, button.value)}
        for button in some
    ]
    words = ", ".join(one_line(button.label) for button in some)
    return _select(ids.name(MENU, some[0].value), f"{shortened(words, PLACEHOLDER - 2)} …", options)


def channels(button: Button, ids: Ids) -> Component:
    """What the button does, to a channel that is chosen among those of the server."""
    words = f"{_text(button.label, PLACEHOLDER - 4)} in …"
    select = {"type": CHANNELS, "custom_id": ids.name(button.deed, ""), "placeholder": words}
    return _row([select | {"channel_types": list(WRITTEN_IN)}])


def choices(choice: Choice, ids: Ids) -> list[Component]:
    """One of several; of more than 25 in several selects, that in which the chosen one stands first."""
    parts = list(_parts(choice.options))
    selects = []
    for number, part in enumerate(parts, start=1):
        label = choice.label if len(parts) == 1 else f"{choice.label} ({number} of {len(parts)})"
        options = [
            _option(option) | ({"default": True} if option.value == choice.chosen else {}) for option in part
        ]
        selects.append(_select(ids.name(choice.deed, choice.context), label, options))
    return sorted(
        selects, key=lambda row: not any("default" in one for one in row["components"][0]["options"])
    )


def ticks(checks: Checks, doing: Sequence[Button], ids: Ids) -> list[Component]:
    """Any of several: a select for each of the buttons that gather them, and one of their own if there is none."""
    selects = []
    for button in doing or (Button(label="Tick", deed=checks.deed),):
        for part in _parts(checks.options):
            name = ids.name(button.deed, button.value, asks=button.confirm is not None)
            words = checks.label or button.label
            select = _select(
                name, f"{shortened(one_line(words), PLACEHOLDER - 2)} …", list(map(_option, part))
            )
            select["components"][0] |= {"min_values": 1, "max_values": len(part)}
            selects.append(select)
    return selects


def _parts(options: Sequence[Option]) -> Iterator[list[Option]]:
    once = list({option.value: option for option in options}.values())
    for start in range(0, len(once), OPTIONS):
        yield once[start : start + OPTIONS]


def _standing(button: Button, card: Card) -> str | None:
    """The value of a button that gathers a choice: what stands there, for each choice draws the card anew."""
    for block in card.blocks:
        if isinstance(block, Choice) and button.gathers == block.deed:
            values = (block.chosen,) if block.chosen is not None else ()
            return Chosen(context=button.value, values=values).model_dump_json()
    return None


def _option(option: Option) -> Component:
    if not 0 < units(option.value) <= OPTION_VALUE:
        raise ValueError(f"the value of option {option.label!r} has {len(option.value)} characters")
    about = shortened(one_line(option.about), OPTION)
    return {"label": _text(option.label, OPTION), "value": option.value} | (
        {"description": about} if about else {}
    )


def _select(name: str, placeholder: str, options: list[Component]) -> Component:
    words = _text(placeholder, PLACEHOLDER)
    return _row([{"type": SELECT, "custom_id": name, "placeholder": words, "options": options}])


def _row(components: list[Component]) -> Component:
    return {"type": ROW, "components": components}


def _text(text: str, most: int) -> str:
    return shortened(one_line(text), most) or "–"
