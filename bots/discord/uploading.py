"""Finished files as a message that plays: the video to watch in place, the rest as a list below it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bots.cards.literal import one_line, shortened
from bots.discord.components import COMPONENTS_V2
from bots.discord.marks import marked
from bots.discord.smaller import smaller
from bots.port import Attachment, Tag, UploadRefusedError

#: More than this nobody makes smaller for a chat (bytes).
LARGEST_UPLOAD: Final = 500 * 1024 * 1024
_ALT: Final = 1_024
_GALLERY, _FILE = 12, 13


@dataclass(frozen=True)
class Fitted:
    """The files as they are sent: none is larger than the server takes."""

    files: tuple[Attachment, ...]


@asynccontextmanager
async def fitted(
    files: Sequence[Attachment], limit: int, one_at_a_time: asyncio.Lock
) -> AsyncIterator[Fitted]:
    """The files, the video made smaller where it has more than `limit` bytes; other files that do are left out.

    Raises `UploadRefusedError` when the video can't be made to fit.
    """
    folder = Path(tempfile.mkdtemp(prefix="hidden-hill-"))
    try:
        taken = []
        for number, file in enumerate(files):
            if file.path.stat().st_size <= limit:
                taken.append(file)
            elif _is_video(file):
                to = folder / f"{number}.mp4"
                async with one_at_a_time:
                    fits = await smaller(file.path, to, limit)
                if not fits:
                    raise UploadRefusedError(f"The video doesn’t fit into {limit / 1e6:.0f} MB.")
                taken.append(file.model_copy(update={"path": to}))
        yield Fitted(tuple(taken))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def upload_body(files: Sequence[Attachment], tag: Tag) -> dict[str, Any]:
    """The message that shows the files. A picture beside the video would halve it on a telephone: it is a file."""
    videos = [file for file in files if _is_video(file)]
    shown = [
        {
            "type": _GALLERY,
            "items": [{"media": {"url": f"attachment://{one.name}"}, **_described(one)} for one in videos],
        }
    ]
    rest = [
        {"type": _FILE, "file": {"url": f"attachment://{one.name}"}} for one in files if not _is_video(one)
    ]
    return {
        "flags": COMPONENTS_V2,
        "components": marked([*(shown if videos else []), *rest], tag),
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
