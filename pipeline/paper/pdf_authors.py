"""The names under a title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.model import Author
from pipeline.paper.pdf_blocks import Block
from pipeline.paper.pdf_lines import WIDE

PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "ter",
        "ten",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "zu",
        "af",
        "av",
        "st.",
        "y",
        "e",
    ]
)
SUFFIXES = re.compile(r",?\s+(jr|sr|ii|iii|iv)\.?(?=$|[,;\s])", re.IGNORECASE)
DEGREES = re.compile(
    r"\b(?:M\.?D|Ph\.?\s?D|M\.?Sc|B\.?Sc|MPH|DVM|DDS|MBBS|FRCP|R\.?N|Dr|Prof|MS|MA|MBA|PharmD|iD|ID)\b\.?"
)
NOT_A_NAME = re.compile(
    r"universi|depart|institut|school|faculty|hospital|college|laborator|center|centre|address|mail|received|accepted|"
    r"published|abstract|correspond|author|editor|article|review|open|access|journal|volume|road|street|"
    r"division|academy|foundation|group\b|ministry|keyword|citation|copyright|licen[cs]e|research|science|"
    r"program|republic|submitted|http|www|figure|table|contribut|equal|version|manuscript|introduction|edited|"
    r"reference|format|proceedings|conference|\bcorp\b|\binc\b|\bltd\b|\bcompany|hospital|clinic",
    re.IGNORECASE,
)
#: Opens a list of people who did not write the paper.
OTHERS = re.compile(
    r"\*?\s*(edited|reviewed|academic editor|editor|correspond|communicated|handling|address)", re.IGNORECASE
)
WORD = re.compile(r"[^\W\d_][\w’'`´.-]*", re.UNICODE)


def read_authors(blocks: Sequence[Block]) -> tuple[Author, ...]:
    """The authors named in the blocks under the title, in order; none when no block reads like names."""
    found = _in_blocks(blocks) or _above_affiliations(blocks)
    return tuple(Author(name=name, surname=surname_of(name)) for name in found)


def _in_blocks(blocks: Sequence[Block]) -> list[str]:
    """The names in blocks that hold little else."""
    found: list[str] = []
    model: Block | None = None
    following = False
    for block in blocks:
        alike = model is None or (block.size == model.size and block.bold == model.bold)
        if not alike and not (following and model and abs(block.size - model.size) < 1.5):
            following = False
            continue
        names = _names(block)
        following = bool(names)
        if names:
            model = model or block
            found.extend(name for name in names if name not in found)
        elif model is not None and alike:
            break
    return found


def _above_affiliations(blocks: Sequence[Block]) -> list[str]:
    """The names that stand alone in a line above an affiliation, or before one in the same line."""
    found: list[str] = []
    others = False
    for block in blocks:
        if OTHERS.match(block.text):
            others = True
            continue
        plain = [line.plain for line in block.lines]
        for text, following in zip(plain, [*plain[1:], ""], strict=True):
            names, parts = _parted(text)
            first = parts[0] if parts else ""
            if names and len(names) == len(parts) and NOT_A_NAME.search(following):
                new = names
            elif is_name(first) and len(names) < len(parts) and NOT_A_NAME.search(text):
                new = [first]
            else:
                continue
            if not others:
                found.extend(name for name in new if name not in found)
        others = False
    return found


def read_holder(text: str) -> tuple[Author, ...]:
    """The one author of a paper without a line of authors: the holder of its copyright, named in full."""
    holder = re.search(r"(?:[Cc]opyright|©)[\s:©]*(?:\d{4})?\W*([A-Z][\w-]+)(?=[.,;]\s)", text)
    if holder is None:
        return ()
    named = re.findall(rf"\b((?:[A-Z][\w.-]*\s){{1,3}}{re.escape(holder[1])})\b", text)
    names = [name for name in named if is_name(name)]
    return (Author(name=min(names, key=len), surname=holder[1]),) if names else ()


def _names(block: Block) -> list[str]:
    """The names in a block, or none when half of it is something else."""
    text = " ".join(line.plain for line in block.lines)
    if len(text) > 3000 or text.count(".") > 3 * (text.count(",") + 2):
        return []
    names, parts = _parted(text)
    return names if names and len(names) >= 0.6 * len(parts) else []


def _parted(text: str) -> tuple[list[str], list[str]]:
    """What reads like a name among the parts of a text, and all parts."""
    text = re.sub(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", ",", text)
    text = SUFFIXES.sub(lambda match: " " + match[1], text)
    text = DEGREES.sub(" ", text)
    text = re.sub(r"\(\s*[\w.,\s*]{0,12}\)|\[[^\]]*\]", " ", text)
    text = re.sub(r"[\d*†‡§¶#∗✉⁎ⓘ\ufffd⁰¹²³⁴⁵⁶⁷⁸⁹]+", " ", text)
    text = re.sub(r"^\s*(authors?|by)\s*:?\s", "", text, flags=re.IGNORECASE)
    parts = [
        " ".join(part.split()).strip(" .:-") for part in re.split(rf"[,;·•|&/{WIDE}]|\band\b|\by\b", text)
    ]
    parts = [part for part in parts if len(part) > 1]
    return [part for part in parts if is_name(part)], parts


def is_name(text: str) -> bool:
    """Whether a text reads like a person's name: two to six words with capitals, particles aside."""
    words = text.split()
    if not 2 <= len(words) <= 6 or NOT_A_NAME.search(text) or len(text) > 60:
        return False
    if not all(WORD.fullmatch(word) for word in words):
        return False
    solid = [
        word
        for place, word in enumerate(words)
        if word.lower() not in PARTICLES or (place == 0 and word[0].isupper())  # Ben, Al: given names too
    ]
    return len(solid) >= 2 and all(word[0].isupper() for word in solid) and any(len(w) > 2 for w in solid)


def surname_of(name: str) -> str:
    """What a name is cited by: what is set in capitals, else the last word with its van, von, de."""
    words = [word for word in name.split() if not re.fullmatch(r"(jr|sr|ii|iii|iv)\.?", word, re.IGNORECASE)]
    capitals = [word for word in words if word.isupper() and len(word) > 3 and "." not in word]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES - {"dos", "das", "da", "do", "e", "y"}:
        start -= 1
    return " ".join(words[start:])
