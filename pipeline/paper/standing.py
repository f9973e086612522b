"""How a paper stands: retracted, withdrawn, doubted or corrected, and what a viewer is owed to know of that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.model import Relation, RelationKind
from pipeline.paper.notices import says_retracted, says_withdrawn

#: Of a citation, this much is said in a note (characters): journal and date.
_BRIEF: Final = 80
_NOTES: Final[dict[RelationKind, str]] = {
    "expression-of-concern": "A notice of concern stands against this paper",
    "partial-retraction": "A part of this paper was retracted",
    "correction": "This paper was corrected",
    "update": "This paper has a newer version",
}


@dataclass(frozen=True)
class Standing:
    """What one record says of it. `retracted` covers `withdrawn`."""

    related: tuple[Relation, ...] = ()
    retracted: bool = False
    withdrawn: bool = False
    concern: bool = False
    corrected: bool = False

    def facts(self) -> dict[str, Any]:
        """As the fields of a `Paper`."""
        return dict(vars(self))

    def and_also(self, other: Standing) -> Standing:
        """What both say; of `other` the relations of which this one has none of the kind: both tell of one notice."""
        kinds = {relation.kind for relation in self.related}
        return Standing(
            related=(*self.related, *(one for one in other.related if one.kind not in kinds)),
            retracted=self.retracted or other.retracted,
            withdrawn=self.withdrawn or other.withdrawn,
            concern=self.concern or other.concern,
            corrected=self.corrected or other.corrected,
        )

    def notes(self) -> tuple[str, ...]:
        """Sentences that a viewer is owed, a concern first. Who says so, and when, stands in brackets."""
        told = {relation.kind for relation in self.related}
        if self.concern:
            told.add("expression-of-concern")
        return tuple(_note(kind, sentence, self.related) for kind, sentence in _NOTES.items() if kind in told)


def standing(
    title: str,
    abstract: Sequence[str],
    related: Iterable[Relation],
    *,
    retracted: bool = False,
    withdrawn: bool = False,
    concern: bool = False,
) -> Standing:
    """What title, abstract and relations say, and what was said of it elsewhere in the record."""
    told = tuple(related)
    kinds = {relation.kind for relation in told}
    withdrawn = withdrawn or says_withdrawn(title, abstract) or "withdrawal" in kinds
    return Standing(
        related=told,
        retracted=retracted or withdrawn or says_retracted(title, abstract) or "retraction" in kinds,
        withdrawn=withdrawn,
        concern=concern or "expression-of-concern" in kinds,
        corrected="correction" in kinds,
    )


def _note(kind: RelationKind, sentence: str, related: Iterable[Relation]) -> str:
    places = dict.fromkeys(_brief(one.citation) for one in related if one.kind == kind)
    said = "; ".join(filter(None, places))
    return f"{sentence} ({said})." if said else f"{sentence}."


def _brief(citation: str) -> str:
    """Journal and date of a citation: what stands before the volume."""
    return re.sub(r"[()]", "", citation.partition(";")[0])[:_BRIEF].strip(" .")
