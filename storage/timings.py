"""How long stages took before, to say how long they will take now."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

#: How many past runs of a stage are remembered.
KEPT = 10


class Timings:
    """Seconds per stage of past runs, in one small JSON file that may be lost without harm.

    `defaults` serve until a stage has been seen. A run of another size or length is another `kind`.
    """

    def __init__(self, file: Path, defaults: Mapping[str, float], *, kind: str) -> None:
        self._file = file
        self._defaults = dict(defaults)
        self._kind = kind
        self._seen = self._load()

    def expected(self, stage: str) -> float:
        """Median seconds of this stage's past runs of this kind."""
        past = self._seen.get(self._kind, {}).get(stage)
        return statistics.median(past) if past else self._defaults[stage]

    def learn(self, stage: str, seconds: float) -> None:
        """Remember a run that was really done (not reused). A file that can't be written is no error."""
        past = self._seen.setdefault(self._kind, {}).setdefault(stage, [])
        past.append(round(seconds, 3))
        del past[:-KEPT]
        scratch = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_text(json.dumps(self._seen, indent=1), encoding="utf-8")
            scratch.replace(self._file)
        except OSError:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)

    def _load(self) -> dict[str, dict[str, list[float]]]:
        try:
            seen = json.loads(self._file.read_text(encoding="utf-8"))
            return {
                str(kind): {str(stage): [float(s) for s in past] for stage, past in stages.items()}
                for kind, stages in seen.items()
            }
        except (OSError, ValueError, AttributeError, TypeError):
            return {}
