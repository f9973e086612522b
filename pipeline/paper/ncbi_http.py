"""HTTP to NCBI as it asks to be used: in turn, patient with a busy server, and discreet about the key."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

import httpx

from pipeline.errors import BadKeyError, ProviderError, TransientProviderError
from pipeline.paper.pace import Pace

TRIES = 4
#: E-utilities answer 400 to some ids that do not exist.
_NOTHING = frozenset({400, 404})
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
#: A server that wants to be left alone for longer (seconds) is not waited for.
_LONGEST_WAIT = 60.0
#: After so long (seconds) no further try is begun, and no answer may take longer to arrive.
_LONGEST_TRYING = 150.0
_LONGEST_ANSWER = 120.0
#: A complaint about our key (`{"error":"API key invalid",…}`, with 400) is no longer than this (bytes).
_COMPLAINT = 10_000


class _HideKey(logging.Filter):
    """Takes the key out of the addresses that httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = re.sub(r"api_key=[^&\s\"]+", "api_key=…", record.getMessage())
        record.args = ()
        return True


logging.getLogger("httpx").addFilter(_HideKey())


class AddressError(ProviderError):
    """Raised when the address that was set for a service is none."""


class NcbiHttp:
    """GET in turn, with time-outs and retries; POST where a key travels along, so that no address holds it.

    `setting` is the name of the setting that holds the address, for advice. `pace` gives the turns. `first_wait` is
    the pause before the second try in seconds, doubled with each further one, and up to half as long again: who was
    refused together shall not come back together.
    """

    def __init__(self, *, setting: str, pace: Pace, first_wait: float) -> None:
        self._setting = setting
        self._pace = pace
        self._first_wait = first_wait

    @cached_property
    def _client(self) -> httpx.Client:
        """Made when first needed: most stages ask nobody, and certificates take a while to load."""
        return httpx.Client(
            timeout=httpx.Timeout(60, connect=10),
            follow_redirects=True,
            headers={"User-Agent": "hidden-hill"},
        )

    def get(self, url: str, parameters: Mapping[str, str], *, most_bytes: int) -> bytes | None:
        """The body of the reply; `None` where there is nothing (400, 404) or more than `most_bytes`.

        Raises `TransientProviderError` when the server stays busy or away, `AddressError` when `url`
        is no address, `ProviderError` when the server refuses or can't be understood.
        """
        why, wish = "", None
        latest = time.monotonic() + _LONGEST_TRYING
        for attempt in range(TRIES):
            self._pace.take_turn()
            wish = None
            try:
                with self._asked(url, parameters) as reply:
                    if reply.status_code not in _BUSY:
                        return _content(reply, most_bytes)
                    why, wish = f"HTTP {reply.status_code}", _wish(reply.headers.get("Retry-After", ""))
            # A host that can't be written in DNS raises UnicodeError.
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
                raise AddressError(
                    "The address that is set for NCBI is no web address.", f"Check {self._setting}."
                ) from error
            except httpx.TooManyRedirects as error:
                raise ProviderError(
                    "NCBI sent the request round in circles.", f"Check {self._setting}, or try again later."
                ) from error
            except httpx.DecodingError as error:
                raise ProviderError(
                    "NCBI's answer was garbled.", "Try again; if it stays, give the paper's PDF."
                ) from error
            except httpx.TransportError as error:
                timed_out = isinstance(error, httpx.TimeoutException)
                why = "no answer in time" if timed_out else "the connection failed"
            wait = self._backoff(attempt) if wish is None else wish
            if attempt + 1 == TRIES or wait > _LONGEST_WAIT or time.monotonic() + wait > latest:
                break
            time.sleep(wait)
        raise TransientProviderError(
            f"NCBI is busy or out of reach ({why}).",
            "Try again in a few minutes, or give the paper as a file.",
            retry_after=wish,
        )

    def _backoff(self, attempt: int) -> float:
        return float(self._first_wait * 2**attempt * random.uniform(1, 1.5))  # noqa: S311 - no secret

    def _asked(self, url: str, parameters: Mapping[str, str]) -> AbstractContextManager[httpx.Response]:
        if "api_key" in parameters:
            # A redirection would carry the key elsewhere.
            return self._client.stream("POST", url, data=dict(parameters), follow_redirects=False)
        return self._client.stream("GET", url, params=dict(parameters))


def _wish(retry_after: str) -> float | None:
    """For how many seconds the server wants to be left alone: `Retry-After` holds a number of seconds or a date."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _content(reply: httpx.Response, most_bytes: int) -> bytes | None:
    if reply.status_code in _NOTHING:
        if b"api key" in (_body(reply, _COMPLAINT) or b"").lower():
            raise BadKeyError("NCBI refuses our key.", "Check NCBI_API_KEY, or unset it.")
        return None
    if reply.status_code != httpx.codes.OK:
        raise ProviderError(
            f"NCBI refused the request (HTTP {reply.status_code}).",
            "Check the settings for NCBI, or give the paper's PDF.",
        )
    return _body(reply, most_bytes)


def _body(reply: httpx.Response, most_bytes: int) -> bytes | None:
    parts, length = [], 0
    latest = time.monotonic() + _LONGEST_ANSWER
    for part in reply.iter_bytes():
        length += len(part)
        if time.monotonic() > latest:
            raise TransientProviderError("NCBI’s answer is too slow.", "Try again in a few minutes.")
        if length > most_bytes:
            return None
        parts.append(part)
    return b"".join(parts)
