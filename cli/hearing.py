"""Hearing that a job changed, so that whoever waits for it looks at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from jobs.hints import listen
from jobs.opening import queue_server
from settings import Settings


@contextmanager
def hints_of(job_id: str, settings: Settings) -> Iterator[Event]:
    """An event that is set whenever the job changes, as far as the queue's server can be heard."""
    changed, over = Event(), Event()

    def hear(job: str) -> None:
        if job == job_id:
            changed.set()

    with queue_server(settings) as url:
        listen(url, hear, over)
        try:
            yield changed
        finally:
            over.set()
