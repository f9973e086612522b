"""How words are pronounced: the phonemes of hibari's dictionary, with what it gets wrong put right."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from pipeline.narration.pronunciations import PRONUNCIATIONS, SPELLED
from pipeline.narration.spoken import Pair

log = logging.getLogger(__name__)

#: A capital A within a sentence is the letter ("influenza A virus").
_LETTER_A = "ˈA"


@cache
def pronunciation() -> Any:
    """How words are pronounced: the half of the voice that is slow to load and survives a fork."""
    from hibari.g2p import G2P

    return G2P(british=False)


def phonemes_of(pairs: list[Pair]) -> list[str] | None:
    """The phonemes of each pair, read in context, a space between spoken words; `None` when they don't match."""
    g2p = pronunciation()
    tokens = g2p.tokenize(as_said(pairs))
    for before, token in zip([None, *tokens], tokens, strict=False):
        token.phonemes = _corrected(token.text)
        if token.text == "A" and before and before.text[-1].isalnum():
            token.phonemes = _LETTER_A
    words = [""]
    for token in g2p.phonemize_tokens(tokens):
        words[-1] += token.phonemes or ""
        if token.whitespace:
            words.append("")
    counts = [len(spoken.split()) for _, spoken in pairs]
    if len(words) != max(sum(counts), 1):
        log.warning(
            "hibari read %d words as %d: word times in this sentence are estimates", sum(counts), len(words)
        )
        return None
    found, at = [], 0
    for count in counts:
        found.append(" ".join(word for word in words[at : at + count] if word))
        at += count
    return found


def as_said(pairs: list[Pair]) -> str:
    """What a voice is given of the pairs."""
    return " ".join(spoken for _, spoken in pairs if spoken)


def _corrected(word: str) -> str | None:
    """The phonemes of a word that hibari gets wrong, or of its plural; `None` for all others."""
    lexicon = pronunciation().lexicon
    for form, is_plural in ((word, False), (word.removesuffix("s"), word.endswith("s"))):
        phonemes = lexicon.get_NNP(form)[0] if form in SPELLED else PRONUNCIATIONS.get(form)
        if phonemes:
            ending = "s" if phonemes[-1] in "ptkfθ" else "z"
            return f"{phonemes}{ending if is_plural else ''}"
    return None
