"""Fetching what Runway made: from its own hosts only, bounded in bytes and seconds, and looked at before it is used."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import av
import httpx

from pipeline.errors import OddReplyError, ProviderError, TransientProviderError

#: A clip of ten seconds has some 20 MB; what is larger than this is none (bytes).
MOST_BYTES: Final = 300_000_000
#: Seconds that a download may take, and that it may stand still.
_LONGEST, _STILL = 180.0, 20.0
_REDIRECTS: Final = 3
#: A clip may be this much shorter than what was ordered (seconds).
_MISSING: Final = 0.5


class ExpiredLinkError(OddReplyError):
    """Raised when the address of an output is no longer good; the task knows a fresh one."""


class NoVideoError(OddReplyError):
    """Raised when what was fetched is no video, or not the one that was ordered."""


@dataclass(frozen=True)
class Allowed:
    """Where footage may be fetched from: hosts, `*` standing for anything, over https.

    `own` is the base URL that Runway itself is asked at: a proxy or a test server there may hand out files too, in its
    own scheme.
    """

    hosts: Sequence[str]
    own: str

    def check(self, url: str) -> None:
        """Raises `ProviderError` for an address that nothing is fetched from."""
        parts, own = urlsplit(url), urlsplit(self.own)
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return
        host = (parts.hostname or "").lower()
        if parts.scheme != "https" or parts.username or parts.port not in {None, 443}:
            raise ProviderError("Runway’s footage lies at an address that is not fetched from.")
        if not any(fnmatch(host, pattern.strip().lower()) for pattern in self.hosts if pattern.strip()):
            raise ProviderError(
                f"Runway’s footage lies at {host}, which is not among the allowed hosts.",
                "Whoever runs Hidden Hill can look at HIDDEN_HILL_RUNWAY_HOSTS.",
            )


def download(
    url: str, out: Path, allowed: Allowed, *, most: int = MOST_BYTES, longest: float = _LONGEST
) -> None:
    """Write what lies at `url` to `out`.

    Raises `ExpiredLinkError`, `NoVideoError` for what is none by its type or size, `TransientProviderError` for a slow
    or broken host, `ProviderError` for a host that is not allowed.
    """
    ending = time.monotonic() + longest
    timeout = httpx.Timeout(min(_STILL, longest))
    try:
        with httpx.Client(timeout=timeout, follow_redirects=False, trust_env=True) as client:
            for _ in range(_REDIRECTS + 1):
                allowed.check(url)
                with client.stream("GET", url) as answer:
                    if answer.is_redirect:
                        url = urljoin(url, answer.headers.get("location", ""))
                        continue
                    _refuse(answer)
                    _write(answer, out, most=most, ending=ending)
                    return
    except httpx.HTTPError as error:
        raise TransientProviderError(
            "Runway’s footage could not be fetched: the connection broke."
        ) from error
    raise ProviderError("Runway’s footage could not be fetched: one address leads to the next without end.")


def _refuse(answer: httpx.Response) -> None:
    if answer.status_code in {401, 403, 404, 410}:
        raise ExpiredLinkError("The link to Runway’s footage has expired.")
    if answer.status_code >= 500 or answer.status_code == 429:
        raise TransientProviderError(f"Runway’s footage could not be fetched ({answer.status_code}).")
    if answer.status_code != 200:
        raise ProviderError(f"Runway’s footage could not be fetched ({answer.status_code}).")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind == "application/json":
        raise NoVideoError(f"Runway delivered {kind} in place of footage.")


def _write(answer: httpx.Response, out: Path, *, most: int, ending: float) -> None:
    told = answer.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise NoVideoError("Runway’s footage is too large to be a clip.")
    written = 0
    with out.open("wb") as file:
        for part in answer.iter_bytes(1 << 16):
            written += len(part)
            if written > most:
                raise NoVideoError("Runway’s footage is too large to be a clip.")
            if time.monotonic() > ending:
                raise TransientProviderError("Runway’s footage could not be fetched: it came too slowly.")
            file.write(part)


def probe(file: Path, *, seconds: float) -> float:
    """How long the clip in `file` is (seconds). Raises `NoVideoError` unless it is a video of nearly `seconds`."""
    frames, last = 0, 0.0
    try:
        with av.open(str(file)) as container:
            if not container.streams.video:
                raise NoVideoError("Runway delivered a file without a picture.")
            stream: Any = container.streams.video[0]
            rate = float(stream.average_rate or 0) or 24.0
            wide = min(stream.width or 0, stream.height or 0)
            for frame in container.decode(video=0):
                frames += 1
                last = float(frame.time or 0.0)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise NoVideoError("Runway delivered something that is no video.") from error
    length = last + 1 / rate if frames else 0.0
    if wide < 64 or length < seconds - _MISSING:
        raise NoVideoError(f"Runway delivered {length:.1f} of {seconds:g} seconds of footage.")
    return length
