"""The files that people hand in with an order (`jobs.uploads`): who needs them, and when they go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from jobs.office import Office
from jobs.order import JobOrder
from storage import doomed
from storage.quotas import Refusal

#: What was just handed in while nobody needed it, and is being deleted for that.
GOING: Final = Refusal(
    sentence="This file is just being deleted, as no video needed it any more. Hand it in again in a minute.",
    possible_at=None,
    limit="file-going",
)


def keys_of(order: JobOrder) -> set[str]:
    """The object keys of what was handed in with an order."""
    return {key for key in (order.upload, order.script) if key is not None}


def going(office: Office, keys: Iterable[str]) -> bool:
    """Whether one of these can't be ordered at this moment. Inside `do`, alone with the workspace."""
    return doomed.being_deleted(office.database, keys)


def not_taken(office: Office, workspace: str, keys: Iterable[str]) -> None:
    """No job came of these: they go after a day, unless they are ordered again. Inside `do`."""
    doomed.doom(office.database, workspace, keys, after=doomed.UNORDERED)


def replaced(office: Office, workspace: str, before: str, now: str) -> None:
    """An order, as JSON, took the place of another: what only that one named goes, unless it is needed. Inside `do`."""
    old, new = (keys_of(JobOrder.model_validate_json(order)) for order in (before, now))
    doomed.doom(office.database, workspace, old - new)
