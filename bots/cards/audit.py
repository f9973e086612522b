"""The audit log in words: who did what to which video, or decided what for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from bots.cards.card import Card, Paragraph, bold, plain
from storage.audit import AuditEntry

#: What each action is called; `what` is a video or a person, `detail` as it was noted.
_DID: Final = {
    "cancel": "cancelled {what}",
    "retry": "retried {what}",
    "redo": "had {detail} of {what} redone",
    "rebuild": "had {what} made again",
    "approve": "approved {what}",
    "send-out": "let the file of {what} go to {detail}",
    "keep-local": "kept the file of {what} on our own machines",
    "uploads": "said which files go to providers outside: {detail}",
    "on-failure": "said what happens when a provider fails: {detail}",
    "shorten": "had the script of {what} shortened",
    "attach": "handed in a PDF for {what}",
    "keep": "kept {what} for good",
    "delete": "deleted {what}",
    "set-terms": "set limits: {detail}",
    "allow": "said who may have videos made: {detail}",
    "guests": "turned videos for guests {detail}",
    "approval": "turned the approval of scripts {detail}",
    "retention": "set after how many days videos go: {detail}",
    "pause": "paused everything",
    "resume": "resumed everything",
    "auto": "turned videos without a question {detail} in {what}",
    "add-admin": "made {what} an admin",
    "remove-admin": "made {what} no admin any more",
    "alerts": "turned alerts {detail} for {what}",
    "block": "blocked {what}",
    "unblock": "unblocked {what}",
    "let-in": "let {what} in",
    "shut-out": "shut {what} out again",
    "rotate-code": "changed the access code",
    "join": "joined with the access code",
    "join-wrong": "tried a wrong access code",
    "forget-me": "was forgotten",
    "uninstalled": "saw the app uninstalled",
    "installed again": "saw the app installed again",
}


def audit_lines(entries: Sequence[AuditEntry], names: Mapping[str, str] | None = None) -> list[str]:
    """The lines of the log as people read them, the newest first.

    `names` are those of the people that are known, and the titles of videos in quotes.
    """
    known = names or {}
    return [
        f"{datetime.fromtimestamp(one.at, UTC):%d %b %H:%M}  {known.get(one.actor) or one.actor} {_did(one, known)}"
        for one in entries
    ]


def audit_card(entries: Sequence[AuditEntry], names: Mapping[str, str] | None = None) -> Card:
    """The audit log, newest first; times are UTC."""
    words = "\n".join(audit_lines(entries, names)) or "Nothing yet."
    head = Paragraph(spans=(bold("What was done"), plain("  (UTC, newest first)")))
    return Card(text="What was done, newest first.", blocks=(head, Paragraph(spans=(plain(words),))))


def _did(entry: AuditEntry, known: Mapping[str, str]) -> str:
    what = known.get(entry.target) or entry.target
    did, detail = _DID.get(entry.action, f"{entry.action} {{what}}"), entry.detail
    if entry.action == "approve" and detail:  # the key of the script that they wrote
        did, detail = f"{did} with words of their own", ""
    told = did.format(what=what, detail=detail.rstrip("."))
    return told if "{detail}" in did or not detail else f"{told} ({detail})"
