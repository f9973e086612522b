"""The abstracts of a manuscript: where they stand, what they say, and where each ends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Summary, SummaryKind
from pipeline.paper.docx_blocks import Block, Paragraph
from pipeline.paper.headings import is_back_matter
from pipeline.paper.language import language_of
from pipeline.paper.pdf_captions import LABEL
from pipeline.paper.pdf_front import (
    ABSTRACT,
    AFTER_ABSTRACT,
    BARE_LABEL,
    INTRODUCTION,
    LABELLED,
    OTHER_ABSTRACT,
    SUMMARY,
)

#: An abstract with fewer words is the line of a title page that gives its length.
LEAST_WORDS = 20
#: No abstract is longer (words); what goes on is the body of a text without headings.
MOST_WORDS = 900
_SUMMARIES: tuple[tuple[SummaryKind, re.Pattern[str]], ...] = (
    ("author-summary", re.compile(r"(?:non-?technical )?author summary", re.IGNORECASE)),
    ("plain-language", re.compile(r"plain[ -]language summary|lay (?:summary|abstract)", re.IGNORECASE)),
    (
        "highlights",
        re.compile(r"(?:research )?highlights|key (?:points|messages|findings)|in brief", re.IGNORECASE),
    ),
    ("digest", re.compile(r"(?:elife )?digest", re.IGNORECASE)),
    (
        "other",
        re.compile(
            r"significance(?: statement)?|importance|graphical abstract|impact statement", re.IGNORECASE
        ),
    ),
)


#: A line of an abstract that is an address and nothing else.
_NO_TEXT = re.compile(r"(?:doi:?\s*)?(?:https?://\S+|10\.\d{4,9}/\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Abstract:
    """The paragraphs of an abstract with their labels ("" without), its language, and the blocks that it takes up."""

    paragraphs: tuple[tuple[str, str], ...]
    language: str
    blocks: tuple[int, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The paragraphs as `Paper.abstract` has them: "Label: text"."""
        return tuple(f"{label}: {text}" if label else text for label, text in self.paragraphs)

    @property
    def labels(self) -> tuple[str, ...]:
        labels = tuple(label for label, _ in self.paragraphs)
        return labels if any(labels) else ()


def read_abstracts(blocks: Sequence[Block], headings: Mapping[int, int], tag: str) -> list[Abstract]:
    """The abstracts that stand under their names or in the style for them. `tag`: the file's own language."""
    found: list[Abstract] = []
    taken: set[int] = set()
    introduced = [i for i in headings if INTRODUCTION.fullmatch(_text(blocks[i]))]
    last = _first_references(blocks)
    for index, block in enumerate(blocks[:last]):
        if index in taken or not isinstance(block, Paragraph):
            continue
        name = _name(block, summary=any(below > index for below in introduced[:1]))
        if name is not None:
            abstract = _from(blocks, index, block.text[name:], headings, tag)
        elif _is_styled(block):
            abstract = _in_style(blocks, index, headings, tag)
        else:
            continue
        if abstract is not None:
            found.append(abstract)
            taken.update(abstract.blocks)
    return found


def read_summaries(
    blocks: Sequence[Block], headings: Mapping[int, int]
) -> list[tuple[Summary, tuple[int, ...]]]:
    """Author summaries, highlights and the like, each with the blocks that it takes up."""
    found = []
    for index in headings:
        block = blocks[index]
        title = block.text.strip(" .:") if isinstance(block, Paragraph) else ""
        kind = next((kind for kind, name in _SUMMARIES if name.fullmatch(title)), None)
        if kind is None:
            continue
        inside = []
        for below in range(index + 1, len(blocks)):
            if below in headings or not isinstance(blocks[below], Paragraph):
                break
            inside.append(below)
        texts = tuple(b.text for i in inside if isinstance(b := blocks[i], Paragraph) and b.text)
        if texts and sum(len(text.split()) for text in texts) <= MOST_WORDS:
            found.append((Summary(kind=kind, title=title, paragraphs=texts), (index, *inside)))
    return found


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _first_references(blocks: Sequence[Block]) -> int:
    for index, block in enumerate(blocks):
        if re.fullmatch(r"references|bibliography", _text(block).lower()):
            return index
    return len(blocks)


