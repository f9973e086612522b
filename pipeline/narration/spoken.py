"""A text as it is shown and as it is said, word by word: captions keep "37.5 %", the voice gets words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.narration import numbers
from pipeline.narration.reading import Place, read
from pipeline.narration.symbols import (
    ABBREVIATIONS,
    BEFORE_LABELS,
    BEFORE_NUMBERS,
    BEFORE_ROMAN,
    SENTENCE_OPENERS,
)

#: Raise it when a reading changes: it is part of the voice's version, and so of every recording's key.
VERSION = "2"

#: (shown, spoken): a word of the text and what the voice is given ("" when its neighbour says it all).
Pair = tuple[str, str]

_SHELL = re.compile(r"(?P<lead>[(\[{\"'“‘«]*)(?P<core>.*?)(?P<tail>[)\]}\"'”’»,.;:!?…]*)")
_SENTENCE_END = re.compile(r".*[.!?][\"'”’)\]]*")
_GROUPS = ("", " thousand", " million", " billion")


@dataclass(frozen=True)
class _Printed:
    """A printed word taken out of its punctuation."""

    shown: str
    lead: str
    core: str
    tail: str


def spoken(text: str) -> list[Pair]:
    """The words of `text`, one pair per white-space-separated word; the shown ones, joined, are the text."""
    words = [_shelled(word) for word in text.split()]
    pairs: list[Pair] = []
    roman = False
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        place = Place(
            before=before.core if before and _joined(before) and not word.lead else "",
            after=after.core if after and not word.tail and not after.lead else "",
            roman=roman,
        )
        said = _abbreviation(word, before, after)
        if said is None:
            said = _grouped(words, index)
        if said is None:
            said = _in_shell(word, place)
        roman = _expects_roman(word, roman)
        pairs.append((word.shown, " ".join(said.split())))
    return pairs


def sentences(pairs: list[Pair]) -> list[list[Pair]]:
    """The pairs sentence by sentence. A full stop owned by an abbreviation is not in its spoken part."""
    found: list[list[Pair]] = [[]]
    for index, pair in enumerate(pairs):
        found[-1].append(pair)
        following = pairs[index + 1][0].lstrip("([\"'“‘") if index + 1 < len(pairs) else ""
        if following and not following[0].islower() and _SENTENCE_END.fullmatch(pair[1]):
            found.append([])
    return [sentence for sentence in found if sentence]


def _joined(word: _Printed) -> bool:
    """Whether nothing parts a word from the next one: a full stop that an abbreviation owns does not."""
    return not word.tail or (word.tail == "." and f"{word.core}." in ABBREVIATIONS)


def _shelled(shown: str) -> _Printed:
    found = _SHELL.fullmatch(shown)
    assert found
    lead, core, tail = found.group("lead", "core", "tail")
    if tail.startswith(")") and core.count("(") > core.count(")"):
        core, tail = f"{core})", tail[1:]
    return _Printed(shown, lead, core, tail)


def _in_shell(word: _Printed, place: Place) -> str:
    if not word.core:
        return re.sub(r"[^,.;:!?…]", "", word.shown)
    said = read(word.core, place)
    return f"{word.lead}{said}{word.tail}" if said else ""


def _abbreviation(word: _Printed, before: _Printed | None, after: _Printed | None) -> str | None:
    """An abbreviation or an initial, its own full stop dropped unless it also ends the text or sentence."""
    if word.core == "vs" and not word.tail.startswith("."):
        return f"{word.lead}versus{word.tail}"
    if not word.tail.startswith("."):
        return None
    printed, rest = f"{word.core}.", word.tail[1:]
    meant = ABBREVIATIONS.get(printed)
    if meant is None:
        return _initial(word, after)
    if printed in BEFORE_NUMBERS and not (after and after.core[:1].isdigit()):
        return None
    if printed == "al." and not (before and before.core.lower() == "et"):
        return None
    ends = after is None or (printed == "etc." and after.shown[:1].isupper())
    return f"{word.lead}{meant}{'.' if ends else ''}{rest}"


def _initial(word: _Printed, after: _Printed | None) -> str | None:
    """The E of "E. coli", the J of "J. Smith": a letter whose full stop ends no sentence."""
    if len(word.core) != 1 or not word.core.isupper() or word.tail != "." or after is None:
        return None
    if after.shown in SENTENCE_OPENERS:
        return None
    return f"{word.lead}{word.core}"


def _grouped(words: list[_Printed], index: int) -> str | None:
    """A number printed in groups of three ("12 345"): each group says its own part."""
    first = index
    while first > 0 and _follows(words, first):
        first -= 1
    last = index
    while last + 1 < len(words) and _follows(words, last + 1):
        last += 1
    labelled = first > 0 and words[first - 1].core.lower() in BEFORE_LABELS
    if first == last or labelled or last - first >= len(_GROUPS):
        return None
    word = words[index]
    said = f"{numbers.cardinal(str(int(word.core)))}{_GROUPS[last - index]}" if int(word.core) else ""
    return f"{word.lead}{said}{word.tail}" if said else word.tail


def _follows(words: list[_Printed], index: int) -> bool:
    """Whether a word goes on with the number that the word before it began."""
    word, before = words[index], words[index - 1]
    if word.lead or before.tail or not re.fullmatch(r"\d{3}", word.core):
        return False
    return bool(re.fullmatch(r"[1-9]\d{0,2}", before.core)) or _follows_group(words, index - 1)


def _follows_group(words: list[_Printed], index: int) -> bool:
    return index > 0 and bool(re.fullmatch(r"\d{3}", words[index].core)) and _follows(words, index)


def _expects_roman(word: _Printed, roman: bool) -> bool:
    if word.core.lower() in BEFORE_ROMAN:
        return not word.tail
    if not roman:
        return False
    joins = word.core in {"and", "or", "to", "through"}
    return joins or (bool(re.fullmatch(r"[IVX]+[a-c]?", word.core)) and word.tail in {"", ","})
