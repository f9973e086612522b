"""Quotes that are almost the paper's words: mended to the verbatim passage where it is certain which one is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.model import Evidence, Paper
from pipeline.script.evidence import PaperText, plain
from pipeline.script.numbers import numbers

#: A quote of fewer words fits too many places.
_FEWEST_WORDS = 6
#: The share of its words that must stand in the passage in the same order.
_ALIKE = 0.88
#: Words whose change changes the sense: none may differ.
_TURNING = frozenset(
    """
    no not never none nor neither cannot without few less fewer more higher lower increase increased decrease
    decreased reduced may might could only all
    """.split()
)
_GAP = re.compile(r"\s*(?:\[\s*)?(?:\.\.\.|…)(?:\s*\])?\s*")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")


class Quotes:
    """Finds quotes in one paper."""

    def __init__(self, paper: Paper) -> None:
        self._text = PaperText(paper)
        self._passages = [passage.text for passage in paper.passages()]

    def found(self, quote: str) -> list[Evidence]:
        """The quote as the paper prints it, one for each part of one with a gap; none when the paper has no such."""
        stripped = _bare(quote)
        if whole := self._one(stripped):
            return [whole]
        parts = [part for part in _GAP.split(stripped) if part]
        if len(parts) < 2 or any(len(part.split()) < _FEWEST_WORDS for part in parts):
            return []
        found = [self._one(part) for part in parts]
        return [one for one in found if one is not None] if all(found) else []

    def _one(self, words: str) -> Evidence | None:
        for tried in (words, words.rstrip(".,;: ")):
            if there := self._text.locate(tried):
                return there[0]
        mended = self._mended(words)
        there = self._text.locate(mended) if mended else []
        return there[0] if there else None

    def _mended(self, words: str) -> str:
        """The stretch of the paper that differs from `words` in little that matters; "" for none, or for several."""
        wanted = _words(words)
        if len(wanted) < _FEWEST_WORDS:
            return ""
        stretches = {stretch for passage in self._passages if (stretch := _alike(wanted, passage))}
        stretches = {stretch for stretch in stretches if _same_sense(words, stretch)}
        return stretches.pop() if len(stretches) == 1 else ""


def _bare(quote: str) -> str:
    """Without marks of quotation around it."""
    return " ".join(quote.split()).strip("\"“”„«»'‘’ ")


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _WORD.finditer(plain(text))]


def _alike(wanted: Sequence[str], passage: str) -> str:
    """The stretch of `passage` with nearly all of `wanted` in order, and hardly anything else; "" if there is none."""
    text = plain(passage)
    matches = list(_WORD.finditer(text))
    there = [match[0].casefold() for match in matches]
    if len(set(wanted) & set(there)) < _ALIKE * len(set(wanted)):
        return ""
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    blocks = [block for block in blocks if block.size]
    if not blocks or sum(block.size for block in blocks) < _ALIKE * len(wanted):
        return ""
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size - 1
    if last - first + 1 > len(wanted) / _ALIKE:
        return ""
    return text[matches[first].start() : matches[last].end()]


def _same_sense(one: str, other: str) -> bool:
    """Whether the numbers are the same, and the words that turn the sense."""
    values = [
        sorted(f"{number.value:g} {number.unit}" for number in numbers(plain(text))) for text in (one, other)
    ]
    turns = [sorted(word for word in _words(text) if word in _TURNING) for text in (one, other)]
    return values[0] == values[1] and turns[0] == turns[1]
