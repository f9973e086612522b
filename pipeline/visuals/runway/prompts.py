"""What Runway is asked for: a scene's topic and mood in words, never text, people's faces, logos or data.

The same shot gives the same words. Nothing of the paper goes in but a phrase of a few words.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.model import Audience, SceneKind
from pipeline.providers import Shot

#: Raise it when the same shot gives other words.
VERSION: Final = "1"

#: The kinds of scene that may show footage, and how many of each in a video: the others show the paper's own figures,
#: numbers or words.
FILMED: Final[dict[SceneKind, int]] = {"hook": 1, "background": 2, "takeaway": 1}
#: How many scenes of a video show footage at most.
MOST_SCENES: Final = sum(FILMED.values())

#: The most that any of the models takes (UTF-16 code units).
LONGEST: Final = 1000
_MOST_WORDS: Final = 6
_ADDRESS: Final = re.compile(r"\S*(?:://|www\.|@)\S*|\bhttps?\b", re.IGNORECASE)

_SHOWN: Final[dict[SceneKind, tuple[str, ...]]] = {
    "hook": (
        "An opening shot that makes curious about {topic}: a slow push in on one natural object or place that belongs"
        " to it",
        "A first glimpse of the world of {topic}: a slow crane shot that reveals a wide natural place",
        "An opening close-up of the materials and textures of {topic}, light slowly moving over them",
    ),
    "background": (
        "A calm establishing shot of the everyday setting in which {topic} matters, seen from a distance",
        "A slow sideways tracking shot through a quiet place where {topic} plays a part",
        "A still, wide view of the surroundings of {topic}, with gentle movement of air and light",
    ),
    "takeaway": (
        "A closing shot that widens from the subject of {topic} to an open, hopeful landscape at first light",
        "A slow pull back from a detail of {topic} into a bright, open place",
        "A quiet last view over a wide horizon that leaves room to think about {topic}",
    ),
}
_SOFT: Final[dict[SceneKind, str]] = {
    "hook": "A slow push in through soft morning mist over quiet hills, warm light breaking through",
    "background": "Soft light and shadow moving slowly over calm water and stones, seen from above",
    "takeaway": "A slow rise over wide, empty hills at first light, the sky opening",
}
_MANNER: Final[dict[Audience, str]] = {
    "public": "Cinematic, warm natural light, shallow depth of field, inviting.",
    "student": "Cinematic, clear natural light, curious and precise.",
    "peer": "Documentary, sober natural light, restrained.",
}
_NEVER: Final = (
    "One continuous shot, slow steady camera, nothing sudden, dark calm area in the lower half."
    " No text, no letters, no numbers, no captions, no logos, no brands, no people, no faces, no hands,"
    " no charts, no graphs, no diagrams, no screens, no medical procedures."
)


def prompt_of(shot: Shot, *, softened: bool = False) -> str:
    """The words for a shot; `softened`, they name no topic and can offend nobody."""
    if softened:
        shown = _SOFT[shot.kind]
    else:
        ways = _SHOWN[shot.kind]
        shown = ways[(shot.way + shot.take) % len(ways)].format(
            topic=plain(shot.topic) or "nature and science"
        )
    return f"{shown}. {_MANNER[shot.audience]} {_NEVER}"


def plain(topic: str) -> str:
    """A phrase with nothing in it but a few words of letters: no numbers, no marks, no addresses."""
    words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", _ADDRESS.sub(" ", topic))
    return " ".join(words[:_MOST_WORDS])[:80]
