"""A paper's record as a BibTeX entry."""

from __future__ import annotations

import re
import unicodedata

from pipeline.citation import journal, link, retraction
from pipeline.model import Author, Paper

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: rf"\{mark}" for mark in "{}%&$#_"},
}


def bibtex(paper: Paper) -> str:
    """The entry, from the record alone; what that does not hold is left out."""
    fields = {
        "author": " and ".join(_author(author) for author in paper.authors),
        "title": f"{{{_escaped(paper.title)}}}",
        "journal": _escaped(journal(paper)),
        "year": str(paper.year or ""),
        "doi": paper.doi or "",
        "pmid": paper.pmid or "",
        "url": link(paper),
        "note": retraction(paper).capitalize() or ("Preprint" if paper.preprint else ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    kind = "article" if paper.journal else "misc"
    return "\n".join([f"@{kind}{{{_key(paper)},", *lines, "}"])


def _author(author: Author) -> str:
    """ "Surname, Given" where the printed name shows which is which, else the name as one."""
    name, surname = author.name.strip(), author.surname.strip()
    if surname and name.endswith(f" {surname}"):
        return f"{_escaped(surname)}, {_escaped(name.removesuffix(surname).strip())}"
    if surname and name.startswith(f"{surname} "):
        return f"{_escaped(surname)}, {_escaped(name.removeprefix(surname).strip())}"
    return f"{{{_escaped(name)}}}"


def _key(paper: Paper) -> str:
    who = paper.authors[0].surname or paper.authors[0].name if paper.authors else "paper"
    word = next(iter(re.findall(r"[^\W\d_]{4,}", paper.title)), "")
    return _plain(who) + str(paper.year or "") + _plain(word) or "paper"


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", letters.lower())


def _escaped(words: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(words.split()))
