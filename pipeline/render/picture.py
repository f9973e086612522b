"""What stands on the stage of a scene, as values that hold all that the pixels depend on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.model import SceneKind, Value


class TitlePicture(Value):
    """The title card: what the paper is called, by whom, where."""

    kind: Literal["title"] = "title"
    title: str
    byline: str


class SheetPicture(Value):
    """A figure or a user's picture, by the sha256 of its file. `size` is its width and height in pixels."""

    kind: Literal["sheet"] = "sheet"
    sha256: str
    credit: str
    size: tuple[int, int]


class NumberPicture(Value):
    """A big number and its meaning; it stands complete at `said` seconds."""

    kind: Literal["number"] = "number"
    value: str
    meaning: str
    said: float


class CardPicture(Value):
    """A headline, or none, with the motif of the scene's kind."""

    kind: Literal["card"] = "card"
    motif: SceneKind
    headline: str


class QuotePicture(Value):
    """The passage of the paper that backs what is said, and its place ("Abstract, page 2")."""

    kind: Literal["quote"] = "quote"
    quote: str
    place: str


class FootagePicture(Value):
    """Generated footage that fills the frame, by the sha256 of its file; the hook has its title card over it."""

    kind: Literal["footage"] = "footage"
    sha256: str
    credit: str
    title: TitlePicture | None = None


class SourcePicture(Value):
    """Where all this comes from. `facts` are lines of small type, `notes` what a viewer is owed to know."""

    kind: Literal["source"] = "source"
    title: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]


Picture = Annotated[
    TitlePicture | SheetPicture | NumberPicture | CardPicture | QuotePicture | FootagePicture | SourcePicture,
    Field(discriminator="kind"),
]
