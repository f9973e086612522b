"""Prometheus metrics, read from the rows: one process is scraped, and it speaks for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from jobs.office import Rules
from jobs.progress import STAGES
from storage.budgets import budgets
from storage.census import Census, census
from storage.database import Database
from storage.listeners import counts


def exposition(database: Database, rules: Rules) -> bytes:
    """All metrics in Prometheus' text format. Raises `storage.errors.DatabaseAwayError`."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Rows(database, rules))
    return generate_latest(registry)


class _Rows(Collector):
    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        counted = census(self._database, alive_within=self._rules.worker_gone_after, stages=STAGES)
        yield from _of_jobs(counted)
        yield from _of_stages(counted)
        yield from _of_workers(counted)
        yield from self._of_chats()
        yield from self._of_budgets()

    def _of_chats(self) -> Iterable[Metric]:
        there = GaugeMetricFamily(
            "hidden_hill_chat_connected",
            "Processes that are connected to a chat platform; 0 where some were of late and none is.",
            labels=["platform"],
        )
        for platform, count in counts(self._database).items():
            there.add_metric([platform], count)
        yield there

    def _of_budgets(self) -> Iterable[Metric]:
        used = GaugeMetricFamily(
            "hidden_hill_budget_used_ratio",
            "What is spent or reserved of a workspace's cap in US cents (1 is all of it).",
            labels=["workspace", "span"],
        )
        for budget in budgets(self._database):
            used.add_metric([budget.workspace, budget.span], budget.used)
        yield used


def _of_jobs(counted: Census) -> Iterable[Metric]:
    jobs = GaugeMetricFamily("hidden_hill_jobs", "Jobs by state.", labels=["state"])
    for state, count in counted.jobs.items():
        jobs.add_metric([state], count)
    yield jobs
    failures = GaugeMetricFamily("hidden_hill_jobs_failed", "Failed jobs by reason.", labels=["code"])
    for code, count in counted.failures.items():
        failures.add_metric([code], count)
    yield failures
    yield GaugeMetricFamily(
        "hidden_hill_oldest_queued_seconds",
        "How long a job has stood in line, at most; one that came back to it, since then.",
        value=counted.oldest_queued or 0.0,
    )
    yield GaugeMetricFamily(
        "hidden_hill_reserved_cents", "US cents held for jobs at work.", value=counted.reserved_cents
    )
    yield CounterMetricFamily("hidden_hill_spent_cents", "US cents spent.", value=counted.spent_cents)


def _of_stages(counted: Census) -> Iterable[Metric]:
    families = {
        "done": GaugeMetricFamily(
            "hidden_hill_stage_done_last_hour",
            "Runs of a stage that were really done in the last hour.",
            labels=["stage"],
        ),
        "seconds": GaugeMetricFamily(
            "hidden_hill_stage_seconds_last_hour",
            "How long these took together.",
            labels=["stage"],
        ),
        "failing": GaugeMetricFamily(
            "hidden_hill_stage_failing_tries",
            "Failed tries of the runs that are still being tried.",
            labels=["stage"],
        ),
        "failed": GaugeMetricFamily(
            "hidden_hill_stage_failed_last_15_minutes",
            "Runs that ended their job in the last 15 minutes.",
            labels=["stage"],
        ),
    }
    for stage in counted.stages:
        for field, family in families.items():
            family.add_metric([stage.stage], getattr(stage, field))
    yield from families.values()


def _of_workers(counted: Census) -> Iterable[Metric]:
    yield GaugeMetricFamily("hidden_hill_workers", "Workers that live.", value=counted.workers)
    age = GaugeMetricFamily("hidden_hill_worker_heartbeat_age_seconds", "Since any worker was seen.")
    age.add_metric([], float("inf") if counted.worker_seen is None else counted.worker_seen)
    yield age
