"""What a scene shows beside its captions: a big number, or a few words."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.model import CardVisual, NumberVisual
from pipeline.script.keyphrases import Keyphrases
from pipeline.script.patterns import pattern

#: Words of a meaning and of a headline.
_LONGEST_MEANING, _LONGEST_HEADLINE = 8, 9

_STRIKING = pattern(
    r"""
    (?<![\w.,/–−±-])(?P<value>\d+(?:\.\d+)?\s?%|\d+(?:\.\d+)?[- ]?fold(?=\s)
    |\d+(?:\.\d+)?\stimes(?=\s(?:more|less|higher|lower|larger|smaller|greater|as|longer|shorter|faster
    |slower))|(?:one|two|three|four|1|2|3|4)\sin\s(?:every\s)?(?:two|three|four|five|six|seven|eight
    |nine|ten|\d{1,2})(?=\s[a-z])|\d{1,3}(?:,\d{3})+(?=\s[a-z])
    |\d+(?:\.\d+)?\s(?:ms|s|min|h|hours|days|weeks|months|years|nm|µm|mm|cm|m|km|mg|g|kg|mL|°C)
    (?=\s(?:away|off|apart|early|late|ahead|behind|more|less|higher|lower|longer|shorter|faster|slower|earlier
    |later)\b)
    |\d{2,6}(?=\s[a-z]{3,}))(?P<rest>[^;:()]*)
""",
    ignore_case=False,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d{2}")
#: Where the meaning of a number may end without being cut off.
_BREAK = pattern(
    r"""
    \s(?:was|were|is|are|had|has|have|did|do|does|who|which|that|while|when|whereas|and|but|or|in|at|on
    |by|from|with|for|after|during|using|across|show(?:s|ed)?|reported|failed|compared|than|to|as|under
    |between|among|through|because|per|within|over|can|could|may|will|be|been|used?|remained|became
    |identified|only|out|available|about|against|including|treated|into)\b|[,.?!](?=\s|$)|\s[(\[–—-]
"""
)
_UNITS = pattern(
    r"""
    (?:[mµμn]?[glLsmM]|[km]g|m[lL]|[cnkm]m|[kM]?Hz|min|mins|h|hours?|hrs?|days?|weeks?|months?|years?|°C
    |pp[bm]|rpm|U|and|to|or|in|of|patients? and|seconds?|minutes?)\b
""",
    ignore_case=False,
)
_MEANINGFUL = pattern(
    r"""
    \s?(?:of\s(?:the\s|all\s|these\s|our\s|their\s)?\w|(?:higher|lower|more|less|fewer|greater|larger
    |smaller|increase|decrease|reduction|rise|drop|longer|shorter|faster|slower|away|off|apart|early|late
    |ahead|behind|earlier|later)\b)
"""
)
#: A comparison is told whole: up to a mark or to the next statement.
_COMPARES = pattern(
    r"""
    \s?(?:higher|lower|more|less|fewer|greater|larger|smaller|longer|shorter|faster|slower|away|off|apart|early
    |late|ahead|behind|earlier|later)\s
"""
)
_STATEMENT_END = pattern(
    r"[,.?!;:](?=\s|$)|\s[(\[–—]|\s(?:and|but|while|whereas|which|that|who|because|although)\b"
)


#: What can be counted ends in a plural.
_COUNTED = re.compile(r"(?:[^s]s|people|children|men|mice|species|genera|taxa|bacteria|fungi)$")


#: A number by itself would say more than such words before it do.
_QUALIFIED = pattern(
    r"""
    (?:(?:less|fewer|more|greater|higher|lower|smaller|larger|better|worse)\sthan|about|around|approximately
    |nearly|almost|roughly|over|under|below|above|up\sto|at\s(?:least|most)|only|not|some|[<>≤≥~≈∼])\s?\Z
"""
)


def number_shown(text: str) -> NumberVisual | None:
    """The first number of `text` that is striking and whose meaning stands right behind it, or `None`."""
    for match in _STRIKING.finditer(text):
        if _QUALIFIED.search(text, 0, match.start()):
            continue
        value, rest = match["value"], match["rest"]
        counted = value.replace(",", "").isdigit()
        if counted and (_YEAR.fullmatch(value) or _UNITS.match(rest.strip())):
            continue
        if not counted and " in " not in value and not _MEANINGFUL.match(rest):
            continue
        meaning = _comparison(rest) or _meaning(rest)
        if meaning and (not counted or _COUNTED.search(meaning)):
            return NumberVisual(value=" ".join(value.split()), meaning=meaning)
    return None


def _comparison(rest: str) -> str:
    """ "higher for nonwhites than whites": what a comparing number compares; empty for another, or a long one."""
    if not _COMPARES.match(rest):
        return ""
    end = _STATEMENT_END.search(rest)
    words = rest[: end.start() if end else len(rest)].split()
    return " ".join(words) if 3 <= len(words) <= _LONGEST_MEANING else ""


def _meaning(rest: str) -> str:
    """The words after the number as far as they belong to it; empty when they don't end in time."""
    head = re.match(r"\s?of\s(?:the|all|these|their)\s|\s?of\s", rest)
    start = head.end() if head else 0
    end = _BREAK.search(rest, start)
    words = rest[: end.start() if end else len(rest)].split()
    if len(words) < (2 if head else 1) or len(words) > _LONGEST_MEANING:
        return ""
    return "" if any(re.search(r"\d|[=<>%]|^[A-Z]\.?$", word) for word in words) else " ".join(words)


def headline(text: str, phrases: Keyphrases | None, *, besides: Collection[str] = ()) -> CardVisual:
    """A card with the sentence itself when short, else with one of the paper's `phrases` in it, else without words."""
    whole = text.rstrip(".")
    if len(whole.split()) <= _LONGEST_HEADLINE:
        return CardVisual(headline=whole)
    phrase = phrases.best(text, besides=besides) if phrases is not None else ""
    return CardVisual(headline=phrase[:1].upper() + phrase[1:] if phrase.split(" ")[0].islower() else phrase)
