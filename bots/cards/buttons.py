"""The buttons of cards. The name of a deed is what the desk listens to; its value is the job's id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bots.cards.card import Button, Confirm
from bots.cards.wording import money
from storage.records import Job


def cancel(job: Job) -> Button:
    """Stop a job that is under way."""
    spent = f" {money(job.spent_cents)} is spent and stays spent." if job.spent_cents else ""
    confirm = Confirm(
        title="Stop this video?",
        text=f"What is made so far is kept for a while: Retry goes on from there.{spent}",
        yes="Stop it",
        no="Go on",
    )
    return Button(label="Cancel", deed="cancel", value=job.id, confirm=confirm)


def retry(job: Job, label: str = "Retry") -> Button:
    """Go on with a failed or cancelled job."""
    return Button(label=label, deed="retry", value=job.id, style="primary")


def attach(job: Job, *, first: bool = False) -> Button:
    """Go on with the same job, with the paper's PDF; `first`: nothing else helps."""
    style: Literal["normal", "primary"] = "primary" if first else "normal"
    return Button(label="Attach the PDF", deed="attach", value=job.id, style=style)


def delete(job: Job) -> Button:
    """Delete a video, once that is confirmed."""
    confirm = Confirm(
        title="Delete this video?",
        text="The video, its captions and everything made for it are deleted for good, and its link ends.",
        yes="Delete",
        no="Keep it",
        danger=True,
    )
    return Button(label="Delete", deed="delete", value=job.id, confirm=confirm)


def redo(job: Job) -> Button:
    """Choose a scene to be made anew."""
    return Button(label="Redo a scene", deed="redo", value=job.id)


def keep(job: Job) -> Button:
    """Keep a video that would be deleted after its time."""
    return Button(label="Keep it", deed="keep", value=job.id)


def rebuild(job: Job) -> Button:
    """Make a video again whose file is gone."""
    return Button(label="Make it again, free", deed="rebuild", value=job.id, style="primary")


def watch(job: Job, label: str = "Watch") -> Button | None:
    """Open the video's link, where there is one."""
    return Button(label=label, deed="watch", value=job.id, url=job.link) if job.link else None


def consent(to: Sequence[str], send: str, keep: str, *, deeds: tuple[str, str]) -> tuple[Button, ...]:
    """What can be said to the question where a file may go: `send` and `keep` are the values of the two `deeds`."""
    return (
        Button(label=f"Send to {' and '.join(to)}", deed=deeds[0], value=send),
        Button(label="Keep local", deed=deeds[1], value=keep),
    )


def approve(job: Job, script: str = "") -> Button:
    """Go on with the script that waits for approval: no other than `script`, where that is named."""
    value = f"{job.id}:{script}" if script else job.id
    return Button(label="Approve", deed="approve", value=value, style="primary")


def approvals(job: Job, script: str = "") -> tuple[Button, ...]:
    """What can be said to the script of that name, which waits for approval."""
    discard = Confirm(
        title="Discard this script?",
        text="The job is cancelled and no video is made. Nothing more is spent.",
        yes="Discard",
        no="Keep it",
        danger=True,
    )
    return (
        approve(job, script),
        Button(label="Edit", deed="edit", value=job.id),
        Button(label="Shorter", deed="shorter", value=job.id),
        Button(label="Discard", deed="discard", value=job.id, style="danger", confirm=discard),
    )
