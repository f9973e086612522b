"""Jobs with a message in a chat, and a messenger that shows and says what there is."""

from __future__ import annotations

from typing import Any

from storage import chat, jobs, workspaces
from storage.chat import Chat
from storage.database import Database
from storage.jobs import NewJob
from storage.records import JobState, Requester

ADA = Requester(workspace="slack:T1", platform="slack", user="U1", name="Ada")


DAY = 24 * 3600.0


def add(db: Database, job: str, state: JobState = JobState.QUEUED) -> None:
    """A job of Ada's."""
    new = NewJob(
        id=job,
        workspace=ADA.workspace,
        user=workspaces.user_id(db, ADA),
        private=False,
        order='{"source":"1"}',
        source="1",
        sameness=job,
        state=state,
        stage="fetch-paper",
        needs_approval=False,
        estimate_cents=0,
        token=f"token-{job}",
    )
    db.do(lambda: jobs.add(db, new))


def change(db: Database, job: str, **to: Any) -> None:
    """Change a job's row."""
    assert db.do(lambda: jobs.change(db, job, JobState, **to))


def opened(db: Database, job: str, **more: Any) -> Chat:
    """The job's message, opened where Ada asked for it."""
    said: dict[str, Any] = {
        "platform": "slack",
        "workspace": ADA.workspace,
        "channel": "C1",
        "kind": "public",
    }
    chat.open_chat(db, job=job, **(said | more))
    return there(db, job)


def there(db: Database, job: str) -> Chat:
    """The job's message as it is now."""
    found = chat.chat_of(db, job)
    assert found is not None
    return found


def shown(db: Database, job: str, *names: str, owner: str = "bot") -> None:
    """All that there is to show and say of the job is shown and said, as one messenger does."""
    held = chat.take(db, job, owner, 30.0)
    row = db.do(lambda: jobs.find(job))
    assert held is not None
    assert row is not None
    for name in names:
        assert chat.note_said(db, job, owner, name)
    message = held.message or f"m-{job}"
    assert chat.keep_shown(db, job, owner, message=message, shown_revision=row.revision)
    chat.release(db, job, owner)


def settled(db: Database, job: str) -> None:
    """Its end is told too."""
    shown(db, job, f"end:{there(db, job).round}")
