"""The embedded voice: hibari, American English, with word times from the model's own durations."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.model import Word
from pipeline.narration import graph
from pipeline.narration.alignment import Phrase, Units, cut, extent, in_order, rounded, timed
from pipeline.narration.phonemes import as_said, phonemes_of, pronunciation
from pipeline.narration.spoken import VERSION, Pair, sentences, spoken
from pipeline.providers import Speech

log = logging.getLogger(__name__)

RATE = 24_000
#: The longest phrase, in phonemes, that the model was made for (hibari.tts.MAX_PHONEMES).
LONGEST = 400

_FADE = 0.005
_PAUSES = frozenset(';:,.!?—…"()“” ')
_SEED = 2022

_Samples = npt.NDArray[np.float32]


class HibariVoice:
    """Speaks with hibari. Same text and pace, same samples. The model is loaded when first needed."""

    name = "hibari/heart"

    def __init__(self) -> None:
        self.version = f"{version('hibari-tts')}+{VERSION}"
        self._natural: dict[tuple[int, ...], npt.NDArray[np.float32]] = {}

    def speak(self, texts: Sequence[str], *, pace: float) -> Iterator[Speech]:
        """Say the texts: 24 kHz, about −26 LUFS, a breath between sentences, silence at neither end."""
        return (self._said(text, pace) for text in texts)

    def _said(self, text: str, pace: float) -> Speech:
        sounds: list[_Samples] = []
        words: list[Word] = []
        at = 0.0
        random = np.random.default_rng(_SEED)
        for phrase in self._phrases(text):
            if not phrase.ids:
                words += [Word(shown=shown, spoken=said, start=at, end=at) for shown, said in phrase.pairs]
                continue
            units = self._units(phrase.ids, pace)
            part = cut(phrase, units, pace)
            words += timed(phrase, units, pace, shift=at - part.begin)
            sound = self._sound(phrase.ids, units, random)
            sounds.append(_faded(sound[round(part.begin * RATE) : round(part.end * RATE)]))
            at += part.end - part.begin
        samples = np.concatenate(sounds) if sounds else np.zeros(0, np.float32)
        return Speech(samples=samples, rate=RATE, words=in_order(words, at))

    def seconds(self, text: str) -> float:
        """How long `speak` takes at pace 1, from the same durations, without the sound."""
        parts = [cut(p, self._units(p.ids, 1.0), 1.0) for p in self._phrases(text) if p.ids]
        return sum(part.end - part.begin for part in parts)

    @cached_property
    def _engine(self) -> Any:
        from hibari import Hibari
        from hibari.voices import voice_path

        return Hibari(model=graph.opened(Path(voice_path("heart")).read_bytes()), g2p=pronunciation())

    def _phrases(self, text: str) -> list[Phrase]:
        phrases = []
        for pairs in sentences(spoken(text)):
            phonemes = phonemes_of(pairs)
            if phonemes is None:
                phrases.append(self._phrase(pairs, [self._engine.g2p(as_said(pairs))]))
                continue
            runs = [slice(run.start, run.stop) for run in _breaths(phonemes)]
            phrases += [self._phrase(pairs[run], phonemes[run]) for run in runs]
        return phrases

    def _phrase(self, pairs: list[Pair], phonemes: list[str]) -> Phrase:
        vocabulary: dict[str, int] = self._engine.vocab
        ids, spans = [0], []
        for word in phonemes:
            known = [c for c in word if c in vocabulary]
            if known and len(ids) > 1:
                ids.append(vocabulary[" "])
            first, stop = extent([c not in _PAUSES for c in known])
            spans.append((len(ids) + first, len(ids) + stop))
            ids += [vocabulary[c] for c in known]
        silent = {vocabulary[c] for c in _PAUSES} | {0}
        sound = extent([i not in silent for i in ids])
        heard = (*ids, 0) if any(i not in silent for i in ids) else ()
        return Phrase(tuple(pairs), heard, sound, tuple(spans) if len(spans) == len(pairs) else ())

    def _run(
        self, ids: tuple[int, ...], speed: npt.NDArray[np.float32], outputs: list[str] | None
    ) -> list[Any]:
        found: list[Any] = self._engine.sess.run(
            outputs, {"ids": np.asarray([ids], np.int64), "speed": speed}
        )
        return found

    def _units(self, ids: tuple[int, ...], pace: float) -> Units:
        """The duration of each phoneme in whole units at this pace, rounding errors carried on."""
        if ids not in self._natural:
            [natural] = self._run(ids, np.ones(1, np.float32), [graph.DURATIONS])
            self._natural[ids] = natural.ravel()
        return rounded(self._natural[ids] / pace)

    def _sound(self, ids: tuple[int, ...], units: Units, random: np.random.Generator) -> _Samples:
        from hibari import dsp

        speed = (self._natural[ids] / units).astype(np.float32)
        *spectrum, _, lasted = self._run(ids, speed, None)
        if not np.array_equal(lasted.ravel(), units):
            log.warning(
                "hibari's durations differ from those asked for: word times in this sentence are estimates"
            )
        samples: _Samples = dsp.synth(*(part[0] for part in spectrum), random)
        return samples


def _breaths(phonemes: list[str]) -> list[range]:
    """Runs of words of at most `LONGEST` phonemes, parted after punctuation where there is any."""
    runs, begin, pause, length = [], 0, 0, 0
    for index, word in enumerate(phonemes):
        length += len(word) + 1
        if length > LONGEST and index > begin:
            stop = pause if pause > begin else index
            runs.append(range(begin, stop))
            begin, length = stop, sum(len(w) + 1 for w in phonemes[stop : index + 1])
        if word[-1:] in _PAUSES and word:
            pause = index + 1
    return [*runs, range(begin, len(phonemes))]


def _faded(samples: _Samples) -> _Samples:
    """The samples with both ends brought to nothing in 5 ms, so that a cut doesn't click."""
    ramp = np.linspace(0, 1, min(round(_FADE * RATE), len(samples)), dtype=np.float32)
    faded = samples.copy()
    faded[: len(ramp)] *= ramp
    faded[len(faded) - len(ramp) :] *= ramp[::-1]
    return faded
