"""Failures and stage spans to Sentry, when a DSN is set; nothing else ever leaves by this way.

No local variables, no request bodies, no names of people, no exception's text (it may hold a paper's): a
report holds kinds and places, the job's id, the stage and the reference that its requester was shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from jobs.logs import hiding
from jobs.traces import trace
from pipeline.errors import UsageError


def start(
    dsn: str, *, release: str, production: bool, secrets: Iterable[str], traces: float
) -> Callable[[], None]:
    """Begin to report to `dsn`; returns what flushes and ends it. Of the spans, the share `traces` is sent.

    Raises `UsageError` without sentry-sdk.
    """
    if find_spec("sentry_sdk") is None:
        raise UsageError("SENTRY_DSN is set, but sentry-sdk is not installed.", "Install the extra “cloud”.")
    import sentry_sdk

    hide = _without(secrets)
    client = sentry_sdk.init(
        dsn=dsn,
        release=release,
        environment="production" if production else "development",
        traces_sample_rate=traces,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        default_integrations=False,
        auto_enabling_integrations=False,
        server_name="",
        before_send=lambda event, _: hide(_without_texts(event)),
        before_send_transaction=lambda event, _: hide(event),
    )

    def end() -> None:
        sentry_sdk.flush(timeout=2.0)
        client.__exit__(None, None, None)
        sentry_sdk.get_global_scope().set_client(None)

    return end


@contextmanager
def stage_span(stage: str, *, job: str, scene: int) -> Iterator[None]:
    """A span of one stage at work. Costs nothing when Sentry is not started."""
    sentry = _started()
    if sentry is None:
        yield
        return
    with sentry.start_transaction(op="stage", name=stage) as span:
        span.set_tag("job", job)
        span.set_tag("scene", str(scene))
        yield


def report(error: BaseException, *, reference: str, job: str, stage: str) -> None:
    """Tell Sentry of a failure under the reference that its requester sees."""
    sentry = _started()
    if sentry is None:
        return
    with sentry.new_scope() as scope:
        scope.set_tag("reference", reference)
        scope.set_tag("job", job)
        scope.set_tag("stage", stage)
        scope.set_extra("trace", trace(error))
        scope.capture_exception(error)


def _started() -> Any:
    import sys

    sentry = sys.modules.get("sentry_sdk")
    return sentry if sentry is not None and sentry.get_client().is_active() else None


def _without_texts(event: Any) -> Any:
    for raised in event.get("exception", {}).get("values", ()):
        raised["value"] = ""
    return event


def _without(secrets: Iterable[str]) -> Callable[[Any], Any]:
    hide = hiding(secrets)
    return lambda event: json.loads(hide(json.dumps(event, default=str)))
