"""Fields of a Word file: citations, numbers of captions, tables of contents. Their results are what is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: Lists that a field prints and that are no part of the text.
_LISTS = re.compile(r"\s*(toc|index|toa|rd)\b", re.IGNORECASE)
#: Lists of references as Word and the programs that cite leave them.
_REFERENCES = re.compile(
    r"\s*bibliography\b|zotero_bibl|en\.reflist|mendeley bibliography|csl_bibliography|papers2_bibliography|"
    r"\brw\.bib|\bne\.bib",
    re.IGNORECASE,
)


@dataclass
class _Field:
    code: str = ""
    in_code: bool = True

    @property
    def is_list(self) -> bool:
        return bool(_LISTS.match(self.code) or _REFERENCES.search(self.code))


@dataclass
class Fields:
    """The fields that are open at a place of the text; they may begin in one paragraph and end in another.

    `references`: a list of references was met.
    """

    references: bool = False
    _open: list[_Field] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether what stands here is printed and belongs to the text."""
        return not any(field.in_code or field.is_list for field in self._open)

    def mark(self, kind: str | None) -> None:
        """Note a "begin", "separate" or "end"."""
        if kind == "begin":
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].in_code = False
            self.references |= is_references(self._open[-1].code)
        elif kind == "end" and self._open:
            self._open.pop()

    def code(self, text: str) -> None:
        """Note words of a field's code."""
        if self._open and self._open[-1].in_code:
            self._open[-1].code += text

    def end_paragraph(self) -> None:
        """A code never goes on in another paragraph: what was not closed is no field."""
        self._open = [field for field in self._open if not field.in_code]

    def begin_heading(self) -> None:
        """No list holds headings: a list whose end is missing ends here."""
        self._open = [field for field in self._open if not field.is_list]


def is_references(code: str) -> bool:
    """Whether a field's code prints the list of references."""
    return _REFERENCES.search(code) is not None


def is_list(code: str) -> bool:
    """Whether a field's code prints a list that is no part of the text."""
    return _Field(code).is_list
