"""Forced alignment against word times that are known: the embedded voice's own, of real scripts.

Also what a right and a wrong recording score, which is where the thresholds of `gemini_voice` come from: right
ones as they are, faster and slower (another person's voice, roughly), with noise; wrong ones with a word left
out, words put in, a direction read aloud, another text. `python -m benchmarks.alignment [PAPER …]`
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.bars import Bar, status_of
from pipeline.model import Script
from pipeline.narration.forced import EARLY, Aligned, align
from pipeline.narration.gemini_voice import check_words
from pipeline.narration.hibari import RATE, HibariVoice
from pipeline.narration.recording import BadRecordingError, Recording, check_recording
from pipeline.order import Order, Tools
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import parse_source
from pipeline.providers import Speech
from pipeline.script.extractive import ExtractiveWriter
from pipeline.steps import Steps
from storage.artefacts import FolderArtefacts

EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "caption-times.xml"
#: The pause between scenes (seconds).
_PAUSE: Final = 0.7

_Samples = npt.NDArray[np.float32]


def main(papers: Sequence[str]) -> int:
    voice = HibariVoice()
    bars: list[Bar] = []
    for paper in papers or [str(EXAMPLE)]:
        texts = [scene.narration for scene in script_of(paper, voice).scenes]
        speeches = list(voice.speak(texts, pace=1.0))
        sound = joined(speeches)
        began = time.perf_counter()
        aligned = align(sound, RATE, texts)
        took = time.perf_counter() - began
        off = errors(aligned, speeches)
        median, p90 = np.percentile(off, [50, 90])
        name = Path(paper).stem
        print(
            f"{name}: {len(off)} words in {len(sound) / RATE:.0f} s, starts off by "
            f"{median * 1000:.0f} ms (median), {p90 * 1000:.0f} ms (p90), {max(off) * 1000:.0f} ms (most); {took:.1f} s"
        )
        refused, taken = judged(texts, sound, voice)
        bars += [
            Bar(f"{name} starts median", round(median * 1000), 45, " ms"),
            Bar(f"{name} starts p90", round(p90 * 1000), 110, " ms"),
            Bar(f"{name} right recordings refused", refused, 0),
            Bar(f"{name} wrong recordings taken", taken, 3),
        ]
    return status_of(*bars)


def script_of(paper: str, voice: HibariVoice) -> Script:
    """The script that the embedded writer makes of `paper`."""
    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(
            ncbi=Ncbi(base_url="http://localhost", pmc_base_url="http://localhost", email="", api_key=""),
            writer=ExtractiveWriter(),
            voice=voice,
            artefacts=FolderArtefacts(Path(folder)),
        )
        return Steps(Order(source=parse_source(paper)), tools).script(lambda *_: None).value


def joined(speeches: Sequence[Speech]) -> _Samples:
    """The speeches with a pause after each, as one recording."""
    pause = np.zeros(round(_PAUSE * RATE), np.float32)
    sound = np.concatenate([part for speech in speeches for part in (speech.samples, pause)])
    louder: _Samples = (sound * (0.35 / np.abs(sound).max())).astype(np.float32)
    return louder


def errors(aligned: Aligned, speeches: Sequence[Speech]) -> list[float]:
    """How far each word's start is from where it is said (seconds)."""
    off, at = [], 0.0
    for words, speech in zip(aligned.texts, speeches, strict=True):
        known = zip(words, speech.words, strict=True)
        off += [abs(word.start - at - true.start) for word, true in known if true.end > true.start]
        at += (len(speech.samples) + round(_PAUSE * RATE)) / RATE
    return off


def judged(texts: Sequence[str], sound: _Samples, voice: HibariVoice) -> tuple[int, int]:
    """Print what right and wrong recordings score; how many right ones were refused, and wrong ones taken."""
    random = np.random.default_rng(7)
    noise = random.standard_normal(len(sound)).astype(np.float32) * float(np.sqrt((sound**2).mean()))

    def said(change: Callable[[list[str]], list[str]]) -> _Samples:
        return joined(list(voice.speak(change(list(texts)), pace=1.0)))

    def in_scene(change: Callable[[list[str]], list[str]]) -> _Samples:
        return said(lambda all_: [*all_[:2], " ".join(change(all_[2].split())), *all_[3:]])

    half = len(texts[2].split()) // 2
    right = {
        "right": (sound, RATE),
        "10 % higher": (sound, round(RATE * 1.1)),
        "10 % lower": (sound, round(RATE * 0.9)),
        "noise at −30 dB": (sound + noise * np.float32(0.0316), RATE),
    }
    wrong = {
        "a word left out": (in_scene(lambda words: words[:half] + words[half + 1 :]), RATE),
        "three words left out": (in_scene(lambda words: words[:half] + words[half + 3 :]), RATE),
        "two words put in": (in_scene(lambda words: [*words[:half], "never", "ever", *words[half:]]), RATE),
        "one word put in": (in_scene(lambda words: [*words[:half], "never", *words[half:]]), RATE),
        "a direction read aloud": (said(lambda all_: ["Read this in a calm and clear voice.", *all_]), RATE),
        "a scene missing": (said(lambda all_: all_[:3] + all_[4:]), RATE),
        "another text": (said(lambda all_: [*all_[:3], OTHER, *all_[4:]]), RATE),
        "cut off in the last word": (sound[: -round((_PAUSE + 0.45) * RATE)], RATE),
        "cut off 2 s before": (sound[: -round((_PAUSE + 2) * RATE)], RATE),
        "half as much again too fast": (sound, round(RATE * 1.5)),
        "a third too slow": (sound, round(RATE * 0.667)),
    }
    due = sum(voice.seconds(text) for text in texts)
    failures = {True: 0, False: 0}
    for good, recordings in ((True, right), (False, wrong)):
        for name, (samples, rate) in recordings.items():
            verdict = _verdict(samples, rate, texts, due)
            failures[good] += verdict.startswith("good") is not good
            print(f"  {name}: {verdict}{'' if verdict.startswith('good') is good else '   ← WRONG'}")
    return failures[True], failures[False]


OTHER: Final = "The committee met on Thursday and discussed several proposals about the new railway station."


def _verdict(samples: _Samples, rate: int, texts: Sequence[str], due: float) -> str:
    try:
        heard = Recording(samples, rate)
        check_recording(heard, seconds=due)
        aligned = align(samples, rate, texts)
    except BadRecordingError as error:
        return error.sentence
    said = sum(word.end - word.start for text in aligned.texts for word in text)
    scores = f"fit {aligned.fit:.0f}, worst {aligned.worst:.0f}, word {aligned.worst_word:.0f}"
    outside = heard.voice_outside((word.start - EARLY, word.end) for text in aligned.texts for word in text)
    scores += f", {outside:.2f} s more, {said / due:.2f} of the time due"
    try:
        check_words(aligned, heard, due)
    except BadRecordingError as error:
        return f"{error.sentence} ({scores})"
    return f"good ({scores})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
