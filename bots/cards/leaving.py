"""The question where a file may go that was handed in, and what was answered."""

from __future__ import annotations

import json
from typing import Final

from bots.cards.card import Rich, bold, plain
from jobs.order import Leaving
from storage.quotas import dollars
from storage.records import Job

#: The deeds of the two answers on a job's card.
SEND: Final = "send-out"
KEEP: Final = "keep-local"


def question(goes: Leaving) -> Rich:
    """Names what goes where if it is sent, and what that costs at most."""
    cost = f", for {dollars(goes.cents)} at most" if goes.cents else ""
    return (
        bold("May this file leave our machines?"),
        plain(f"\nSent{cost}: {goes.what}.\nKept local: all is made here, and nothing of it leaves."),
    )


def leaving_of(job: Job) -> Leaving | None:
    """What of the job's file would leave, or did; `None` where nothing would, and of a job that is veiled."""
    told = json.loads(job.order or "{}").get("leaving")
    return None if told is None else Leaving.model_validate(told)


def answer_of(job: Job) -> str:
    """In a word what was decided of the job's file; "" where nothing was to be decided, or is open."""
    goes, cloud = leaving_of(job), json.loads(job.order or "{}").get("cloud")
    if goes is None or cloud is None:
        return ""
    return f"sent to {' and '.join(goes.to)}" if cloud else "written on our own machines"
