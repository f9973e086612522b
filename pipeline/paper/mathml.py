"""A formula in MathML as a line of text that a person can read."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from pipeline.paper.formula_line import grouped, index, limits, power

_SPACED = frozenset("=<>≤≥≈≠±×→∼~∈≡∝≪≫⩽⩾≲≳·")
_SIGNS = frozenset("+-−–")
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")


def formula(math: etree._Element) -> str:
    """The formula on one line: fractions with a slash, indices raised or lowered where such letters exist.

    The order of the symbols is that of the markup.
    """
    return " ".join(_read(math).split())


def _children(node: etree._Element) -> list[str]:
    return [_read(child) for child in node.iterchildren(etree.Element)]


def _read(node: etree._Element) -> str:
    name = str(node.tag)
    if name in {"annotation", "annotation-xml", "mphantom", "mspace"}:
        return " " if name == "mspace" else ""
    if name in {"mi", "mn", "mtext", "mo", "ms"}:
        symbol = "".join(map(str, node.itertext())).translate(_INVISIBLE)
        return _operator(node, symbol.strip()) if name == "mo" else symbol
    if name in _ARRANGED:
        parts = _children(node)
        return _ARRANGED[name](parts) if len(parts) >= 2 else "".join(parts)
    inside = "".join(_children(node))
    if name == "msqrt":
        return f"√{grouped(inside)}"
    if name == "mfenced":
        return f"{node.get('open', '(')}{', '.join(_children(node))}{node.get('close', ')')}"
    return f"{inside} " if name in {"mtr", "mtd"} else inside


def _operator(node: etree._Element, symbol: str) -> str:
    previous = node.getprevious()
    binary = symbol in _SIGNS and previous is not None and previous.tag != "mo"
    return f" {symbol} " if symbol in _SPACED or binary else symbol


_ARRANGED: dict[str, Callable[[list[str]], str]] = {
    "mfrac": lambda parts: f"{grouped(parts[0])}/{grouped(parts[1])}",
    "msup": lambda parts: power(parts[0], parts[1]),
    "msub": lambda parts: parts[0] + index(parts[1]),
    "msubsup": lambda parts: power(parts[0] + index(parts[1]), parts[-1]),
    "munder": lambda parts: limits(parts[0], parts[1]),
    "munderover": lambda parts: limits(parts[0], parts[1], parts[-1]),
    "mroot": lambda parts: f"{grouped(parts[0])}^(1/{parts[1]})",
}
