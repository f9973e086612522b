"""The words of JATS elements, as a reader would read them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.paper.mathml import formula
from pipeline.paper.shifted import lowered, raised
from pipeline.paper.tex import tex_line

#: Stands where a formula was that can't be given as text: a sentence that holds it is not whole.
GAP = "…"

_LEFT_OUT = frozenset(
    {"table-wrap", "table-wrap-group", "table", "fig", "fig-group", "ref-list", "supplementary-material"}
    | {"media", "graphic", "alt-text", "long-desc", "object-id", "label", "fn", "permissions"}
    | {"contrib-group", "aff"}
)
_DISPLAYED = frozenset({"disp-formula", "disp-formula-group", "chem-struct-wrap"})
_PICTURED = frozenset({"tex-math", "inline-graphic", "private-char", "chem-struct"})
_BLOCKS = frozenset(
    {"p", "sec", "title", "caption", "list", "list-item", "def-list", "def-item", "term", "def"}
    | {"disp-quote", "boxed-text", "statement", "verse-group", "verse-line", "code", "preformat"}
    | {"speech", "speaker"}
)


def text_of(element: etree._Element | None) -> str:
    """All words of an element on one line, white space collapsed; an empty string for `None`."""
    return " ".join(paragraphs_of(element)) if element is not None else ""


def paragraphs_of(element: etree._Element, *, without: frozenset[str] = frozenset()) -> list[str]:
    """The paragraphs inside an element in reading order, list items being paragraphs of their own.

    Blocks whose tag is in `without` are left out, and so are tables, figures and footnotes. A displayed
    formula leaves `GAP`, and so does one in the line that exists as a picture only, or as TeX that is not simple.
    Raised and
    lowered digits are Unicode's: 10⁵ is never 105, and a citation's number never runs into a word.
    """
    lines = (" ".join(run.split()) for run in _runs(element, without))
    return [line for line in lines if line.strip(f" {GAP}.,;")]


def _runs(element: etree._Element, without: frozenset[str]) -> Iterator[str]:
    """The stretches of text between the borders of blocks."""
    run = [element.text or ""]
    for child in element:
        if _is_block(child):
            yield "".join(run)
            run = []
            if child.tag not in without:
                yield from _runs(child, frozenset())
        else:
            run.append(_inline(child))
        run.append(child.tail or "")
    yield "".join(run)


def _is_block(element: etree._Element) -> bool:
    if element.tag in _LEFT_OUT or element.tag in _DISPLAYED:
        return False
    return element.tag in _BLOCKS or element.find("p") is not None or element.find("sec") is not None


def _inline(element: etree._Element) -> str:
    """What an element within a line reads as, its tail aside."""
    tag = element.tag
    if tag is etree.Entity:
        return f" {GAP} "  # it may stand for a number
    if not isinstance(tag, str) or tag in _LEFT_OUT:
        return ""
    if tag in _DISPLAYED or tag in _PICTURED:
        return f" {GAP} "
    if tag == "break":
        return " "
    if tag == "math":
        return formula(element)
    if tag in {"inline-formula", "alternatives"}:
        return _best_form(element)
    inside = _inside(element)
    if tag == "sup":
        return raised(inside)
    return lowered(inside) if tag == "sub" else inside


def _inside(element: etree._Element, *, without: frozenset[str] = frozenset()) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child.tag in without else _inline(child), child.tail or ""]
    return "".join(parts)


def _best_form(formula_or_choice: etree._Element) -> str:
    """The readable form among those given: MathML, else text, else simple TeX, else `GAP`."""
    math = next(formula_or_choice.iter("math"), None)
    if math is not None:
        return formula(math)
    if _has_words(formula_or_choice):
        return _inside(formula_or_choice, without=_PICTURED)
    tex = next(formula_or_choice.iter("tex-math"), None)
    return (tex_line("".join(map(str, tex.itertext()))) if tex is not None else None) or f" {GAP} "


def _has_words(element: etree._Element) -> bool:
    return bool(_inside(element, without=_PICTURED).strip(f" {GAP}\n\t"))
