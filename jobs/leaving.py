"""What of a file that was handed in would go to providers outside: what its owner is told before anything leaves."""

from __future__ import annotations

from jobs.estimate import estimate_cents
from jobs.filming import films
from jobs.kit import Kit
from jobs.order import JobOrder, Leaving
from jobs.voices import speaks_with_gemini
from jobs.writers import writes_with_gemini
from storage.records import Uploads


def has_providers(kit: Kit) -> bool:
    """Whether a provider outside is set up."""
    return kit.gemini_key is not None or kit.runway_key is not None


def leaving(kit: Kit, order: JobOrder) -> Leaving | None:
    """What of the order's file would leave with the providers of today; `None` where nothing would.

    What is published may be read by anybody; a provider without a key gets nothing.
    """
    if order.upload is None:
        return None
    writes = kit.gemini_key is not None and order.script is None and writes_with_gemini(kit)
    speaks = kit.gemini_key is not None and speaks_with_gemini(kit, order.voice)
    filmed = kit.runway_key is not None and films(kit, order.footage)
    to_gemini = {
        (True, True): ["the whole paper to Google Gemini (writing) and the script (voice)"],
        (True, False): ["the whole paper to Google Gemini (writing)"],
        (False, True): ["the script to Google Gemini (voice)"],
        (False, False): [],
    }[writes, speaks]
    what = [*to_gemini, *(["a phrase of it to Runway (footage)"] if filmed else [])]
    if not what:
        return None
    return Leaving(
        to=(*(["Gemini"] if to_gemini else []), *(["Runway"] if filmed else [])),
        what="; ".join(what),
        cents=estimate_cents(order.model_copy(update={"cloud": True}), kit),
    )


def decided(order: JobOrder, goes: Leaving | None, uploads: Uploads, *, said: bool | None = None) -> JobOrder:
    """The order with what is known of where its file may go: by the workspace, or as its owner `said`.

    Where the workspace keeps files, nobody can say otherwise. An order that `asks` waits for the answer.
    """
    if goes is None:
        return order.model_copy(update={"cloud": False, "leaving": None})
    agreed: bool | None = {"ask": None, "cloud": True, "local": False}[uploads]
    if said is not None and agreed is not False:
        agreed = said
    return order.model_copy(update={"cloud": agreed, "leaving": goes})
