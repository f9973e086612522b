"""The address of a finished video's page, made so that it never dies.

Presigned addresses live 7 days at most, so none is ever posted: either the bucket has a public domain
and keys are unguessable, or the web process signs a fresh address at each click on `/v/<token>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx

if TYPE_CHECKING:
    from storage.objects import Objects
    from storage.records import PublishedFile

#: How long the web process waits for a public address to answer (seconds).
ANSWERS_WITHIN: Final = 10.0


def leads_to(link: str | None, key: str) -> bool:
    """Whether a posted link is the address of the object `key` itself, not one that the web process answers."""
    return link is not None and link.endswith(f"/{quote(key)}")


@dataclass(frozen=True)
class Links:
    """Makes links to finished files. Without either address there is no link: the file itself is handed over."""

    objects: Objects
    public_base_url: str | None = None
    web_url: str | None = None

    def link(self, token: str, file: PublishedFile) -> str | None:
        """Where people see `file`: under the public domain, else `/v/<token>` of the web process, else `None`."""
        if self.public_base_url:
            return f"{self.public_base_url.rstrip('/')}/{quote(file.key)}"
        if self.web_url:
            return f"{self.web_url.rstrip('/')}/v/{token}"
        return None

    def works(self, link: str | None, key: str) -> bool:
        """Whether the object is there and, where it has a public address, that answers with it.

        Raises `StoreAwayError` when the store itself can't be asked.
        """
        if self.objects.head(key) is None:
            return False
        if link is None or not self.public_base_url or not link.startswith(self.public_base_url):
            return True
        return _answers(link)


def _answers(link: str) -> bool:
    first_byte = {"Range": "bytes=0-0"}
    try:
        with httpx.stream(
            "GET", link, headers=first_byte, timeout=ANSWERS_WITHIN, follow_redirects=True
        ) as response:
            return response.is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
