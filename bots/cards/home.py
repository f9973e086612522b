"""Somebody's own page: their videos, their quota, what they prefer, what the app can do."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from bots.cards.card import (
    Block,
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    Heading,
    Paragraph,
    Rich,
    Small,
    bold,
    code,
    plain,
)
from bots.cards.lists import entry, forget_me, help_blocks, preference_blocks, quotas, turning
from bots.cards.tongue import PLAIN, Tongue
from storage.members import Preferences
from storage.quotas import Usage
from storage.records import Job, Record, Requester


class HomeView(Record):
    """What one's own page is made from: one page of one's jobs, newest first, from `offset` of `total`.

    `places` are the addresses of their messages. `closed` is the sentence that says why this person may not use
    the app ("" when they may). `offered` are the options of providers that are there.
    """

    who: Requester
    jobs: tuple[Job, ...]
    total: int
    offset: int = 0
    places: dict[str, str] = Field(default_factory=dict)
    preferences: Preferences
    usage: Usage
    now: float
    tongue: Tongue = PLAIN
    closed: str = ""
    offered: frozenset[str] = frozenset()


def home_card(view: HomeView) -> Card:
    """The page. Pages are turned with the buttons "home-mine", whose value is the offset.

    That of "forget-me", at the end, is where this page begins: so a platform can tell which page it shows.
    """
    return Card(text="Your videos, your quota and what you prefer", blocks=tuple(_blocks(view)))


def _blocks(view: HomeView) -> Iterator[Block]:
    if view.who.admin:
        yield tabs("home-mine", view.tongue)
    if view.closed:
        yield Paragraph(spans=(bold(view.closed),))
    if view.jobs or not view.closed:
        yield Heading(text="Your videos")
    if view.jobs:
        yield from (entry(job, view.places.get(job.id, "")) for job in view.jobs)
    elif not view.closed:
        yield Paragraph(spans=_first_steps(view.tongue))
    yield from turning("home-mine", view.offset, len(view.jobs), view.total)
    if not view.closed:
        yield from _what_can_be_made(view)
    yield Divider()
    yield Buttons(buttons=(forget_me(str(view.offset)),))


def _what_can_be_made(view: HomeView) -> Iterator[Block]:
    """For those who may have videos made: how many, how, and by what words."""
    yield Heading(text="Your quota")
    yield Facts(pairs=quotas(view.usage, view.now, view.tongue))
    yield Heading(text="What you prefer")
    yield Small(spans=(plain("Taken whenever you don’t say it with the command."),))
    yield from preference_blocks(view.preferences)
    yield Heading(text="What I can do")
    yield from help_blocks(view.tongue, admin=view.who.admin, offered=view.offered)


def _first_steps(tongue: Tongue) -> Rich:
    return (
        bold("None yet."),
        plain(f" {tongue.anywhere}, type\n"),
        code(tongue.say("32296183")),
        plain(
            "\nwith the PMID of a paper, or drop its PDF or Word file. A minute or two later the video is there."
        ),
    )


def tabs(here: str, tongue: Tongue) -> Buttons:
    """The two pages of an admin; `here` is the deed of the one that is open."""
    pages = (("My videos", "home-mine"), (tongue.group.capitalize(), "home-admin"))
    row = (
        Button(label=label, deed=deed, style="primary" if deed == here else "normal") for label, deed in pages
    )
    return Buttons(buttons=tuple(row))
