"""What a paper says by its JATS, and how much of it a reader found: the measures of `benchmarks.reading`.

Truth is the title, the abstract, and the paragraphs, lists and headings of the body; tables, figures with their
captions, displayed formulas and references count on neither side. It is read with lxml alone, without our reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.paper.headings import kind_of
from pipeline.paper.markup import parse_xml

_LEFT_OUT = frozenset(
    """table-wrap fig fig-group disp-formula disp-formula-group table ref-list supplementary-material media graphic
    tex-math annotation object-id label""".split()
)
_BLOCKS = frozenset("p list disp-quote boxed-text def-list statement verse-group code preformat".split())
#: A sentence shorter than this (words) says nothing of whether text was kept together.
_LEAST_WORDS = 8


@dataclass(frozen=True)
class Truth:
    """A paper as its JATS has it; `body` is (kind of the section or "other", paragraph or heading)."""

    title: str
    abstract: str
    body: tuple[tuple[str, str], ...]
    surnames: tuple[str, ...]
    figures: int


@dataclass(frozen=True)
class Reading:
    """What a tool made of the PDF. `None`: the tool does not tell. `kinds`: the text of sections by kind."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] | None = None
    kinds: dict[str, str] | None = None
    figures: int | None = None


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1: token F1, sentences whole, title exact, authors, sentences in their kind, figures."""

    f1: float
    whole: float
    title: float | None
    authors: float | None
    kinds: float | None
    figures: float | None


def truth_of(path: Path) -> Truth:
    """The truth of the JATS article at `path`."""
    root = parse_xml(path.read_bytes())
    article = root if root.tag == "article" else next(root.iter("article"))
    meta = article.find("front/article-meta")
    assert meta is not None
    plain = [a for a in meta.findall("abstract") if a.get("abstract-type") in {None, "abstract", "normal"}]
    body: list[tuple[str, str]] = []
    inside = article.find("body")
    if inside is not None:
        _walk(inside, "other", body)
    people = [
        contributor.findtext(".//surname") or ""
        for contributor in meta.findall("contrib-group/contrib")
        if contributor.get("contrib-type") in {None, "author"}
    ]
    drawn = (
        [] if inside is None else [f for f in inside.iter("fig") if next(f.iter("graphic"), None) is not None]
    )
    title = meta.find("title-group/article-title")
    return Truth(
        title="" if title is None else _plain(title),
        abstract=_plain(plain[0]) if plain else "",
        body=tuple(body),
        surnames=tuple(filter(None, people)),
        figures=len(drawn),
    )


def _walk(node: etree._Element, kind: str, body: list[tuple[str, str]]) -> None:
    for child in node.iterchildren(etree.Element):
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == "sec":
            heading = child.find("title")
            own = kind_of(_plain(heading)) if heading is not None and kind == "other" else kind
            _walk(child, own, body)
        elif child.tag == "title" or child.tag in _BLOCKS:
            if words := _plain(child):
                body.append((kind, words))
        else:
            _walk(child, kind, body)


def _plain(element: etree._Element) -> str:
    parts: list[str] = []

    def gather(node: etree._Element) -> None:
        if not isinstance(node.tag, str) or node.tag in _LEFT_OUT:
            return
        parts.append(node.text or "")
        for child in node:
            gather(child)
            parts.append(child.tail or "")
        if node.tag in {"p", "title", "list-item", "sec"}:
            parts.append(" ")

    gather(element)
    return " ".join("".join(parts).split())


def score(reading: Reading, truth: Truth) -> Score:
    """How much of the truth is in the reading, and how much else is not."""
    expected = _tokens("\n".join([truth.title, truth.abstract, *(words for _, words in truth.body)]))
    found = _tokens(reading.text)
    common = (Counter(expected) & Counter(found)).total()
    read = _squashed(reading.text)
    sentences = [
        (kind, _squashed(sentence))
        for kind, words in truth.body
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý])", words)
        if len(sentence.split()) >= _LEAST_WORDS
    ]
    return Score(
        f1=2 * common / max(len(expected) + len(found), 1),
        whole=_share([sentence in read for _, sentence in sentences]),
        title=None if reading.title is None else float(_squashed(reading.title) == _squashed(truth.title)),
        authors=None if reading.authors is None else _named(reading.authors, truth.surnames),
        kinds=None if reading.kinds is None else _in_kind(sentences, read, reading.kinds),
        figures=None
        if reading.figures is None or not truth.figures
        else min(1.0, reading.figures / truth.figures),
    )


def _share(outcomes: list[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 1.0


def _named(authors: tuple[str, ...], surnames: tuple[str, ...]) -> float | None:
    if not surnames:
        return None
    hits = sum(any(_squashed(surname) in _squashed(name) for name in authors) for surname in surnames)
    return hits / max(len(surnames), len(authors))


def _in_kind(sentences: list[tuple[str, str]], read: str, kinds: dict[str, str]) -> float | None:
    texts = {kind: _squashed(text) for kind, text in kinds.items()}
    known = [
        sentence in texts.get(kind, "")
        for kind, sentence in sentences
        if kind != "other" and sentence in read
    ]
    return sum(known) / len(known) if known else None


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").lower()
    return re.sub("[\u2010-\u2015\u2212]", "-", text)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _normal(text))


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]", "", _normal(text))
