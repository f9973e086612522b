"""What a provider answers to an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Receipt(Protocol):
    """A provider's task, and what it cost in truth (US cents). Fits `pipeline.providers.Receipt`."""

    @property
    def task(self) -> str: ...

    @property
    def cents(self) -> int: ...


#: Orders something under a purchase's id, and returns the provider's task; a receipt where its true cost is known.
Ask = Callable[[str], str | Receipt]
