"""Time left, from how long the stages took before and how the running one is doing."""

from __future__ import annotations

from pipeline.model import StageName
from pipeline.stages import STAGES
from storage.timings import Timings

#: Seconds of each stage for a 67 s video at 1080×1920 on two cores, measured once; past runs replace them.
DEFAULT_SECONDS: dict[str, float] = {
    "fetch-paper": 3.0,
    "generate-script": 3.0,
    "generate-audio": 8.0,
    "generate-videos": 75.0,
    "add-captions": 12.0,
    "publish": 1.0,
}

#: A stage younger than this share of its expected time says too little about its own speed.
_TRUSTED = 0.15


class Forecast:
    """Seconds left of a run that ends after `last`."""

    def __init__(self, timings: Timings, last: StageName) -> None:
        self._timings = timings
        self._stages = STAGES[: STAGES.index(last) + 1]

    def learn(self, stage: StageName, seconds: float) -> None:
        """Remember how long a stage took that was really done."""
        self._timings.learn(stage, seconds)

    def remaining(self, stage: StageName, fraction: float, stage_elapsed: float) -> float:
        """What is left of `stage` and of those after it.

        The running stage is judged by its own speed once it has gone some way, by the past before.
        """
        expected = self._timings.expected(stage)
        trusted = fraction > _TRUSTED
        here = (stage_elapsed / fraction if trusted else expected) * (1 - fraction)
        after = self._stages[self._stages.index(stage) + 1 :]
        return here + sum(self._timings.expected(name) for name in after)
