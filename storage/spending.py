"""What a job bought, for those who tell what its stages cost."""

from __future__ import annotations

from storage.models import Purchase
from storage.purchases import PurchaseState
from storage.records import Record
from storage.tuples import tuples

_NOT_PAID = (str(PurchaseState.ASKED), str(PurchaseState.REFUSED))


class Bought(Record):
    """One purchase: from whom, for how many US cents, and when it was asked for (epoch seconds)."""

    provider: str
    cents: int
    at: float


def bought(job: str) -> list[Bought]:
    """What `job` paid for, or may have, what was of no use too; the earliest first. Inside `do`."""
    rows = (
        Purchase.select(Purchase.provider, Purchase.cents, Purchase.created_at)
        .where((Purchase.job == job) & Purchase.state.not_in(_NOT_PAID))
        .order_by(Purchase.created_at)
    )
    return [Bought(provider=provider, cents=cents, at=at) for provider, cents, at in tuples(rows)]
