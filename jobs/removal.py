"""Who leaves: a person whose account was closed, a workspace whose app was uninstalled."""

from __future__ import annotations

from typing import Final

from jobs.control import cancel
from jobs.deletion import delete
from jobs.office import Office
from storage import audit, jobs, members, removed, workspaces
from storage.records import Job, Requester

DAY: Final = 24 * 3600.0
#: How long an uninstalled workspace may come back and finds everything as it was (seconds).
KEPT: Final = 30 * DAY
#: How many jobs of one person are looked through.
_ALL: Final = 10_000


def cancel_of(office: Office, requester: Requester) -> list[Job]:
    """Cancel every unfinished job of a person whose account was closed; the jobs as they then stand.

    Their videos stay, for the admins.
    """
    db = office.database
    user = members.find(db, requester)
    if user is None:
        return []
    going_on = db.do(lambda: jobs.recent(requester.workspace, user=user, states=jobs.UNFINISHED, limit=_ALL))
    return _cancelled(office, [job.id for job in going_on], by="Hidden Hill: the account was closed")


def workspace_removed(office: Office, workspace: str) -> list[Job]:
    """The app was uninstalled: cancel what is unfinished, and purge after `KEPT`. The jobs that were cancelled."""
    db = office.database
    now = db.now()

    def leave(terms: workspaces.Terms) -> workspaces.Terms:
        return terms.model_copy(update={"removed_at": terms.removed_at or now})

    def work() -> list[str]:
        workspaces.change_terms(db, workspace, leave)
        audit.note(db, workspace, "Hidden Hill", "uninstalled", workspace)
        return [job.id for job in jobs.recent(workspace, states=jobs.UNFINISHED, limit=_ALL)]

    return _cancelled(office, db.do(work), by="Hidden Hill: the app was uninstalled")


def workspace_back(office: Office, workspace: str) -> bool:
    """The app is there again: nothing is purged. Whether it had been uninstalled."""
    db = office.database
    if workspaces.terms(db, workspace).removed_at is None:
        return False

    def work() -> bool:
        workspaces.change_terms(db, workspace, lambda now: now.model_copy(update={"removed_at": None}))
        audit.note(db, workspace, "Hidden Hill", "installed again", workspace)
        return True

    return db.do(work)


def purge(office: Office) -> int:
    """Delete everything of the workspaces that were uninstalled `KEPT` ago; how many of them are gone whole."""
    moment = office.database.now() - KEPT
    return sum(
        _purged(office, workspace, moment) for workspace in removed.removed_before(office.database, moment)
    )


def _purged(office: Office, workspace: str, moment: float) -> bool:
    db = office.database
    by = "sweeper: the app was uninstalled"
    for job in removed.jobs_left(db, workspace):
        if not removed.is_removed(db, workspace, moment):  # it came back
            return False
        cancel(office, job, by=by)
        delete(office, job, by=by)
    return removed.forget(db, workspace, removed_before=moment)


def _cancelled(office: Office, ids: list[str], *, by: str) -> list[Job]:
    answers = [cancel(office, job, by=by) for job in ids]
    return [answer for answer in answers if isinstance(answer, Job)]
