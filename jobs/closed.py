"""Papers whose full text nobody may read for free: what is told of them is told from the abstract."""

from __future__ import annotations

from jobs.order import JobOrder
from storage.records import Job, PaperCard


def is_told_from_abstract(paper: PaperCard) -> bool:
    """Whether the full text was not at hand, so that the paper's file would help."""
    from pipeline.paper.jats import ABSTRACT_ONLY

    return ABSTRACT_ONLY in paper.notes


def is_offered(job: Job) -> bool:
    """Whether a video of the abstract is offered before it is made: nobody said that the abstract will do."""
    return is_told_from_abstract(job.paper) and JobOrder.model_validate_json(job.order).offer_closed
