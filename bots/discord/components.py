"""A card as a message of Discord, within Discord's limits.

It is drawn in Discord's components v2, not as an embed. On a phone an embed is a narrow box of small grey
fields, with its buttons outside and below, mentions in it notify nobody, and its title can't be cut and linked
as we like. Components stand in the width of talk and in its size, a list has its buttons beside each line, and a
mention in them reaches whom it names. What is to be pressed, or has a tone, stands on a panel (a container, with the
tone's colour at its side); mere words stand bare, so that they have the whole width.

Such a message has no `content`: `Card.text` is shown only where a card has no blocks. Files sent with it are
shown only where a component names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

from bots.cards.card import (
    Block,
    Buttons,
    Card,
    Checks,
    Choice,
    Divider,
    Entry,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Small,
    Tone,
    link,
    plain,
)
from bots.cards.literal import one_line, shortened, units
from bots.discord.controls import (
    ROW,
    Component,
    button_of,
    channels,
    choices,
    gatherers,
    menu,
    opens,
    rows,
    ticks,
)
from bots.discord.pressed import Ids
from bots.discord.spans import given_address, people_in, safe_address
from bots.discord.words import LEAST, in_a_list, in_words, options_in_words

#: Says that a message is drawn in components; it can't be taken back.
COMPONENTS_V2: Final = 1 << 15
#: Components of a message, those inside of others too, and the characters of all its words.
MOST, ALL_TEXT = 40, 4_000
#: Room that is kept for each thing of a list that is still to come, so that its name stands beside its buttons.
_KEPT: Final = 80
_ALT: Final = 1_024
#: A button of so many characters stands beside the words; a longer one would leave them no room on a telephone.
ASIDE: Final = 16
#: So many buttons of one thing of a list stand side by side; more are a menu.
SIDE_BY_SIDE: Final = 3
#: Small words of so many characters are a line or two on a telephone: several such lines make one block.
A_SMALL_LINE: Final = 60
_SECTION, _TEXT, _GALLERY, _LINE, _PANEL = 9, 10, 12, 14, 17
_COLOURS: Final[dict[Tone, int]] = {"busy": 0x4CC9F0, "asks": 0xFFD166, "good": 0x3BA55D, "bad": 0xED4245}


@dataclass(frozen=True)
class Drawn:
    """A card as it is sent: `components`, whom it notifies if it is posted anew, and what must be kept first.

    `kept` are values that are too long for a `custom_id`, by the digest that stands there instead: they
    must be written down before the message is sent.
    """

    components: list[Component]
    people: tuple[str, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> dict[str, Any]:
        """What a message is posted or edited with. Nobody is notified but `people`, and that only by a new one."""
        mentions = {"parse": [], "users": list(self.people), "replied_user": False}
        return {"flags": COMPONENTS_V2, "components": self.components, "allowed_mentions": mentions}


def drawn(card: Card, most: int = MOST) -> Drawn:
    """The card, as `most` components at most.

    Where they don't suffice, less is shown of it: first several buttons of one thing become a menu, and those of
    channels one select of channels; then go the space between words, the later parts of long choices, the buttons
    of a list from its end (each can be said in words), and at last what stands in the middle. Buttons of the card
    itself stay.
    """
    people = people_in(card)
    whole = _Drawing(card).whole()
    plans = [_Plan(menus=True), _Plan(menus=True, dense=True)] + [
        _Plan(menus=True, dense=True, first_only=True, mute=mute)
        for mute in range(sum(map(_has_buttons, card.blocks)) + 1)
    ]
    for plan in plans:
        if count(whole.components) <= most:
            break
        whole = _Drawing(card, plan).whole()
    if count(whole.components) > most:
        whole = _Drawing(card, plans[-1]).whole(most)
    return Drawn(whole.components, people, whole.kept)


def count(components: list[Component]) -> int:
    """How many components these are, with those inside of them."""
    inside = (
        count([*one.get("components", ()), *([one["accessory"]] if "accessory" in one else [])])
        for one in components
    )
    return len(components) + sum(inside)


@dataclass(frozen=True)
class _Plan:
    """What is left out: buttons side by side, space, all but a choice's first part, buttons of a list's last `mute`."""

    menus: bool = False
    dense: bool = False
    first_only: bool = False
    mute: int = 0


class _Drawing:
    """One card, drawn from its first block to its last."""

    def __init__(self, card: Card, plan: _Plan = _Plan()) -> None:
        self._card = (
            card if card.blocks else Card(text=card.text, blocks=(Paragraph(spans=(plain(card.text),)),))
        )
        self._plan = plan
        self._ids = Ids()
        self._left = ALL_TEXT
        self._full = False
        self._lists = sum(map(_has_words_of_its_own, self._card.blocks))
        self._gatherers = gatherers(self._card)
        self._parts: list[Component] = []

    def whole(self, most: int | None = None) -> Drawn:
        """All of it; with `most`, what stands in the middle is left out until it fits."""
        loud = sum(map(_has_buttons, self._card.blocks)) - self._plan.mute
        before: Block | None = None
        for block, after in zip_longest(self._card.blocks, self._card.blocks[1:]):
            mute = False
            if _has_buttons(block):
                mute, loud = loud <= 0, loud - 1
            self._draw(block, before, after, mute=mute)
            before = block
        if not self._parts:
            self._parts = [_text("–")]
        panel = self._card.tone != "plain" or any(
            part["type"] == ROW or "accessory" in part for part in self._parts
        )
        if most is not None:
            self._parts = list(_without_middle(self._parts, most - panel))
        components = [self._panel()] if panel else self._parts
        return Drawn(components, kept=self._kept(components))

    def _panel(self) -> Component:
        colour = _COLOURS.get(self._card.tone)
        bare: Component = {"type": _PANEL, "components": self._parts}
        return bare if colour is None else bare | {"accent_color": colour}

    def _kept(self, components: list[Component]) -> dict[str, str]:
        names = str(components)
        return {key: value for key, value in self._ids.kept.items() if key in names}

    def _draw(self, block: Block, before: Block | None, after: Block | None, *, mute: bool) -> None:
        match block:
            case Picture():
                self._picture(block)
            case Divider():
                self._parts.append({"type": _LINE, "divider": True, "spacing": 1})
            case Entry():
                self._lists -= 1
                self._entry(block, before, after, mute=mute)
            case Checks():
                self._lists -= 1
                if block.options:
                    self._say(options_in_words(block.options, self._room()))
                    self._parts += ticks(block, self._gatherers.get(block.deed, ()), self._ids)
            case Choice():
                if block.options:
                    selects = choices(block, self._ids)
                    self._parts += selects[:1] if self._plan.first_only else selects
            case Buttons():
                self._buttons(block)
            case _:
                self._say(in_words(block, self._room()), joins=_joins(block, before, after))

    def _room(self) -> int:
        """The characters that the next words may have."""
        return max(self._left - _KEPT * self._lists - 2, 0)

    def _say(self, said: str, *, joins: bool = False) -> None:
        """Words as a component of their own, or under those before them."""
        if not said:
            if self._full or self._room() >= LEAST:
                return
            said, self._full = "…", True
        last = self._parts[-1] if self._parts else None
        if (joins or self._plan.dense) and last is not None and last["type"] == _TEXT:
            last["content"] += f"\n{said}"
            self._left -= units(said) + 1
            return
        self._parts.append(_text(said))
        self._left -= units(said)

    def _entry(self, entry: Entry, before: Block | None, after: Block | None, *, mute: bool) -> None:
        said = in_a_list(entry.text, entry.about, entry.url, self._room(), channel=entry.channel)
        deeds = [button for button in entry.buttons if button.url is None]
        buttons = deeds or [button for button in entry.buttons if opens(button)][:1]
        if self._plan.menus and entry.channel and len(deeds) == 1:
            self._say(said, joins=True)
            last = not isinstance(after, Entry) or not after.channel
            if last and not mute:
                self._parts.append(channels(deeds[0], self._ids))
            return
        if len(buttons) == 1 and not mute and said and units(buttons[0].label) <= ASIDE:
            self._left -= units(said)
            aside = button_of(buttons[0], self._ids)
            self._parts.append({"type": _SECTION, "components": [_text(said)], "accessory": aside})
            return
        self._say(said, joins=isinstance(before, Entry))
        if buttons and not mute:
            few = len(buttons) == 1 or (len(buttons) <= SIDE_BY_SIDE and not self._plan.menus)
            self._parts += rows(buttons, self._card, self._ids) if few else [menu(buttons, self._ids)]

    def _buttons(self, block: Buttons) -> None:
        there = [button for button in block.buttons if button.gathers not in self._gatherers]
        for button in there:
            if button.url and not opens(button) and safe_address(button.url):
                self._say(in_words(Paragraph(spans=(link(button.label, button.url),)), self._room()))
        self._parts += rows(there, self._card, self._ids)

    def _picture(self, picture: Picture) -> None:
        if url := given_address(picture.url):
            alt = shortened(one_line(picture.alt), _ALT) or "A picture"
            self._parts.append({"type": _GALLERY, "items": [{"media": {"url": url}, "description": alt}]})


def _has_buttons(block: Block) -> bool:
    return isinstance(block, Entry) and bool(block.buttons)


def _has_words_of_its_own(block: Block) -> bool:
    return isinstance(block, Entry | Checks)


def _joins(block: Block, before: Block | None, after: Block | None) -> bool:
    """Whether it stands close under what is before it: quotes, small lines, the text that a small line announces.

    There is air above small words that announce a text, and above many of them that follow others.
    """
    match block:
        case Quote():
            return True
        case Preformatted():
            return isinstance(before, Small)
        case Small(spans=spans) if isinstance(before, Small):
            return sum(units(span.text) for span in spans) <= A_SMALL_LINE
        case Small():
            return not isinstance(after, Preformatted)
        case _:
            return False


def _text(content: str) -> Component:
    return {"type": _TEXT, "content": content}


def _without_middle(parts: list[Component], most: int) -> Iterator[Component]:
    """The parts in their order: what can be pressed, and of the rest as many of the first as fit beside it."""
    pressed = _first_and_last([part for part in parts if part["type"] == ROW], most - 1)
    room = most - 1 - count(pressed)
    left_out = False
    for part in parts:
        if part["type"] == ROW:
            if any(part is one for one in pressed):
                yield part
            continue
        room -= count([part])
        if room >= 0:
            yield part
        elif not left_out:
            left_out = True
            yield _text("…")


def _first_and_last(rows: list[Component], most: int) -> list[Component]:
    """The last row, and of the others as many of the first as fit."""
    kept = rows[-1:]
    for row in rows[:-1]:
        if count([*kept, row]) > most:
            break
        kept.append(row)
    return kept
