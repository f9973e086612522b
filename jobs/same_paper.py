"""One paper by whatever name: its PMID, its PMCID and its DOI lead to the same video, once a job has read it."""

from __future__ import annotations

from jobs.office import Office
from jobs.order import JobOrder, named_paper
from storage import jobs


def known_as(office: Office, workspace: str, order: JobOrder) -> str | None:
    """The name under which the order's paper was first asked for in this workspace ("pmid:32296183").

    `None` for files, and for papers that no job has read yet: which ids are one paper's is only known then.
    """
    asked = None if order.upload else named_paper(order.source)
    if asked is None:
        return None
    kind, _, number = asked.partition(":")
    before = office.database.do(lambda: jobs.sources_of(workspace, kind, number))
    return next((name for source in before if (name := named_paper(source))), None)
