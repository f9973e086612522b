"""Facts of publication that stand somewhere on the first or last page: DOI, journal, year, licence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.paper.licence import spdx
from pipeline.paper.pdf_layout import Page, in_margin

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>|]+[^\s\"<>|.,;:)\]}]")
PREPRINT = re.compile(
    r"\b(biorxiv|medrxiv|arxiv:\d|arxiv preprint|research square|preprints\.org|ssrn|chemrxiv|psyarxiv|"
    r"not (been )?(certified by )?peer.review)",
    re.IGNORECASE,
)
LICENCE = re.compile(r"creative\s?commons|\bcc[ -]?by\b|\bcc0\b|public domain|government work", re.IGNORECASE)
_YEAR = r"((?:19|20)\d\d)"
YEARS = (
    re.compile(
        rf"published(?: online| on)?\s*:?\s*(?:\w+\s+){{0,3}}\d{{0,2}}[\s,./-]*(?:\w+[\s,./-]+)?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:©|\(c\)|copyright:?)\s*(?:the authors?\W*(?:\(s\)\W*)?)?{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_YEAR}\s*[,;:]\s*\d+\s*[(:,]"),
)
_NAME = r"(?P<name>[A-Z][\w&’' .:-]{2,80}?)"
JOURNALS = (
    re.compile(rf"^[\w-]+\. (?P<name>\w[\w ]+?) {_YEAR};"),
    re.compile(rf"^(?:[\w-]+ et al\.?,? )?{_NAME},?\s*\(?{_YEAR}\)?[,;:]?\s*\d+\s*[:,(]"),
    re.compile(rf"^{_NAME}\s*\|\s*(?:https?:|www\.)"),
    re.compile(rf"^{_NAME},?\s+(?:e?issn|vol(?:ume|\.))\b", re.IGNORECASE),
    re.compile(rf"^{_NAME},?(?: [A-Z]\w+,)? (?:v\. ?)?\d+: ?e?\d+"),
    re.compile(rf".*\. {_NAME}, \d+\(\d+\)"),
)


@dataclass(frozen=True)
class Facts:
    """What the paper says of its publication; `None` for what it does not say."""

    doi: str | None
    journal: str | None
    year: int | None
    licence: str | None
    preprint: bool


def read_facts(pages: Sequence[Page]) -> Facts:
    """The facts as the first two pages give them, the licence also from the last two."""
    text = " ".join(line.text for page in pages[:2] for line in page.lines)
    margins = [line for page in pages[:2] for line in _margins(page)]
    ending = " ".join(line.text for page in pages[-2:] for line in page.lines)
    first = " ".join(line.text for line in pages[0].lines)
    return Facts(
        doi=_doi(first) or _doi(text),
        journal=_journal(margins) or _journal([line.text for line in pages[0].lines]),
        year=_year(first) or _year_of(margins),
        licence=_licence(text) or _licence(ending),
        preprint=PREPRINT.search(first) is not None,
    )


def _doi(text: str) -> str | None:
    found = DOI.search(text)
    return found[0].lower().removesuffix(".pdf") if found else None


def _year(text: str) -> int | None:
    return next((int(found[1]) for pattern in YEARS if (found := pattern.search(text))), None)


def _year_of(margins: Sequence[str]) -> int | None:
    """The latest year in the running heads and feet."""
    return max((int(year) for line in margins for year in re.findall(rf"\b{_YEAR}\b", line)), default=None)


def _margins(page: Page) -> list[str]:
    """The lines of a page's head and foot; each also with the one that goes on to its right or below."""
    rows: dict[int, list[str]] = {}
    for line in sorted(page.lines, key=lambda line: (round(line.baseline), line.x0)):
        if in_margin(page, line):
            rows.setdefault(round(line.baseline), []).append(line.text)
    texts = [re.sub(r" \d{1,4}$", "", " ".join(row)) for row in rows.values()]
    return [*texts, *(f"{a} {b}" for a, b in pairwise(texts))]


def _journal(lines: Sequence[str]) -> str | None:
    for pattern in JOURNALS:
        for line in lines:
            found = pattern.match(line)
            if found and len(found["name"].split()) <= 9:
                return found["name"].strip(" ,.:")
    return None


def _licence(text: str) -> str | None:
    for found in LICENCE.finditer(text):
        licence = spdx(None, text[max(found.start() - 200, 0) : found.end() + 400])
        if licence is not None:
            return licence
    return None
