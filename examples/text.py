"""The words of the example paper, with the numbers that were measured put in."""

from __future__ import annotations

from dataclasses import dataclass

from examples.measure import PAUSE_SECONDS, Measurement

TITLE = "Captions timed by the voice itself start within milliseconds of the sound"
AUTHOR = "The Hidden Hill authors"
JOURNAL = "Hidden Hill Technical Notes"
YEAR = 2026


@dataclass(frozen=True)
class Text:
    """Abstract parts by label, sections by heading, and the two figure captions."""

    abstract: dict[str, str]
    sections: dict[str, list[str]]
    captions: tuple[str, str]


def text_of(m: Measurement) -> Text:
    """The paper's text. Fails when the measurement no longer says what the text concludes."""
    assert m.median["voice"] * 10 < min(m.median["even"], m.median["letters"])
    assert m.p90["voice"] < 100
    assert _early(m, "even") * 2 > len(m.starts)
    return Text(abstract=_abstract(m), sections=_sections(m), captions=_captions(m))


def _abstract(m: Measurement) -> dict[str, str]:
    pause = round(1000 * PAUSE_SECONDS)
    return {
        "Background": (
            "Captions that light up word by word help a viewer only when each word appears as it is heard. "
            "Many tools that make narrated videos spread the words of a text evenly over the sound, because "
            "they do not know when each word is spoken."
        ),
        "Methods": (
            f"A synthetic voice read {m.paragraphs} short English paragraphs, {m.words} words in all. "
            "We compared three ways to time their captions: even spacing, spacing in proportion to letters, and "
            "the durations that the voice's own model computes. The reference was the sound itself: the moment "
            f"at which it begins again after a pause of at least {pause} ms."
        ),
        "Results": (
            f"We compared the methods at {len(m.starts)} such moments. Captions spaced evenly started "
            f"{m.median['even']} ms away from the sound at the median, and spacing by letters did no better, with "
            f"{m.median['letters']} ms. Captions timed by the voice's own durations were {m.median['voice']} ms off "
            f"at the median, and nine in ten were within {m.p90['voice']} ms."
        ),
        "Conclusions": (
            "When a synthetic voice reports its durations, captions need no guessing. Spacing words evenly "
            "should be the last resort, not the default."
        ),
    }


def _sections(m: Measurement) -> dict[str, list[str]]:
    used = m.paragraphs - m.skipped_paragraphs
    worst = m.worst
    return {
        "Introduction": [
            "Most short videos are watched on a phone, often with the sound off or low. Captions then carry the "
            "story, and captions in which the spoken word is marked tie the eye to the voice.",
            "A caption that comes early or late does the opposite. When eye and ear disagree, the viewer has to "
            "choose between them, and the sense of the sentence is easily lost.",
            "Tools that turn a text into a narrated video usually know the text and the sound, but not which "
            "sound belongs to which word. The simplest way out is to give every word the same time. How far "
            "off such captions are is seldom said. This note measures it for one synthetic voice.",
        ],
        "Methods": [
            f"The voice {m.voice.split(' ')[0]} read {m.paragraphs} paragraphs that were written for this "
            f"purpose, {m.words} words in {m.seconds:.0f} s of sound. Every paragraph was spoken by itself.",
            "Each of three methods then said when each word of a paragraph starts. The first gives every word the "
            "same time between the first sound and the last. The second gives every word a time in proportion to its "
            "letters, the space after it counting as one. The third takes the durations of the speech sounds that "
            "the voice's model computes on its way to the sound.",
            "As a reference we took moments that can be found without knowing any words: those at which the sound "
            f"begins again after a pause of at least {round(1000 * PAUSE_SECONDS)} ms. A pause belongs to a full stop, "
            "a comma or another mark, so the word after that mark starts at that moment. A paragraph whose pauses "
            f"and marks differed in number was left out, which kept {used} of {m.paragraphs} paragraphs and "
            f"{len(m.starts)} moments.",
        ],
        "Results": [
            f"Evenly spaced captions were {m.median['even']} ms off at the median, and one in ten was off by "
            f"{m.p90['even']} ms or more (Figure 1). The worst of them was {worst['even']} ms away from its word. "
            f"Spacing by letters was {m.median['letters']} ms off at the median and {worst['letters']} ms at worst.",
            f"Captions timed by the voice's own durations were {m.median['voice']} ms off at the median, "
            f"{m.p90['voice']} ms at the 90th percentile and {worst['voice']} ms at worst. A frame of the video "
            "lasts 33 ms.",
            f"The two guessing methods were mostly early: {_early(m, 'even')} of {len(m.starts)} captions spaced "
            "evenly appeared before their word was heard (Figure 2). Pauses take time that holds no words, and a guess "
            "spends that time on words. The voice's own durations scattered around the sound and showed no drift.",
        ],
        "Discussion": [
            "The durations cost nothing: the model computes them anyway, and reading them out needs no second "
            "program. For a voice that does not report them, words can be aligned with the sound afterwards, which "
            "we did not measure here.",
            "This note has limitations. It measured one voice, one language and one speaking rate. The reference sees "
            "only words that follow a pause, so nothing is said about words in the middle of a phrase. A constant "
            "shift of the voice's times had been set beforehand on other texts by the same kind of reference, which "
            "favours that method. Whether viewers notice the difference was not tested.",
            "Within these limits the result is plain. Where the voice says when it speaks, that is when the caption "
            "should appear.",
        ],
    }


def _early(m: Measurement, method: str) -> int:
    return sum(start.errors[method] < 0 for start in m.starts)


def _captions(m: Measurement) -> tuple[str, str]:
    return (
        f"Absolute error of caption starts by method, at {len(m.starts)} moments at which the sound begins after a "
        "pause. Bars: median. Whiskers: 90th percentile, in milliseconds.",
        "Error of each caption start against its time within the paragraph. Positive: the caption is late. The "
        "guesses are mostly early, the voice's own durations stay with the sound.",
    )
