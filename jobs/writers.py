"""Who writes the script, and who does when that one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.kit import Kit
    from pipeline.gemini.bought import Bought
    from pipeline.providers import Artefacts, Purchases, Writer


def bought_from_gemini(
    kit: Kit, artefacts: Artefacts, purchases: Purchases | None, *, buyer: str = ""
) -> Bought:
    """What `buyer` (a workspace) buys from Gemini with the kit's key; without one every question is refused."""
    from pipeline.gemini.bought import Bought
    from pipeline.gemini.client import Gemini

    key = kit.gemini_key.get_secret_value() if kit.gemini_key else ""
    gemini = Gemini(api_key=key, base_url=kit.gemini_base_url)
    return Bought(gemini, artefacts, purchases, kit.shared_limits, buyer)


def writes_with_gemini(kit: Kit, *, cloud: bool = True) -> bool:
    """Whether Gemini writes. Without `cloud` the paper must not leave our machines."""
    wanted = kit.writer == "gemini" or (kit.writer == "auto" and kit.gemini_key is not None)
    return wanted and cloud


def writers(
    kit: Kit, artefacts: Artefacts, purchases: Purchases | None, *, cloud: bool = True, buyer: str = ""
) -> tuple[Writer, Writer | None]:
    """The writer, and the spare one where there may be one."""
    from pipeline.script.extractive import ExtractiveWriter

    if not writes_with_gemini(kit, cloud=cloud):
        return ExtractiveWriter(), None
    from pipeline.script.gemini_writer import GeminiWriter

    writer = GeminiWriter(bought_from_gemini(kit, artefacts, purchases, buyer=buyer), model=kit.gemini_model)
    return writer, ExtractiveWriter() if kit.on_failure == "fall-back" else None


def most_script_cents(kit: Kit, *, cloud: bool = True) -> int:
    """US cents that a script costs at most today."""
    if not writes_with_gemini(kit, cloud=cloud):
        return 0
    from pipeline.script.gemini_writer import most_cents

    return most_cents(kit.gemini_model)
