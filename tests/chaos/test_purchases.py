"""A provider that does not know an order which it has seen: nothing is bought twice, and somebody is told."""

from __future__ import annotations

from pathlib import Path

from jobs import control
from storage.records import Job, JobState
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
        for _ in range(2):
            site.until_all_ended()
            failure = site.job(job.id).failure
            assert failure is not None
            assert failure.code == "purchase-uncertain"
            assert len(site.shop.sales) == 1
            # A person who retries without looking buys nothing twice either.
            assert isinstance(control.retry(site.office, job.id, by="chaos"), Job)
        site.until_all_ended()
        assert site.job(job.id).state is JobState.FAILED
        assert site.job(job.id).spent_cents > 0
        site.close_books(reference, may_fail=True)
