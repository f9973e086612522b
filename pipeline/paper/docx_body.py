"""The sections of a manuscript."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model import Formula, Section, SectionKind
from pipeline.paper.docx_blocks import Block, Grid, Paragraph
from pipeline.paper.docx_captions import PLACEHOLDER, is_legends
from pipeline.paper.docx_headings import BELOW, is_name
from pipeline.paper.headings import is_back_matter, kind_of
from pipeline.paper.jats_text import GAP

_NO_TEXT_STYLE = re.compile(
    r"bibliograph|endnote|footnote|references?$|(?:^|\s)toc |header|footer|keywords?|line number"
)
#: What stands under a table and explains its signs.
_TABLE_NOTE = re.compile(r"(?:notes?\b|abbreviations?\s*:|source\s*:|\*|†|‡|[a-d][):]\s)", re.IGNORECASE)
_MAIN = re.compile(
    r"(?:introduction|(?:materials? and )?methods?|results(?: and discussion)?|discussion|conclusions?)",
    re.IGNORECASE,
)


@dataclass
class _Open:
    title: str
    kind: SectionKind
    paragraphs: list[str] = field(default_factory=list)


def read_body(
    blocks: Sequence[Block], headings: Mapping[int, int], start: int, left_out: Collection[int]
) -> tuple[Section, ...]:
    """The sections from block `start` on; those in `left_out` (captions, abstracts) are no part of them.

    As with JATS, subsections are folded in, their headings paragraphs of their own; one whose heading tells its kind
    stands alone when that of the section around it does not. Back matter goes with all that stands below it.
    """
    sections = [_Open("", "other")]
    above: list[tuple[int, SectionKind, str]] = []
    skipped: int | None = None
    tops = _kinds_on_top(blocks, headings, start)
    for index in range(start, len(blocks)):
        block = blocks[index]
        if index in left_out or not isinstance(block, Paragraph):
            continue
        if index not in headings:
            if skipped is None and _is_text(block, blocks[index - 1] if index else None):
                sections[-1].paragraphs.append(_with_gaps(block))
            continue
        depth = headings[index]
        if skipped is not None and depth > skipped and not _opens_anew(block, depth, skipped):
            continue
        title = block.text.rstrip(" :")
        skipped = depth if is_back_matter(title) or is_legends(title) else None
        if skipped is not None:
            continue
        above = [one for one in above if one[0] < depth]
        own = kind_of(title)
        _, around, over = above[-1] if above else (0, "other", "")
        kind = own if around == "other" or _is_misplaced(title, own, tops, over) else around
        if not above or kind != around:
            sections.append(_Open(title, kind))
        else:
            sections[-1].paragraphs.append(title)
        above.append((depth, kind, title))
    return tuple(Section(title=s.title, kind=s.kind, paragraphs=tuple(s.paragraphs)) for s in _told(sections))


def read_formulas(blocks: Sequence[Block], start: int) -> tuple[Formula, ...]:
    """The displayed formulas in reading order."""
    found = []
    for block in blocks[start:]:
        if isinstance(block, Paragraph) and any(run.math for run in block.runs):
            if block.formula is not None:
                text, label = block.formula
                found.append(Formula(label=label, text=text.replace(GAP, "").strip()))
            elif block.displayed:
                found += [Formula(text=" ".join(run.text.split())) for run in block.runs if run.math]
    return tuple(found)


def _told(sections: Sequence[_Open]) -> list[_Open]:
    """The sections that hold more than the headings of what was left out."""
    return [section for section in sections if any(len(text.split()) > 3 for text in section.paragraphs)]


def _kinds_on_top(blocks: Sequence[Block], headings: Mapping[int, int], start: int) -> set[SectionKind]:
    """The kinds of the sections that stand on the highest level."""
    inside = {i: depth for i, depth in headings.items() if i >= start}
    top = min(inside.values(), default=0)
    return {kind_of(b.text) for i, d in inside.items() if d == top and isinstance(b := blocks[i], Paragraph)}


def _is_misplaced(title: str, kind: SectionKind, tops: Collection[SectionKind], over: str) -> bool:
    """Whether a main section was set as a subsection by mistake: its name is whole, and no other has its part.

    `over`: the title of the section that it stands in; "Results and discussion" may well hold a discussion.
    """
    if kind in over.lower():
        return False
    plain = re.sub(r"^[\d.IVX]+[.)\s]\s*", "", title).strip(" .:")
    return kind != "other" and kind not in tops and _MAIN.fullmatch(plain) is not None


def _opens_anew(block: Paragraph, depth: int, skipped: int) -> bool:
    """Whether a heading below back matter is that of a section of the body all the same."""
    return depth < BELOW <= skipped or (
        is_name(block.text) and kind_of(block.text) != "other" and skipped == 0
    )


def _is_text(block: Paragraph, before: Block | None) -> bool:
    """Whether a paragraph is running text: no formula, no note of a table, no placeholder of a figure."""
    text = block.text
    if not text or block.formula is not None or _NO_TEXT_STYLE.search(block.style):
        return False
    if PLACEHOLDER.fullmatch(text) or re.search(r"[^\W_]", text) is None:
        return False
    if _is_statement(block):
        return False
    return not (isinstance(before, Grid) and _TABLE_NOTE.match(text) and len(text.split()) < 120)


def _is_statement(block: Paragraph) -> bool:
    """Whether a paragraph is back matter that opens with its name ("Funding: …", "Conflicts of interest. …")."""
    lead = block.lead.strip(" .:") if 0 < len(block.lead) < len(block.text) else ""
    name, colon, _ = block.text.partition(":")
    return any(0 < len(said.split()) <= 6 and is_back_matter(said) for said in (lead, name if colon else ""))


def _with_gaps(block: Paragraph) -> str:
    """The paragraph's words, displayed formulas being gaps in it."""
    if not block.displayed:
        return block.text
    return " ".join("".join(f" {GAP} " if run.math else run.text for run in block.runs).split())
