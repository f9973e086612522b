"""Fetching a file that somebody dropped: only from hosts that are named, never further, and never more than fits.

A secret may go along with the request, and a redirect may lead anywhere: none is followed.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bots.people import DroppedFile
from jobs.uploads import LARGEST
from pipeline.errors import InputError, TransientProviderError

#: Seconds that one file may take.
PATIENCE: Final = 120.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_CHUNK: Final = 256 * 1024


class FileNotFetchedError(InputError):
    """Raised when a file can't be had from the platform; the sentence says why, and trying again won't help."""

    code = "file-not-fetched"


class FileAwayError(TransientProviderError):
    """Raised when the platform didn't hand a file out this time."""

    code = "file-away"


@dataclass(frozen=True)
class FileHost:
    """Where a platform keeps files. `hosts`: HOST or HOST:PORT; `advice`: what to do where it keeps one back.

    `headers` go along with each request.
    """

    platform: str
    session: aiohttp.ClientSession
    hosts: frozenset[str]
    advice: str
    proxy: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def holds(self, address: str) -> bool:
        """Whether the address is on one of these hosts: by https, or on this machine where its port is named."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "").lower()
        if parts.username is not None or parts.password is not None:
            return False
        named = host if port is None else f"{host}:{port}"
        if parts.scheme == "https":
            return named in self.hosts or (port == 443 and host in self.hosts)
        return parts.scheme == "http" and host in _LOOPBACK and named in self.hosts

    @asynccontextmanager
    async def fetched(self, address: str, file: DroppedFile) -> AsyncIterator[DroppedFile]:
        """The file, on this machine until the block ends.

        Raises `FileNotFetchedError` and `FileAwayError` with what is to be told.
        """
        if file.bytes > LARGEST:
            raise _too_large(file.bytes)
        with tempfile.TemporaryDirectory(prefix="hill-file-") as folder:
            path = Path(folder, _safe(file.name))
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._stream(address, path)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise FileAwayError(
                    f"{self.platform} didn’t hand the file out ({type(error).__name__}).",
                    "Drop it again in a minute.",
                ) from error
            if _is_login_page(path):
                raise self._kept_back()
            if not path.stat().st_size:
                raise FileNotFetchedError("The file is empty.", "Drop it again.")
            yield file.model_copy(update={"path": str(path), "bytes": path.stat().st_size})

    async def _stream(self, address: str, path: Path) -> None:
        total = aiohttp.ClientTimeout(total=PATIENCE, connect=10, sock_read=30)
        async with self.session.get(
            address, headers=self.headers, allow_redirects=False, timeout=total, proxy=self.proxy
        ) as answer:
            self._check(answer)
            got = 0
            with path.open("wb") as to:
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    got += len(chunk)
                    if got > LARGEST:
                        raise _too_large(got)
                    await asyncio.to_thread(to.write, chunk)

    def _check(self, answer: aiohttp.ClientResponse) -> None:
        if answer.status in {301, 302, 303, 307, 308, 401, 403}:
            raise self._kept_back()
        if answer.status in {404, 410}:
            raise FileNotFetchedError(f"The file is not in {self.platform} any more.", "Drop it again.")
        if answer.status != 200:
            raise FileAwayError(
                f"{self.platform} didn’t hand the file out (status {answer.status}).",
                "Drop it again in a minute.",
            )

    def _kept_back(self) -> FileNotFetchedError:
        return FileNotFetchedError(f"{self.platform} didn’t hand the file out.", self.advice)


def named_hosts(hosts: str) -> frozenset[str]:
    """The hosts of a setting (hosts with commas)."""
    return frozenset(filter(None, (host.strip().lower() for host in hosts.split(","))))


def _too_large(size: int) -> FileNotFetchedError:
    return FileNotFetchedError(
        f"The file has {size / 1e6:.0f} MB or more; {LARGEST / 1e6:.0f} MB are taken at most.",
        "Hand in the article without its supplements.",
    )


def _is_login_page(path: Path) -> bool:
    """A platform may answer 200 and a page to log in at when it doesn't like a token."""
    with path.open("rb") as file:
        start = file.read(2048).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith(b"<?xml") and b"<html" in start and b"<article" not in start
    )


def _safe(name: str) -> str:
    """A file name of ours with the suffix of theirs: what is read tells by content what it is."""
    suffix = PurePath(name).suffix.lower()
    return "paper" + (suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) <= 10 else "")
