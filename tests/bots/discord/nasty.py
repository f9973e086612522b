"""Texts that want to be more than text, for the tests of whatever shows them."""

from __future__ import annotations

from random import Random

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
