"""How much of its caps each workspace has used, for whoever watches the money."""

from __future__ import annotations

from typing import Final

from storage.database import Database
from storage.ledger import usage
from storage.models import Workspace
from storage.quotas import Span
from storage.records import Record
from storage.tuples import tuples
from storage.workspaces import terms

#: No user has this row id: only the workspace's own spans are wanted.
_NOBODY: Final = -1


class Budget(Record):
    """A workspace's cents of one span ("day", "month"): `used` is what is spent or reserved, as a part of the cap."""

    workspace: str
    span: str
    used: float


def budgets(db: Database) -> list[Budget]:
    """The budgets of every workspace that has a cap on cents."""
    return db.do(
        lambda: [budget for (name,) in tuples(Workspace.select(Workspace.id)) for budget in _of(db, name)]
    )


def _of(db: Database, workspace: str) -> list[Budget]:
    used = usage(db, workspace, _NOBODY, terms(db, workspace))
    spans = {"day": used.workspace_day, "month": used.workspace_month}
    return [
        Budget(workspace=workspace, span=name, used=_share(span, span.cents_cap))
        for name, span in spans.items()
        if span.cents_cap is not None
    ]


def _share(span: Span, cap: int) -> float:
    cents = span.spent_cents + span.reserved_cents
    return cents / cap if cap else float(cents > 0)
