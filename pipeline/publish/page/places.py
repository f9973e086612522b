"""Where in the paper a passage stands: in words, and as a link that opens the paper there."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from pipeline.model import Evidence, Paper

#: Words at either end of a long passage that a link names; a shorter passage is named whole.
_END: Final = 6


def place_of(evidence: Evidence) -> str:
    """ "Results, page 4", as far as it is known."""
    page = f"page {evidence.page}" if evidence.page else ""
    return ", ".join(part for part in (evidence.section.strip().rstrip(".:"), page) if part)


def link_to(paper: Paper, evidence: Evidence) -> str:
    """The paper's text in PMC, or its abstract in PubMed, opened at the passage; "" where neither has it.

    The place is a text fragment: a browser that knows none opens the same page at its beginning.
    """
    if paper.pmcid:
        page = f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(paper.pmcid)}/"
    elif paper.pmid and evidence.section == "Abstract":
        page = f"https://pubmed.ncbi.nlm.nih.gov/{quote(paper.pmid)}/"
    else:
        return ""
    return f"{page}#:~:text={_fragment(evidence.quote)}"


def _fragment(passage: str) -> str:
    words = passage.split()
    if len(words) <= 2 * _END:
        return _encoded(words)
    return f"{_encoded(words[:_END])},{_encoded(words[-_END:])}"


def _encoded(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
