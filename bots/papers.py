"""The papers that people name: ids and addresses at PubMed, alone or in running words, and DOIs."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from bots.tidy import tidied
from pipeline.errors import UnknownSourceError
from pipeline.paper.source import parse_source

#: How ids and addresses at PubMed begin.
_AT_PUBMED: Final = re.compile(r"\s*(?:\d|pm|https?://|www\.|pubmed\.|ncbi\.)", re.IGNORECASE)
#: The papers in running words: an address, a DOI, a PMCID, a PMID with its name, a bare number of 5 to 8 digits.
_IN_WORDS: Final = (
    re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE),
    re.compile(r"\bPMC\s?\d{1,9}\b", re.IGNORECASE),
    re.compile(r"\bPMID[:\s]*\d{1,8}\b", re.IGNORECASE),
    re.compile(r"\b10\.\d{4,9}/[^\s<>|\"]+"),
    re.compile(r"(?<![\w./-])\d{5,8}(?![\w/-])"),
)
_DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s<>|\"?#]+")
#: The addresses of articles whose last part is the last part of their DOI.
_AT_NATURE: Final = re.compile(r"\bnature\.com/articles/([\w.-]+)", re.IGNORECASE)
_AT_ARXIV: Final = re.compile(r"\barxiv\b", re.IGNORECASE)
_PUNCTUATION: Final = ".,;:!?)]}'\""


def source_in(text: str) -> str | None:
    """The one paper that running words speak of; `None` when it is none or several."""
    sources = sources_in(text)
    return sources[0] if len(sources) == 1 else None


def sources_in(text: str) -> list[str]:
    """The papers that running words speak of: ids, or else DOIs, in the order in which they are named."""
    words = tidied(text)
    for form in _IN_WORDS:
        named = [found.rstrip(_PUNCTUATION) for found in form.findall(words)]
        papers = [paper for name in named if (paper := paper_id(name))]
        if papers or (papers := [name for name in named if name.startswith("10.")]):
            return list(dict.fromkeys(papers))
    doi = doi_in(words)
    return [doi] if doi else []


def paper_id(text: str) -> str | None:
    """The bare PMID ("32296183") or PMCID ("PMC7224658") of an id or an address at PubMed; `None` for all else.

    What was typed is never taken for a file of this machine.
    """
    if not _AT_PUBMED.match(text):
        return None
    try:
        source = parse_source(text.rstrip(_PUNCTUATION + " "))
    except (UnknownSourceError, OSError, ValueError, RuntimeError):
        return None
    return None if source.kind == "file" else source.value


def doi_in(text: str) -> str | None:
    """The first DOI in what was typed, or of an address that holds one."""
    if found := _DOI.search(text):
        return found[0].rstrip(_PUNCTUATION)
    found = _AT_NATURE.search(text)
    return f"10.1038/{found[1].rstrip(_PUNCTUATION)}" if found else None


def is_at_arxiv(text: str) -> bool:
    """Whether the preprint of that name lies at arXiv, of which PubMed knows little."""
    return _AT_ARXIV.search(text) is not None


def search_for(doi: str) -> str:
    """The address at PubMed where the paper with this DOI is found, if it is there."""
    return f"https://pubmed.ncbi.nlm.nih.gov/?term={quote(f'{doi}[doi]', safe='')}"
