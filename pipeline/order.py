"""What a person asked for, who does the work, and what comes of a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pipeline.model import Audience, FigurePolicy, Tone
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source
from pipeline.providers import Artefacts, Filmer, Purchases, Voice, Writer

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for. `script` is a script file of their own, in place of the writer.

    `takes` says how often a scene (0-based) was redone: each take shows something else of the paper. Footage is
    shown by the take that `footage_takes` names, 0 where it names none: what is redone shows it no more, unless new
    footage was asked for.
    """

    source: Source
    seconds: int = 67
    audience: Audience = "public"
    tone: Tone = "plain"
    figures: FigurePolicy = "auto"
    figures_folder: Path | None = None
    script: Path | None = None
    force: bool = False
    takes: Mapping[int, int] = field(default_factory=dict)
    footage_takes: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Who does the work, and where it is kept. `size` is the video's width and height in pixels.

    `purchases` is what providers that cost money write down first; without it they can't be used.
    When `writer` fails, `spare_writer` writes, and the script says so; when it fails in a way that may pass, only
    on the `last_try`. Without a spare the stage fails. `voice` and `spare_voice` likewise. Without `filmer` no
    scene has footage.
    """

    ncbi: Ncbi
    writer: Writer
    voice: Voice
    artefacts: Artefacts
    size: tuple[int, int] = (1080, 1920)
    workers: int = 2
    purchases: Purchases | None = None
    spare_writer: Writer | None = None
    spare_voice: Voice | None = None
    last_try: bool = True
    filmer: Filmer | None = None


@dataclass(frozen=True)
class Made(Generic[T]):
    """A stage's result: the value, the folder and key that hold it, who made it, and whether it was there already.

    `partly` says that some of it was: how long it took then tells nothing of the next time.
    """

    value: T
    folder: Path
    key: str
    provider: str
    version: str
    reused: bool
    partly: bool = False
