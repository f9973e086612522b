"""When the words of a known text are said in a recording that came without times: forced alignment by pocketsphinx.

Every spoken word gets the phones that hibari's dictionary gives it in its sentence, so that names, formulas and
abbreviations are aligned like other words. Measured on recordings whose word times are known
(`python -m benchmarks.alignment`): starts are off by 15 ms in the median, 35 ms at the 90th percentile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.model import Word
from pipeline.narration.alignment import in_order
from pipeline.narration.arpabet import arpabet
from pipeline.narration.phonemes import phonemes_of
from pipeline.narration.recording import BadRecordingError
from pipeline.narration.spoken import sentences, spoken

#: What pocketsphinx's model was made for (samples a second), and its frames (seconds).
_RATE, _FRAME = 16_000, 0.01
#: The model puts the start of a word this much before it is heard (seconds).
EARLY: Final = 0.05
#: Wide beams: nothing that fits the text is given up. Without `bestpath` no word is lost at the end.
_SEARCH: Final = {"beam": 1e-80, "wbeam": 1e-60, "pbeam": 1e-80, "bestpath": False}
#: Words that are judged together: one alone may be mumbled.
_STRETCH: Final = 3

_OTHER_WORDS: Final = "The recording says other words than those that were asked for."

_Samples = npt.NDArray[np.float32]


class MisfitError(BadRecordingError):
    """Raised when a recording does not fit the words that it should say."""

    code = "voice-misfit"


@dataclass(frozen=True)
class Aligned:
    """The words of each text, in seconds of the recording, and how well they fit.

    `fit` is the usual (median) score of a word, `worst` that of the worst stretch of three words, `worst_word` of
    the worst word that CMU's dictionary knows (a name may be said in many ways). 0 is perfect, the further below
    the worse. All depend on the voice; a place far below `fit` says other words.
    """

    texts: tuple[tuple[Word, ...], ...]
    fit: float
    worst: float
    worst_word: float


@dataclass(frozen=True)
class _Token:
    """A spoken word: which text and which of its words it belongs to, its phones, and how it is spelt ("" unsure)."""

    text: int
    word: int
    phones: tuple[str, ...]
    spelt: str


@dataclass(frozen=True)
class _Heard:
    """When a token is said (seconds), how well it fits, and whether CMU's dictionary knows it."""

    start: float
    end: float
    score: float
    known: bool


def align(samples: _Samples, rate: int, texts: Sequence[str]) -> Aligned:
    """When the words of `texts`, said one after the other, are said in `samples` (mono, `rate` Hz).

    Raises `MisfitError` when the recording can't be read as these words. Takes some 5 s of one core for a minute.
    """
    pairs = [spoken(text) for text in texts]
    tokens = [token for index, text in enumerate(texts) for token in _tokens(text, index)]
    found = _found(_pcm(samples, rate), tokens)
    spans: dict[tuple[int, int], tuple[float, float]] = {}
    for token, heard in zip(tokens, found, strict=True):
        begun = spans.get((token.text, token.word), (heard.start, heard.end))[0]
        spans[token.text, token.word] = (begun, heard.end)
    total = len(samples) / rate
    aligned, at = [], 0.0
    for index, words in enumerate(pairs):
        timed = []
        for place, (shown, said) in enumerate(words):
            start, end = spans.get((index, place), (at, at))
            start = min(start + EARLY, end) if (index, place) in spans else at
            timed.append(Word(shown=shown, spoken=said, start=start, end=end))
            at = end
        aligned.append(in_order(timed, total))
    scores = [heard.score for heard in found]
    fit = median(scores)
    return Aligned(
        tuple(aligned),
        fit=fit,
        worst=min(sum(part) / len(part) for part in _stretches(scores)),
        worst_word=min((heard.score for heard in found if heard.known), default=fit),
    )


def _stretches(scores: Sequence[float]) -> list[Sequence[float]]:
    return [scores[at : at + _STRETCH] for at in range(max(1, len(scores) - _STRETCH + 1))]


