"""What can be wished for where this runs: options that need a provider are offered only where it is set up."""

from __future__ import annotations

from bots.commands import Options
from jobs.filming import films
from jobs.kit import Kit
from jobs.voices import wished
from jobs.writers import writes_with_gemini


def offered(kit: Kit) -> frozenset[str]:
    """The options of a provider's that are of use here: "voice", "style", "tone", "footage"."""
    names = {"voice", "style"} if kit.gemini_key is not None else set[str]()
    names |= {"tone"} if _writes(kit) else set()
    return frozenset(names | ({"footage"} if films(kit) else set()))


def not_here(kit: Kit, options: Options) -> str | None:
    """Why a wish can't be met here, in a sentence; `None` when all can."""
    speaks = kit.gemini_key is not None
    if options.voice is not None and not speaks and wished(kit, options.voice).speaker == "gemini":
        return "Gemini’s voices are not set up here: hibari speaks."
    if options.style is not None and not speaks:
        return "A style is for Gemini’s voice, which is not set up here: ask without it."
    if options.tone not in (None, "plain") and not _writes(kit):
        return (
            "A tone is for Gemini’s writer, which is not set up here: "
            "the embedded one tells it in the paper’s own words."
        )
    if options.footage and not films(kit):
        return "Generated footage is not set up here: ask without it."
    return None


def _writes(kit: Kit) -> bool:
    return kit.gemini_key is not None and writes_with_gemini(kit)
