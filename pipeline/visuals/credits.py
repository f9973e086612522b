"""Who made it, where it stands, what may be done with it: the lines of small type, from the record only."""

from __future__ import annotations

from pipeline.citation import journal, link, writers, year
from pipeline.licences import licence_name
from pipeline.model import Figure, Footage, Paper


def citation(paper: Paper) -> str:
    """ "Silva et al. 2018", as far as it is known."""
    who = writers(paper, 2, surnames=True, joined=" & ")
    return " ".join(part for part in (who, year(paper)) if part)


def figure_credit(paper: Paper, figure: Figure) -> str:
    """ "Figure 2 · Silva et al. 2018 · CC BY 4.0"; what is unknown is left out.

    A third party's figure carries no licence here: the paper's own does not cover it.
    """
    licence = "" if figure.third_party else licence_name(paper.licence)
    return " · ".join(part for part in (figure.label.rstrip(" .:"), citation(paper), licence) if part)


def footage_credit(footage: Footage) -> str:
    """What viewers are owed to know of moving pictures that nobody filmed."""
    return f"Footage: generated ({footage.provider})"


def byline(paper: Paper) -> str:
    """Authors (three at most), journal and year: the line under the title."""
    return " · ".join(part for part in (_authors(paper), _where(paper)) if part)


def source_facts(paper: Paper) -> tuple[str, ...]:
    """The lines of the source card under the title: authors, journal and year, DOI or other id, licence."""
    number = f"PMID {paper.pmid}" if paper.pmid else paper.pmcid or ""
    doi = link(paper).removeprefix("https://") if paper.doi else ""
    lines = (
        _authors(paper),
        _where(paper),
        doi or number,
        f"Licence: {licence_name(paper.licence) if paper.licence else 'not stated'}",
    )
    return tuple(line for line in lines if line)


def _authors(paper: Paper) -> str:
    return writers(paper, 3, first=3)


def _where(paper: Paper) -> str:
    return ", ".join(part for part in (journal(paper), year(paper)) if part)
