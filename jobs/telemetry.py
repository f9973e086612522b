"""What a long-lived process begins with: its log, and Sentry where it is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from jobs import logs, sentry
from jobs.opening import secrets_of
from settings import Settings


@contextmanager
def telemetry(settings: Settings) -> Iterator[None]:
    """Log, and report failures, as `settings` say; what was not sent yet is sent at the end."""
    secrets = secrets_of(settings)
    logs.configure(settings.log_format, settings.log_level, secrets=secrets)
    if settings.sentry_dsn is None:
        yield
        return
    end = sentry.start(
        settings.sentry_dsn.get_secret_value(),
        release=version("hidden-hill"),
        production=settings.production,
        secrets=secrets,
        traces=settings.sentry_traces,
    )
    try:
        yield
    finally:
        end()
