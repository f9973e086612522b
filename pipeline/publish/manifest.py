"""`manifest.json`: everything a machine may want to know of a finished video.

Times are seconds from the start of the video. The JSON schema is docs/manifest.schema.json, held
against this file by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from pipeline.model import (
    FPS,
    Claim,
    FigureVisual,
    Finding,
    Footage,
    ImageVisual,
    Narration,
    Paper,
    Scene,
    SceneKind,
    Script,
    StageName,
    Value,
    Word,
)


class ManifestPaper(Value):
    """The paper's record. `doi` is bare; `licence` an SPDX expression or null.

    `retracted` covers papers that were `withdrawn`. `concern`: a notice of concern stands against it.
    """

    title: str
    authors: tuple[str, ...]
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    licence: str | None
    source: str
    retracted: bool
    withdrawn: bool = False
    concern: bool = False
    corrected: bool = False
    preprint: bool
    abstract_only: bool
    notes: tuple[str, ...] = ()


class ManifestFootage(Value):
    """Who made a scene's moving pictures, with which model, out of which words."""

    provider: str
    model: str
    prompt: str


class ManifestVisual(Value):
    """`footage` is there only where `kind` is clip."""

    kind: Literal["figure", "image", "chart", "number", "card", "clip"]
    credit: str | None
    footage: ManifestFootage | None = None

    @model_serializer(mode="wrap")
    def _without_none(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        says: dict[str, Any] = dump(self)
        if self.footage is None:
            says.pop("footage", None)
        return says


class ManifestScene(Value):
    index: int = Field(ge=0)
    kind: SceneKind
    narration: str
    start: float = Field(ge=0)
    end: float = Field(gt=0)
    claims: tuple[Claim, ...]
    visual: ManifestVisual
    words: tuple[Word, ...]


class StageRecord(Value):
    """A stage of this run: what did it, how long it took, what it cost, whether an earlier result was reused."""

    name: StageName
    provider: str
    version: str
    seconds: float = Field(ge=0)
    cost_cents: int = Field(default=0, ge=0)
    reused: bool


class FileRecord(Value):
    sha256: str
    bytes: int


class Software(Value):
    """`commit` is null where the program does not run from a checkout."""

    version: str
    commit: str | None = None


class Manifest(Value):
    paper: ManifestPaper
    scenes: tuple[ManifestScene, ...]
    stages: tuple[StageRecord, ...]
    checks: tuple[Finding, ...]
    files: Mapping[str, FileRecord]
    settings: Mapping[str, str | int | float | bool | None]
    software: Software


def paper_record(paper: Paper) -> ManifestPaper:
    """What the manifest says of the paper: its record, without its text."""
    fields = set(ManifestPaper.model_fields) - {"authors"}
    return ManifestPaper(authors=tuple(a.name for a in paper.authors), **paper.model_dump(include=fields))


def scene_records(
    script: Script, narration: Narration, footage: Mapping[int, Footage] | None = None
) -> tuple[ManifestScene, ...]:
    """Every scene with its times moved from the scene's own clock to the video's; `footage` by scene (0-based)."""
    records = []
    for index, (scene, timing, first) in enumerate(
        zip(script.scenes, narration.scenes, narration.starts(), strict=True)
    ):
        start = first / FPS
        words = tuple(
            word.model_copy(update={"start": round(start + word.start, 3), "end": round(start + word.end, 3)})
            for word in timing.words
        )
        records.append(
            ManifestScene(
                index=index,
                kind=scene.kind,
                narration=scene.narration,
                start=round(start, 3),
                end=round(start + timing.seconds, 3),
                claims=scene.claims,
                visual=_visual(scene, (footage or {}).get(index)),
                words=words,
            )
        )
    return tuple(records)


def _visual(scene: Scene, footage: Footage | None) -> ManifestVisual:
    if footage is not None:
        made = ManifestFootage(provider=footage.provider, model=footage.model, prompt=footage.prompt)
        return ManifestVisual(kind="clip", credit=f"Footage: generated ({footage.provider})", footage=made)
    credit = scene.visual.credit if isinstance(scene.visual, FigureVisual | ImageVisual) else None
    return ManifestVisual(kind=scene.visual.kind, credit=credit or None)
