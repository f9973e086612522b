"""The title of a manuscript and the names under it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.model import Author
from pipeline.paper.docx_blocks import Block, Paragraph
from pipeline.paper.language import is_english_title
from pipeline.paper.pdf_authors import DEGREES, SUFFIXES, is_name, surname_of
from pipeline.paper.pdf_front import AFFILIATION, AFTER_ABSTRACT, KIND_OF_ARTICLE

_TITLE_STYLE = re.compile(r"(?:^|\s)title(?: \w{1,3})?$")
_NO_TITLE_STYLE = re.compile(
    r"sub ?title|running|short|table|figure|toc|chapter|section|heading|journal|book"
)
#: Lines of a title page that name what they hold.
_LABELLED_TITLE = re.compile(
    r"(?:(?:full|article|manuscript|paper)\s)?title(?:\s?page)?\s*[:–—]\s*(?=\S)", re.IGNORECASE
)
_OTHER_LINE = re.compile(
    r"(?:running|short|alternat\w+|abbreviated)[\s-]*(?:title|head)|title\s?page|word count|number of|"
    r"manuscript (?:id|no|type|number)|article type|date\b|submitted|draft|version|for submission|to be submitted|"
    r"confidential|authors?\b|"
    r"affiliation|orcid|this manuscript|supplement|\d+ (?:words|pages|figures|tables)|page \d|cover letter|dear\b",
    re.IGNORECASE,
)
_AUTHOR_STYLE = re.compile(r"(?:^|\s)authors?(?: names?| list)?$")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
_PARTS = re.compile(r"[,;·•|&/]|\s(?:and|y|e|und|et)\s")
#: What stands behind a name on a line that is one author's alone.
_OWN_LINE = re.compile(r"[,;:|·(\d\t–—]|\s{2,}")


def read_title(blocks: Sequence[Block], end: int, claimed: str) -> tuple[str, tuple[int, ...]]:
    """The title among the blocks before `end`, and the blocks that it takes up; "" and none where there is none.

    It stands in the style for titles; else it is what the file's properties claim, if that is in the text;
    else the largest of the first lines, bold before plain.
    """
    lines = {
        index: block for index in range(end) if isinstance(block := blocks[index], Paragraph) and block.text
    }
    styled = [index for index, line in lines.items() if _in_title_style(line)]
    if styled:
        run = [index for index in styled if index - styled[0] == styled.index(index)]
        return _bare(" ".join(lines[index].text for index in run)), tuple(run)
    likely = {index: line for index, line in lines.items() if _may_be_title(line)}
    for index, line in likely.items():
        if claimed and _squashed(claimed) == _squashed(line.text):
            return _bare(line.text), (index,)
    for index, line in lines.items():
        if found := _LABELLED_TITLE.match(line.text):
            return _bare(line.text[found.end() :]), (index,)
    likely = likely or {index: line for index, line in lines.items() if _may_be_title(line, least=1)}
    if not likely:
        return "", ()
    best = max(likely, key=lambda index: (likely[index].size, likely[index].bold, -index))
    return _bare(likely[best].text), (best,)


def read_english_title(blocks: Sequence[Block], start: int, end: int) -> str | None:
    """The title in English that stands under one in another language; `None` where there is none."""
    for index in range(start, end):
        line = blocks[index]
        if (
            isinstance(line, Paragraph)
            and _may_be_title(line)
            and AFFILIATION.search(line.text) is None
            and is_english_title(line.text)
        ):
            return _bare(line.text)
    return None


def _in_title_style(line: Paragraph) -> bool:
    styled = _TITLE_STYLE.search(line.style) is not None and _NO_TITLE_STYLE.search(line.style) is None
    return styled and KIND_OF_ARTICLE.fullmatch(line.text) is None and _OTHER_LINE.match(line.text) is None


def _may_be_title(line: Paragraph, *, least: int = 3) -> bool:
    text = line.text
    return (
        least <= len(text.split()) <= 60
        and KIND_OF_ARTICLE.fullmatch(text) is None
        and _OTHER_LINE.match(text) is None
        and AFTER_ABSTRACT.match(text) is None
        and "@" not in text
        and not re.search(r"https?:|www\.", text)
        and not names_in(line)
    )


def _bare(title: str) -> str:
    return _LABELLED_TITLE.sub("", title, count=1).strip(" *†‡")


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def read_authors(
    blocks: Sequence[Block], start: int, end: int, headings: Collection[int]
) -> tuple[Author, ...]:
    """The authors named between the title and the abstract, in order: in their style, else by their form."""
    lines = [
        block
        for index in range(start, end)
        if isinstance(block := blocks[index], Paragraph) and (index not in headings or names_in(block))
    ]
    styled = [line for line in lines if _AUTHOR_STYLE.search(line.style)]
    found: list[str] = []
    for line in styled or lines:
        for name in names_in(line) or _own_name(line):
            if name not in found:
                found.append(name)
    return tuple(Author(name=name, surname=surname_of(name)) for name in found)


def names_in(line: Paragraph) -> list[str]:
    """The names in a paragraph, or none when much of it is something else."""
    found: list[str] = []
    for text in line.lines:
        parts = _parts(text)
        names = [part for part in parts if is_name(part)]
        if names and len(names) >= 0.6 * len(parts):
            found += names
    return found


def _parts(text: str) -> list[str]:
    text = _ORCID.sub(",", text)
    if len(text) > 3000 or text.count(".") > 3 * (text.count(",") + 2):
        return []
    text = re.sub(r"^\s*(authors?|by)\s*:?\s", "", text, flags=re.IGNORECASE)
    text = SUFFIXES.sub(lambda match: " " + match[1], text)
    text = DEGREES.sub(" ", text)
    text = re.sub(r"\(\s*[\w.,\s*]{0,12}\)|\[[^\]]*\]", " ", text)
    text = re.sub(r"[\d*†‡§¶#∗✉⁎⁰¹²³⁴⁵⁶⁷⁸⁹]+", " ", text)
    parts = [" ".join(part.split()).strip(" .:-") for part in _PARTS.split(text)]
    return [part for part in parts if len(part) > 1]


def _own_name(line: Paragraph) -> list[str]:
    """The name with which a line begins that is one author's: behind it stand the institution, numbers, an address."""
    text = line.lines[0] if line.lines else ""
    found = _OWN_LINE.search(text)
    if found is None or not (AFFILIATION.search(text[found.start() :]) or _ORCID.search(text)):
        return []
    name = " ".join(DEGREES.sub(" ", text[: found.start()]).split()).strip(" .,*")
    return [name] if is_name(name) else []
