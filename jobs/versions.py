"""Who is at work, and in which version: part of what makes two orders the same."""

from __future__ import annotations

from jobs.filming import film_version
from jobs.kit import Kit
from jobs.voices import voices
from jobs.writers import writers
from pipeline.narration import narrate
from pipeline.paper import reading
from pipeline.render.plan import RENDERER
from pipeline.visuals import figures


def versions(kit: Kit) -> tuple[str, ...]:
    """The version of everything that a finished video depends on."""
    nowhere = kit.local_artefacts("-")
    writer, voice = writers(kit, nowhere, None)[0], voices(kit, nowhere, None)[0]
    film = film_version(kit)
    return (
        f"reading {reading.VERSION}",
        f"{writer.name} {writer.version}",
        f"{voice.name} {voice.version}",
        f"narration {narrate.VERSION}",
        f"figures {figures.VERSION}",
        f"renderer {RENDERER}",
        *([film] if film else []),
    )
