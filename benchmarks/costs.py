"""Writes docs/costs.md out of the price tables and of what was measured: `python -m benchmarks.costs > docs/costs.md`.

A test holds the page to it, so that a changed price changes the page.
"""

from __future__ import annotations

from datetime import date
from textwrap import fill as filled
from typing import Final, NamedTuple

from jobs.estimate import USUAL_FILMED, USUAL_READ, USUAL_SCENES, USUAL_WRITTEN
from pipeline.narration.voices import VOICE_MODEL
from pipeline.prices import R2, TokenPrice, Ware, token_price
from pipeline.script.gemini_writer import MODEL
from pipeline.visuals.runway.models import CENTS_A_CREDIT, PREFERRED, film_model
from pipeline.visuals.runway.prompts import MOST_SCENES

#: When the first prices count, and from when others do.
DAYS: Final = (date(2026, 11, 23), date(2027, 1, 1))
SECONDS: Final = 67
#: Tokens of a second of speech (`pipeline.narration.gemini_voice`).
SOUND_TOKENS: Final = 25
#: Bytes of a finished video's files: those of `make demo` (67 s, 1080×1920), measured on 2026-11-23. A share page's
#: are what is allowed for one.
FILES: Final = {
    "video.mp4": 19_025_207,
    "preview.mp4": 2_429_319,
    "cover.jpg": 248_608,
    "captions.srt and captions.vtt": 2_392 + 2_280,
    "script.json, manifest.json, transcript.txt and post.md": 4_980 + 25_010 + 947 + 417,
    "the share page": 60_000,
}
#: What its stages made on their way, the finished video among it: pieces and bytes, each kept for 30 days.
PIECES, PIECES_BYTES = 20, 51_580_419
#: A clip as Runway hands it out, and fitted into its scene (bytes): a guess, there was no key.
CLIP_BYTES: Final = 25_000_000
#: Finished objects, and what is read for one that watches: the page, the captions, the video in parts.
PUBLISHED, READS_A_VIEW, VIEWS = 10, 6, 100


#: The page's lines have so many letters at most, where they can be broken.
_WIDTH: Final = 130


class Line(NamedTuple):
    """What is paid for one video: US cents, not rounded, from each of the `DAYS` on."""

    what: str
    cents: tuple[float, ...]


def r2_cents(*, filmed: bool) -> float:
    """US cents for one video that is kept a month and watched `VIEWS` times; the free allowance is not taken off."""
    pieces, held = PIECES, sum(FILES.values()) + PIECES_BYTES
    if filmed:
        pieces, held = pieces + 2 * USUAL_FILMED, held + USUAL_FILMED * CLIP_BYTES
    writes, reads = pieces + PUBLISHED, pieces + VIEWS * READS_A_VIEW
    return held / 1e9 * R2.gb_month + writes / 1e6 * R2.writes + reads / 1e6 * R2.reads


def _tokens(price: TokenPrice, read: int, written: int) -> float:
    return (read * price.reads + written * price.writes) / 1e6


def lines() -> list[Line]:
    """What is paid for one usual video, by what is bought."""
    text, speech = ([token_price(model, ware, day) for day in DAYS] for model, ware in _MODELS)
    filming = film_model(PREFERRED[0])
    seconds = USUAL_FILMED * filming.duration(SECONDS / USUAL_SCENES)
    footage = float(seconds * filming.credits * CENTS_A_CREDIT)
    both = len(DAYS)
    return [
        Line("R2, without footage", (r2_cents(filmed=False),) * both),
        Line("R2, with footage", (r2_cents(filmed=True),) * both),
        Line(
            f"Gemini’s script ({MODEL})", tuple(_tokens(price, USUAL_READ, USUAL_WRITTEN) for price in text)
        ),
        Line(
            f"Gemini’s voice ({VOICE_MODEL})",
            tuple(_tokens(price, 10 * SECONDS, SOUND_TOKENS * SECONDS) for price in speech),
        ),
        Line(f"Runway’s footage ({filming.name})", (footage,) * both),
    ]


_MODELS: Final[tuple[tuple[str, Ware], ...]] = ((MODEL, "text"), (VOICE_MODEL, "speech"))


def totals() -> list[Line]:
    """The same for the ways in which videos are made."""
    plain, filmed, script, voice, footage = lines()

    def together(what: str, *parts: Line) -> Line:
        return Line(what, tuple(sum(each) for each in zip(*(part.cents for part in parts), strict=True)))

    return [
        together("embedded, files in R2", plain),
        together("Gemini writes and speaks", plain, script, voice),
        together("and Runway’s footage", filmed, script, voice, footage),
    ]


