"""Workspaces, what their admins decided, and the people in them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any, Final, Literal

from storage.database import Database
from storage.models import User, Workspace
from storage.quotas import Caps
from storage.records import OnFailure, Requester, Uploads

#: Who may use a workspace's app: all of its members, those who joined with the code, those whom an admin let in.
Access = Literal["everyone", "code", "listed"]

#: Letters of an access code that nobody mistakes for each other, and how many it has.
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 8
#: What is read for what: people type what they hear.
_MISTAKEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class Terms(Caps):
    """What a workspace allows. `approval`: a person agrees to each script before it is spoken.

    `retention_days`: finished videos go after so many days; `None`: people delete them.
    `paused`: no new jobs for now. `access` says who may use the app, `guests` whether guests of the platform
    may too. `admins` and `alerts_to` are platform user ids: whom an admin made one, and who hears what
    needs attention (nobody named: the admins). `automatic` are the ids of channels where a dropped paper starts
    at once. `code_digest` is the SHA-256 of the access code. `removed_at`: the app was uninstalled then.
    `uploads`: whether files that are handed in go to providers outside. `on_failure`: what a stage does whose provider
    failed for good, `None`: as the deployment is set up.
    """

    videos_per_user_day: int | None = 10
    videos_per_user_month: int | None = 100
    videos_per_day: int | None = 50
    videos_per_month: int | None = 500
    # One video with every provider reserves some $10 and costs some $3 (docs/costs.md).
    cents_per_user_day: int | None = 2_000
    cents_per_user_month: int | None = 5_000
    cents_per_day: int | None = 5_000
    cents_per_month: int | None = 20_000
    cents_per_job: int | None = 1_500
    approval: bool = False
    retention_days: int | None = None
    paused: bool = False
    access: Access = "everyone"
    guests: bool = False
    admins: tuple[str, ...] = ()
    automatic: tuple[str, ...] = ()
    code_digest: str | None = None
    alerts_to: tuple[str, ...] = ()
    removed_at: float | None = None
    uploads: Uploads = "ask"
    on_failure: OnFailure | None = None


def terms(db: Database, workspace: str) -> Terms:
    """What `workspace` decided; the defaults where it decided nothing."""

    def work() -> str | None:
        row: Any = Workspace.select(Workspace.settings).where(Workspace.id == workspace).tuples().first()
        return None if row is None else str(row[0])

    said = json.loads(db.do(work) or "{}")
    # A setting that an older program doesn't know is not its business.
    return Terms.model_validate({name: value for name, value in said.items() if name in Terms.model_fields})


def set_terms(db: Database, workspace: str, terms: Terms) -> None:
    """Decide. Only what differs from the defaults is written down, so new defaults reach everybody else."""
    settings = json.dumps(terms.model_dump(mode="json", exclude_defaults=True), sort_keys=True)

    def work() -> None:
        _make_workspace(db, workspace)
        Workspace.update(settings=settings).where(Workspace.id == workspace).execute()

    db.do(work)


def change_terms(db: Database, workspace: str, change: Callable[[Terms], Terms]) -> Terms:
    """Put `change` of the terms in their place; returns them. Two who change different things both succeed."""

    def work() -> Terms:
        db.alone(f"terms:{workspace}")
        changed = change(terms(db, workspace))
        set_terms(db, workspace, changed)
        return changed

    return db.do(work)


def rotate_code(db: Database, workspace: str) -> str:
    """A new access code, 8 letters and digits; the one before lets nobody in any more. It is told this once only."""
    code = "".join(secrets.choice(_CROCKFORD) for _ in range(_CODE_LENGTH))
    digest = _code_digest(code)
    change_terms(db, workspace, lambda now: now.model_copy(update={"code_digest": digest}))
    return code


def is_code(terms: Terms, typed: str) -> bool:
    """Whether `typed` is the access code; case, spaces, dashes and mistakable letters don't matter."""
    digest = _code_digest(typed)
    return terms.code_digest is not None and hmac.compare_digest(digest, terms.code_digest)


def user_id(db: Database, requester: Requester) -> int:
    """The number of this person in this workspace; both are written down when they are new."""

    def work() -> int:
        _make_workspace(db, requester.workspace)
        User.insert(
            workspace=requester.workspace,
            platform=requester.platform,
            platform_user=requester.user,
            name=requester.name[:200],
            created_at=db.now(),
        ).on_conflict_ignore().execute()
        row: Any = User.get(
            User.workspace == requester.workspace,
            User.platform == requester.platform,
            User.platform_user == requester.user,
        )
        if requester.name and row.name != requester.name[:200]:
            User.update(name=requester.name[:200]).where(User.id == row.id).execute()
        return int(row.id)

    return db.do(work)


def requester(db: Database, user: int) -> Requester:
    """The person with this number; whether they are an admin is not remembered. Raises `LookupError`."""

    def work() -> User | None:
        return User.get_or_none(User.id == user)

    row: Any = db.do(work)
    if row is None:
        raise LookupError(f"no user {user}")
    return Requester(
        workspace=row.workspace, platform=row.platform, user=row.platform_user, name=row.name, admin=False
    )


def _code_digest(typed: str) -> str:
    return hashlib.sha256(typed.upper().translate(_MISTAKEN).strip().encode()).hexdigest()


def _make_workspace(db: Database, workspace: str) -> None:
    Workspace.insert(id=workspace, created_at=db.now()).on_conflict_ignore().execute()
