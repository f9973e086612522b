"""`hidden-hill quota`: what may be had, what was, and how to change it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.desk import AsJson
from cli.environment import read_settings
from cli.words import clock
from cli.reporting import AT_A_TERMINAL, said
from cli.terminal import WORKSPACE, terminal_user
from jobs.opening import opened_database
from pipeline.errors import UsageError
from storage import audit
from storage.database import Database
from storage.ledger import usage
from storage.quotas import Caps, Span, dollars
from storage.workspaces import Terms, set_terms, terms, user_id


def quota(
    workspace: Annotated[str, typer.Option(help="Another workspace, like slack:T0123.")] = WORKSPACE,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=NUMBER", help="Change a limit; “none” lifts it. May be repeated."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the limits and what is used of them; change them with --set videos_per_user_day=5."""
    with said(), opened_database(read_settings(), patience=AT_A_TERMINAL) as database:
        if set_:
            change(database, workspace, set_)
        now = terms(database, workspace)
        me = user_id(database, terminal_user())
        used = usage(database, workspace, me, now)
        if json:
            typer.echo(used.model_dump_json(indent=1))
            return
        for name, span in (
            ("you, today", used.user_day),
            ("you, this month", used.user_month),
            ("workspace, today", used.workspace_day),
            ("workspace, this month", used.workspace_month),
        ):
            typer.echo(f"{name:<22} {_said(span)}")


def change(database: Database, workspace: str, changes: list[str]) -> Terms:
    """Set limits of a workspace, each written NAME=NUMBER. Raises `UsageError` for what is no limit."""
    new: dict[str, int | None] = {}
    for text in changes:
        name, _, value = text.partition("=")
        if name not in Caps.model_fields:
            raise UsageError(f"There is no limit “{name}”.", f"There are: {', '.join(Caps.model_fields)}.")
        if value != "none" and not value.isdecimal():
            raise UsageError(f"“{value}” is no limit.", "Give a whole number, or “none” to lift the limit.")
        new[name] = None if value == "none" else int(value)
    changed = terms(database, workspace).model_copy(update=new)

    def work() -> None:
        set_terms(database, workspace, changed)
        audit.note(
            database, workspace, f"terminal:{terminal_user().user}", "set-terms", workspace, " ".join(changes)
        )

    database.do(work)
    return changed


def _said(span: Span) -> str:
    videos = f"{span.videos} of {'any number' if span.videos_cap is None else span.videos_cap} videos"
    cap = "any amount" if span.cents_cap is None else dollars(span.cents_cap)
    held = f" ({dollars(span.reserved_cents)} of it held)" if span.reserved_cents else ""
    money = f"{dollars(span.spent_cents + span.reserved_cents)} of {cap}{held}"
    return f"{videos}, {money}; anew from {clock(span.ends_at)}"
