"""Who makes footage, and who looks at what is being made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.errors import BadKeyError

if TYPE_CHECKING:
    from jobs.kit import Kit
    from pipeline.providers import Artefacts, Purchases, Watcher
    from pipeline.visuals.runway.client import RunwayClient
    from pipeline.visuals.runway.filmer import RunwayFilmer


def films(kit: Kit, wish: bool | None = None, *, cloud: bool = True) -> bool:
    """Whether footage is made: as `wish` says, else as the kit does, whose "off" counts whatever is wished.

    Without `cloud` no word of the paper must leave our machines.
    """
    there = kit.footage == "runway" or (kit.footage == "auto" and kit.runway_key is not None)
    return there and cloud and wish is not False


def runway(kit: Kit) -> RunwayClient | None:
    """Runway, where it is to make footage. Raises `BadKeyError` when it was asked for by name and has no key."""
    if not films(kit):
        return None
    from pipeline.visuals.runway.client import RunwayClient

    if kit.runway_key is None:
        raise BadKeyError("Footage by Runway was asked for, and there is no key.", "Set RUNWAYML_API_SECRET.")
    return RunwayClient(base_url=kit.runway_base_url, key=kit.runway_key.get_secret_value())


def filmer(kit: Kit, artefacts: Artefacts, purchases: Purchases, *, buyer: str = "") -> RunwayFilmer | None:
    """Who makes footage for `buyer` (a workspace); `None` for nobody."""
    client = runway(kit)
    if client is None:
        return None
    from pipeline.visuals.runway.filmer import RunwayFilmer
    from pipeline.visuals.runway.models import PREFERRED

    return RunwayFilmer(
        client=client,
        artefacts=artefacts,
        purchases=purchases,
        models=kit.runway_models or PREFERRED,
        hosts=kit.runway_hosts,
        on_failure=kit.on_failure,
        limits=kit.shared_limits,
        buyer=buyer,
    )


def film_version(kit: Kit) -> str:
    """Who makes footage and in which version, "" where nobody does: part of what makes two orders the same."""
    if kit.footage == "off" or kit.runway_key is None:
        return ""
    from pipeline.visuals.runway.filmer import version_of
    from pipeline.visuals.runway.models import PREFERRED

    return f"footage {version_of(kit.runway_models or PREFERRED)}"


def film_watchers(kit: Kit) -> Mapping[str, Watcher]:
    """Who looks at Runway's tasks, where it makes footage."""
    client = runway(kit) if kit.runway_key is not None else None
    if client is None:
        return {}
    from pipeline.visuals.runway.watcher import RUNWAY, RunwayWatcher

    return {RUNWAY: RunwayWatcher(client, limits=kit.shared_limits)}
