"""How far off are caption times? The measurement that the example paper reports.

The embedded voice speaks `spoken.txt`, a paragraph at a time. The reference is acoustic and knows nothing
of words: the moments at which sound begins after a pause. Each such moment is the start of a word (the
script's first words of sentences, and words after a comma where the voice paused), and each method
says when that word starts:

- `even`      every word of the paragraph lasts equally long;
- `letters`   a word lasts as long as its share of the paragraph's letters;
- `voice`     the durations that the voice's own model gives.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.model import Word
from pipeline.narration.hibari import HibariVoice
from pipeline.providers import Speech

HERE = Path(__file__).parent

#: A pause: at least this long (seconds) below the threshold (share of the paragraph's loudest frame).
PAUSE_SECONDS = 0.12
THRESHOLD = 0.02
#: Length of a frame whose energy is looked at (seconds).
FRAME = 0.005
#: An onset is matched to a word only if the text has a mark there: as many pauses as marks in the paragraph.
MARKS = (".", ",", ";", ":", "?")

Method = Callable[[Speech], list[float]]


@dataclass(frozen=True)
class Start:
    """One word that follows a pause: where it stands in its paragraph, when it sounds, and each method's error.

    Times in seconds from the paragraph's first sound, errors in milliseconds (positive: the caption is late).
    """

    paragraph: int
    word: int
    sounds: float
    errors: dict[str, float]


@dataclass(frozen=True)
class Measurement:
    """All starts, and per method the median and 90th percentile of the absolute error in milliseconds."""

    voice: str
    paragraphs: int
    words: int
    seconds: float
    skipped_paragraphs: int
    starts: tuple[Start, ...]
    median: dict[str, float]
    p90: dict[str, float]
    worst: dict[str, float]


def onsets(speech: Speech) -> list[float]:
    """Seconds at which sound begins: at the start of the paragraph and after every pause."""
    size = round(FRAME * speech.rate)
    usable = len(speech.samples) // size * size
    energy = np.sqrt(np.mean(np.square(speech.samples[:usable].reshape(-1, size)), axis=1))
    loud: npt.NDArray[np.bool_] = energy > THRESHOLD * float(energy.max())
    found, silent_for = [], PAUSE_SECONDS
    for index, sounds in enumerate(loud):
        if sounds and silent_for >= PAUSE_SECONDS - FRAME / 2:
            found.append(index * FRAME)
        silent_for = 0.0 if sounds else silent_for + FRAME
    return found


def by_voice(speech: Speech) -> list[float]:
    """The voice's own word starts."""
    return [word.start for word in speech.words]


def evenly(speech: Speech) -> list[float]:
    """Equal time for every word, between the first sound and the last."""
    begin, end = _span(speech)
    step = (end - begin) / len(speech.words)
    return [begin + step * index for index in range(len(speech.words))]


def by_letters(speech: Speech) -> list[float]:
    """Time in proportion to letters, a space counting as one."""
    begin, end = _span(speech)
    weights = [len(word.shown) + 1 for word in speech.words]
    starts = np.concatenate([[0], np.cumsum(weights)[:-1]]) / sum(weights)
    return [begin + float(share) * (end - begin) for share in starts]


METHODS: dict[str, Method] = {"even": evenly, "letters": by_letters, "voice": by_voice}


def _span(speech: Speech) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(speech.samples) > THRESHOLD * float(np.abs(speech.samples).max()))
    return float(loud[0]) / speech.rate, float(loud[-1]) / speech.rate


def words_after_marks(words: tuple[Word, ...]) -> list[int]:
    """Indices of the words that begin the paragraph or follow a punctuation mark."""
    return [0] + [i for i in range(1, len(words)) if words[i - 1].shown.endswith(MARKS)]


def measure() -> Measurement:
    """Speak every paragraph and compare. A paragraph whose pauses and marks differ in number is skipped and counted."""
    voice = HibariVoice()
    paragraphs = [
        p.replace("\n", " ").strip() for p in (HERE / "spoken.txt").read_text("utf-8").split("\n\n")
    ]
    starts: list[Start] = []
    skipped, words, seconds = 0, 0, 0.0
    for number, paragraph in enumerate(paragraphs):
        [speech] = voice.speak([paragraph], pace=1.0)
        sounds, marked = onsets(speech), words_after_marks(speech.words)
        words += len(speech.words)
        seconds += len(speech.samples) / speech.rate
        if len(sounds) != len(marked):
            skipped += 1
            continue
        said = {name: method(speech) for name, method in METHODS.items()}
        for onset, word in list(zip(sounds, marked, strict=True))[1:]:
            errors = {name: round(1000 * (times[word] - onset), 1) for name, times in said.items()}
            starts.append(Start(number, word, round(onset - sounds[0], 3), errors))
    absolute = {name: sorted(abs(start.errors[name]) for start in starts) for name in METHODS}
    return Measurement(
        voice=f"{voice.name} {voice.version}",
        paragraphs=len(paragraphs),
        words=words,
        seconds=round(seconds, 1),
        skipped_paragraphs=skipped,
        starts=tuple(starts),
        median={name: round(statistics.median(errors)) for name, errors in absolute.items()},
        p90={name: round(errors[int(0.9 * (len(errors) - 1))]) for name, errors in absolute.items()},
        worst={name: round(errors[-1]) for name, errors in absolute.items()},
    )


def save(measurement: Measurement) -> None:
    """Write what was measured to caption-times.json, beside the paper that tells it."""
    text = json.dumps(asdict(measurement), indent=1)
    (HERE / "caption-times.json").write_text(text + "\n", encoding="utf-8")
