"""Does the object store do everything that work needs?"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from storage.errors import StoreRefusedError
from storage.objects import TMP, Objects


def probe(objects: Objects) -> None:
    """Put, look at, fetch, list and delete a tiny object under `tmp/`.

    Raises what the first failing step raises, and `StoreRefusedError` when something else comes back.
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
        finally:
            objects.delete(key)
        if back.read_bytes() != content or listed != [key]:
            raise StoreRefusedError(
                "The object store gave back something else than it was given.",
                "Check that AWS_S3_ENDPOINT_URL is an S3 endpoint.",
            )
