"""A provider that does not know an order which it has seen: nothing is bought twice, and somebody is told."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.faults import KillWhileBuying
from tests.chaos.reference import Reference
from tests.chaos.site import opened_site


def test_a_kill_while_buying_where_asking_again_would_buy_again(tmp_path: Path, reference: Reference) -> None:
    name = "kill while buying, from a shop without idempotency keys"
    with opened_site(tmp_path, name, repeatable=False) as site:
        kill = KillWhileBuying()
        kill.strike(site)
        site.hire()
        job = site.submit()
        site.until(lambda: kill.strike(site), "a script is bought")
        site.until_all_ended()
        failure = site.job(job.id).failure
        assert failure is not None
        # A person has to look at the shop's books; their retry is the word to buy anew.
        assert (failure.code, failure.retryable) == ("purchase-uncertain", True)
        assert len(site.shop.sales) == 1
        assert site.job(job.id).spent_cents > 0
        site.close_books(reference, may_fail=True)
