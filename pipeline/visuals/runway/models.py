"""Runway's models that make video out of words: what each allows, and what it costs.

Ratios and durations are those of runwayml 5.24 (`types/text_to_video_create_params.py`). Credits a second are those
of Runway's own reference of its API (github.com/runwayml/skills, skill rw-api-reference), read on 2026-11-23 from a
stored copy and not held against that day's https://docs.dev.runwayml.com/guides/pricing/.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

#: US cents of one credit: "$0.01 per credit", https://docs.dev.runwayml.com/guides/setup/, read with the table below.
CENTS_A_CREDIT: Final = 1

#: A clip may be slowed by this much before it is played to and fro to fill its scene.
SLOWEST: Final = 1.3


@dataclass(frozen=True)
class FilmModel:
    """One model. `durations` are seconds, `ratios` pixels as the API writes them, `credits` a second, without sound.

    `silent`: it makes sound unless it is told not to, and costs more with it. `seeded`: it takes a seed. A model that
    is `known` is in Runway's table; of another only its name is.
    """

    name: str
    durations: tuple[int, ...]
    ratios: tuple[str, ...]
    credits: int
    silent: bool = False
    known: bool = True

    def duration(self, seconds: float) -> int:
        """The shortest duration that fills `seconds`, at its own speed or a little slower; else the longest."""
        fitting = [duration for duration in self.durations if duration >= seconds]
        return min(fitting, default=max(self.durations))

    def ratio(self, size: tuple[int, int]) -> str:
        """The ratio nearest to `size`, of two alike the smaller: it is cropped and scaled to the frame."""
        wanted = size[0] / size[1]

        def away(ratio: str) -> tuple[float, int]:
            width, height = map(int, ratio.split(":"))
            return round(abs(width / height - wanted), 3), width * height

        return min(self.ratios, key=away)

    def cents(self, duration: int) -> int:
        """What `duration` seconds cost, in US cents."""
        return ceil(self.credits * duration * CENTS_A_CREDIT)


_UPRIGHT_OR_FLAT: Final = ("1280:720", "720:1280")
_GOOGLE: Final = (*_UPRIGHT_OR_FLAT, "1080:1920", "1920:1080")

_KNOWN: Final = (
    FilmModel("gen4.5", durations=tuple(range(2, 11)), ratios=_UPRIGHT_OR_FLAT, credits=12),
    FilmModel("veo3.1_fast", durations=(4, 6, 8), ratios=_GOOGLE, credits=10, silent=True),
    FilmModel("veo3.1", durations=(4, 6, 8), ratios=_GOOGLE, credits=20, silent=True),
)
_DEAREST: Final = max(model.credits for model in _KNOWN)

#: What is used where nobody says otherwise: the first is preferred, the others are asked where it refuses.
PREFERRED: Final = ("gen4.5", "veo3.1_fast")


def listed(names: str) -> tuple[str, ...]:
    """The names in a setting that separates them by commas."""
    return tuple(name.strip() for name in names.split(",") if name.strip())


def film_model(name: str) -> FilmModel:
    """The model of that name. One that isn't in the table is taken to cost what the dearest does.

    Its durations and ratios are those that most models share; if it takes others it refuses, and the next is asked.
    """
    for model in _KNOWN:
        if model.name == name:
            return model
    return FilmModel(name, durations=(4, 6, 8), ratios=_UPRIGHT_OR_FLAT, credits=_DEAREST, known=False)


def most_cents(scenes: int, models: Sequence[str] = PREFERRED) -> int:
    """US cents at most for the footage of `scenes` scenes: each as long as it gets, by the dearest of `models`.

    What fails at Runway and is bought anew is on top of it: Runway gives the credits of a failed task back, as far as
    its record of the task says so.
    """
    return scenes * max((model.cents(max(model.durations)) for model in map(film_model, models)), default=0)
