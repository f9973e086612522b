"""The sentences of a paper that name a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.model import Evidence, Figure, Section
from pipeline.text.figure_names import named_in, number_of
from pipeline.text.sentences import split


def with_mentions(figures: Iterable[Figure], sections: Iterable[Section]) -> tuple[Figure, ...]:
    """The figures, each with the sentences of the sections that name it, in reading order."""
    mentions = _mentions(sections)
    return tuple(
        figure.model_copy(update={"mentions": tuple(mentions.get(number_of(figure.label), ()))})
        for figure in figures
    )


def _mentions(sections: Iterable[Section]) -> Mapping[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = defaultdict(list)
    for section in sections:
        pages = section.pages or (None,) * len(section.paragraphs)
        for paragraph, page in zip(section.paragraphs, pages, strict=True):
            if "fig" not in paragraph.lower():
                continue
            for sentence in split(paragraph):
                for number in named_in(sentence):
                    found[number].append(Evidence(quote=sentence, section=section.title, page=page))
    return found
