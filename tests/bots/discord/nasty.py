"""Texts that want to be more than text, for the tests of whatever shows them."""

from __future__ import annotations

from random import Random

from bots.cards.card import (
    Button,
    Buttons,
    Card,
    Checks,
    Choice,
    Confirm,
    Divider,
    Entry,
    Facts,
    Heading,
    Option,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Small,
    Title,
    bold,
    code,
    italic,
    link,
    muted,
    plain,
    struck,
)
from bots.cards.literal import clean

NASTY = [
    "<!channel> @everyone **pwn** [x](http://evil)",
    "<@260093512345678901> <@!260093512345678901> <@&26009351234567890> <#26009351234567890> @here",
    "<t:1795255920:R> <:party:26009351234567890> <a:party:26009351234567890> </paper make:26009351234567890>",
    "<id:customize> :tada: :skin-tone-2: 10:12:30",
    "**bold** *slanted* _slanted_ __under__ ~~gone~~ ||hidden|| `code` ``code`` ```block```",
    "# heading\n## heading\n### heading\n-# small\n> quoted\n>>> all\n- list\n* list\n+ list\n1. one\n12. two",
    "  # heading\n  - list\n  > quoted\n   1. one",
    "- # > deep",
    "[label](https://evil.example) [https://good.example](https://evil.example) ](https://evil.example)",
    "https://evil.example/ <https://evil.example> steam://run discord://x www.evil.example evil@example.org",
    "\\*not\\* \\\\ \\",
    "ends with\\",
    "ends with*",
    "ends with~",
    "ends with_",
    "*",
    "**",
    "~~",
    "`",
    "¯\\_(ツ)_/¯",
    "\u202eevil\u202c \u200f\u2067x\u2069 \u200eok \u200bhid\u2060den",
    "Z" + "\u0335\u0321\u0353\u034b" * 12 + "a" + "\u030d\u0310" * 30 + "lgo",
    "مرحبا \u061cabc 123 שלום \u200f(x)\u200e",
    "a\r\nb\u2028c\x00d\x1be\ud83df",
    "👩‍🔬" * 800,
    "x" * 10_000,
    "*" * 10_000,
    "```" * 3_000,
    "`*_~" * 2_500,
    "word " * 2_000,
    "line\n" * 2_000,
    "",
    " \n\t ",
    "|}{^\\\"'",
]
_PARTS = [
    *("* ** _ __ ~~ || ` ``` \\ < > # -# [ ]( ) : :x: @everyone https://evil.example".split(" ")),
    *("- ", "1. ", "\n", "\n> ", "<@260093512345678901>", "\u202e", "\u200b", "🔁", "é", " ", "a word"),
]


def by_chance(seed: int) -> str:
    chance = Random(seed)
    return "".join(chance.choice(_PARTS) for _ in range(chance.choice([3, 30, 400, 2_000])))


def everywhere(words: str) -> Card:
    """A card that holds `words` wherever a card can hold words."""
    ask = Confirm(title=words, text=words, yes=words, no=words)
    there = "https://example.org/paper"
    return Card(
        text=words,
        blocks=(
            Heading(text=words),
            Title(text=words, url=there),
            Paragraph(
                spans=(plain(words), bold(words), italic(words), code(words), struck(words), muted(words))
            ),
            Quote(spans=(plain(words), bold(words))),
            Preformatted(text=words),
            Small(spans=(plain(words),)),
            Small(spans=(bold(words), code(words), link(words, there))),
            Facts(pairs=((words, (plain(words),)), ("b", (bold(words),)))),
            Entry(text=words, about=words, url=there),
            Entry(text=words, buttons=(Button(label=words, deed="delete", value="k3mfq7xz", confirm=ask),)),
            Entry(
                text=words,
                buttons=(
                    Button(label=words, deed="retry", value="1"),
                    Button(label=words, deed="delete?", value="1"),
                ),
            ),
            Picture(url="https://example.org/a.png", alt=words),
            Divider(),
            Choice(
                deed="pick",
                label=words,
                options=(Option(label=words, value="1", about=words), Option(label=words, value="2")),
                chosen="2",
                context=clean(words)[:150],
            ),
            Checks(deed="tick", options=(Option(label=words, value="1", about=words),)),
            Buttons(
                buttons=(
                    Button(label=words, deed="go", value=clean(words)[:900], confirm=ask, style="danger"),
                )
            ),
        ),
    )
