"""What is to be done next so that a job's message and its thread say what its row says. It only reads."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Final, Literal

from bots.messenger.sight import Sight
from storage.records import JobState, Record

#: Told on top of it, once the job's message had to move to a direct message.
MOVED: Final = "moved"
MOVED_TOLD: Final = "moved-told"
#: Nobody can be told any more, not even by a direct message.
UNREACHABLE: Final = "unreachable"

Kind = Literal[
    "post",
    "edit",
    "moved",
    "script",
    "approval",
    "answered",
    "upload",
    "end",
    "react",
    "unreact",
    "remove",
]


class Level(IntEnum):
    """What goes first when not everything can be said at once."""

    #: A first message, and how a job ended.
    STATE = 0
    #: What its requester waits for.
    NEWS = 1
    #: That it came to its next stage.
    STAGE = 2
    #: What stands beside it.
    MORE = 3
    #: How far it is.
    PROGRESS = 4


class Step(Record):
    """One thing to do. `name` is how it is called in `Chat.said`; for "remove" and "answered" what it is done to."""

    kind: Kind
    name: str = ""
    level: Level


#: States that lead on by themselves, so that what is shown will be changed again.
_MOVING: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.WAITING})


def next_step(sight: Sight) -> Step | None:
    """The next thing to do, `None` when all is shown and said."""
    if sight.said.has(UNREACHABLE):
        return None
    return min(_pending(sight), key=lambda step: step.level, default=None)


def _pending(sight: Sight) -> Iterator[Step]:
    at = sight.chat
    if at.message is None and not at.gone:
        if sight.job.state is not JobState.DELETED:
            told = not sight.said.has(MOVED) or sight.said.has(MOVED_TOLD)
            yield Step(kind="post" if told else "moved", name="" if told else MOVED_TOLD, level=Level.STATE)
            return
    elif not at.gone and at.shown_digest != sight.card.digest():
        moving = sight.job.state in _MOVING
        yield Step(kind="edit", level=Level.PROGRESS if moving else Level.STATE)
    if sight.job.state is JobState.DELETED:
        yield from _taken_away(sight)
    else:
        yield from _told(sight)
    yield from _reactions(sight)


def _told(sight: Sight) -> Iterator[Step]:
    """The next thing that the thread is told: one at a time, in their order."""
    said = sight.said
    hidden = sight.chat.gone or not sight.is_open
    level = Level.MORE if sight.job.state in _MOVING else Level.NEWS
    if (script := sight.script) is not None and not hidden and not said.has(f"script:{script}"):
        yield Step(kind="script", name=f"script:{script}", level=level)
        return
    yield from _answered(sight)
    if (approval := sight.approval) is not None and not said.has(approval):
        yield Step(kind="approval", name=approval, level=Level.NEWS)
    if sight.job.state is JobState.DONE and not sight.came_to_nothing and not said.has(sight.video):
        yield Step(kind="upload", name=sight.video, level=Level.NEWS)
    elif sight.job.state in (JobState.DONE, JobState.FAILED) and not said.has(sight.end):
        yield Step(kind="end", name=sight.end, level=Level.NEWS)


def _answered(sight: Sight) -> Iterator[Step]:
    """Questions that are open no more lose their buttons."""
    for name in sight.said.begun("approval:"):
        closed = name != sight.approval and not sight.said.has(answered(name))
        if closed and sight.said.spot(name) is not None:
            yield Step(kind="answered", name=name, level=Level.MORE)


def _taken_away(sight: Sight) -> Iterator[Step]:
    """Of a deleted job, nothing that tells what it was about stays in the thread."""
    for spot in sight.said.spots():
        if not sight.said.has(removed(spot.name)):
            yield Step(kind="remove", name=spot.name, level=Level.MORE)
            return


def _reactions(sight: Sight) -> Iterator[Step]:
    """The sign that invites to retry stands on failed jobs that can be retried."""
    if sight.chat.message is None or sight.chat.gone:
        return
    said, failure = sight.said, sight.job.failure
    sign = f"react:{sight.chat.round}{':moved' if said.has(MOVED) else ''}"  # there it is another message
    wanted = sign if failure is not None and failure.retryable else None
    if sight.job.state is not JobState.FAILED:
        wanted = None
    for name in said.begun("react:"):
        if name != wanted and not said.has(undone(name)):
            yield Step(kind="unreact", name=name, level=Level.MORE)
            return
    if wanted is not None and not said.has(wanted):
        yield Step(kind="react", name=wanted, level=Level.MORE)


def answered(name: str) -> str:
    """Said once the question `name` shows that it was answered."""
    return f"answered:{name}"


def removed(name: str) -> str:
    """Said once `name` was taken away."""
    return f"removed:{name}"


def undone(name: str) -> str:
    """Said once the reaction `name` was taken away."""
    return f"un{name}"
