"""Where a file may go that is named in the terminal: said, asked, or kept here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from jobs.kit import Kit
from jobs.leaving import decided, leaving
from jobs.order import JobOrder
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from jobs.office import Office


def tell_what_leaves(kit: Kit, *, own_script: bool = False) -> None:
    """Say in a line where the text of a file goes that a video is made of at once; nothing where it stays."""
    order = JobOrder(source="file", upload="file", script="script" if own_script else None)
    if (goes := leaving(kit, order)) is not None:
        from cli.reporting import hint

        hint(f"This sends {goes.what}. --local makes all of it here.")


def with_consent(office: Office, kit: Kit, workspace: str, order: JobOrder, said: bool | None) -> JobOrder:
    """The order with what is known of where its file may go: as `said`, as the workspace decided, else as answered.

    Where nobody can be asked the file is kept, and that is told. Raises `UsageError` where it shall be sent and the
    workspace keeps files.
    """
    from cli.reporting import hint
    from storage.workspaces import terms

    uploads = terms(office.database, workspace).uploads
    goes = leaving(kit, order)
    order = decided(order, goes, uploads, said=said)
    if goes is None:
        return order
    if said and not order.may_leave:
        raise UsageError(
            "Files stay on our own machines here.",
            "Leave --cloud out, or: hidden-hill quota --set uploads=ask",
        )
    if not order.asks:
        return order
    if sys.stdin.isatty() and sys.stderr.isatty():
        question = f"May this file leave our machines? Sent: {goes.what}. Send it?"
        return order.model_copy(update={"cloud": typer.confirm(question, default=False, err=True)})
    hint(f"The file stays on our own machines. --cloud sends {goes.what}.")
    return order.model_copy(update={"cloud": False})
