"""The sentences of a paper, each with the passage that it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Paper, Passage
from pipeline.text.sentences import split


@dataclass(frozen=True)
class Sentence:
    """A sentence as printed (white space collapsed), and where it stands.

    `paragraph` counts the passages of the paper in reading order, `position` the sentences of the
    passage, both from 0; `count` is how many sentences that passage has.
    """

    text: str
    passage: Passage
    paragraph: int
    position: int
    count: int


def sentences(paper: Paper) -> list[Sentence]:
    """Every sentence of the paper's abstract, body and captions, in reading order."""
    found = []
    for paragraph, passage in enumerate(paper.passages()):
        pieces = split(passage.text)
        found += [
            Sentence(text=piece, passage=passage, paragraph=paragraph, position=position, count=len(pieces))
            for position, piece in enumerate(pieces)
        ]
    return found
