"""A formula as Word writes it (OMML) as a line of text that a person can read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml import etree

from pipeline.paper.docx_file import attribute
from pipeline.paper.mathml import formula

_TOKEN = re.compile(r"(?P<mn>\d+(?:[.,]\d+)*)|(?P<mi>[^\W\d_]+)|(?P<mo>\S)|(?P<mtext>\s+)")
#: What stands over a letter (U+0302 and the like) goes behind it; the bar of a mean has two signs.
_OVER = {
    "": "\u0302",
    "¯": "\u0304",
    "‾": "\u0304",
    "^": "\u0302",
    "~": "\u0303",
    "→": "\u20d7",
    "˙": "\u0307",
}
_LEFT_OUT = frozenset({"del", "moveFrom", "rPr", "ctrlPr", "instrText", "delText"})


def read_formula(math: etree._Element) -> str:
    """The formula of an `oMath` (or of all in an `oMathPara`) on one line; "" where nothing of it can be read."""
    return formula(_element("math", _inside(math))).strip()


def _element(name: str, children: Iterable[etree._Element] = (), text: str = "") -> etree._Element:
    element = etree.Element(name)
    element.text = text
    element.extend(list(children))
    return element


def _row(parts: list[etree._Element]) -> etree._Element:
    return parts[0] if len(parts) == 1 else _element("mrow", parts)


def _inside(node: etree._Element) -> list[etree._Element]:
    """What stands in an element, as MathML."""
    found: list[etree._Element] = []
    for child in node.iterchildren(etree.Element):
        name = str(child.tag)
        if name in _LEFT_OUT or name.endswith("Pr"):
            continue
        if name == "t":
            found += _tokens(child.text or "")
        elif name in _SHAPES:
            found.append(_SHAPES[name](child))
        else:
            found += _inside(child)
    return found


def _tokens(text: str) -> list[etree._Element]:
    return [_element(found.lastgroup or "mi", text=found[0]) for found in _TOKEN.finditer(text)]


def _part(node: etree._Element, name: str) -> etree._Element:
    part = node.find(name)
    return _row(_inside(part)) if part is not None else _element("mrow")


def _said(node: etree._Element, name: str, otherwise: str) -> str:
    """A sign that the properties of a shape name; one that is named and empty is none."""
    properties = next((child for child in node if str(child.tag).endswith("Pr")), None)
    child = properties.find(name) if properties is not None else None
    return otherwise if child is None else attribute(child, "val") or ""


def _arranged(shape: str, *names: str) -> Callable[[etree._Element], etree._Element]:
    return lambda node: _element(shape, [_part(node, name) for name in names])


def _root(node: etree._Element) -> etree._Element:
    degree = _part(node, "deg")
    if len(degree) or degree.text:
        return _element("mroot", [_part(node, "e"), degree])
    return _element("msqrt", [_part(node, "e")])


def _sum(node: etree._Element) -> etree._Element:
    """A sum, product or integral with what stands under and over it."""
    sign = _element("mo", text=_said(node, "chr", "∫") or "∫")
    lower, upper = _part(node, "sub"), _part(node, "sup")
    return _element("mrow", [_element("msubsup", [sign, lower, upper]), _part(node, "e")])


def _delimited(node: etree._Element) -> etree._Element:
    opening, between, closing = (
        _said(node, name, usual) for name, usual in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
    )
    parts: list[etree._Element] = []
    for element in node.findall("e"):
        parts += [*([_element("mo", text=between)] if parts else []), _row(_inside(element))]
    return _element("mrow", [_element("mo", text=opening), *parts, _element("mo", text=closing)])


def _function(node: etree._Element) -> etree._Element:
    return _element("mrow", [_part(node, "fName"), _element("mspace"), _part(node, "e")])


def _accent(node: etree._Element) -> etree._Element:
    base = formula(_part(node, "e"))
    sign = _said(node, "chr", "")
    if str(node.tag) == "bar":
        sign = "¯"
    return _element("mi", text=base + _OVER.get(sign, sign) if len(base) == 1 else base)


def _rows(node: etree._Element) -> etree._Element:
    """Lines above each other, and the rows of a matrix, parted by semicolons."""
    name = "mr" if str(node.tag) == "m" else "e"
    parts: list[etree._Element] = []
    for row in node.findall(name):
        parts += [_element("mtext", text="; ")] if parts else []
        cells = row.findall("e") if name == "mr" else [row]
        parts += [_element("mtd", _inside(cell)) for cell in cells]
    return _element("mrow", parts)


_SHAPES: dict[str, Callable[[etree._Element], etree._Element]] = {
    "f": _arranged("mfrac", "num", "den"),
    "sSup": _arranged("msup", "e", "sup"),
    "sSub": _arranged("msub", "e", "sub"),
    "sSubSup": _arranged("msubsup", "e", "sub", "sup"),
    "sPre": _arranged("mrow", "sub", "sup", "e"),
    "limLow": _arranged("msub", "e", "lim"),
    "limUpp": _arranged("msup", "e", "lim"),
    "rad": _root,
    "nary": _sum,
    "d": _delimited,
    "func": _function,
    "acc": _accent,
    "bar": _accent,
    "eqArr": _rows,
    "m": _rows,
    "phant": lambda _: _element("mrow"),
}
