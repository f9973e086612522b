"""What Sentry is told, over HTTP, and what it is not."""

from __future__ import annotations

import pytest

from jobs import sentry
from tests.fakes.sentry import fake_sentry

SECRET = "sk-very-secret"
TITLE = "An unpublished thing"


def test_a_failure_arrives_with_its_reference_and_without_secrets() -> None:
    with fake_sentry() as server:
        end = sentry.start(server.dsn, release="0.1.0", production=True, secrets=[SECRET], traces=0.0)
        try:
            try:
                int(SECRET)
            except ValueError as cause:
                raise RuntimeError(f"{TITLE} broke") from cause
        except RuntimeError as error:
            error.add_note(f"{TITLE} once more")
            sentry.report(error, reference="HH-7F3K", job="k7f3m2qd", stage="publish")
        end()
    (event,) = server.events
    assert event["tags"] == {"reference": "HH-7F3K", "job": "k7f3m2qd", "stage": "publish"}
    kinds = [raised["type"] for raised in event["exception"]["values"]]
    assert kinds == ["ValueError", "RuntimeError"]
    assert "test_sentry.py" in event["extra"]["trace"]
    assert TITLE not in server.raw
    assert event["environment"] == "production"
    assert SECRET not in server.raw
    assert "vars" not in server.raw


def test_a_stage_is_a_span() -> None:
    with fake_sentry() as server:
        end = sentry.start(server.dsn, release="0.1.0", production=False, secrets=[], traces=1.0)
        with pytest.raises(ValueError, match="boom"), sentry.stage_span("generate-audio", job="a", scene=-1):
            raise ValueError("boom")
        end()
    (span,) = server.transactions
    assert span["transaction"] == "generate-audio"
    assert span["tags"]["job"] == "a"


def test_without_a_dsn_nothing_is_sent_and_nothing_breaks() -> None:
    with sentry.stage_span("publish", job="a", scene=-1):
        sentry.report(ValueError("x"), reference="HH-0000", job="a", stage="publish")
