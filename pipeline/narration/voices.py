"""Which voices there are, and how people name them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, Literal

from pipeline.errors import UsageError
from pipeline.model import Value

#: Gemini's prebuilt voices (https://ai.google.dev/gemini-api/docs/speech-generation; the list was read in
#: https://docs.scenario.com/get-started/generation/audio-generation/audio-generation-google, 2026-11-23).
GEMINI_VOICES: Final = (
    *("Achernar", "Achird", "Algenib", "Algieba", "Alnilam", "Aoede", "Autonoe", "Callirrhoe", "Charon"),
    *("Despina", "Enceladus", "Erinome", "Fenrir", "Gacrux", "Iapetus", "Kore", "Laomedeia", "Leda", "Orus"),
    *("Puck", "Pulcherrima", "Rasalgethi", "Sadachbia", "Sadaltager", "Schedar", "Sulafat", "Umbriel"),
    *("Vindemiatrix", "Zephyr", "Zubenelgenubi"),
)
#: The one that speaks when nobody chose.
GEMINI_VOICE: Final = "Kore"
#: The model that speaks (https://ai.google.dev/gemini-api/docs/models/gemini-3.8-flash-tts, 2026-11-23).
VOICE_MODEL: Final = "gemini-3.8-flash-tts"
#: How it speaks when nobody says.
STYLE: Final = "calm, clear and friendly, like the narrator of a science film"
#: Letters that a style may have at most.
LONGEST_STYLE: Final = 120

Speaker = Literal["auto", "hibari", "gemini"]


class VoiceWish(Value):
    """Who shall speak; `name` is one of Gemini's voices, "" for its usual one."""

    speaker: Speaker = "auto"
    name: str = ""

    def __str__(self) -> str:
        """As people write it, and `voice_wish` reads it."""
        return f"{self.speaker}:{self.name}" if self.name else self.speaker


def voice_wish(said: str) -> VoiceWish:
    """The wish in "", "hibari", "gemini", "gemini:Kore" or "Kore", in any case; raises `UsageError`."""
    speaker, colon, name = said.strip().partition(":")
    if not colon and speaker.lower() not in {"", "auto", "hibari", "gemini"}:
        speaker, name = "gemini", speaker
    known = {voice.lower(): voice for voice in GEMINI_VOICES}
    match speaker.lower(), name.strip().lower():
        case "" | "auto", "":
            return VoiceWish()
        case "hibari", "" | "heart":
            return VoiceWish(speaker="hibari")
        case "gemini", "":
            return VoiceWish(speaker="gemini")
        case "gemini", wanted if wanted in known:
            return VoiceWish(speaker="gemini", name=known[wanted])
    near = get_close_matches(name.strip().lower(), known, n=1)
    meant = f"Did you mean {known[near[0]]}? " if near else ""
    raise UsageError(
        f"There is no voice “{said.strip()[:40]}”.",
        f"{meant}There are hibari (the embedded one) and Gemini’s: {', '.join(GEMINI_VOICES)}.",
    )


def style_wish(said: str) -> str:
    """A style in plain words, as it may be handed to a voice; raises `UsageError`."""
    style = " ".join(said.split())
    if len(style) > LONGEST_STYLE or not re.fullmatch(r"[\w ,;’'–-]*", style):
        raise UsageError(
            "A style is a few plain words, like “calm and clear”.",
            f"Letters, digits, commas and hyphens; {LONGEST_STYLE} at most.",
        )
    return style
