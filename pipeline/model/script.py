"""What is said and shown, what in the paper says so, and what the checks found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.paper import Evidence
from pipeline.model.value import Value

SceneKind = Literal["hook", "background", "method", "finding", "limitation", "takeaway", "source"]
Audience = Literal["public", "student", "peer"]
Tone = Literal["plain", "warm", "lively"]
FigurePolicy = Literal["auto", "off", "all"]
Severity = Literal["block", "repair", "warn"]


class Claim(Value):
    """Something the narration asserts, and what in the paper says so."""

    text: str
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class FigureVisual(Value):
    """A figure of the paper, by its id. `credit` is shown on screen."""

    kind: Literal["figure"] = "figure"
    figure: str
    credit: str


class ImageVisual(Value):
    """A picture of the user's own, by file name beside the script."""

    kind: Literal["image"] = "image"
    file: str
    credit: str = ""


class NumberVisual(Value):
    """A big number and what it counts, both from the scene's evidence."""

    kind: Literal["number"] = "number"
    value: str
    meaning: str


class CardVisual(Value):
    """Type on a moving ground. An empty headline leaves the words to the captions."""

    kind: Literal["card"] = "card"
    headline: str = ""


Visual = Annotated[FigureVisual | ImageVisual | NumberVisual | CardVisual, Field(discriminator="kind")]


class Scene(Value):
    """One beat of the story. Captions are the words of `narration`, exactly.

    `by_hand`: a person wrote them anew, over the claims of the scene that the writer made.
    """

    kind: SceneKind
    narration: str = Field(min_length=1)
    claims: tuple[Claim, ...] = ()
    visual: Visual = CardVisual()
    by_hand: bool = False


class Script(Value):
    """What will be said and shown. `pace` is the speaking rate, 1 being the voice's own.

    `writer` is who wrote it, with its version. `remarks` are sentences about how it came to be that whoever
    orders the video is owed ("Gemini was too busy; the embedded writer wrote this script.").
    """

    scenes: tuple[Scene, ...] = Field(min_length=1)
    audience: Audience = "public"
    seconds: int = 67
    pace: float = Field(default=1.0, ge=0.8, le=1.25)
    writer: str = "by hand"
    remarks: tuple[str, ...] = Field(default=(), exclude_if=lambda remarks: not remarks)


class Finding(Value):
    """What a check found: `sentence` for a person, `scene` 0-based, `passage` the words it is about."""

    check: str
    severity: Severity
    scene: int | None = None
    sentence: str
    passage: str = ""
