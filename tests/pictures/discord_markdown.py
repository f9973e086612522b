"""Discord's markdown, as its clients read it: text → a tree. Written from what is known of it, for tests and pictures.

What is known: simple-markdown's inline rules, a backslash before any sign that is no letter, digit or space shows
that sign, styles may be opened anywhere, headings, small print, lists and quotes begin lines (inside of each other
and of styles too), and a masked link is none whose words hold an address or an escaped bracket.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Node:
    """`kind` is "text", or what the markdown makes of its `inside`; `target` is a link's address, a mention's id, …"""

    kind: str
    text: str = ""
    inside: tuple[Node, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class _State:
    line_start: bool = True
    in_quote: bool = False
    in_link: bool = False


_Rule = tuple[str, re.Pattern[str]]
_LINE_RULES: Final[tuple[_Rule, ...]] = (
    ("quote", re.compile(r" *>>> (?P<in>.+)", re.DOTALL)),
    ("quote", re.compile(r" *>(?!>>) (?P<in>[^\n]+\n?)")),
    ("small", re.compile(r"-# (?!-#) *(?P<in>[^\n]+\n?)")),
    ("heading", re.compile(r" *(?P<target>#{1,3}) (?!#) *(?P<in>[^\n]+\n?)")),
    ("list", re.compile(r" *(?P<target>[+*-]|\d+\.) +(?P<in>[^\n]+\n?)")),
)
_INLINE_RULES: Final[tuple[_Rule, ...]] = (
    ("escape", re.compile(r"\\(?P<text>[^0-9A-Za-z\s])")),
    ("pre", re.compile(r"```(?:[\w+.-]+\s*\n|\s*\n)?(?P<text>.*?[^\n].*?)\n*```", re.DOTALL)),
    ("code", re.compile(r"(?P<tick>``?)(?P<text>.*?[^`].*?)(?P=tick)", re.DOTALL)),
    ("bold", re.compile(r"\*\*(?P<in>.+?)\*\*(?!\*)", re.DOTALL)),
    ("underline", re.compile(r"__(?P<in>.+?)__(?!_)", re.DOTALL)),
    ("italic", re.compile(r"\b_(?P<in>(?:__|\\.|[^\\_])+?)_\b", re.DOTALL)),
    (
        "italic",
        re.compile(r"\*(?=\S)(?P<in>(?:\\\*|\*\*|\s+(?:[^*\s]|\\\*|\*\*)|[^\s*])+?)(?<!\\)\*(?!\*)"),
    ),
    ("strike", re.compile(r"~~(?P<in>.+?)~~", re.DOTALL)),
    ("spoiler", re.compile(r"\|\|(?P<in>.+?)\|\|", re.DOTALL)),
    (
        "link",
        re.compile(
            r"\[(?P<in>(?:\[[^\]]*\]|[^\[\]])*)\]\(<?(?P<target>https?://[^\s<>()]*[^\s<>().,:;\"'\]])>?\)"
        ),
    ),
    ("person", re.compile(r"<@!?(?P<target>\d+)>")),
    ("role", re.compile(r"<@&(?P<target>\d+)>")),
    ("channel", re.compile(r"<#(?P<target>\d+)>")),
    ("emoji", re.compile(r"<a?:(?P<target>\w+):\d+>")),
    ("emoji", re.compile(r":(?P<target>[^\s:\\]+):")),
    ("moment", re.compile(r"<t:(?P<target>-?\d+(?::[tTdDfFR])?)>")),
    ("command", re.compile(r"</(?P<target>[^>:]+:\d+)>")),
    ("navigation", re.compile(r"<id:(?P<target>\w+)>")),
    ("everyone", re.compile(r"@(?P<target>everyone|here)")),
    ("address", re.compile(r"<?(?P<target>(?:https?|steam|discord)://[^\s<]+[^<.,:;\"')\]\s])>?")),
)
_LABEL_WITH_ADDRESS: Final = re.compile(r"https?://[^\s<]{2,}")


def parse(text: str) -> tuple[Node, ...]:
    """The whole text as a tree."""
    return tuple(_merged(_parsed(text, _State())))


def seen(nodes: tuple[Node, ...]) -> str:
    """The words that a reader sees; what is invisible between letters is left out."""
    return "".join(_seen(node) for node in nodes).replace("\u200b", "")


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes, each before what is inside of it."""
    for node in nodes:
        yield node
        yield from walk(node.inside)


def _seen(node: Node) -> str:
    match node.kind:
        case "person" | "role" | "channel" | "emoji" | "moment" | "command" | "everyone" | "navigation":
            return f"⟨{node.kind} {node.target}⟩"
        case "small" | "quote" | "heading" | "list":
            return "".join(map(_seen, node.inside)) + "\n"
        case "address":
            return node.target
        case _:
            return node.text + "".join(map(_seen, node.inside))


def _parsed(text: str, state: _State) -> Iterator[Node]:
    at = 0
    while at < len(text):
        found = _matched(text, at, state)
        if found is None:
            yield Node("text", text[at])
            state = replace(state, line_start=text[at] == "\n" or (state.line_start and text[at] == " "))
            at += 1
            continue
        kind, match = found
        yield _node(kind, match, state)
        state = replace(state, line_start=match[0].endswith("\n"))
        at = match.end()


def _matched(text: str, at: int, state: _State) -> tuple[str, re.Match[str]] | None:
    if state.line_start and not state.in_link:
        for kind, pattern in _LINE_RULES:
            if kind == "quote" and state.in_quote:
                continue
            if match := pattern.match(text, at):
                return kind, match
    for kind, pattern in _INLINE_RULES:
        match = pattern.match(text, at)
        if match is None or (state.in_link and _not_in_a_link(kind, match)):
            continue
        if kind == "link" and _LABEL_WITH_ADDRESS.search(match["in"]):
            continue
        return kind, match
    return None


def _not_in_a_link(kind: str, match: re.Match[str]) -> bool:
    return kind in ("link", "address") or (kind == "escape" and match["text"] == "]")


def _node(kind: str, match: re.Match[str], state: _State) -> Node:
    groups = match.groupdict()
    target = groups.get("target") or ""
    if "in" not in groups:
        return Node("text" if kind == "escape" else kind, groups.get("text") or "", target=target)
    inner = replace(
        state, in_quote=state.in_quote or kind == "quote", in_link=state.in_link or kind == "link"
    )
    line = kind in ("quote", "small", "heading", "list")
    text = match["in"].rstrip("\n") if line else match["in"]
    inner = replace(inner, line_start=line or state.line_start)
    return Node(kind, inside=tuple(_merged(_parsed(text, inner))), target=target)


def _merged(nodes: Iterator[Node]) -> Iterator[Node]:
    run = ""
    for node in nodes:
        if node.kind == "text":
            run += node.text
            continue
        if run:
            yield Node("text", run)
        run = ""
        yield node
    if run:
        yield Node("text", run)


#: Draws one node, given what its inside became.
Draw = Callable[[Node, str], str]


def folded(nodes: tuple[Node, ...], draw: Draw) -> str:
    """The tree as `draw` writes its nodes, from the inside out."""
    return "".join(draw(node, folded(node.inside, draw)) for node in nodes)