def page() -> str:
    """docs/costs.md."""
    text, speech = (token_price(model, ware, DAYS[0]) for model, ware in _MODELS)
    filming, second = (film_model(name) for name in PREFERRED)
    files = sum(FILES.values())
    paragraphs = [
        "# What videos cost",
        fill(_HEAD, _WIDTH),
        _table(lines()),
        "Together:",
        _table(totals()),
        "## Before, while and after",
        "\n".join(fill(one, _WIDTH, subsequent_indent="  ") for one in _BEFORE),
        "## What was measured, and what was not",
        "\n".join(f"- {name}: {_size(size)}" for name, size in FILES.items()),
        *(fill(one, _WIDTH) for one in _measured(files)),
        "## Prices",
        "\n".join(
            [
                "| what | price in US dollars | source | read on |",
                "|---|---|---|---|",
                _price(text, "text"),
                _price(speech, "speech"),
                f"| Runway, {filming.name} and {second.name} | {filming.credits} and {second.credits} credits a "
                f"second, {CENTS_A_CREDIT / 100:.2f} a credit | pipeline/visuals/runway/models.py | 2026-11-23 |",
                f"| R2 | {R2.gb_month / 100:.3f} a GB-month, {R2.writes / 100:.2f} a million writes, "
                f"{R2.reads / 100:.2f} a million reads, nothing for what is sent out | <{R2.source}> | {R2.read_on} |",
            ]
        ),
        _TAIL,
    ]
    return "\n\n".join(paragraphs) + "\n"


def fill(text: str, width: int, *, subsequent_indent: str = "") -> str:
    """`text` in lines; addresses and commands are not broken at hyphens."""
    return filled(
        text, width, subsequent_indent=subsequent_indent, break_on_hyphens=False, break_long_words=False
    )


def _measured(files: int) -> tuple[str, str]:
    return (
        f"Together {_size(files)} a finished video. On their way the stages made {PIECES} pieces of "
        f"{_size(PIECES_BYTES)}, which go after 30 days (`HIDDEN_HILL_ARTEFACT_DAYS`). The files are those "
        "of `make demo`, 67 s at 1080×1920 (2026-11-23). The share page is an allowance; so "
        f"is {_size(CLIP_BYTES)} for a clip of Runway’s and its fitted copy. R2 counts {PIECES + PUBLISHED} writes, "
        f"and {PIECES} reads besides {READS_A_VIEW} for each of {VIEWS} who watch, for a video that is kept a month. "
        "What R2 gives away each month (10 GB, a million writes, ten million reads) is not taken off.",
        f"A usual paper is {USUAL_READ:,} tokens with the rules (the middle of the papers of the tests, at four "
        f"letters a token); the script with what is thought before it is taken as {USUAL_WRITTEN:,}. A second of "
        f"speech is {SOUND_TOKENS} tokens. In 50 videos of the papers of the tests {USUAL_FILMED} scenes of "
        f"{USUAL_SCENES} would show footage; a clip is bought by the second and lasts its scene. "
        "None of these calls was made to the real services.",
    )


def _table(shown: list[Line]) -> str:
    first, second = DAYS
    head = [
        f"| US dollars | a video, {first} | 100 | 1,000 | a video from {second} | 100 | 1,000 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    rows = [
        f"| {line.what} | "
        + " | ".join(_each(cents, many) for cents in line.cents for many in (1, 100, 1000))
        + " |"
        for line in shown
    ]
    return "\n".join([*head, *rows])


def _each(cents: float, many: int) -> str:
    return f"{cents * many / 100:,.{4 if many == 1 else 2}f}"


def _size(size: float) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"


def _price(price: TokenPrice, ware: str) -> str:
    later = token_price(price.model, price.ware, DAYS[1])
    return (
        f"| {price.model} ({ware}) | {price.reads / 100:.2f} read, {price.writes / 100:.2f} written a million "
        f"tokens; from {DAYS[1]} {later.reads / 100:.2f} and {later.writes / 100:.2f} "
        f"| <{price.source}> | {price.read_on} |"
    )


_HEAD: Final = (
    f"One video of {SECONDS} s with the models and prices of the tables in the code, on {DAYS[0]} and from "
    f"{DAYS[1]} on. Written by `python -m benchmarks.costs > docs/costs.md`; a test holds this page to the tables. "
    "Without keys a video costs nothing but the machine it is made on."
)
_BEFORE: Final = (
    "- **Before**: `/paper cost 32296183` and `hidden-hill cost 32296183` say about how much and how much at most, by "
    "provider. The most is reserved in the ledger: the longest paper with its script mended once, three recordings, "
    f"and the longest clip for each of {MOST_SCENES} scenes after one that was refused (Runway charges for what its "
    "safety rules refuse: <https://docs.dev.runwayml.com/usage/moderation>, read 2026-11-23).",
    "- **A hard cap**: one video may cost $15.00 at most. `hidden-hill quota --set dollars_per_job=5`, `/paper admin "
    "quota dollars_per_job=5` and **Change limits…** on the admins' page change that (`none` lifts it). A job that "
    "may cost more is refused at once, and told what to leave out; a purchase that would take a running one beyond "
    "it, its redos and retries counted, is not made.",
    "- **After**: the card in the chat, `/paper status`, `hidden-hill status` and `list`, and the admins' list and "
    "sheet say what it cost in truth: tokens as Gemini counted them, credits as Runway did, each purchase rounded up "
    "to a cent. `hidden-hill make` says at its end what it bought.",
)
_TAIL: Final = "None of these prices was held against the provider's own page: look before you rely on one."


if __name__ == "__main__":
    print(page(), end="")
