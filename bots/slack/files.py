"""Fetching a file that somebody dropped: only from Slack's own hosts, never further, and never more than fits.

The bot token goes along with the request. An `external` file's address may be anybody's, and a redirect may
lead anywhere: neither is followed, or the token would be given away.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.people import DroppedFile
from bots.slack.client import error_code
from jobs.uploads import LARGEST
from pipeline.errors import InputError, TransientProviderError

#: Seconds that one file may take.
PATIENCE: Final = 120.0
#: Kinds of files that Slack itself holds.
_HELD: Final = frozenset({"hosted", "snippet"})
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
#: What Slack says of a file that is gone, or in places where the app is not.
_UNSEEN: Final = frozenset({"file_deleted", "file_not_found", "not_visible"})
_CHUNK: Final = 256 * 1024


class FileNotFetchedError(InputError):
    """Raised when a file can't be had from Slack; the sentence says why, and trying again won't help."""

    code = "file-not-fetched"


class FileAwayError(TransientProviderError):
    """Raised when Slack didn't hand a file out this time."""

    code = "file-away"


@dataclass(frozen=True)
class Files:
    """Slack's files. `hosts`: those that the token may be shown to, as HOST or HOST:PORT."""

    client: AsyncWebClient
    session: aiohttp.ClientSession
    token: SecretStr
    hosts: frozenset[str]

    @classmethod
    def of(
        cls, client: AsyncWebClient, session: aiohttp.ClientSession, token: SecretStr, hosts: str
    ) -> Files:
        """The files of SLACK_FILE_HOSTS (hosts with commas)."""
        named = frozenset(filter(None, (host.strip().lower() for host in hosts.split(","))))
        return cls(client, session, token, named)

    async def look(self, file: str) -> Mapping[str, Any]:
        """What Slack says of the file now. Raises `FileNotFetchedError` for one that it doesn't show us."""
        try:
            found: Mapping[str, Any] = (await self.client.files_info(file=file))["file"]
        except SlackApiError as error:
            if error_code(error) not in _UNSEEN:
                raise
            raise FileNotFetchedError("Slack doesn’t show me this file.", "Drop it here yourself.") from error
        return found

    @asynccontextmanager
    async def fetched(self, file: str) -> AsyncIterator[DroppedFile]:
        """The file, on this machine until the block ends.

        Raises `FileNotFetchedError` and `FileAwayError` with what is to be told, and `SlackApiError`.
        """
        said = await self.look(file)
        address = self._address(said)
        with tempfile.TemporaryDirectory(prefix="hill-slack-") as folder:
            path = Path(folder, _safe(dropped(said).name))
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._stream(address, path)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise FileAwayError(
                    f"Slack didn’t hand the file out ({type(error).__name__}).", "Drop it again in a minute."
                ) from error
            yield dropped(said).model_copy(update={"path": str(path), "bytes": path.stat().st_size})

    def _address(self, said: Mapping[str, Any]) -> str:
        """Where the file is fetched. Raises `FileNotFetchedError` for whatever Slack doesn't hold itself."""
        mode = said.get("mode")
        if mode in {"tombstone", "hidden_by_limit"}:
            why = "was deleted" if mode == "tombstone" else "is hidden by the limits of your Slack plan"
            raise FileNotFetchedError(f"The file {why}.", "Drop it again.")
        if mode not in _HELD or said.get("is_external"):
            raise FileNotFetchedError(
                "That is a link to a file somewhere else, and I don’t follow those.",
                "Download it and drop the file itself.",
            )
        size = int(said.get("size") or 0)
        if size > LARGEST:
            raise _too_large(size)
        address = str(said.get("url_private_download") or said.get("url_private") or "")
        if not self._ours(address):
            raise FileNotFetchedError(
                "The file is not on a host that I fetch files from.",
                "Whoever runs Hidden Hill can name Slack’s file host in SLACK_FILE_HOSTS.",
            )
        return address

    def _ours(self, address: str) -> bool:
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

    async def _stream(self, address: str, path: Path) -> None:
        headers = {"Authorization": f"Bearer {self.token.get_secret_value()}"}
        total = aiohttp.ClientTimeout(total=PATIENCE, connect=10, sock_read=30)
        async with self.session.get(
            address, headers=headers, allow_redirects=False, timeout=total, proxy=self.client.proxy
        ) as answer:
            _check(answer)
            got = 0
            with path.open("wb") as to:
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    got += len(chunk)
                    if got > LARGEST:
                        raise _too_large(got)
                    await asyncio.to_thread(to.write, chunk)
        if _is_login_page(path):
            raise _kept_back()
        if not got:
            raise FileNotFetchedError("The file is empty.", "Drop it again.")


def dropped(said: Mapping[str, Any]) -> DroppedFile:
    """What a payload says of a file."""
    name = str(said.get("name") or said.get("title") or "file")
    return DroppedFile(id=str(said.get("id") or ""), name=name, bytes=int(said.get("size") or 0))


def _check(answer: aiohttp.ClientResponse) -> None:
    if answer.status in {301, 302, 303, 307, 308}:
        raise _kept_back()
    if answer.status in {401, 403}:
        raise _kept_back()
    if answer.status in {404, 410}:
        raise FileNotFetchedError("The file is not in Slack any more.", "Drop it again.")
    if answer.status != 200:
        raise FileAwayError(
            f"Slack didn’t hand the file out (status {answer.status}).", "Drop it again in a minute."
        )


def _kept_back() -> FileNotFetchedError:
    return FileNotFetchedError(
        "Slack didn’t hand the file out.",
        "Perhaps the app lacks the scope files:read: run `hidden-hill slack --check`.",
    )


def _too_large(size: int) -> FileNotFetchedError:
    return FileNotFetchedError(
        f"The file has {size / 1e6:.0f} MB or more; {LARGEST / 1e6:.0f} MB are taken at most.",
        "Hand in the article without its supplements.",
    )


def _is_login_page(path: Path) -> bool:
    """Slack answers 200 and a page to log in at when it doesn't like a token."""
    with path.open("rb") as file:
        start = file.read(2048).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith(b"<?xml") and b"<html" in start and b"<article" not in start
    )


def _safe(name: str) -> str:
    """A file name of ours with the suffix of theirs: what is read tells by content what it is."""
    suffix = PurePath(name).suffix.lower()
    return "paper" + (suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) <= 10 else "")
