"""What every citation of a paper is made of, from its record alone: who, in which journal, when, and a link.

Post, screen and voice each phrase it in their own way. What the record does not hold is "".
"""

from __future__ import annotations

import re

from pipeline.model import Paper


def writers(
    paper: Paper,
    most: int,
    *,
    first: int = 1,
    surnames: bool = False,
    joined: str = ", ",
    more: str = " et al.",
) -> str:
    """The authors' names `joined`, or, when there are more than `most`, the `first` of them and `more`."""
    names = [author.surname if surnames else author.name for author in paper.authors]
    return joined.join(names) if len(names) <= most else joined.join(names[:first]) + more


def journal(paper: Paper) -> str:
    """The journal's name without the subtitle that some records carry."""
    return re.split(r"\s:\s", paper.journal or "")[0]


def year(paper: Paper) -> str:
    """The year of publication in digits."""
    return str(paper.year or "")


def retraction(paper: Paper) -> str:
    """What became of the paper: "retracted", "withdrawn", or "" where it stands."""
    return "withdrawn" if paper.withdrawn else "retracted" if paper.retracted else ""


def link(paper: Paper) -> str:
    """Where the paper is found by its DOI, or else in PubMed."""
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}/" if paper.pmid else ""
