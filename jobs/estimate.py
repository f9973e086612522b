"""What a video costs before anything is made: about how much, and how much at most, by what is bought."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import ceil
from typing import Final

from jobs.filming import films
from jobs.kit import Kit
from jobs.order import JobOrder
from jobs.voices import most_voice_cents, speaks_with_gemini
from jobs.writers import most_script_cents, writes_with_gemini
from pipeline.prices import token_price
from pipeline.visuals.runway.models import PREFERRED, film_model
from pipeline.visuals.runway.prompts import MOST_SCENES
from storage.quotas import Refusal, dollars
from storage.records import Record

#: Tokens of a usual script: the papers of shared/papers have 7,600 in the middle, at four letters a token
#: (2026-11-23), and the rules come on top; a script has about 3,000, and what is thought is a guess.
USUAL_READ, USUAL_WRITTEN = 10_000, 8_000
#: Scenes that show footage in a usual video, of so many in all: in the 50 of the corpus (2026-11-23) it is 2.8 of 8.
USUAL_FILMED, USUAL_SCENES = 3, 8
#: Tokens of a second of speech (`pipeline.narration.gemini_voice`).
_SOUND_TOKENS: Final = 25
#: A narration may be longer than what was asked for, by this much.
_LONGER: Final = 1.15


class Share(Record):
    """What one thing ("script", "voice", "footage") costs by its provider, in US cents: usually, and at most."""

    what: str
    provider: str
    about: int
    most: int


class Estimate(Record):
    """What a job costs, by what is bought for it; nothing of it is named that costs nothing."""

    shares: tuple[Share, ...] = ()

    @property
    def about(self) -> int:
        """US cents of a usual job."""
        return sum(share.about for share in self.shares)

    @property
    def most(self) -> int:
        """US cents at most: what is reserved for the job."""
        return sum(share.most for share in self.shares)


def estimate(order: JobOrder, kit: Kit) -> Estimate:
    """What this order costs with the providers and prices of today.

    The most covers the longest paper with its script mended once; a voice whose recordings are bought as often as
    they may be, slow ones; and for as many scenes as may show footage the longest clip of the dearest model, after a
    first one that Runway's safety rules refused (which costs the same:
    https://docs.dev.runwayml.com/usage/moderation, read 2026-11-23). Beyond it go only footage whose softened words
    are refused too, tasks that failed and are not given back, and what was bought and got lost: these are bought as
    far as the quotas and the cap of a job leave room (`storage.ledger.afford`), else the job goes on without.
    """
    found = (_script(order, kit), _voice(order, kit), _footage(order, kit))
    return Estimate(shares=tuple(share for share in found if share is not None))


def estimate_cents(order: JobOrder, kit: Kit) -> int:
    """US cents at most for this order (see `estimate`): what is reserved. 0 where no provider that costs is asked."""
    return estimate(order, kit).most


def _script(order: JobOrder, kit: Kit) -> Share | None:
    if kit.gemini_key is None or order.script or not writes_with_gemini(kit, cloud=order.may_leave):
        return None
    price = token_price(kit.gemini_model, "text", _today())
    about = price.cents(USUAL_READ, USUAL_WRITTEN)
    return Share(what="script", provider="Gemini", about=about, most=most_script_cents(kit))


def _voice(order: JobOrder, kit: Kit) -> Share | None:
    if kit.gemini_key is None or not speaks_with_gemini(kit, order.voice, cloud=order.may_leave):
        return None
    from pipeline.narration.voices import VOICE_MODEL

    price = token_price(kit.gemini_voice_model or VOICE_MODEL, "speech", _today())
    about = price.cents(0, order.seconds * _SOUND_TOKENS)
    most = most_voice_cents(kit, ceil(order.seconds * _LONGER), order.voice)
    return Share(what="voice", provider="Gemini", about=about, most=most)


def _footage(order: JobOrder, kit: Kit) -> Share | None:
    if kit.runway_key is None or not films(kit, order.footage, cloud=order.may_leave):
        return None
    models = [film_model(name) for name in kit.runway_models or PREFERRED]
    usual = models[0].cents(models[0].duration(order.seconds / USUAL_SCENES))
    refused = models[0].cents(max(models[0].durations))
    dearest = max(model.cents(max(model.durations)) for model in models)
    return Share(
        what="footage",
        provider="Runway",
        about=USUAL_FILMED * usual,
        most=MOST_SCENES * (refused + dearest),
    )


def cost_sentence(found: Estimate) -> str:
    """What a person is told of the estimate."""
    if not found.shares:
        return (
            "It costs nothing, whatever the paper: videos are written, spoken and drawn on our own machines."
        )
    each = ", ".join(f"{one.what} {span(one.about, one.most)} ({one.provider})" for one in found.shares)
    return f"It costs {span(found.about, found.most)}: {each}."


def span(about: int, most: int) -> str:
    """What something costs in US cents, in words: "about $0.42, at most $1.10"."""
    return f"about {dollars(about)}, at most {dollars(most)}" if about < most else f"{dollars(most)} at most"


def refused(no: Refusal, order: JobOrder, kit: Kit, without_footage: str) -> str:
    """Why the order is refused, in a sentence; `without_footage` is how it is asked for so, where that would do."""
    if no.limit != "cents_per_job" or no.most is None:
        return no.sentence
    less = order.model_copy(update={"footage": False})
    if _footage(order, kit) is None or estimate_cents(less, kit) > no.most:
        return f"{no.sentence} Ask whoever looks after the app for a higher limit."
    return f"{no.sentence} Say {without_footage}, or ask whoever looks after the app for a higher limit."


def _today() -> date:
    return datetime.now(UTC).date()
