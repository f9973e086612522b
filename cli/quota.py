"""`hidden-hill quota`: what may be had, what was, and how to change it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from cli.as_json import AsJson
from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL, said
from cli.terminal import WORKSPACE, terminal_user
from jobs.opening import opened_database, refuse_to_lose
from pipeline.errors import UsageError
from settings import Settings
from storage import audit
from storage.cap_words import NAMES, cap_of, wanted
from storage.database import Database
from storage.ledger import usage
from storage.quotas import Caps, Span, Usage, dollars
from storage.records import Record
from storage.workspaces import Terms, set_terms, terms, user_id


def quota(
    workspace: Annotated[str, typer.Option(help="Another workspace, like slack:T0123.")] = WORKSPACE,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Change a limit (a number, or “none” to lift it; money in US dollars), retention_days, approval "
            "or paused (yes or no), uploads (ask, cloud or local), on_failure (fall-back, fail or none). "
            "May be repeated.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the limits and what is used of them; change them with --set videos_per_user_day=5."""
    with said():
        settings = read_settings()
        if set_:
            refuse_to_lose(settings)
        _quota(settings, workspace, set_ or [], json=json)


def _quota(settings: Settings, workspace: str, changes: list[str], *, json: bool) -> None:
    with opened_database(settings, patience=AT_A_TERMINAL) as database:
        if changes:
            change(database, workspace, changes)
        now = terms(database, workspace)
        used = usage(database, workspace, user_id(database, terminal_user()), now)
        if json:
            typer.echo(Standing(workspace=workspace, terms=now, used=used).model_dump_json())
            return
        for name, span in (
            ("you, today", used.user_day),
            ("you, this month", used.user_month),
            ("workspace, today", used.workspace_day),
            ("workspace, this month", used.workspace_month),
        ):
            typer.echo(f"{name:<22} {_said(span)}")
        for line in _decided(now):
            typer.echo(line)


#: What of a workspace's terms is decided here: its limits, and what needs no chat.
DECIDED_HERE = (*NAMES, "approval", "retention_days", "paused", "uploads", "on_failure")
#: What these may be.
_CHOICES: Final = {
    "uploads": ("ask", "cloud", "local"),
    "on_failure": ("fall-back", "fail", "none"),
}


class Standing(Record):
    """What a workspace decided, and what was had of it."""

    workspace: str
    terms: Terms
    used: Usage


def change(database: Database, workspace: str, changes: list[str]) -> Terms:
    """Decide for a workspace, each written NAME=VALUE; noted in its audit log. Raises `UsageError`."""
    new: dict[str, int | bool | str | None] = {}
    for text in changes:
        name, told, value = text.partition("=")
        if name not in (*DECIDED_HERE, *Caps.model_fields):
            raise UsageError(f"There is no limit “{name}”.", f"There are: {', '.join(DECIDED_HERE)}.")
        if not told:
            raise UsageError(f"What {name} shall be is not said.", f"Write it behind: --set {name}=VALUE.")
        if name in _CHOICES:
            new[name] = _choice(name, value)
            continue
        if name in Terms.model_fields and name not in Caps.model_fields:
            new[name] = _yes_or_no(value) if Terms.model_fields[name].annotation is bool else _number(value)
            continue
        read = cap_of(name, value)
        if read is None:
            raise UsageError(f"“{value}” is no limit.", f"Give {wanted(name)}, or “none” to lift the limit.")
        new[read[0]] = read[1]

    def work() -> Terms:
        database.alone(f"workspace:{workspace}")
        changed = terms(database, workspace).model_copy(update=new)
        set_terms(database, workspace, changed)
        audit.note(
            database, workspace, f"terminal:{terminal_user().user}", "set-terms", workspace, " ".join(changes)
        )
        return changed

    return database.do(work)


def _number(value: str) -> int | None:
    if value == "none":
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise UsageError(f"“{value}” is no limit.", "Give a whole number, or “none” to lift the limit.")
    return int(value)


def _choice(name: str, value: str) -> str | None:
    if value not in _CHOICES[name]:
        raise UsageError(f"“{value}” is nothing that {name} can be.", f"It is {', '.join(_CHOICES[name])}.")
    return None if value == "none" else value


def _yes_or_no(value: str) -> bool:
    if value not in {"yes", "no"}:
        raise UsageError(f"“{value}” is neither yes nor no.")
    return value == "yes"


def _said(span: Span) -> str:
    videos = f"{span.videos}{'' if span.videos_cap is None else f' of {span.videos_cap}'} videos"
    cap = "" if span.cents_cap is None else f" of {dollars(span.cents_cap)}"
    held = f" ({dollars(span.reserved_cents)} held)" if span.reserved_cents else ""
    money = f"{dollars(span.spent_cents + span.reserved_cents)}{cap}{held}"
    return f"{videos}, {money}; anew {datetime.fromtimestamp(span.ends_at, UTC):%-d %b, %H:%M} UTC"


def _decided(now: Terms) -> list[str]:
    lines = []
    if now.cents_per_job is not None:
        lines.append(f"One video may cost {dollars(now.cents_per_job)} at most.")
    if now.approval:
        lines.append("Each script waits for a person's approval.")
    if now.retention_days is not None:
        lines.append(f"Finished videos are deleted after {now.retention_days} days.")
    uploads = {"cloud": "go to Gemini and Runway without a question", "local": "stay on our own machines"}
    if now.uploads in uploads:
        lines.append(f"Files that are handed in {uploads[now.uploads]}.")
    failing = {"fall-back": "what is embedded takes over", "fail": "the video fails"}
    if now.on_failure is not None:
        lines.append(f"When a provider fails, {failing[now.on_failure]}.")
    if now.paused:
        lines.append("This workspace is paused: no videos are made.")
    return lines
