"""The numbers for Prometheus, and the alerts that are made of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from jobs import control
from jobs.failures import Verdict
from jobs.flow import fail
from jobs.metrics import exposition
from jobs.office import Office
from storage import ledger, listeners, workers, workspaces
from storage.workers import WorkerSign
from tests.databases import FakeClock
from tests.jobs.offices import begun, finished, ordered, sent, work_through

ALERTS = Path(__file__).parents[2] / "deploy" / "alerts.yml"
WORKER = WorkerSign(id="one", host="here", pid=1, io=1, cpu=1)


def samples(office: Office) -> dict[tuple[str, ...], float]:
    """(name, values of its labels in the order of their names …) → value."""
    text = exposition(office.database, office.rules).decode()
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_jobs_stages_and_failures_are_counted(office: Office) -> None:
    finished(office)
    ordered(office, source="31978945")
    claim = begun(office, sent(office)[0])
    fail(office, claim, Verdict(code="no-text-layer", sentence="It is a scan."))
    now = samples(office)
    assert now["hidden_hill_jobs", "done"] == 1
    assert now["hidden_hill_jobs", "failed"] == 1
    assert now["hidden_hill_jobs_failed", "no-text-layer"] == 1
    assert now["hidden_hill_stage_failed_last_15_minutes", "fetch-paper"] == 1
    assert now["hidden_hill_stage_done_last_hour", "generate-videos"] == 3
    assert now["hidden_hill_stage_seconds_last_hour", "generate-videos"] == 6


def test_what_is_told_of_stages_is_of_late_and_a_retry_makes_no_sum_fall(
    office: Office, clock: FakeClock
) -> None:
    job = ordered(office)
    work_through(office, until="publish")
    passing = Verdict(code="store-away", sentence="The store is away.", transient=True, retryable=True)
    for tries in (1, 2, 3):
        fail(office, begun(office, sent(office)[0]), passing)
        assert samples(office)["hidden_hill_stage_failing_tries", "publish"] == tries
        clock.advance(400)
    fail(office, begun(office, sent(office)[0]), passing.model_copy(update={"transient": False}))
    now = samples(office)
    assert now["hidden_hill_stage_failing_tries", "publish"] == 0
    assert now["hidden_hill_stage_failed_last_15_minutes", "publish"] == 1
    control.retry(office, job.id, by="ada")
    work_through(office)
    assert samples(office)["hidden_hill_stage_failed_last_15_minutes", "publish"] == 0
    assert samples(office)["hidden_hill_stage_done_last_hour", "publish"] == 1
    clock.advance(3601)
    assert samples(office)["hidden_hill_stage_done_last_hour", "publish"] == 0
    text = exposition(office.database, office.rules).decode()
    kinds = {family.name: family.type for family in text_string_to_metric_families(text)}
    assert {kind for name, kind in kinds.items() if "stage" in name} == {"gauge"}


def test_workers_and_the_line_have_an_age(office: Office, clock: FakeClock) -> None:
    assert samples(office)[("hidden_hill_worker_heartbeat_age_seconds",)] == float("inf")
    workers.seen(office.database, WORKER)
    for number in range(3):
        ordered(office, source=str(31978945 + number))
    clock.advance(20)
    now = samples(office)
    assert now[("hidden_hill_worker_heartbeat_age_seconds",)] == 20
    assert now[("hidden_hill_workers",)] == 1
    assert now[("hidden_hill_oldest_queued_seconds",)] == 20
    clock.advance(60)
    assert samples(office)[("hidden_hill_workers",)] == 0


def test_who_is_connected_to_a_chat_is_told(office: Office, clock: FakeClock) -> None:
    assert not [key for key in samples(office) if key[0] == "hidden_hill_chat_connected"]
    listeners.connected(office.database, listeners.Listener(id="1", platform="slack", host="here", pid=1))
    assert samples(office)["hidden_hill_chat_connected", "slack"] == 1
    clock.advance(120)
    assert samples(office)["hidden_hill_chat_connected", "slack"] == 0


def test_money_and_budgets_are_told(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", workspaces.Terms(cents_per_day=200, cents_per_month=None))
    job = ordered(office, estimate_cents=160)
    ledger.charge(office.database, job=job.id, purchase="1", cents=40)
    now = samples(office)
    assert now[("hidden_hill_spent_cents_total",)] == 40
    assert now[("hidden_hill_reserved_cents",)] == 120
    assert now["hidden_hill_budget_used_ratio", "day", "lab"] == pytest.approx(0.8)
    assert ("hidden_hill_budget_used_ratio", "month", "lab") not in now


def test_every_alert_is_made_of_metrics_that_there_are(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", workspaces.Terms())
    listeners.connected(office.database, listeners.Listener(id="1", platform="slack", host="here", pid=1))
    names = {name for name, *_ in samples(office)}
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    used = [name for rule in rules for name in re.findall(r"\bhidden_hill_\w+", rule["expr"])]
    assert set(used) <= names
    assert len(rules) == len({rule["alert"] for rule in rules})
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "action"}
