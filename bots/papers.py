"""The papers that people name: ids, DOIs and addresses at PubMed and doi.org, alone or in running words."""

from __future__ import annotations

import re
from typing import Final

from bots.tidy import tidied
from pipeline.errors import UnknownSourceError
from pipeline.paper.doi import doi_of, without_punctuation
from pipeline.paper.source import parse_source

#: How ids, DOIs and their addresses begin.
_AN_ID: Final = re.compile(
    r"\s*(?:\d|pm|(?:info:|urn:)?doi|dx\.|https?://|www\.|pubmed\.|ncbi\.)", re.IGNORECASE
)
#: The papers in running words: an address, a DOI, a PMCID, a PMID with its name, a bare number of 5 to 8 digits.
_IN_WORDS: Final = (
    re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE),
    re.compile(r"\bPMC\s?\d{1,9}\b", re.IGNORECASE),
    re.compile(r"\bPMID[:\s]*\d{1,8}\b", re.IGNORECASE),
    re.compile(r"\b10\.\d{4,9}/[^\s<>|\"]+"),
    re.compile(r"(?<![\w./-])\d{5,8}(?![\w/-])"),
)
#: A DOI inside of another site's address, up to what such addresses put behind it.
_INSIDE: Final = re.compile(r"\b10\.\d{4,9}/[^\s<>|\"?#]+")
#: The addresses of articles whose last part is the last part of their DOI.
_AT_NATURE: Final = re.compile(r"\bnature\.com/articles/([\w.-]+)", re.IGNORECASE)
_AT_ARXIV: Final = re.compile(r"\barxiv\b", re.IGNORECASE)


def source_in(text: str) -> str | None:
    """The one paper that running words speak of; `None` when it is none or several."""
    sources = sources_in(text)
    return sources[0] if len(sources) == 1 else None


def sources_in(text: str) -> list[str]:
    """The papers that running words speak of: ids, or else DOIs, in the order in which they are named.

    Where there is none, the DOI that some other address holds.
    """
    words = tidied(text)
    for form in _IN_WORDS:
        named = [without_punctuation(found) for found in form.findall(words)]
        papers = [paper for name in named if (paper := paper_id(name))]
        if papers:
            ids = [paper for paper in papers if not paper.startswith("10.")]
            return list(dict.fromkeys(ids or papers))
    doi = doi_inside(words)
    return [doi] if doi else []


def paper_id(text: str) -> str | None:
    """The bare PMID ("32296183"), PMCID ("PMC7224658") or DOI of an id or its address; `None` for all else.

    What was typed is never taken for a file of this machine.
    """
    if not _AN_ID.match(text):
        return None
    try:
        source = parse_source(without_punctuation(text.strip()))
    except (UnknownSourceError, OSError, ValueError, RuntimeError):
        return None
    return None if source.kind == "file" else source.value


def doi_inside(text: str) -> str | None:
    """The DOI that an address of another site seems to hold: it may be the paper's own, or a part of something else."""
    if found := _INSIDE.search(text):
        return doi_of(found[0])
    found = _AT_NATURE.search(text)
    return doi_of(f"10.1038/{found[1]}") if found else None


def is_at_arxiv(text: str) -> bool:
    """Whether the preprint of that name lies at arXiv, of which PubMed knows little."""
    return _AT_ARXIV.search(text) is not None
