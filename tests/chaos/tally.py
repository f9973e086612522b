"""What a test of chaos did and what came of it, as a few lines to print."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

#: Whether all of it is asked for (`make chaos`), or the short form.
LONG = os.environ.get("HIDDEN_HILL_CHAOS") == "long"
#: Seconds after which a test counts as hanging, also on a machine with much else to do.
HANGS = 3600.0 if LONG else 900.0
_REPORT = Path(__file__).parents[2] / "out" / "chaos.txt"


@dataclass
class Tally:
    """The numbers of one test."""

    name: str
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    jobs_in: int = 0
    done: int = 0
    cancelled: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    same_bytes: int = 0
    bought: int = 0
    bought_twice: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Jobs that went in and did not come out."""
        return self.jobs_in - self.done - self.cancelled - sum(self.failed.values())

    def text(self) -> str:
        """The report."""
        faults = ", ".join(f"{what} {count}" for what, count in sorted(self.faults.items())) or "none"
        ends = [f"done {self.done} (same bytes as without faults: {self.same_bytes})"]
        if self.cancelled:
            ends.append(f"cancelled {self.cancelled}")
        ends += [f"failed {count}: {why}" for why, count in sorted(self.failed.items())]
        lines = [
            f"{self.name} (seed {self.seed})",
            f"  faults injected {sum(self.faults.values())}: {faults}",
            f"  jobs in {self.jobs_in}; {'; '.join(ends)}; lost {self.lost}",
            f"  bought {self.bought}, bought twice {self.bought_twice}",
            *(f"  {note}" for note in self.notes),
        ]
        return "\n".join(lines)

    def publish(self) -> None:
        """Print the report; the long form also keeps it in `out/chaos.txt`."""
        print(f"\n{self.text()}", flush=True)
        if LONG:
            _REPORT.parent.mkdir(exist_ok=True)
            with _REPORT.open("a") as report:
                report.write(self.text() + "\n\n")
