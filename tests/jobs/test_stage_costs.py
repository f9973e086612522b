"""The manifest's records say what each stage bought; a redo beyond the cap of a job buys nothing."""

from __future__ import annotations

import pytest

from jobs import control
from jobs.office import Office
from pipeline.model import StageName
from storage.errors import OverBudgetError
from storage.purchases import Purchases
from storage.records import Job
from storage.workspaces import Terms, set_terms
from tests.databases import FakeClock
from tests.jobs.offices import begun, job_now, ordered, sent, work_through


def buy(office: Office, job: str, provider: str, cents: int, what: str) -> None:
    Purchases(office.database, "lab", job).once(
        what, provider=provider, cents=cents, ask=lambda _: f"task of {what}", repeatable=False
    )


def test_each_stage_is_told_to_have_cost_what_it_bought(office: Office, clock: FakeClock) -> None:
    job = ordered(office, estimate_cents=300)
    bought: tuple[tuple[StageName, str, int], ...] = (
        ("generate-script", "Gemini", 5),
        ("generate-audio", "Gemini", 2),
        ("generate-videos", "Runway", 120),
    )
    for stage, provider, cents in bought:
        work_through(office, until=stage)
        clock.advance(5)
        buy(office, job.id, provider, cents, f"{stage} 1")
        buy(office, job.id, provider, cents, f"{stage} 2")
        Purchases(office.database, "lab", job.id).set_aside(f"{stage} 1", f"task of {stage} 1")
    work_through(office, until="publish")
    [message] = sent(office)
    costs = {record.name: record.cost_cents for record in begun(office, message).stages}
    assert costs == {
        "fetch-paper": 0,
        "generate-script": 10,
        "generate-audio": 4,
        "generate-videos": 240,
        "add-captions": 0,
    }
    assert sum(costs.values()) == job_now(office, job.id).spent_cents


def test_redos_count_into_the_cap_of_their_job(office: Office) -> None:
    """They reserve what is left of it; beyond that nothing is bought, and what costs nothing goes on."""
    set_terms(office.database, "lab", Terms(cents_per_job=130))
    job = ordered(office, estimate_cents=120)
    buy(office, job.id, "Runway", 110, "clip 1")
    work_through(office)
    again = control.redo(office, job.id, 0, by="terminal:ada", footage=True)
    assert isinstance(again, Job)
    assert (again.spent_cents, again.reserved_cents) == (110, 20)
    with pytest.raises(OverBudgetError, match=r"cost \$1\.10 already, and may take \$0\.40 more"):
        buy(office, job.id, "Runway", 40, "clip 2")
    buy(office, job.id, "Runway", 20, "clip 2")
    work_through(office)
    assert isinstance(control.redo(office, job.id, 1, by="terminal:ada"), Job)
    assert job_now(office, job.id).reserved_cents == 0
