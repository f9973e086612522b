"""Files that somebody dropped in Slack: what Slack says of them, and where they are fetched.

The bot token goes along with the request. An `external` file's address may be anybody's, and a redirect may
lead anywhere: neither is followed, or the token would be given away.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.fetching import FileHost, FileNotFetchedError, named_hosts
from bots.people import DroppedFile
from bots.slack.client import error_code

#: Kinds of files that Slack itself holds.
_HELD: Final = frozenset({"hosted", "snippet"})
#: What Slack says of a file that is gone, or in places where the app is not.
_UNSEEN: Final = frozenset({"file_deleted", "file_not_found", "not_visible"})
_ADVICE: Final = "Perhaps the app lacks the scope files:read: run `hidden-hill slack --check`."


@dataclass(frozen=True)
class Files:
    """Slack's files. The token is shown to the hosts of `host` alone."""

    client: AsyncWebClient
    host: FileHost

    @classmethod
    def of(
        cls, client: AsyncWebClient, session: aiohttp.ClientSession, token: SecretStr, hosts: str
    ) -> Files:
        """The files of SLACK_FILE_HOSTS (hosts with commas)."""
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        named = named_hosts(hosts)
        return cls(client, FileHost("Slack", session, named, _ADVICE, client.proxy, headers))

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
        async with self.host.fetched(self._address(said), dropped(said)) as fetched:
            yield fetched

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
        address = str(said.get("url_private_download") or said.get("url_private") or "")
        if not self.host.holds(address):
            raise FileNotFetchedError(
                "The file is not on a host that I fetch files from.",
                "Whoever runs Hidden Hill can name Slack’s file host in SLACK_FILE_HOSTS.",
            )
        return address


def dropped(said: Mapping[str, Any]) -> DroppedFile:
    """What a payload says of a file."""
    name = str(said.get("name") or said.get("title") or "file")
    return DroppedFile(id=str(said.get("id") or ""), name=name, bytes=int(said.get("size") or 0))
