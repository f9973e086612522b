"""A writer that buys its script in `tests.fakes.shop`. Imported by the processes of stages only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.keys import key_of
from pipeline.model import Paper, Script
from pipeline.providers import Brief, Pending, Purchases
from pipeline.script.extractive import ExtractiveWriter
from tests.chaos.kit import AGAIN, CENTS, ask, state_of
from tests.fakes.shop import ware


@dataclass
class BuyingWriter(ExtractiveWriter):
    """Writes what the embedded writer does, once the shop has sold and delivered it."""

    options: Mapping[str, str]
    purchases: Purchases

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script:
        """Raises `Pending` until the shop is ready."""
        what = key_of("bought-script", [paper.title, brief.seconds, brief.audience])
        repeatable = bool(self.options["repeatable"])

        def order(purchase: str) -> str:
            content = json.dumps({"kind": "script", "what": what}).encode()
            headers = {"X-Worker": self.options["worker"], "Idempotency-Key": purchase}
            return str(json.loads(ask(f"{self.options['shop']}/buys", content, headers))["task"])

        task = self.purchases.once(
            f"script:{what}", provider="shop", cents=CENTS, ask=order, repeatable=repeatable
        )
        if state_of(self.options["shop"], task) == "not-yet":
            raise Pending(task, "shop", "the shop writes the script", AGAIN, 24 * 3600.0)
        delivered = ask(f"{self.options['shop']}/tasks/{task}/result")
        assert delivered == ware("script", what), "the shop delivered something else"
        return super().write(paper, brief, spoken_seconds=spoken_seconds)
