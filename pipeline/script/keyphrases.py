"""The phrases that a paper keeps coming back to: they can stand on a card without asserting anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from math import log, sqrt

from pipeline.model import Paper
from pipeline.script.content_words import STOP_WORDS, content_stems
from pipeline.script.verbs import has_finite_verb

#: How many words a phrase has.
_LEAST_WORDS, _MOST_WORDS = 2, 4
#: How often a paper must use a phrase for it to be one of its own: this often in so many words of text.
_LEAST_USES, _PER_WORDS = 2, 2_500

_WORD = re.compile(r"[^\W_](?:[\w'’/+-]*\w)?")
_ADVERB = re.compile(r"[a-z]{2,}ly")


class Keyphrases:
    """The recurring phrases of one paper."""

    def __init__(self, paper: Paper) -> None:
        text = " ".join([paper.title, *(passage.text for passage in paper.passages())])
        words = [word.lower() for word in _WORD.findall(text)]
        self._text = f" {' '.join(words)} "
        self._least = max(_LEAST_USES, round(len(words) / _PER_WORDS))
        self._title = content_stems(paper.title)

    def best(self, sentence: str, *, besides: Collection[str] = ()) -> str:
        """The phrase of `sentence` that tells most, as it stands there; empty when it holds none of the paper's."""
        found = {
            phrase: self._weight(phrase)
            for phrase in _phrases(sentence)
            if not any(phrase.lower() in other or other in phrase.lower() for other in besides)
        }
        best = max(found, key=lambda phrase: found[phrase], default="")
        return best if best and found[best] > 0 else ""

    def _weight(self, phrase: str) -> float:
        """Often used and of many words weighs much, and only what the title is about weighs anything."""
        uses = self._text.count(f" {phrase.lower()} ")
        in_title = len(content_stems(phrase) & self._title)
        if uses < self._least or not in_title:
            return 0.0
        return log(1 + uses) * sqrt(len(phrase.split())) * in_title


def _phrases(sentence: str) -> Iterator[str]:
    """The ends of the runs: what an English phrase is about stands last in it."""
    for run in _runs(sentence):
        for size in range(_LEAST_WORDS, min(_MOST_WORDS, len(run)) + 1):
            words = run[-size:]
            if not (words[0].isdecimal() or words[-1].isdecimal() or words[-1].endswith("ed")):
                yield " ".join(words)


def _runs(sentence: str) -> Iterator[list[str]]:
    """Neighbouring words without a mark, a word of grammar, an adverb or a verb between them."""
    run: list[str] = []
    end = 0
    for match in _WORD.finditer(sentence):
        word = match[0]
        plain = word.lower()
        broken = sentence[end : match.start()] != " "
        empty = (
            plain in STOP_WORDS
            or _ADVERB.fullmatch(plain) is not None
            or has_finite_verb(word, strictly=True)
        )
        if broken or empty:
            yield run
            run = []
        if not empty:
            run.append(word)
        end = match.end()
    yield run
