"""What a person asked for, as it is written down with the job."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from pydantic import Field

from pipeline.errors import UnknownSourceError
from pipeline.model import Audience, FigurePolicy, Tone
from pipeline.paper.source import parse_source
from storage.records import Record

#: What two orders may differ in that make the same video; of `takes` those that are not 0 count.
_NOT_THE_VIDEO: Final = {
    "source",
    "upload_name",
    "edition",
    "takes",
    "footage_takes",
    "redone",
    "offer_closed",
    "about_cents",
    "cloud",
    "leaving",
}


class Leaving(Record):
    """What of a file goes to providers outside if its owner agrees: `what` in words, `to` their names.

    `cents` is what they take for it at most.
    """

    to: tuple[str, ...]
    what: str
    cents: int = 0


class JobOrder(Record):
    """One order. `source` is what was typed, or the name of the file that was handed in.

    `upload` is the object key of that file, `script` of a script.json, and `figures` says which of the
    paper's figures may be shown. `takes` says how often a scene was redone, `footage_takes` at which of those
    takes new footage was asked for, `redone` which of them was last (0-based) while a video was there.
    `width` and `height` are pixels, `seconds` the length of the video.
    `edition` is 0, or the job's revision when its video was asked for anew: the files of each go to a place where
    none were before. `offer_closed`: if only the abstract can be read, its script waits for approval.
    `voice` is who shall speak ("gemini:Kore") and `style` how; "" as it is set up.
    `footage`: whether generated footage is wished for; `None` as it is set up. `about_cents`: what a job like this
    usually costs, as was thought when it was asked for.
    `cloud`: whoever handed the file in agreed that it goes to providers outside; `None`: they were not heard yet, and
    nothing is made before. `leaving` is what they were told, or would have been where the workspace decided; `None`
    where nothing of it would leave.
    """

    source: str
    upload: str | None = None
    upload_name: str | None = None
    seconds: int = 67
    audience: Audience = "public"
    figures: FigurePolicy = "auto"
    force: bool = False
    script: str | None = None
    takes: dict[int, int] = Field(default_factory=dict)
    footage_takes: dict[int, int] = Field(default_factory=dict)
    redone: int | None = None
    width: int = Field(default=1080, gt=0)
    height: int = Field(default=1920, gt=0)
    edition: int = 0
    offer_closed: bool = False
    tone: Tone = "plain"
    voice: str = Field(default="", exclude_if=lambda voice: not voice)
    style: str = Field(default="", exclude_if=lambda style: not style)
    footage: bool | None = Field(default=None, exclude_if=lambda footage: footage is None)
    about_cents: int = Field(default=0, exclude_if=lambda cents: not cents)
    cloud: bool | None = False
    leaving: Leaving | None = Field(default=None, exclude_if=lambda leaving: leaving is None)

    @property
    def may_leave(self) -> bool:
        """Whether the paper may go to providers outside: what is published may, a file where its owner agreed."""
        return self.upload is None or self.cloud is True

    @property
    def asks(self) -> bool:
        """Whether its owner has yet to say where the file may go."""
        return self.upload is not None and self.cloud is None

    def sameness(self, workspace: str, versions: tuple[str, ...] = (), *, known_as: str | None = None) -> str:
        """Equal for two orders of a workspace that make the same video: 64 hex digits.

        `versions` are those of the providers at work. An upload is known by its content (its key holds
        its digest), an id by its number, however either was written. `known_as`: the name of the same paper under
        which others asked for it (`jobs/same_paper.py`).
        """
        says = self.model_dump(mode="json", exclude=_NOT_THE_VIDEO)
        says["takes"] = {str(scene): take for scene, take in sorted(self.takes.items()) if take}
        if again := {str(scene): take for scene, take in sorted(self.footage_takes.items()) if take}:
            says["footage_takes"] = again
        says["paper"] = _upload_content(self.upload) if self.upload else known_as or _canonical(self.source)
        says["upload"] = None
        says["cloud"] = False
        same = _digest([workspace, list(versions), says])
        return agreed_sameness(same) if self.upload and self.cloud else same


def changed_sameness(before: str, change: Mapping[str, object]) -> str:
    """The sameness of an order after a change that a person made to it: equal to no order but one changed alike."""
    return _digest([before, dict(change)])


def agreed_sameness(before: str) -> str:
    """The sameness of an order whose file may leave; `before` is that of one that keeps it, or has yet to be asked."""
    return changed_sameness(before, {"cloud": True})


def _upload_content(key: str) -> str:
    """`uploads/<workspace>/<sha256>.<ext>` without its folder: the content and how it is read."""
    return PurePath(key).name


def named_paper(source: str) -> str | None:
    """The id that names a published paper ("pmid:32296183", "doi:10.1371/x") as it was typed; `None` for all else."""
    try:
        named = parse_source(source)
    except (UnknownSourceError, OSError, ValueError):
        return None
    return None if named.kind == "file" else named.label


def _canonical(source: str) -> str:
    try:
        return parse_source(source).label
    except (UnknownSourceError, OSError):
        return source.strip()


def _digest(says: object) -> str:
    return hashlib.sha256(json.dumps(says, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
