"""Does the object store do everything that work needs?"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

import httpx

from storage.errors import StoreRefusedError
from storage.links import ANSWERS_WITHIN, Links
from storage.objects import TMP, Objects
from storage.records import PublishedFile


def probe(objects: Objects, links: Links) -> None:
    """Put, look at, fetch, list and delete a tiny object under `tmp/`, and open it by its addresses.

    Raises what the first failing step raises, and `StoreRefusedError` when something else comes back or
    a link to it leads nowhere.
    """
    content = secrets.token_bytes(16)
    key = f"{TMP}probe-{secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory() as folder:
        sent, back = Path(folder, "sent"), Path(folder, "back")
        sent.write_bytes(content)
        objects.put(key, sent, content_type="application/octet-stream")
        try:
            objects.get(key, back)
            listed = [info.key for info in objects.list(key)]
            signed = objects.address(key, seconds=60)
            opens = signed is None or _fetched(signed)[1] == content
            status, shown = _fetched(_public(links, key)) if links.public_base_url else (200, content)
        finally:
            objects.delete(key)
        if back.read_bytes() != content or listed != [key] or not opens:
            raise StoreRefusedError(
                "The object store gave back something else than it was given.",
                "Check that AWS_S3_ENDPOINT_URL is an S3 endpoint.",
            )
        if shown != content:
            raise _hidden(status)


def _public(links: Links, key: str) -> str:
    """The key's address in the public domain."""
    file = PublishedFile(name="probe", key=key, sha256="", bytes=0, content_type="application/octet-stream")
    return links.link("", file) or ""


def _hidden(status: int) -> StoreRefusedError:
    """What it means that a public address answers with `status` (0: not at all) or with something else."""
    if status in {401, 403}:
        return StoreRefusedError(
            f"What is in the bucket may not be seen at PUBLIC_BASE_URL ({status}).",
            "Let everybody read the bucket there (R2: the bucket’s Settings, Public access), "
            "or unset it and set HIDDEN_HILL_WEB_URL.",
        )
    if not status:
        return StoreRefusedError(
            "Nothing answers at PUBLIC_BASE_URL.",
            "Check the domain, or unset it and set HIDDEN_HILL_WEB_URL.",
        )
    return StoreRefusedError(
        "What is in the bucket can't be seen at PUBLIC_BASE_URL.",
        "Check that it is this bucket's public domain, or unset it and set HIDDEN_HILL_WEB_URL.",
    )


def _fetched(address: str) -> tuple[int, bytes]:
    """The status, 0 for no answer, and what came."""
    try:
        answer = httpx.get(address, timeout=ANSWERS_WITHIN, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0, b""
    return answer.status_code, answer.content if answer.is_success else b""
