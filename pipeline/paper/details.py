"""What is told by a paper's own words once they are read, whatever they were read from."""

from __future__ import annotations

from pipeline.model import Paper
from pipeline.paper.figure_mentions import with_mentions
from pipeline.paper.figure_panels import read_panels
from pipeline.paper.quantities import read_quantities


def with_details(paper: Paper) -> Paper:
    """The paper with the panels and mentions of its figures, and the numbers of the abstract that is told."""
    figures = (
        figure.model_copy(update={"panels": read_panels(figure.caption)})
        for figure in with_mentions(paper.figures, paper.sections)
    )
    abstract = paper.english.abstract if paper.english else paper.abstract
    return paper.model_copy(update={"figures": tuple(figures), "quantities": read_quantities(abstract)})
