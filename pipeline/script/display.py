"""What a scene shows beside its captions: a big number, or a few words."""

from __future__ import annotations

import re

from pipeline.model import CardVisual, NumberVisual
from pipeline.script.patterns import pattern

#: Words of a meaning and of a headline.
_LONGEST_MEANING, _LONGEST_HEADLINE = 8, 9

_STRIKING = pattern(
    r"""
    (?<![\w.,/–−±-])(?P<value>\d+(?:\.\d+)?\s?%|\d+(?:\.\d+)?[- ]?fold(?=\s)
    |\d+(?:\.\d+)?\stimes(?=\s(?:more|less|higher|lower|larger|smaller|greater|as|longer|shorter|faster
    |slower))|(?:one|two|three|four|1|2|3|4)\sin\s(?:every\s)?(?:two|three|four|five|six|seven|eight
    |nine|ten|\d{1,2})(?=\s[a-z])|\d{1,3}(?:,\d{3})+(?=\s[a-z])
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
    |smaller|increase|decrease|reduction|rise|drop|longer|shorter|faster|slower)\b)
"""
)


#: What can be counted ends in a plural.
_COUNTED = re.compile(r"(?:[^s]s|people|children|men|mice|species|genera|taxa|bacteria|fungi)$")


def number_shown(text: str) -> NumberVisual | None:
    """The first number of `text` that is striking and whose meaning stands right behind it, or `None`."""
    for match in _STRIKING.finditer(text):
        value, rest = match["value"], match["rest"]
        counted = value.replace(",", "").isdigit()
        if counted and (_YEAR.fullmatch(value) or _UNITS.match(rest.strip())):
            continue
        if not counted and " in " not in value and not _MEANINGFUL.match(rest):
            continue
        meaning = _meaning(rest)
        if meaning and (not counted or _COUNTED.search(meaning)):
            return NumberVisual(value=" ".join(value.split()), meaning=meaning)
    return None


def _meaning(rest: str) -> str:
    """The words after the number as far as they belong to it; empty when they don't end in time."""
    head = re.match(r"\s?of\s(?:the|all|these|their)\s|\s?of\s", rest)
    start = head.end() if head else 0
    end = _BREAK.search(rest, start)
    words = rest[: end.start() if end else len(rest)].split()
    if len(words) < (2 if head else 1) or len(words) > _LONGEST_MEANING:
        return ""
    return "" if any(re.search(r"\d|[=<>%]|^[A-Z]\.?$", word) for word in words) else " ".join(words)


_PHRASE_END = pattern(
    r"""
    [,;:!?()“”—]|\s–\s|(?<![\w-])(?:is|are|was|were|be|been|being|has|have|had|do|does|did|that|which
    |who|whose|where|when|while|whereas|although|because|if|can|could|may|might|must|should|will|would
    |shows?|showed|shown|found|reveal(?:s|ed)?|suggest(?:s|ed)?|indicate[sd]?|demonstrate[sd]?
    |report(?:s|ed)?|used?|using|to|not|by|as|than|but|we|they|it|this|these|those|there|here|their|its
    |also|however|both|such|researchers|authors?|study|results?|findings?|data|compared|based
    |investigated?|performed|evaluated?|discuss(?:es|ed)?|provides?|provided|support(?:s|ing)?|resulted
    |led|through|from|due|took|take|died|survived|arises?|made|gave|became|began|grew|went|came|said
    |kill|means|about|before|after|includes?|including)(?![\w-])
"""
)
#: What an article announces is a thing, not a verb.
_NAMED = re.compile(r"(?<![\w-])(?:an?|the)\s(?P<phrase>.+)")
_SMALL = frozenset(
    (
        "of",
        "in",
        "and",
        "for",
        "on",
        "with",
        "from",
        "the",
        "a",
        "an",
        "or",
        "at",
        "between",
        "among",
        "under",
    )
)


def headline(text: str) -> CardVisual:
    """A card with the sentence itself when short, else with its fullest noun phrase, else without words."""
    whole = text.rstrip(".")
    if len(whole.split()) <= _LONGEST_HEADLINE:
        return CardVisual(headline=whole)
    subject, *others = _PHRASE_END.split(whole)
    named = [match["phrase"] for piece in others if (match := _NAMED.search(piece))]
    phrases = [_trimmed(phrase) for phrase in (subject, *named)]
    fitting = [phrase for phrase in phrases if _is_headline(phrase)]
    if not fitting:
        return CardVisual()
    best = max(fitting, key=lambda phrase: min(len(phrase), 50))
    first = best.split()[0]
    return CardVisual(headline=best if re.search(r"[A-Z]", first[1:]) else best[0].upper() + best[1:])


def _is_headline(phrase: str) -> bool:
    words = phrase.split()
    telling = [word for word in words if len(word) > 3 and word[0].isalpha()]
    return 3 <= len(words) <= _LONGEST_HEADLINE and len(telling) >= 2


def _trimmed(phrase: str) -> str:
    """`phrase` without small words or adverbs at its ends."""
    words = phrase.split()
    while words and (words[0].lower() in _SMALL or words[0].lower().endswith("ly")):
        words.pop(0)
    while words and (words[-1].lower() in _SMALL or words[-1].lower().endswith(("ly", "ed"))):
        words.pop()
    return " ".join(words)
