"""Who speaks, and who does when that one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.writers import bought_from_gemini

if TYPE_CHECKING:
    from jobs.kit import Kit
    from pipeline.narration.voices import VoiceWish
    from pipeline.providers import Artefacts, Purchases, Voice


def wished(kit: Kit, wish: str = "") -> VoiceWish:
    """Whose voice is wanted: that of `wish` ("gemini:Kore"), else the kit's. Raises `UsageError`."""
    from pipeline.narration.voices import voice_wish

    own = voice_wish(wish)
    return own if own.speaker != "auto" else voice_wish(kit.voice)


def speaks_with_gemini(kit: Kit, wish: str = "", *, cloud: bool = True) -> bool:
    """Whether Gemini speaks. Without `cloud` the paper's words must not leave our machines."""
    speaker = wished(kit, wish).speaker
    return cloud and (speaker == "gemini" or (speaker == "auto" and kit.gemini_key is not None))


def voices(
    kit: Kit,
    artefacts: Artefacts,
    purchases: Purchases | None,
    *,
    wish: str = "",
    style: str = "",
    cloud: bool = True,
    buyer: str = "",
) -> tuple[Voice, Voice | None]:
    """The voice, and the spare one where there may be one."""
    from pipeline.narration.hibari import HibariVoice

    embedded = HibariVoice()
    if not speaks_with_gemini(kit, wish, cloud=cloud):
        return embedded, None
    from pipeline.narration.gemini_voice import GeminiVoice
    from pipeline.narration.voices import GEMINI_VOICE, VOICE_MODEL, style_wish

    voice = GeminiVoice(
        bought_from_gemini(kit, artefacts, purchases, buyer=buyer),
        estimate=embedded.seconds,
        model=kit.gemini_voice_model or VOICE_MODEL,
        voice=wished(kit, wish).name or wished(kit).name or GEMINI_VOICE,
        style=style_wish(style or kit.voice_style),
    )
    return voice, embedded if kit.on_failure == "fall-back" else None


def most_voice_cents(kit: Kit, seconds: int, wish: str = "", *, cloud: bool = True) -> int:
    """US cents that a narration of `seconds` costs at most today, if every recording has to be bought anew."""
    if not speaks_with_gemini(kit, wish, cloud=cloud):
        return 0
    from pipeline.narration.gemini_voice import most_cents
    from pipeline.narration.voices import VOICE_MODEL

    return most_cents(kit.gemini_voice_model or VOICE_MODEL, seconds)