def _name(block: Paragraph, *, summary: bool) -> int | None:
    """Where the words behind an abstract's name begin in the text; `None` when it has no such name.

    `summary`: one called so counts, as it stands before the introduction.
    """
    text = block.text
    for pattern in (ABSTRACT, OTHER_ABSTRACT, *([SUMMARY] if summary else [])):
        match = pattern.match(text)
        if match is None:
            continue
        name = match[0].strip()
        marked = name[-1] in ".:–—|-" or block.lead.strip(" .:") == name
        if match.end() == len(text) or (marked and len(text[match.end() :].split()) >= LEAST_WORDS):
            return match.end()
    return None


def _is_styled(block: Paragraph) -> bool:
    return re.search(r"(?:^|\s)abstract(?: \w+)?$", block.style) is not None and len(block.text.split()) > 3


def _from(
    blocks: Sequence[Block], start: int, rest: str, headings: Mapping[int, int], tag: str
) -> Abstract | None:
    """The abstract whose name stands in block `start`, `rest` being the words behind it."""
    parts: list[tuple[str, str]] = [("", rest.strip())] if rest.strip() else []
    used = [start]
    label, labels = "", list[str]()
    bounded = False
    for index in range(start + 1, len(blocks)):
        block = blocks[index]
        if not isinstance(block, Paragraph):
            break
        if index in headings:
            deeper = headings[index] > headings.get(start, -1)
            if not _is_label(block.text, labels, deeper=deeper, empty=not parts):
                bounded = not is_back_matter(block.text)
                break
            label = block.text.strip(" .:")
            labels.append(label.lower())
        elif sum(len(text.split()) for _, text in parts) > MOST_WORDS:
            break
        elif _ends(block.text):
            bounded = True
            break
        elif block.text:
            parts.append((label, block.text))
            label = ""
        used.append(index)
    if parts and not bounded and not labels:
        # Nothing parts it from the body, which is no abstract's.
        parts = parts[:1]
        used = [start, *used[1:2]] if not rest.strip() else [start]
    return _whole(parts, used, tag)


def _in_style(blocks: Sequence[Block], start: int, headings: Mapping[int, int], tag: str) -> Abstract | None:
    """The abstract that stands in the style for abstracts from block `start` on, headings between being its labels."""
    first = blocks[start]
    style = first.style if isinstance(first, Paragraph) else ""
    parts: list[tuple[str, str]] = []
    used: list[int] = []
    label = ""
    index = start - 1 if start - 1 in headings and BARE_LABEL.fullmatch(_text(blocks[start - 1])) else start
    while index < len(blocks) and isinstance(block := blocks[index], Paragraph):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.style == style:
            parts.append((label, block.text))
            label = ""
        elif index in headings and isinstance(following, Paragraph) and following.style == style:
            label = block.text.strip(" .:")
        else:
            break
        used.append(index)
        index += 1
    return _whole(parts, used, tag)


def _whole(parts: Sequence[tuple[str, str]], used: Sequence[int], tag: str) -> Abstract | None:
    paragraphs = tuple((label, text) for label, text in _labelled(parts) if not _NO_TEXT.fullmatch(text))
    words = " ".join(text for _, text in paragraphs)
    if len(words.split()) < LEAST_WORDS:
        return None
    return Abstract(paragraphs, language_of(words, tag=tag), tuple(used))


def _is_label(text: str, labels: Sequence[str], *, deeper: bool, empty: bool) -> bool:
    """Whether a heading is a part of the abstract rather than the next section.

    "Background" right below "Abstract" is; so are those that follow it until one comes again.
    """
    bare = text.strip(" .:")
    if BARE_LABEL.fullmatch(bare) is None:
        return False
    if INTRODUCTION.fullmatch(bare) and not empty:
        return False
    return (deeper or empty or bool(labels)) and bare.lower() not in labels


def _ends(text: str) -> bool:
    return bool(
        AFTER_ABSTRACT.match(text)
        or OTHER_ABSTRACT.match(text)
        or LABEL.match(text)
        or (ABSTRACT.match(text) and len(text) < 30)
    )


def _labelled(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The paragraphs with the labels that open or part them taken out."""
    result: list[tuple[str, str]] = []
    for label, text in parts:
        marks = [match for match in LABELLED.finditer(text) if match[1][0].isupper()]
        if label or not marks or marks[0].start() > 0:
            result.append((label, text))
            continue
        ends = [match.start() for match in marks[1:]] + [len(text)]
        result += [
            (match[1].strip(), text[match.end() : end].strip())
            for match, end in zip(marks, ends, strict=True)
        ]
    return [(label, text) for label, text in result if text]
