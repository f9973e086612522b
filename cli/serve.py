"""The long-lived processes: `hidden-hill worker`, `sweeper` and `web`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Annotated

import redis
import typer
import uvicorn

from bots.web import application
from cli.environment import read_settings
from cli.make import software
from cli.reporting import said
from cli.up import stopping
from jobs import logs, sentry
from jobs.opening import object_store, opened, opened_database, refuse_to_lose, rules, secrets_of
from jobs.stage_actors import WORKER
from jobs.sweeper import SWEEP_EVERY, Sweeper
from jobs.worker import IO, run_worker
from pipeline.errors import UsageError
from settings import Settings

Attached = Annotated[bool, typer.Option("--attached", hidden=True, help="Stop when standard input ends.")]


def worker(
    io: Annotated[int, typer.Option(min=1, help="Stages at once that mostly wait: reading, uploading.")] = IO,
    cpu: Annotated[
        int | None, typer.Option(min=1, help="Stages at once that compute; HIDDEN_HILL_WORKERS if not said.")
    ] = None,
    attached: Attached = False,
) -> None:
    """Take jobs from the queue and do them. Run as many as there are machines; Ctrl-C hands the work back."""
    with _process() as settings, stopping(attached=attached) as stop, opened(settings) as office:
        sweeper = Sweeper(office.office, folder=settings.data, owner=WORKER)
        run_worker(
            office.office,
            office.broker,
            io=io,
            cpu=cpu if cpu is not None else settings.workers,
            stop=stop,
            sweep=sweeper.sweep,
        )


def sweeper(attached: Attached = False) -> None:
    """Mend what was left behind: lost messages, vanished workers, old files. Workers do it too; one at a time."""
    with _process() as settings, stopping(attached=attached) as stop, opened(settings) as office:
        sweeper = Sweeper(office.office, folder=settings.data, owner=WORKER)
        while not stop.is_set():
            sweeper.sweep()
            stop.wait(SWEEP_EVERY)


def web(attached: Attached = False) -> None:
    """Serve /healthz, /readyz, /metrics and the links to videos, /v/…"""
    with _process() as settings, stopping(attached=attached) as stop, opened_database(settings) as database:
        objects = object_store(settings)
        ready: dict[str, Callable[[], object]] = {
            "database": lambda: database.do(database.now),
            "store": lambda: objects.head("tmp/ready"),
        }
        if settings.redis_url is not None:
            ready["queue"] = _pinging(settings.redis_url.get_secret_value())
        app = application(database, objects, rules(settings), ready)
        config = uvicorn.Config(
            app,
            host=settings.web_host,
            port=settings.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
            proxy_headers=False,
        )
        serve(uvicorn.Server(config), stop)


def serve(server: uvicorn.Server, stop: Event) -> None:
    """Run the HTTP server in a thread, where it leaves the signals alone, until `stop`. Raises when it can't listen."""
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while thread.is_alive() and not stop.wait(0.2):
        pass
    failed = not stop.is_set()
    server.should_exit = True
    thread.join(10)
    if failed:
        raise UsageError(
            f"Nothing can listen on {server.config.host}:{server.config.port}.",
            "Is the port in use? Set PORT to another one.",
        )


@contextmanager
def _process() -> Iterator[Settings]:
    """What every long-lived process begins with: settings that lose nothing, a log, and Sentry if it is set."""
    with said():
        settings = read_settings()
        refuse_to_lose(settings)
        secrets = secrets_of(settings)
        logs.configure(settings.log_format, settings.log_level, secrets=secrets)
        end = _nothing
        if settings.sentry_dsn is not None:
            end = sentry.start(
                settings.sentry_dsn.get_secret_value(),
                release=software().version,
                production=settings.production,
                secrets=secrets,
            )
        try:
            yield settings
        finally:
            end()


def _nothing() -> None: ...


def _pinging(url: str) -> Callable[[], object]:
    """Asks the queue's server whether it is there."""
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    return client.ping
