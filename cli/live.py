"""`hidden-hill doctor --live`: every provider that is set is asked once, what that costs and how long it takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Final

from bots.finding import Finding as ChatFinding
from cli.finding import Finding, Teller, in_words
from jobs.filming import runway
from jobs.kit import Kit
from jobs.voices import speaks_with_gemini, wished
from jobs.writers import bought_from_gemini, writes_with_gemini
from pipeline.errors import HiddenHillError, OutOfFundsError, ProviderError
from pipeline.gemini.client import Gemini
from pipeline.narration.gemini_voice import GeminiVoice
from pipeline.narration.recording import recording
from pipeline.narration.voices import GEMINI_VOICE, style_wish
from pipeline.paper.pubmed import Ncbi
from pipeline.prices import known_price, token_price
from pipeline.visuals.runway.models import CENTS_A_CREDIT, film_model, most_cents
from pipeline.visuals.runway.prompts import MOST_SCENES
from settings import Settings
from storage.artefacts import FolderArtefacts
from storage.errors import StorageError

#: Seconds that Gemini may take for so little.
PATIENCE: Final = 30.0
#: What Gemini is asked, how many tokens that is at most, and how many it may answer with.
_QUESTION: Final = "Answer with the one word: ready"
_WORDS: Final = "Ready."
_READ, _WRITTEN, _SOUND = 200, 256, 500
#: What `slack --check` and `discord --check` say for those who set the app up.
_SETTING_UP: Final = {"command", "events", "channels", "file hosts"}


@dataclass(frozen=True)
class Seen:
    """What a provider answered, and what that cost (US cents, rounded up)."""

    text: str
    cents: int = 0


@dataclass(frozen=True)
class Question:
    """One small question to one provider, at `most` US cents."""

    name: str
    ask: Callable[[], Seen]
    most: int = 0


def ask_everybody(settings: Settings, tell: Teller) -> None:
    """Ask every provider that is set once, and tell of each."""
    questions = list(questions_for(settings))
    most = sum(question.most for question in questions)
    before = f"Gemini is asked now, for {most} ¢ at most; all others cost nothing." if most else "All free."
    tell(Finding(name="cost", well=None, text=before))
    for question in questions:
        tell(_asked(question))
    for platform, checked in _chats(settings):
        asyncio.run(_tell_chat(platform, checked(settings), tell))
    total = f"{tell.cents} ¢ at most were spent." if tell.cents else "Nothing was spent."
    tell(Finding(name="total", well=None, text=total))


def questions_for(settings: Settings) -> Iterator[Question]:
    """What is asked of whom, with these settings."""
    kit = Kit.of(settings)
    key = kit.gemini_key.get_secret_value() if kit.gemini_key else ""
    gemini = Gemini(api_key=key, base_url=kit.gemini_base_url, patience=PATIENCE)
    today = datetime.now(UTC).date()
    if writes_with_gemini(kit):
        price = token_price(kit.gemini_model, "text", today)
        yield Question(
            "Gemini writer", lambda: _written(gemini, kit.gemini_model), price.cents(_READ, _WRITTEN)
        )
    else:
        yield Question("writer", lambda: Seen("the embedded one writes; GEMINI_API_KEY would let Gemini"))
    if speaks_with_gemini(kit):
        price = token_price(kit.gemini_voice_model, "speech", today)
        yield Question("Gemini voice", lambda: _spoken(gemini, kit), price.cents(_READ, _SOUND))
    else:
        yield Question("speaker", lambda: Seen("the embedded voice speaks; GEMINI_API_KEY would let Gemini"))
    if kit.footage == "off" or (kit.footage == "auto" and kit.runway_key is None):
        text = "figures, numbers and type are shown; RUNWAYML_API_SECRET would let Runway make footage"
        yield Question("footage", lambda: Seen(text))
    else:
        yield Question("Runway footage", lambda: _credits(kit))
    yield Question("NCBI", lambda: _ncbi(settings))


def _asked(question: Question) -> Finding:
    began = monotonic()
    cents = 0
    try:
        seen = question.ask()
        text, well, cents = seen.text, True, seen.cents
    except (HiddenHillError, StorageError) as error:
        text, well = in_words(error), False
        # An answer that came to nothing may have been paid for.
        cents = 0 if getattr(error, "nothing_bought", False) else question.most
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever is wrong
        text, well, cents = type(error).__name__, False, question.most
    return Finding(
        name=question.name, well=well, text=text, ms=round(1000 * (monotonic() - began)), cents=cents
    )


def _written(gemini: Gemini, model: str) -> Seen:
    reply = gemini.generate(model, _QUESTION, {"max_output_tokens": _WRITTEN}).allowed()
    return Seen(f"{model} answers{_unpriced(model, known=_is_known(model, 'text'))}", reply.cents)


def _spoken(gemini: Gemini, kit: Kit) -> Seen:
    model, name = kit.gemini_voice_model, wished(kit).name or GEMINI_VOICE
    nowhere = FolderArtefacts(kit.data / "artefacts" / "doctor")
    bought = bought_from_gemini(kit, nowhere, None)
    voice = GeminiVoice(
        bought, estimate=lambda _: 1.0, model=model, voice=name, style=style_wish(kit.voice_style)
    )
    contents, config = voice.request([_WORDS], 1.0)
    reply = gemini.generate(model, contents, config, ware="speech").allowed()
    heard = recording(reply.sound, reply.mime)
    text = f"{name} of {model} said “{_WORDS}” in {heard.seconds:.1f} s"
    return Seen(f"{text}{_unpriced(model, known=_is_known(model, 'speech'))}", reply.cents)


def _credits(kit: Kit) -> Seen:
    """How many credits are left: a question that costs nothing. Nothing is filmed."""
    client = runway(kit)
    assert client is not None
    left = client.credits()
    models = [film_model(name) for name in kit.runway_models]
    if not models:
        raise ProviderError("No model of Runway’s is named.", "Set HIDDEN_HILL_RUNWAY_MODELS, or unset it.")
    clip = most_cents(1, kit.runway_models) // CENTS_A_CREDIT
    if left < clip:
        raise OutOfFundsError(
            f"Runway’s account has too few credits left: {left:,}, and a clip takes up to {clip}.",
            "Buy some in Runway’s developer portal, or set HIDDEN_HILL_FOOTAGE=off.",
            nothing_bought=True,
        )
    videos = left // (MOST_SCENES * clip)
    enough = f"enough for {videos:,} videos or more" if videos else "not enough for a whole video"
    unknown = [model.name for model in models if not model.known]
    return Seen(f"{left:,} credits left, {enough}{_unpriced(', '.join(unknown), known=not unknown)}")


def _ncbi(settings: Settings) -> Seen:
    key = settings.ncbi_api_key
    ncbi = Ncbi(
        base_url=settings.ncbi_base_url,
        pmc_base_url=settings.pmc_base_url,
        email=settings.ncbi_email or "",
        api_key=key.get_secret_value() if key else "",
        first_wait=0.1,
    )
    ncbi.greet()
    return Seen(f"answers, {'with' if key else 'without'} a key of ours")


def _is_known(model: str, ware: str) -> bool:
    return known_price(model, "speech" if ware == "speech" else "text", datetime.now(UTC).date()) is not None


def _unpriced(model: str, *, known: bool) -> str:
    return "" if known else f"; the price of {model} is not known here, the dearest is taken"


Checked = Callable[[Settings], AsyncIterator[ChatFinding]]


def _chats(settings: Settings) -> Iterator[tuple[str, Checked]]:
    """The chat platforms that have a token, and what looks at each."""
    if settings.slack_bot_token is not None:
        yield "Slack", _slack
    if settings.discord_token is not None:
        yield "Discord", _discord


async def _slack(settings: Settings) -> AsyncIterator[ChatFinding]:
    from bots.slack.check import checked

    async for found in checked(settings):
        yield found


async def _discord(settings: Settings) -> AsyncIterator[ChatFinding]:
    from bots.discord.check import checked

    async for found in checked(settings):
        yield found


async def _tell_chat(platform: str, findings: AsyncIterator[ChatFinding], tell: Teller) -> None:
    """Tell what the check of this platform finds."""
    began = monotonic()
    try:
        async for found in findings:
            if found.name in _SETTING_UP:
                continue
            ms = round(1000 * (monotonic() - began))
            tell(Finding(name=f"{platform} {found.name}", well=found.well, text=found.text, ms=ms))
            began = monotonic()
    except ImportError:
        text = (
            f"The packages that speak to {platform} are not installed. Install requirements-production.txt."
        )
        tell(Finding(name=platform, well=False, text=text))
