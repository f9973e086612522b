"""What an admin decided is written into the workspace's terms, and noted in its audit log, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bots.desk.access import Standing
from bots.desk.replies import House, Reply, said
from storage import audit, workspaces
from storage.workspaces import Terms

Decision = Callable[[Terms], Terms]


def decided(
    house: House, me: Standing, update: dict[str, Any], action: str, sentence: str, *, detail: str = ""
) -> Reply:
    """Put `update` into the terms; the answer is `sentence`."""
    return changed(house, me, lambda now: now.model_copy(update=update), action, sentence, detail=detail)


def changed(
    house: House,
    me: Standing,
    change: Decision,
    action: str,
    sentence: str,
    *,
    target: str = "",
    detail: str = "",
) -> Reply:
    """The same for a `change` of the terms as they stand; `target` is whom or what it is about, else the workspace."""
    db, workspace = house.office.database, me.who.workspace

    def work() -> None:
        workspaces.change_terms(db, workspace, change)
        audit.note(db, workspace, me.by, action, target or workspace, detail)

    db.do(work)
    return said(sentence)
