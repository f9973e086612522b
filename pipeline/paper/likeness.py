"""Whether a text is a scientific paper, told by what papers have and by what other documents have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.errors import NotAPaperError

#: A document with fewer words of running text than this and no abstract tells nothing.
LEAST_WORDS: Final = 150
#: As many points make a paper.
ENOUGH: Final = 2

_CITATION = re.compile(
    r"\[\d{1,3}(?:\s?[-–,;]\s?\d{1,3})*\]"  # [3, 5–7]
    r"|\(\d{1,3}(?:[,–-]\s?\d{1,3})*\)(?=[.,;\s])"  # (3,4)
    r"|(?<=[a-z.,)])[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}"
    r"|\b[A-Z][\w’'-]+(?: et al\.?| (?:and|&|y|e) [A-Z][\w’'-]+)?,? \(?(?:19|20)\d\d[a-z]?[),;]"
)
_PUBLISHED = re.compile(
    r"\b(?:received|accepted|published(?: online)?|revised)\s*:?\s+(?:\d|[A-Z][a-z]+ \d)"
    r"|\bpeer.review|\bcorresponding author|\b(?:e-?)?issn\b|\bcreative ?commons|\bpreprint\b|\bpalavras.chave"
    r"|\bkey ?words\s*:|\bconflicts? of interest|\bcompeting interests",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class _Other:
    """A sort of document that is no paper: some words of it, of which `least` different ones give it away."""

    what: str
    least: int
    words: re.Pattern[str]

    def fits(self, text: str) -> bool:
        return len({found[0].lower() for found in self.words.finditer(text)}) >= self.least


BOOK: Final = _Other(
    "a book",
    3,
    re.compile(
        r"\b(?:isbn|(?:table of )?contents|chapter (?:one|two|\d+|[ivx]+)|preface|all rights reserved|"
        r"library of congress|(?:first|second|third|\d(?:st|nd|rd|th)) edition|printed in)\b",
        re.IGNORECASE,
    ),
)
_OTHERS: Final = (
    _Other(
        "an invoice or a receipt",
        3,
        re.compile(
            r"\b(?:invoice (?:no\.?|number|date|#)|invoice|bill(?:ed)? to|ship to|sub-?total|amount due|total due|"
            r"balance due|payment terms|due date|vat(?: no\.?| number| id)?|iban|unit price|purchase order|"
            r"order number|receipt number|rechnung(?:snummer)?|mwst|factura|facture)(?!\w)",
            re.IGNORECASE,
        ),
    ),
    _Other(
        "a form to be filled in",
        4,
        re.compile(
            r"\b(?:please (?:print|complete|tick|check)|signature of|date signed|omb (?:no|control)|form approved|"
            r"privacy act statement|for official use only|office use only|date of birth|social security number|"
            r"telephone number|zip code|check one|to be completed by|instructions for completing|applicant|"
            r"i (?:hereby )?certify)\b",
            re.IGNORECASE,
        ),
    ),
    _Other(
        "a curriculum vitae",
        3,
        re.compile(
            r"\b(?:curriculum vitae|work experience|employment history|professional experience|nationality|"
            r"education and training|date of birth|languages? spoken|language skills|hobbies|marital status|"
            r"awards and honou?rs|references available|linkedin\.com|teaching experience|publications|"
            r"academic appointments|degrees?)\b",
            re.IGNORECASE,
        ),
    ),
    _Other(
        "an e-mail",
        3,
        re.compile(
            r"\b(?:From|To|Cc|Subject|Sent|Reply-To|Date|Von|An|Betreff|Gesendet):(?=\s\S)",
        ),
    ),
    _Other(
        "a contract",
        3,
        re.compile(
            r"\b(?:hereinafter|governing law|this agreement|the parties (?:agree|hereto)|in witness whereof|"
            r"force majeure|indemnif\w+|terms and conditions|limitation of liability)\b",
            re.IGNORECASE,
        ),
    ),
    BOOK,
)


@dataclass(frozen=True)
class Likeness:
    """What was found in a document.

    `opening` is the text of its first page or so, `prose` its running text, `references` what stands under the
    heading of that name; `kinds` counts the different kinds of sections (methods, results …), `abstract` is whether one
    stands under its name and `any_abstract` whether there is one at all, `unlike` what its shape says that it is
    instead, if it does ("a form to be filled in"). `listed`: a program that cites put a list of references there.
    """

    title: str
    opening: str
    prose: str
    references: str = ""
    kinds: int = 0
    abstract: bool = False
    any_abstract: bool = False
    doi: bool = False
    unlike: str | None = None
    listed: bool = False

    @property
    def points(self) -> int:
        """How much speaks for a paper, less what its shape (6) or its words (3) say that it is instead."""
        cited = len(_CITATION.findall(self.prose))
        listed = self.listed or len(_ENTRY.findall(self.references)) >= 3
        found = 2 * (self.abstract + self.doi + listed + (self.kinds >= 2))
        found += (cited >= 3) + (cited >= 10) + (_PUBLISHED.search(self.opening) is not None)
        return found - (6 if self.unlike else 3 if self.other else 0)

    @property
    def other(self) -> str | None:
        """What it looks like instead of a paper, with its article; `None` when like nothing that we know."""
        return self.unlike or next((other.what for other in _OTHERS if other.fits(self.opening)), None)

    @property
    def words(self) -> int:
        return len(self.prose.split())


def refuse_unlike(likeness: Likeness, kind: str) -> None:
    """Raises `NotAPaperError` for what is no paper; `kind` names the file in its sentence ("PDF")."""
    enough_text = likeness.words >= LEAST_WORDS or likeness.any_abstract
    if likeness.title and enough_text and likeness.points >= ENOUGH:
        return
    why = (
        f"it looks like {likeness.other}"
        if likeness.other
        else "it has no abstract, references or DOI"
        if likeness.points < ENOUGH
        else "it has no running text"
        if not enough_text
        else "it has no title"
    )
    raise NotAPaperError(
        f"This {kind} does not look like a scientific paper: {why}.",
        "Hand in the paper itself as PDF, DOCX or JATS XML, or its PMID.",
    )
