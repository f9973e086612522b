"""What a measurement must not pass, and the exit status that says whether it did."""

from __future__ import annotations

from typing import NamedTuple


class Bar(NamedTuple):
    """`value` may be `most` at most, both in `unit` ("ms")."""

    what: str
    value: float
    most: float
    unit: str = ""

    @property
    def held(self) -> bool:
        """Whether it is so. What is no number is not."""
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.what} {self.value:g}{self.unit} (bar {self.most:g}{self.unit})"


def status_of(*bars: Bar) -> int:
    """The exit status: 1 when a bar is missed. The last line that is printed says which."""
    missed = [str(bar) for bar in bars if not bar.held]
    print(f"MISSED: {'; '.join(missed)}" if missed else "every bar is held")
    return 1 if missed else 0
