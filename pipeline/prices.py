"""What providers charge: one table of models and prices, each with its source and the day on which it was read.

None of it was held against Google's page itself, which could not be read here: only copies of it. Vercel's list of
models (https://vercel.com/ai-gateway/models/gemini-3.8-flash) has the same for gemini-3.8-flash, Micdrop's
(https://micdrop.dev/docs/text-to-speech/gemini) the same for the voices of 3.8 in November 2026; both looked up on
2026-11-23. Prices change, and a changed one is mended here. US cents are counted in integers; what costs a fraction is
rounded up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

#: What a model makes.
Ware = Literal["text", "speech"]

_PER: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class TokenPrice:
    """US cents for a million tokens that a model reads and writes, from the day `since` on.

    A request of more than `long_over` tokens costs `long_reads` and `long_writes` instead; 0: it costs the same.
    `read_on` is when `source` was read.
    """

    model: str
    ware: Ware
    reads: int
    writes: int
    since: date
    read_on: date
    source: str
    long_over: int = 0
    long_reads: int = 0
    long_writes: int = 0

    def cents(self, read: int, written: int) -> int:
        """US cents for so many tokens, rounded up. What the model thinks counts as written."""
        long = 0 < self.long_over < read
        reads, writes = (self.long_reads, self.long_writes) if long else (self.reads, self.writes)
        return -(-(read * reads + written * writes) // _PER)


#: Google's page of prices, in two transcriptions that say they quote it.
_TRANSCRIBED = "https://github.com/api-evangelist/deepmind/blob/main/plans/deepmind-plans-pricing.yml"
_LITELLM_SPEECH = "https://github.com/BerriAI/litellm/discussions/42776"
#: Somebody's account of what https://ai.google.dev/gemini-api/docs/pricing says.
_SPEECH_PREVIEW = "https://cn.nemovideo.com/blog/gemini-3-1-flash-tts-pricing"
_ALWAYS = date(2026, 1, 1)
_TRANSCRIBED_ON, _LOOKED_UP_ON = date(2026, 10, 7), date(2026, 11, 23)


def _text(model: str, reads: int, writes: int, *, since: date = _ALWAYS) -> TokenPrice:
    return TokenPrice(
        model=model,
        ware="text",
        reads=reads,
        writes=writes,
        since=since,
        read_on=_TRANSCRIBED_ON,
        source=_TRANSCRIBED,
    )


def _speech(
    model: str, reads: int, writes: int, *, since: date = _ALWAYS, source: str = _LITELLM_SPEECH
) -> TokenPrice:
    return TokenPrice(
        model=model,
        ware="speech",
        reads=reads,
        writes=writes,
        since=since,
        read_on=_LOOKED_UP_ON,
        source=source,
    )


_NEW_YEAR = date(2027, 1, 1)
TOKEN_PRICES: Final[Sequence[TokenPrice]] = (
    _text("gemini-3.8-flash", 75, 375),
    _text("gemini-3.8-flash", 150, 750, since=_NEW_YEAR),
    _text("gemini-3.5-flash", 150, 900),
    _text("gemini-3.5-flash-lite", 30, 250),
    TokenPrice(
        model="gemini-3.1-pro-preview",
        ware="text",
        reads=200,
        writes=1200,
        since=_ALWAYS,
        read_on=_TRANSCRIBED_ON,
        source=_TRANSCRIBED,
        long_over=200_000,
        long_reads=400,
        long_writes=1800,
    ),
    _speech("gemini-3.8-flash-tts", 50, 900),
    _speech("gemini-3.8-flash-tts", 100, 1800, since=_NEW_YEAR),
    _speech("gemini-3.8-flash-lite-tts", 50, 600),
    _speech("gemini-3.8-flash-lite-tts", 100, 1200, since=_NEW_YEAR),
    _speech("gemini-3.1-flash-tts-preview", 100, 2000, source=_SPEECH_PREVIEW),
)


@dataclass(frozen=True, kw_only=True)
class StorePrice:
    """US cents of an object store: for a GB kept a month, a million requests that write and that read, a GB sent out.

    `read_on` is when `source` was read.
    """

    gb_month: float
    writes: float
    reads: float
    gb_out: float
    read_on: date
    source: str


#: Cloudflare R2, standard storage. 10 GB-months, a million writes and ten million reads a month are free on top.
R2: Final = StorePrice(
    gb_month=1.5,
    writes=450,
    reads=36,
    gb_out=0,
    read_on=_LOOKED_UP_ON,
    source="https://github.com/cloudflare/cloudflare-docs/blob/production/src/content/docs/r2/pricing.mdx",
)


def token_price(model: str, ware: Ware, day: date) -> TokenPrice:
    """What `model` costs on `day`; for a model that is not in the table, what the dearest of its kind costs."""
    return known_price(model, ware, day) or max(
        (price for price in TOKEN_PRICES if price.ware == ware and price.since <= day),
        key=lambda price: (price.writes, price.reads),
    )


def known_price(model: str, ware: Ware, day: date) -> TokenPrice | None:
    """What the table says of `model` on `day`; `None` when it does not know the model."""
    there = [
        price
        for price in TOKEN_PRICES
        if (price.model, price.ware) == (model.removeprefix("models/"), ware) and price.since <= day
    ]
    return max(there, key=lambda price: price.since, default=None)
