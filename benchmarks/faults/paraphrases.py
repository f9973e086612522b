"""Right retellings of sentences of the shared papers, written by hand: what a guard must not object to.

The papers' own sentences are not kept here, only their digests; `source_of` finds them again. Guards are tuned on
`TUNING` alone, and their false alarms are counted on `UNSEEN`, which nobody reads while tuning. Both hold the same
mix of kinds and papers.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from pipeline.model import Paper
from pipeline.model.value import Value
from pipeline.script.sentences import Sentence, sentences

TUNING = Path(__file__).with_name("paraphrases_tuning.jsonl")
UNSEEN = Path(__file__).with_name("paraphrases_unseen.jsonl")

Kind = Literal[
    "rounding",
    "numbers-said-otherwise",
    "voice",
    "synonyms",
    "dropped-clause",
    "negation-kept-otherwise",
    "merged-or-split",
    "spoken",
]
_DIGITS = 12


class MissingSentenceError(LookupError):
    """Raised when a paper, as it is read now, has no sentence of the digest that a paraphrase names."""


class Paraphrase(Value):
    """A sentence of a paper in other words that mean the same.

    `paper` is a path below the folder of papers, `sentence` the digest of the source sentence (`digest_of`), `text`
    the narration, and `note` why the two mean the same. An entry of several kinds has the chief one.
    """

    paper: str
    sentence: str
    kind: Kind
    text: str
    note: str


def paraphrases(path: Path) -> tuple[Paraphrase, ...]:
    """The entries of `TUNING` or `UNSEEN`, in the order of the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Paraphrase.model_validate_json(line) for line in lines)


def digest_of(text: str) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of `text`, white space collapsed."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:_DIGITS]


def source_of(entry: Paraphrase, paper: Paper) -> Sentence:
    """The sentence of `paper` that `entry` retells; `paper` is as told (`Paper.told()`).

    Where the paper prints a sentence twice, the first is returned. Raises `MissingSentenceError`.
    """
    found = _by_digest(paper).get(entry.sentence)
    if found is None:
        raise MissingSentenceError(
            f"{entry.paper} has no sentence {entry.sentence}, retold as “{entry.text}”"
        )
    return found


@cache
def _by_digest(paper: Paper) -> dict[str, Sentence]:
    return {digest_of(sentence.text): sentence for sentence in reversed(sentences(paper))}
