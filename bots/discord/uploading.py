"""Finished files as a message that plays: the video to watch in place, the rest as a list below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bots.cards.literal import one_line, shortened
from bots.discord.components import COMPONENTS_V2
from bots.discord.marks import marked
from bots.discord.spans import linked
from bots.port import Attachment, Tag

_ALT: Final = 1_024
_TEXT, _GALLERY, _FILE = 10, 12, 13


def upload_body(files: Sequence[Attachment], tag: Tag) -> dict[str, Any]:
    """The message that shows the files, with the link to the whole video under a preview of it.

    A picture beside the video would halve it on a telephone: it is a file.
    """
    videos = [file for file in files if _is_video(file)]
    shown = [
        {
            "type": _GALLERY,
            "items": [{"media": {"url": f"attachment://{one.name}"}, **_described(one)} for one in videos],
        }
    ]
    whole = [{"type": _TEXT, "content": linked("Full quality", one.whole)} for one in videos if one.whole]
    rest = [
        {"type": _FILE, "file": {"url": f"attachment://{one.name}"}} for one in files if not _is_video(one)
    ]
    return {
        "flags": COMPONENTS_V2,
        "components": marked([*(shown if videos else []), *whole, *rest], tag),
        "attachments": [
            {"id": str(number), "filename": file.name, "title": file.title[:_ALT], **_described(file)}
            for number, file in enumerate(files)
        ],
        "allowed_mentions": {"parse": []},
    }


def _described(file: Attachment) -> dict[str, str]:
    return {"description": shortened(one_line(file.alt), _ALT)} if file.alt else {}


def _is_video(file: Attachment) -> bool:
    return file.name.endswith(".mp4")
