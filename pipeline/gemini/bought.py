"""Answers that are paid for once: kept under their question's key before anything is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.gemini.client import PATIENCE, Contents, Gemini
from pipeline.gemini.reply import Reply
from pipeline.keys import key_of, read, recall, write
from pipeline.line import place_at, place_of
from pipeline.prices import Ware
from pipeline.providers import Artefacts, Ask, Limits, Purchases, Receipt

#: Who sells, as purchases and limits know it.
PROVIDER: Final = "Gemini"
#: How long a place is held at most (seconds): a question takes less, and whoever was killed over it gives none back.
_HELD: Final = PATIENCE + 30.0
#: The stage under which answers are kept.
KEPT: Final = "gemini-reply"
_FILE: Final = "reply.json"


@dataclass(frozen=True)
class Bought:
    """Buys each answer once. Gemini knows no question that it has seen: a second one is a second purchase.

    A worker that is killed after the answer was kept finds it; killed while it asked, nobody knows, and
    `UncertainPurchaseError` is raised. Without `purchases` only what is kept is remembered. Each question is asked
    from one of the places that `limits` leaves, `buyer` being whose it is: what is asked for by two of one buyer is
    bought once.
    """

    gemini: Gemini
    artefacts: Artefacts
    purchases: Purchases | None
    limits: Limits | None = None
    buyer: str = ""

    def reply(
        self,
        model: str,
        contents: Contents,
        config: Mapping[str, Any],
        *,
        most_cents: int,
        ware: Ware = "text",
        take: int = 0,
    ) -> Reply:
        """The answer to this question: the one that was bought, else a new one, at `most_cents` US cents at most.

        Another `take` is another purchase of the same question. Raises `Pending` while there is no place at Gemini.
        """
        key = key_of("gemini", model, contents, config, *([take] if take else []))
        what = f"gemini:{key}"

        def order(_purchase: str) -> Receipt:
            with place_at(self.limits, PROVIDER, place_of(self.buyer, what), seconds=_HELD):
                reply = self.gemini.generate(model, contents, config, ware=ware)
            with self.artefacts.make(KEPT, key) as folder:
                write(folder / _FILE, reply)
            return _receipt(key, reply)

        if (kept := self._kept(key)) is not None:
            if self.purchases is not None:  # whoever bought it may have had no time to note it
                self._note(what, most_cents, lambda _: _receipt(key, kept), known=True)
            return kept
        if self.purchases is None:
            order("")
        else:
            task = self._note(what, most_cents, order, known=False)
            if self._kept(key) is None:  # it was bought, and what was bought is gone
                self.purchases.set_aside(what, task)
                self._note(what, most_cents, order, known=False)
        found = self._kept(key)
        assert found is not None
        return found

    def _note(self, what: str, cents: int, ask: Ask, *, known: bool) -> str:
        assert self.purchases is not None
        return self.purchases.once(what, provider=PROVIDER, cents=cents, ask=ask, repeatable=known)

    def _kept(self, key: str) -> Reply | None:
        found = recall(self.artefacts, KEPT, key, _load)
        return found[0] if found else None


def _load(folder: Path) -> Reply:
    return read(folder / _FILE, Reply)


def _receipt(key: str, reply: Reply) -> Receipt:
    """What the purchase is noted as: Google's id of the answer, else the key; and what its tokens cost."""
    return Receipt(reply.id or key, reply.cents)
