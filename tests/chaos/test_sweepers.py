"""Two sweepers: what is to be mended is mended once, and when one of them is killed the other goes on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import redis

from jobs import flow
from tests.chaos.faults import ClockMoved
from tests.chaos.processes import Worker, start
from tests.chaos.site import Site, opened_site
from tests.chaos.tally import LONG
from tests.databases import PostgresServer


@pytest.mark.parametrize("backend", ["sqlite", "postgres"] if LONG else ["postgres"])
def test_two_sweepers(tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> None:
    server: PostgresServer | None = None
    if backend == "postgres":
        server = request.getfixturevalue("postgres_server")
    with opened_site(tmp_path, f"two sweepers on {backend}", postgres=server, sweeping=False) as site:
        jobs = [site.submit() for _ in range(2)]
        # A worker takes one of the two and vanishes; the message of the other is lost.
        assert flow.begin(site.office, "fetch-paper", jobs[0].id, worker="gone")
        queue_lost(site)
        ClockMoved(10.0).strike(site)
        sweepers = [hired(site, number) for number in range(2)]
        wanted = {"expired leases": 1, "lost messages": 1}
        site.until(lambda: mended(sweepers).keys() >= wanted.keys(), "they mend it", 60.0)
        at_work = next(one for one in sweepers if mended([one]))
        at_work.kill()
        site.tally.faults["sweeper killed"] += 1
        [other] = [one for one in sweepers if one is not at_work]
        assert mended([other]) == {}
        assert {name: mended(sweepers)[name] for name in wanted} == wanted
        assert [run.lost for run in site.runs()] == [1, 0]
        assert site.office.queue.backlog("fetch-paper") == 2
        # The duty is free after 30 s, and both messages are lost again.
        queue_lost(site)
        ClockMoved(60.0).strike(site)
        site.until(lambda: mended([other])["lost messages"] == 2, "the other goes on", 60.0)
        assert site.office.queue.backlog("fetch-paper") == 2
        site.tally.notes.append(f"mended: {dict(mended(sweepers))}")
        site.tally.jobs_in = 0  # nobody works here
        site.submitted.clear()
        site.tally.publish()


def hired(site: Site, number: int) -> Worker:
    """A sweeper in a process of its own."""
    site.workers.append(start(site.environment, site.folder / f"sweeper-{number}.log", "--sweeper"))
    return site.workers[-1]


def queue_lost(site: Site) -> None:
    """Nobody has any message any more."""
    with redis.Redis(unix_socket_path=site.valkey_socket) as client:
        client.flushall()
    site.tally.faults["queue emptied"] += 1


def mended(sweepers: list[Worker]) -> Counter[str]:
    """What they say that they mended."""
    total: Counter[str] = Counter()
    for one in sweepers:
        for line in one.log.read_text().splitlines():
            if line.startswith('{"mended"'):
                total.update(json.loads(line)["mended"])
    return total
