"""What the page may load: its own style and script, by their hashes, and files beside it. Nothing from elsewhere."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from pathlib import Path
from typing import Final

_HERE = Path(__file__).parent
STYLE: Final = (_HERE / "page.css").read_text(encoding="utf-8")
SCRIPT: Final = (_HERE / "page.js").read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


#: `media-src` stands last, so that whoever serves the page can name a host more.
POLICY: Final = (
    f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; media-src 'self' data:"
)
_SAID: Final = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
#: A link that saves a file. A server that sends people to another host for it must be told, as only the one that
#: answers in the end can name it a download.
_SAVES: Final = re.compile(r'href="([a-z]+\.mp4)" download')


def served(page: str, media_host: str | None) -> tuple[str, str]:
    """A page of ours as a server hands it out, and the policy for its header.

    `media_host` ("https://…") is where the server sends whoever asks for the video, if that is not itself. A page
    that says no policy of its own may load nothing.
    """
    said = _SAID.search(page)
    if said is None:
        return page, "default-src 'none'"
    policy = said[1] if media_host is None else f"{said[1]} {media_host}"
    opened = page[: said.start(1)] + policy + _SAVES.sub(r'href="\1?download" download', page[said.end(1) :])
    return opened, f"{policy}; frame-ancestors 'none'"
