"""What Gemini writes: the schema that it must keep to, and how its scenes become ours."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from pipeline.errors import OddReplyError
from pipeline.model import Claim, Scene
from pipeline.script.gemini_quotes import Quotes

#: No script has more; a longer answer went astray.
_MOST_SCENES, _MOST_QUOTES = 14, 8


class DraftClaim(BaseModel):
    """One thing that the narration asserts, and the passages that say it."""

    text: str = Field(description="What is asserted, in one sentence.")
    quotes: list[str] = Field(description="Passages copied letter for letter from the paper.")


class DraftScene(BaseModel):
    """One scene. The last one, which names the paper, is not Gemini's."""

    kind: Literal["hook", "background", "method", "finding", "limitation", "takeaway"]
    narration: str = Field(description="What is said, one or two sentences.")
    claims: list[DraftClaim]


class Draft(BaseModel):
    """A whole script."""

    scenes: list[DraftScene]


def schema() -> dict[str, Any]:
    """The JSON schema of a draft."""
    return Draft.model_json_schema()


def read_draft(text: str) -> Draft:
    """The draft that `text` holds. Raises `OddReplyError` when it holds none."""
    try:
        draft = Draft.model_validate_json(text)
    except ValidationError:
        raise OddReplyError("Gemini’s script can’t be read: it is cut off, or no script.") from None
    if not draft.scenes or len(draft.scenes) > _MOST_SCENES:
        raise OddReplyError(f"Gemini’s script has {len(draft.scenes)} scenes.")
    return draft


def scene_of(drafted: DraftScene, quotes: Quotes) -> tuple[Scene | None, list[str]]:
    """The scene with its quotes as the paper prints them, and the quotes that the paper does not hold.

    A claim with such a quote is left out; no scene comes of a narration without a word.
    """
    narration = " ".join(drafted.narration.split())
    claims: list[Claim] = []
    missing: list[str] = []
    for claim in drafted.claims:
        found = [(quote, quotes.found(quote)) for quote in claim.quotes[:_MOST_QUOTES]]
        lost = [quote for quote, places in found if not places]
        missing += lost
        evidence = {place.quote: place for _, places in found for place in places}
        text = " ".join(claim.text.split()) or narration
        if evidence and not lost:
            claims.append(Claim(text=text, evidence=tuple(evidence.values())))
    if not narration:
        return None, missing
    return Scene(kind=drafted.kind, narration=narration, claims=tuple(claims)), missing
