"""Runway's API through its own library: an order, a look at a task, and what their errors mean to us."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from pipeline.errors import (
    BadKeyError,
    ModerationError,
    OddReplyError,
    OutOfFundsError,
    ProviderError,
    TransientProviderError,
)
from pipeline.keys import key_of
from pipeline.model import Value
from pipeline.visuals.runway.models import CENTS_A_CREDIT

if TYPE_CHECKING:
    from runwayml import APIStatusError, RunwayML

#: Seconds to connect, and to wait for an answer. Orders and looks are small.
_CONNECT, _ANSWER = 10.0, 60.0
_KEY_ADVICE: Final = "Whoever runs Hidden Hill can look at RUNWAYML_API_SECRET."

_log = logging.getLogger(__name__)

Status = Literal["waiting", "throttled", "running", "succeeded", "failed", "cancelled"]


class FilmRequest(Value):
    """One order: the same request is bought once. `cents` is what it costs at most."""

    model: str
    prompt: str
    duration: int
    ratio: str
    silent: bool
    cents: int
    take: int = 0

    @property
    def key(self) -> str:
        """The request's name: the same exactly when what is asked for is."""
        return key_of(
            "runway", self.model, self.prompt, self.duration, self.ratio, self.silent, self.take, self.seed
        )

    @property
    def seed(self) -> int:
        """What tells one take from another (32 bit)."""
        digest = hashlib.sha256(f"{self.prompt}\n{self.take}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1


class Ordered(Value):
    """An order that was taken: `task` is its name at Runway, `cents` what it costs at most by Runway's own word."""

    task: str
    cents: int


class FilmTask(Value):
    """A task as Runway has it now. `created` is in epoch seconds, 0 where it isn't said, `progress` 0 to 1.

    `cents` is what was charged in the end, `None` while that is open. `code` and `failure` say why a task failed.
    """

    task: str
    status: Status
    created: float
    progress: float = 0.0
    output: tuple[str, ...] = ()
    code: str = ""
    failure: str = ""
    cents: int | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more comes of waiting."""
        return self.status in {"succeeded", "failed", "cancelled"}


_STATUS: Final[dict[str, Status]] = {
    "PENDING": "waiting",
    "THROTTLED": "throttled",
    "RUNNING": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "CANCELLED": "cancelled",
}


class RunwayClient:
    """Runway at `base_url`. Light until it is first used; may be used by several threads.

    It repeats nothing by itself: an order that is sent twice is bought twice. Runway's library sends no idempotency
    key (`_idempotency_header` is unset in 5.24), and its API documents none.
    """

    def __init__(self, *, base_url: str, key: str) -> None:
        self.base_url = base_url
        self._key = key

    @cached_property
    def _runway(self) -> RunwayML:
        import httpx
        from runwayml import RunwayML

        timeout = httpx.Timeout(_ANSWER, connect=_CONNECT)
        return RunwayML(api_key=self._key, base_url=self.base_url, timeout=timeout, max_retries=0)

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.base_url).hostname or ""

    def order(self, request: FilmRequest) -> Ordered:
        """Order footage. An error whose `nothing_bought` is true says that nothing was; with others nobody knows."""
        asked: dict[str, Any] = {
            "model": request.model,
            "prompt_text": request.prompt,
            "duration": request.duration,
            "ratio": request.ratio,
            "seed": request.seed,
        }
        if request.silent:
            asked["audio"] = False
        with _understood(buying=True):
            answer = self._runway.text_to_video.create(**asked)
        task = getattr(answer, "id", None)
        if not isinstance(task, str) or not task:
            raise ProviderError("Runway took an order and named no task.")
        cost = getattr(answer, "estimated_cost", None)
        cents = _cents(getattr(cost, "credits", None))
        return Ordered(task=task, cents=request.cents if cents is None else cents)

    def look(self, task: str) -> FilmTask | None:
        """The task as it is; `None` when Runway has none of that name any more."""
        from runwayml import NotFoundError

        try:
            with _understood():
                found: Any = self._runway.tasks.retrieve(task)
        except ProviderError as error:
            if isinstance(error.__cause__, NotFoundError):
                return None
            raise
        created, output = getattr(found, "created_at", None), getattr(found, "output", None)
        return FilmTask(
            task=task,
            status=_STATUS.get(str(getattr(found, "status", "")), "waiting"),
            created=created.timestamp() if isinstance(created, datetime) else 0.0,
            progress=float(getattr(found, "progress", None) or 0.0),
            output=tuple(str(url) for url in output) if isinstance(output, list) else (),
            code=str(getattr(found, "failure_code", None) or ""),
            failure=str(getattr(found, "failure", None) or ""),
            cents=_cents(getattr(getattr(found, "cost", None), "credits", None)),
        )

    def cancel(self, task: str) -> None:
        """Ask Runway to stop a task; no error when it is over or gone. What it cost may stay spent."""
        from runwayml import NotFoundError

        try:
            with _understood():
                self._runway.tasks.delete(task)
        except ProviderError as error:
            if not isinstance(error.__cause__, NotFoundError):
                raise

    def credits(self) -> int:
        """How many credits the account has: the small question by which a key is tried."""
        with _understood():
            return int(self._runway.organization.retrieve().credit_balance)


def failure_of(task: FilmTask) -> ProviderError:
    """What a failed task means (https://docs.dev.runwayml.com/errors/task-failures/)."""
    parts = task.code.upper().split(".")
    if "SAFETY" in parts or "MODERATION" in parts:
        return ModerationError(f"Runway’s safety rules refused the footage ({task.code}).")
    if parts[0] == "ASSET":
        return ProviderError(f"Runway could not use what it was given ({task.code}).")
    return TransientProviderError(f"Runway failed to make the footage ({task.code or 'no reason given'}).")


def _cents(charged: object) -> int | None:
    """US cents of what Runway says in credits, rounded up."""
    if isinstance(charged, int | float) and charged >= 0:
        return ceil(charged * CENTS_A_CREDIT)
    return None


@contextmanager
def _understood(*, buying: bool = False) -> Iterator[None]:
    """The library's errors as ours. `buying`: says of each whether something may have been bought."""
    import httpx
    from runwayml import APIConnectionError, APIStatusError, RunwayMLError

    try:
        yield
    except APIStatusError as error:
        found = _of_status(error)
        number = error.response.headers.get("x-request-id") or error.response.headers.get("cf-ray") or ""
        _log.warning("Runway answered %s", error.status_code, extra={"request_id": number})
        # What a server says that broke while it worked tells nothing; 503 says that it doesn't work at the moment.
        if buying and (error.status_code < 500 or error.status_code == 503):
            found.nothing_bought = True
        raise found from error
    except APIConnectionError as error:
        away = TransientProviderError("Runway can’t be reached.", "Retry in a few minutes.")
        if buying and isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
            away.nothing_bought = True
        raise away from error
    except RunwayMLError as error:
        raise OddReplyError("Runway’s answer makes no sense.", "Retry in a few minutes.") from error


def _of_status(error: APIStatusError) -> ProviderError:
    status, words = error.status_code, _words(error)
    if status == 402 or (status in {400, 403} and "credit" in words):
        return OutOfFundsError(
            "Runway’s account has no credits left.", "Whoever runs Hidden Hill can buy some."
        )
    if status == 403 and "model" in words:
        return ProviderError("Runway’s account may not use this model.", "See HIDDEN_HILL_RUNWAY_MODELS.")
    if status in {401, 403}:
        return BadKeyError("Runway refuses our key.", _KEY_ADVICE)
    if status == 429 or status >= 500 or status in {408, 409}:
        busy = TransientProviderError(f"Runway is busy ({status}).", "Retry in a few minutes.")
        wish = error.response.headers.get("retry-after", "")
        if wish.replace(".", "", 1).isdigit():
            busy.retry_after = float(wish)
        return busy
    if "moderation" in words or "safety" in words:
        return ModerationError("Runway’s safety rules refused the footage.")
    return ProviderError(f"Runway does not take what it was asked for ({status}).")


def _words(error: APIStatusError) -> str:
    body = error.body
    said = body.get("error", "") if isinstance(body, dict) else body
    return str(said).lower()[:500]
