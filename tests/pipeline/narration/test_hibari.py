from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from pipeline.narration.graph import opened
from pipeline.narration.hibari import HibariVoice
from pipeline.providers import Speech
from tests.pipeline.narration.saying import say

TEXT = (
    "In 12 000 mice, TNF-α fell by 37.5 % (p < 0.05), and IL-6 rose. * Malaria kills many children. "
    "The lncRNA — or GABA — was low in E. coli."
)
LONG = "We measured " + ", ".join(["the weight of every animal in each of the groups"] * 14) + "."


def envelope(speech: Speech) -> np.ndarray:
    """Root mean square in windows of 5 ms."""
    window = speech.rate // 200
    whole = len(speech.samples) // window * window
    return np.sqrt((speech.samples[:whole].reshape(-1, window) ** 2).mean(axis=1))


@pytest.mark.parametrize("text", [TEXT, LONG, LONG.replace(",", ""), "A (b) “c” — d… ★"])
def test_words_are_the_text_and_their_times_run_forwards(voice: HibariVoice, text: str) -> None:
    speech = say(voice, text)

    assert " ".join(word.shown for word in speech.words) == text
    assert all(before.end <= after.start for before, after in pairwise(speech.words))
    assert all(word.start <= word.end for word in speech.words)
    assert speech.words[0].start >= 0
    assert speech.words[-1].end <= len(speech.samples) / speech.rate
    said = [word for word in speech.words if any(c.isalnum() for c in word.spoken)]
    assert all(word.end - word.start > 0.02 for word in said)


def test_words_begin_where_sound_begins_after_a_pause(voice: HibariVoice) -> None:
    speech = say(
        voice, "Malaria kills. Doctors know this, but children die. People wait; time passes.", pace=1.0
    )
    level = envelope(speech)
    loud = level > np.percentile(level, 95) * 10 ** (-32 / 20)
    onsets = [i * 0.005 for i in range(20, len(loud)) if loud[i] and not loud[i - 20 : i].any()]

    nearest = [min(abs(word.start - onset) for word in speech.words) for onset in onsets]

    assert len(onsets) >= 3
    assert np.median(nearest) <= 0.03
    assert max(nearest) <= 0.12


def test_sentences_are_parted_by_a_breath(voice: HibariVoice) -> None:
    speech = say(voice, "The mice slept. The cells grew. The plants died.")
    level = envelope(speech)
    quiet = level < level.max() * 10 ** (-35 / 20)
    runs = "".join("q" if q else "l" for q in quiet).split("l")

    breaths = sorted(len(run) * 0.005 for run in runs[1:-1] if run)[-2:]

    assert all(0.2 <= breath <= 0.5 for breath in breaths)
    assert len(runs[0]) * 0.005 <= 0.1


def test_seconds_are_foretold(voice: HibariVoice) -> None:
    for text in (TEXT, LONG):
        speech = say(voice, text)
        assert voice.seconds(text) == pytest.approx(len(speech.samples) / speech.rate, abs=0.001)


@pytest.mark.parametrize("pace", [0.8, 0.9, 1.1, 1.25])
def test_pace_divides_the_time(voice: HibariVoice, pace: float) -> None:
    speech = say(voice, TEXT, pace=pace)

    assert len(speech.samples) / speech.rate == pytest.approx(voice.seconds(TEXT) / pace, rel=0.01)


def test_the_same_words_sound_the_same_in_another_process(voice: HibariVoice) -> None:
    text = "Same words, same bytes. Always 42 %."
    program = (
        "import hashlib; from pipeline.narration.hibari import HibariVoice; "
        f"print(hashlib.sha256(next(HibariVoice().speak([{text!r}], pace=1.1)).samples.tobytes()).hexdigest())"
    )
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    here = hashlib.sha256(say(voice, text, pace=1.1).samples.tobytes()).hexdigest()

    assert elsewhere.stdout.strip() == here


@pytest.mark.parametrize("text", ["", "★", "— …"])
def test_what_can_not_be_said_is_silent(voice: HibariVoice, text: str) -> None:
    speech = say(voice, text)

    assert len(speech.samples) == 0
    assert [word.shown for word in speech.words] == text.split()
    assert voice.seconds(text) == 0


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("The GABA level.", "The gabba level."),
        ("The lncRNAs rose.", "The link RNAs rose."),
        ("An OR of two.", "An O R of two."),
        ("Influenza A virus.", "Influenza eh virus."),
    ],
)
def test_words_that_the_dictionary_gets_wrong_are_put_right(voice: HibariVoice, text: str, same: str) -> None:
    assert voice.seconds(text) == pytest.approx(voice.seconds(same), abs=0.15)


def test_times_are_estimated_when_phonemes_and_words_disagree(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a dictionary that runs words together
    voice = HibariVoice()
    whole = voice._engine.g2p
    read = whole.phonemize_tokens

    def slurred(tokens: list) -> list:
        found = read(tokens)
        found[0].whitespace = ""
        return found

    monkeypatch.setattr(whole, "phonemize_tokens", slurred)  # all voices of a process share the dictionary

    # If it speaks
    with caplog.at_level(logging.WARNING):
        speech = say(voice, "The cells grew quickly.")

    # I expect every word to be there, in order, and a line in the log
    assert [word.shown for word in speech.words] == ["The", "cells", "grew", "quickly."]
    assert all(before.end <= after.start for before, after in pairwise(speech.words))
    assert speech.words[-1].start < len(speech.samples) / speech.rate
    assert "estimates" in caplog.text


def test_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="no input named speed"):
        opened(b"\x3a\x00")
    with pytest.raises(ValueError, match="not a protobuf message"):
        opened(b"\x0b\x00")


def test_the_version_tells_the_voice_and_its_reading(voice: HibariVoice) -> None:
    package, _, reading = voice.version.partition("+")

    assert package.count(".") == 2
    assert reading
