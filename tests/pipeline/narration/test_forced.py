"""Forced alignment, held against the embedded voice's own word times."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.narration.arpabet import arpabet
from pipeline.narration.forced import MisfitError, align
from pipeline.narration.gemini_voice import check_words
from pipeline.narration.hibari import HibariVoice
from pipeline.narration.phonemes import pronunciation
from pipeline.narration.recording import Recording
from pipeline.providers import Speech

pytest.importorskip("pocketsphinx")

TEXTS = (
    "What happens to TNF-α in trained mice?",
    "Recall fell by 37.5 % (p < 0.05), from 12 000 to 7 500 cells.",
    "Lee et al. say that sleep — not food — explains it.",
)
PAUSE = np.zeros(12_000, np.float32)


@pytest.fixture(scope="module")
def speeches(voice: HibariVoice) -> list[Speech]:
    return list(voice.speak(TEXTS, pace=1.0))


def joined(speeches: list[Speech]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.concatenate([part for speech in speeches for part in (speech.samples, PAUSE)])


def test_every_word_is_found_where_it_is_said(speeches: list[Speech]) -> None:
    aligned = align(joined(speeches), 24_000, TEXTS)
    assert [[word.shown for word in words] for words in aligned.texts] == [text.split() for text in TEXTS]
    off, at = [], 0.0
    for words, speech in zip(aligned.texts, speeches, strict=True):
        starts = [word.start for word in words]
        assert starts == sorted(starts)
        known = zip(words, speech.words, strict=True)
        off += [abs(word.start - at - true.start) for word, true in known if true.end > true.start]
        at += (len(speech.samples) + len(PAUSE)) / 24_000
    assert np.median(off) < 0.045
    assert np.percentile(off, 90) < 0.110
    check_words(
        aligned, Recording(joined(speeches), 24_000), sum(len(speech.samples) for speech in speeches) / 24_000
    )


def test_the_same_recording_gives_the_same_times(speeches: list[Speech]) -> None:
    sound = joined(speeches)
    assert align(sound, 24_000, TEXTS) == align(sound, 24_000, TEXTS)


def test_other_words_are_noticed(voice: HibariVoice, speeches: list[Speech]) -> None:
    due = sum(len(speech.samples) for speech in speeches) / 24_000
    put_in = list(voice.speak((TEXTS[0], TEXTS[1].replace("fell", "never fell"), TEXTS[2]), pace=1.0))
    for sound in (joined(put_in), joined(speeches[:2]), joined([speeches[2], *speeches[:2]])):
        with pytest.raises(MisfitError):
            check_words(align(sound, 24_000, TEXTS), Recording(sound, 24_000), due)
    with pytest.raises(MisfitError):
        align(joined(speeches), 24_000, ["—"])


def test_every_phoneme_of_the_dictionary_has_a_phone() -> None:
    known = set("AIOWYiuɑɔɛɜəɪʊʌæᵊᵻʤʧθðʃʒŋɡɹjTɾʔhbdfklmnpstvwzˈˌː ")
    lexicon = pronunciation().lexicon
    words = "the quick brown fox jumps over lazy dogs measure thin then church judge water singing".split()
    found = "".join(lexicon.get_NNP(word)[0] or "" for word in words)
    assert set(found) <= known
    assert all(arpabet(letter) for letter in known - set("ˈˌː "))
