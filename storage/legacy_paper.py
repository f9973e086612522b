"""What an older system's `paper.json` says of a paper, whatever it called its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from storage.records import PaperCard

_TITLE: Final = ("title", "articletitle", "papertitle")
_AUTHORS: Final = ("authors", "authorlist", "author")
_JOURNAL: Final = ("journal", "journaltitle", "publication", "journalname", "containertitle")
_YEAR: Final = ("year", "publicationyear", "pubyear", "publicationdate", "pubdate", "publisheddate", "date")
_PMID: Final = ("pmid", "pubmedid")
_PMCID: Final = ("pmcid", "pmc")
_NAME: Final = ("name", "fullname")
_GIVEN: Final = ("given", "forename", "firstname", "givennames", "initials")
_FAMILY: Final = ("family", "lastname", "surname", "familyname")


def legacy_paper(file: Path) -> PaperCard:
    """The record as far as it can be read; empty when the file is missing or holds something else."""
    try:
        said = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return PaperCard()
    fields = _flat(said) if isinstance(said, dict) else {}
    pmid = re.search(r"\d{1,8}", _text(_first(fields, _PMID)))
    pmcid = re.search(r"\d{1,9}", _text(_first(fields, _PMCID)))
    doi = re.search(r"10\.\d{4,9}/\S+", _text(fields.get("doi")))
    year = re.search(r"\b(?:1[89]|20)\d\d\b", _text(_first(fields, _YEAR)))
    return PaperCard(
        title=_text(_first(fields, _TITLE)),
        authors=_authors(_first(fields, _AUTHORS)),
        journal=_text(_first(fields, _JOURNAL)) or None,
        year=int(year[0]) if year else None,
        doi=doi[0] if doi else None,
        pmid=pmid[0] if pmid else None,
        pmcid=f"PMC{pmcid[0]}" if pmcid else None,
    )


def _flat(said: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by their bare names ("Pub-Year" → "pubyear"); those of inner objects where the outer has none."""
    fields: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    for name, value in said.items():
        fields[re.sub(r"[^a-z]", "", name.lower())] = value
        if isinstance(value, dict):
            inner |= {re.sub(r"[^a-z]", "", key.lower()): held for key, held in value.items()}
    return inner | {name: value for name, value in fields.items() if value not in (None, "")}


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((fields[name] for name in names if fields.get(name) not in (None, "", [])), None)


def _text(value: object) -> str:
    """The value as one line: a list's first entry, an object's title or name."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(_first(_flat(value), ("title", "name", "value", "year")))
    return " ".join(str(value).split()) if isinstance(value, str | int) and value is not True else ""


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        names = re.split(r";|\band\b", value) if ";" in value else re.split(r",| and ", value)
    elif isinstance(value, list):
        names = [_author(entry) for entry in value]
    else:
        return ()
    return tuple(" ".join(name.split()) for name in names if name.strip())


def _author(entry: object) -> str:
    if isinstance(entry, dict):
        fields = _flat(entry)
        whole = _text(_first(fields, _NAME))
        return whole or f"{_text(_first(fields, _GIVEN))} {_text(_first(fields, _FAMILY))}"
    return _text(entry)
