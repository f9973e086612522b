"""HTTP to NCBI as it asks to be used: paced, patient with a busy server, and discreet about the key."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cached_property

import httpx

from pipeline.errors import BadKeyError, ProviderError, TransientProviderError

#: NCBI allows 3 requests a second without a key and 10 with one (E-utilities guidelines).
SPACING = 0.34
SPACING_WITH_KEY = 0.1
TRIES = 4
#: E-utilities answer 400 to some ids that do not exist.
_NOTHING = frozenset({400, 404})
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 30.0
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
    """GET with spacing, time-outs and retries; POST where a key travels along, so that no address holds it.

    `setting` is the name of the setting that holds the address, for advice. `spacing` is the least
    time between two requests, `first_wait` the pause before the second try, doubled with each further
    one; both in seconds.
    """

    def __init__(self, *, setting: str, spacing: float, first_wait: float) -> None:
        self._setting = setting
        self._spacing = spacing
        self._first_wait = first_wait
        self._lock = threading.Lock()
        self._next_slot = 0.0

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
        why = ""
        for attempt in range(TRIES):
            self._take_turn()
            wait = self._first_wait * 2**attempt
            try:
                with self._asked(url, parameters) as reply:
                    if reply.status_code not in _BUSY:
                        return _content(reply, most_bytes)
                    why, asked = f"HTTP {reply.status_code}", reply.headers.get("Retry-After", "")
                    wait = float(asked) if asked.isdecimal() else wait
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
            if attempt + 1 < TRIES:
                time.sleep(min(wait, _LONGEST_WAIT))
        raise TransientProviderError(f"NCBI is busy or out of reach ({why}).", "Try again in a few minutes.")

    def _asked(self, url: str, parameters: Mapping[str, str]) -> AbstractContextManager[httpx.Response]:
        if "api_key" in parameters:
            return self._client.stream("POST", url, data=dict(parameters))
        return self._client.stream("GET", url, params=dict(parameters))

    def _take_turn(self) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next_slot)
            self._next_slot = turn + self._spacing
        time.sleep(max(0.0, turn - now))


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
    for part in reply.iter_bytes():
        length += len(part)
        if length > most_bytes:
            return None
        parts.append(part)
    return b"".join(parts)
