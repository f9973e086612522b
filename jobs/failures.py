"""What an exception means for the job: in words, and whether trying again can help."""

from __future__ import annotations

import errno
import secrets
from random import Random, SystemRandom
from typing import Final

from jobs.office import Rules
from pipeline.errors import HiddenHillError, InputError, TransientProviderError, UsageError
from pipeline.model import StageName
from storage.errors import PurchaseBusyError, StorageError
from storage.records import WHOLE, Failure, Record

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHANCE: Final = SystemRandom()
#: No provider's wish makes a job wait for longer than this before it is tried again (seconds).
LONGEST_WISH: Final = 24 * 3600.0

#: How much longer than it wished the other side is left alone at most (share of it).
_LATER: Final = 0.2

_DOING: Final[dict[StageName, str]] = {
    "fetch-paper": "reading the paper",
    "generate-script": "writing the script",
    "generate-audio": "speaking the script",
    "generate-videos": "drawing the scenes",
    "add-captions": "joining scenes and voice",
    "publish": "publishing the video",
}


class Verdict(Record):
    """What is to be done about a failure. `sentence` and `advice` are for the requester.

    `transient`: it is tried again by itself, at most `tries` times (`None`: for as long as the rules say),
    not before `retry_after` seconds. `retryable`: a person may try again and it can help. `reference`
    ("HH-7F3K") finds the log and the event. `shared`: what failed is away for every job, not for this one.
    """

    code: str
    sentence: str
    advice: str = ""
    transient: bool = False
    retryable: bool = False
    reference: str = ""
    retry_after: float | None = None
    tries: int | None = None
    shared: bool = False

    def failure(self, stage: str) -> Failure:
        """What is written down with a job that fails in `stage`."""
        return Failure(
            code=self.code,
            sentence=self.sentence,
            advice=self.advice,
            retryable=self.retryable,
            stage=stage,
            reference=self.reference,
        )


def verdict(exception: BaseException, stage: StageName) -> Verdict:
    """The verdict on `exception`, raised while `stage` was done. It holds no stack trace, path or secret."""
    reference = new_reference()
    if isinstance(exception, HiddenHillError):
        return _of_the_pipeline(exception, reference)
    if isinstance(exception, StorageError):
        return Verdict(
            code=exception.code,
            sentence=exception.sentence,
            advice=exception.advice,
            transient=exception.transient,
            retryable=True,
            reference=reference,
            retry_after=_wish(exception),
            shared=exception.transient and not isinstance(exception, PurchaseBusyError),
        )
    if isinstance(exception, OSError) and exception.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Verdict(
            code="disk-full",
            sentence="The worker's disk is full.",
            advice="Whoever runs the worker must make room; then retry.",
            transient=True,
            tries=5,
            retryable=True,
            reference=reference,
        )
    if isinstance(exception, MemoryError):
        return Verdict(
            code="out-of-memory",
            sentence=f"The worker ran out of memory while {doing(stage)}.",
            advice="Retry when less is going on, or give the worker more memory.",
            transient=True,
            tries=1,
            retryable=True,
            reference=reference,
        )
    if isinstance(exception, (ConnectionError, TimeoutError)):
        return Verdict(
            code="connection",
            sentence=f"A connection broke while {doing(stage)}.",
            advice="Retry in a few minutes.",
            transient=True,
            shared=True,
            retryable=True,
            reference=reference,
        )
    return Verdict(
        code="internal",
        sentence=f"Something unforeseen went wrong while {doing(stage)}.",
        advice="Retry; if it fails again, tell whoever runs Hidden Hill the reference.",
        transient=True,
        tries=1,
        retryable=True,
        reference=reference,
    )


def vanished(stage: StageName, scene: int, times: int) -> Verdict:
    """The verdict on work whose holders vanish: something about it kills workers."""
    return Verdict(
        code="worker-vanished",
        sentence=f"The worker vanished {times} times while {doing(stage, scene)}.",
        advice="It may need more memory than the worker has. Whoever runs it can look; then retry.",
        retryable=True,
        reference=new_reference(),
    )


def overdue(provider: str, why: str) -> Verdict:
    """The verdict on a provider's task that took longer than it may."""
    return Verdict(
        code="provider-too-slow",
        sentence=f"{provider} did not finish in time ({why}).",
        advice="Retry: what it has finished meanwhile is used, and nothing is bought twice.",
        retryable=True,
        reference=new_reference(),
    )


def doing(stage: StageName, scene: int = WHOLE) -> str:
    """What goes on in `stage`, as in "while …"."""
    return f"drawing scene {scene + 1}" if scene != WHOLE else _DOING[stage]


def new_reference() -> str:
    """A short name for one failure: HH- and four of Crockford's base32 (no I, L, O or U)."""
    return "HH-" + "".join(secrets.choice(_CROCKFORD) for _ in range(4))


def backoff(attempt: int, rules: Rules, random: Random = _CHANCE, *, wish: float | None = None) -> float:
    """Seconds to wait after failure number `attempt` (from 1): doubling, at least half of it, by chance.

    What the other side wished for is waited out, and up to a fifth more: it told all the others the same.
    """
    if wish is not None:
        return wish * random.uniform(1.0, 1.0 + _LATER)
    whole = min(rules.first_backoff * 2.0 ** min(attempt - 1, 30), rules.longest_backoff)
    return whole * random.uniform(0.5, 1.0)


def _of_the_pipeline(error: HiddenHillError, reference: str) -> Verdict:
    return Verdict(
        code=error.code,
        sentence=error.sentence,
        advice=error.advice,
        transient=error.retryable,
        retryable=not isinstance(error, (InputError, UsageError)),
        reference=reference,
        retry_after=_wish(error),
        shared=isinstance(error, TransientProviderError),
    )


def _wish(error: Exception) -> float | None:
    """When the other side asked to be left alone for a while: how long (seconds)."""
    wish = getattr(error, "retry_after", None)
    return min(max(float(wish), 0.0), LONGEST_WISH) if isinstance(wish, (int, float)) else None