def _tokens(text: str, index: int) -> list[_Token]:
    tokens, place = [], 0
    for pairs in sentences(spoken(text)):
        phonemes = phonemes_of(pairs)
        if phonemes is None:  # each word for itself, without its sentence
            phonemes = [(phonemes_of([pair]) or [""])[0] for pair in pairs]
        for (_, said), sounds in zip(pairs, phonemes, strict=True):
            words, spelt = sounds.split(" "), [_spelt(word) for word in said.split()]
            if len(words) != len(spelt):
                spelt = [""] * len(words)
            read = zip(map(arpabet, words), spelt, strict=True)
            tokens += [_Token(index, place, phones, word) for phones, word in read if phones]
            place += 1
    return tokens


def _spelt(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalpha() or letter == "'").strip("'")


def _found(pcm: bytes, tokens: Sequence[_Token]) -> list[_Heard]:
    if not tokens:
        raise MisfitError("There is nothing to say.")
    decoder = _decoder()
    names = [f"w{number}" for number in range(len(tokens))]
    known = [_taught(decoder, name, token) for name, token in zip(names, tokens, strict=True)]
    decoder.add_word("w~", "SIL", True)  # only now the dictionary is read anew
    decoder.set_align_text(" ".join(names))
    _decode(decoder, pcm)
    if [_name(segment.word) for segment in decoder.seg() or () if _name(segment.word) in set(names)] != names:
        raise MisfitError(_OTHER_WORDS)
    decoder.set_alignment()
    _decode(decoder, pcm)
    heard = [entry for entry in decoder.get_alignment().words() if _name(entry.name) in set(names)]
    if [_name(entry.name) for entry in heard] != names:
        raise MisfitError(_OTHER_WORDS)
    return [
        _Heard(
            start=entry.start * _FRAME,
            end=(entry.start + entry.duration) * _FRAME,
            score=entry.score / max(entry.duration, 1),
            known=there,
        )
        for entry, there in zip(heard, known, strict=True)
    ]


def _taught(decoder: Any, name: str, token: _Token) -> bool:
    """Teach the decoder how a token sounds: as hibari says it, or as CMU's dictionary does; whether that knows it."""
    ways = [" ".join(token.phones)]
    for variant in ("", "(2)", "(3)"):
        way = decoder.lookup_word(f"{token.spelt}{variant}") if token.spelt else None
        if way and way not in ways:
            ways.append(way)
    for number, way in enumerate(ways, 1):
        decoder.add_word(name if number == 1 else f"{name}({number})", way, False)
    return bool(token.spelt and decoder.lookup_word(token.spelt))


def _name(heard: str) -> str:
    """The token's name, without the number of the way it was said."""
    return heard.partition("(")[0]


def _decoder() -> Any:
    from pocketsphinx import Decoder

    return Decoder(lm=None, loglevel="FATAL", samprate=_RATE, **_SEARCH)


def _decode(decoder: Any, pcm: bytes) -> None:
    decoder.start_utt()
    try:
        decoder.process_raw(pcm, no_search=False, full_utt=True)
        decoder.end_utt()
    except RuntimeError:
        raise MisfitError("The recording breaks off, or says other words.") from None


def _pcm(samples: _Samples, rate: int) -> bytes:
    """The samples at the model's rate, band-limited, at a steady level, as 16-bit PCM."""
    length = round(len(samples) * _RATE / rate)
    spectrum = np.fft.rfft(samples.astype(np.float64))[: length // 2 + 1]
    if rate < _RATE:
        spectrum = np.pad(spectrum, (0, length // 2 + 1 - len(spectrum)))
    sound = np.fft.irfft(spectrum, length) * (length / max(len(samples), 1))
    peak = float(np.abs(sound).max(initial=0.0))
    level = 0.7 / peak if peak > 0 else 0.0
    return (sound * level * 32767).astype("<i2").tobytes()
