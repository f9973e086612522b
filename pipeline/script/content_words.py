"""The words that carry a text's subject, and how much two texts share."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

#: Words of grammar and of scientific reporting: they say nothing about what a sentence is about.
_GRAMMAR = """
    a about above after again against all almost along already also although always am among an and
    another any are as at be became because become been before being below between both but by can cannot
    could did do does done due during each either else even ever every few first for from further
    furthermore had has have having he her here hence his how however i if in indeed instead into is it
    its itself just last latter least less like made make many may me might more moreover most much must
    my near neither no nor not now of off often on once one only onto or other others our out over own per
    perhaps quite rather same second several she should since so some still such than that the their them
    themselves then there therefore these they third this those though through thus to together too toward
    towards under until up upon us use used using very via was we well were what when where whereas
    whether which while who whole whom whose why will with within without would yet you your study studies
    paper article work review research researchers author authors team results result finding findings
    found find show shows showed shown using based data report reports reported words
"""
STOP_WORDS = frozenset(_GRAMMAR.split())
#: Those of them that say how much, how often, how surely or the contrary: added to a sentence, they turn its sense.
_TURNING = frozenset(
    """
    again against all almost always because cannot could due ever every few hardly least less many may might more
    most much must neither never no nor not often once only perhaps quite rather same several should some
    thus too very without
    """.split()
)


def stem(word: str) -> str:
    """A crude common root: lower case without accents, the last letters off long words."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(letter)
    )
    plain = re.sub(r"['’]s$", "", plain)
    if plain.isalpha() and len(plain) > 4:
        plain = re.sub(r"(?:ies|es|s)$", "", plain)
    return plain[:6] if plain.isalpha() else plain


def content_words(text: str) -> tuple[str, ...]:
    """The words of `text` that carry meaning, as they stand, in order."""
    return tuple(word for word in _WORD.findall(text) if word.lower() not in STOP_WORDS and len(word) > 1)


def telling_words(text: str) -> tuple[str, ...]:
    """The content words of `text`, and those small ones that turn its sense: "much", "never", "only"."""
    there = _WORD.findall(text)
    return tuple(word for word in there if word.lower() in _TURNING or content_words(word))


def content_stems(text: str) -> frozenset[str]:
    """The roots of the content words of `text`."""
    return frozenset(stem(word) for word in content_words(text))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that stands in the larger too, 0 to 1."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def says_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences share so many content words that a listener hears the second as a repetition."""
    shared, together = len(one & other), len(one | other)
    return together > 0 and (overlap(one, other) > 0.72 or shared / together > 0.5)
