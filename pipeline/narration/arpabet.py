"""The phonemes of hibari's dictionary in the letters of another: the 39 phones that CMU's acoustic model knows."""

from __future__ import annotations

from typing import Final

#: Two phonemes that CMU hears as one.
_PAIRS: Final = {
    "ɜɹ": "ER",
    "əɹ": "ER",
    "ᵊɹ": "ER",
    "aɪ": "AY",
    "aʊ": "AW",
    "ɔɪ": "OY",
    "eɪ": "EY",
    "oʊ": "OW",
}
_PHONES: Final = {
    "A": "EY",
    "I": "AY",
    "O": "OW",
    "W": "AW",
    "Y": "OY",
    "Q": "OW",
    "i": "IY",
    "u": "UW",
    "ɑ": "AA",
    "ɔ": "AO",
    "ɛ": "EH",
    "ɜ": "ER",
    "ə": "AH",
    "ɪ": "IH",
    "ʊ": "UH",
    "ʌ": "AH",
    "æ": "AE",
    "ᵊ": "AH",
    "ᵻ": "IH",
    "ɐ": "AH",
    "ɚ": "ER",
    "ɒ": "AA",
    "a": "AA",
    "e": "EH",
    "o": "OW",
    "ʤ": "JH",
    "ʧ": "CH",
    "θ": "TH",
    "ð": "DH",
    "ʃ": "SH",
    "ʒ": "ZH",
    "ŋ": "NG",
    "ɡ": "G",
    "g": "G",
    "ɹ": "R",
    "r": "R",
    "j": "Y",
    "T": "D",
    "ɾ": "D",
    "t": "T",
    "ʔ": "T",
    "h": "HH",
    "x": "K",
    **{letter: letter.upper() for letter in "bdfklmnpsvwz"},
}


def arpabet(phonemes: str) -> tuple[str, ...]:
    """The phones of one spoken word; what is no phoneme (stress, length, punctuation) is left out."""
    phones, at = [], 0
    while at < len(phonemes):
        pair = phonemes[at : at + 2]
        if pair in _PAIRS:
            phones.append(_PAIRS[pair])
            at += 2
            continue
        if (phone := _PHONES.get(phonemes[at])) is not None:
            phones.append(phone)
        at += 1
    return tuple(phones)
