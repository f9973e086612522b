"""The panels that a figure's caption marks: "(A) … (B) …", "A, …", "a …; b …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.model import Panel

_LIST = r"{0}(?:\s?(?:[-–—,&]|and|to)\s?{0})*"
_LETTER = r"[A-Za-z](?![A-Za-z])"
#: "(A)", "(a–c)", "(A, B)", "(A and D)", with a word such as "left" beside the letter.
_BRACKETED = re.compile(rf"[(\[]\s?({_LIST.format(_LETTER)})\s?(?:[,;:]\s[a-z ]{{3,20}})?[)\]]")
#: A letter that opens the caption or follows a stop: "A, cells", "B. Cells", "C: cells", "a Cells", "A–C, cells".
_OPENING = re.compile(rf"(?:^|(?<=[.;:)]\s))({_LIST.format(_LETTER)})(?:[.,:)|]\s?|\s(?=[A-Z(]))")
_STOPS = ".;:!?"


@dataclass(frozen=True)
class _Mark:
    letters: str
    start: int
    end: int


def read_panels(caption: str) -> tuple[Panel, ...]:
    """The panels in the order of the caption, each with the words that are about it, verbatim.

    Letters must run on from A; a caption that marks fewer than two panels has none. A mark behind the words
    that it is about ("controls (A) and patients (B)") gets these.
    """
    chains = [_chain(list(_marks(caption, pattern))) for pattern in (_BRACKETED, _OPENING)]
    marks = max(chains, key=lambda chain: sum(len(mark.letters) for mark in chain))
    if sum(len(mark.letters) for mark in marks) < 2:
        return ()
    opening = sum(_opens(caption, mark) for mark in marks) * 2 >= len(marks)
    said = _after(caption, marks) if opening else _before(caption, marks)
    return tuple(
        Panel(label=letter.upper(), caption=words)
        for mark, words in zip(marks, said, strict=True)
        for letter in mark.letters
    )


def _marks(caption: str, pattern: re.Pattern[str]) -> Iterator[_Mark]:
    for found in pattern.finditer(caption):
        yield _Mark(_letters(found[1]), found.start(), found.end())


def _letters(listed: str) -> str:
    """The letters that "A–C, F" stands for: ABCF, in lower case."""
    letters = ""
    for part in re.split(r"\s?(?:[,&]|and)\s?", listed.lower()):
        ends = re.findall(r"[a-z](?![a-z])", part)
        if len(ends) == 2 and ends[0] < ends[1]:
            letters += "".join(map(chr, range(ord(ends[0]), ord(ends[1]) + 1)))
        else:
            letters += "".join(ends)
    return letters


def _chain(marks: Sequence[_Mark]) -> list[_Mark]:
    """The marks that count on from A, each taken where it comes first; others name panels again."""
    chain: list[_Mark] = []
    expected = "a"
    for mark in marks:
        if mark.letters.startswith(expected) and _runs_on(mark.letters):
            chain.append(mark)
            expected = chr(ord(mark.letters[-1]) + 1)
    return chain


def _runs_on(letters: str) -> bool:
    return all(ord(b) - ord(a) == 1 for a, b in pairwise(letters))


def _opens(caption: str, mark: _Mark) -> bool:
    """Whether a mark stands before the words that it is about."""
    before, after = caption[: mark.start].rstrip(), caption[mark.end :].lstrip()
    return (not before or before[-1] in _STOPS + ",") and bool(after) and after[0] not in _STOPS + ","


def _after(caption: str, marks: Sequence[_Mark]) -> list[str]:
    ends = [mark.start for mark in marks[1:]] + [len(caption)]
    said = (caption[mark.end : end] for mark, end in zip(marks, ends, strict=True))
    return [_trimmed(words) for words in said]


def _before(caption: str, marks: Sequence[_Mark]) -> list[str]:
    """For marks behind their words: from the last stop or mark up to the mark."""
    starts = [0] + [mark.end for mark in marks[:-1]]
    said = (caption[start : mark.start] for start, mark in zip(starts, marks, strict=True))
    return [_trimmed(re.split(r"(?<=[.;:!?])\s", words.strip(" ,"))[-1]) for words in said]


def _trimmed(words: str) -> str:
    return re.sub(r"^(?:and|or)\s|\s(?:and|or)$", "", words.strip(" ,;:–-").lstrip(".) ")).strip()
