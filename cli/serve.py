"""The long-lived processes: `hidden-hill worker`, `sweeper` and `web`; `slack` has a file of its own."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Annotated

import typer
import uvicorn

from bots.web.metrics_door import MetricsDoor
from bots.web.web import LAST_ANSWERS, application, http_server
from cli.environment import read_settings
from cli.reporting import logged, said
from cli.up import stopping
from jobs.opening import object_store, opened, opened_database, refuse_to_lose, rules
from jobs.process import warm_up
from jobs.redis_client import redis_client
from jobs.stage_actors import WORKER
from jobs.sweeper import SWEEP_EVERY, Sweeper
from jobs.telemetry import telemetry
from jobs.worker import IO, run_worker
from pipeline.errors import HiddenHillError, UsageError
from settings import Settings

Attached = Annotated[bool, typer.Option("--attached", hidden=True, help="Stop when standard input ends.")]

#: Seconds that somebody who clicked a link, or a probe, waits for a database that is away.
AT_A_CLICK = 5.0

_log = logging.getLogger(__name__)


def worker(
    io: Annotated[int, typer.Option(min=1, help="Stages at once that mostly wait: reading, uploading.")] = IO,
    cpu: Annotated[
        int | None, typer.Option(min=1, help="Stages at once that compute; HIDDEN_HILL_WORKERS if not said.")
    ] = None,
    attached: Attached = False,
) -> None:
    """Take jobs from the queue and do them. Run as many as there are machines; Ctrl-C hands the work back."""
    with process() as settings, stopping(attached=attached) as stop, opened(settings) as office:
        sweeper = Sweeper(
            office.office, folder=settings.data, owner=WORKER, watchers=lambda: office.kit.watching
        )
        # The first job needn't wait for the imports of its processes.
        Thread(target=warm_up, daemon=True).start()
        _log.info("the worker is ready")
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
    with process() as settings, stopping(attached=attached) as stop, opened(settings) as office:
        sweeper = Sweeper(
            office.office, folder=settings.data, owner=WORKER, watchers=lambda: office.kit.watching
        )
        _log.info("the sweeper is ready")
        while not stop.is_set():
            sweeper.sweep()
            stop.wait(SWEEP_EVERY)


def web(attached: Attached = False) -> None:
    """Serve /healthz, /readyz, /metrics and the links to videos, /v/…; in HTTP mode Slack's /slack/events too."""
    from cli.slack import slack_over_http

    with (
        process() as settings,
        stopping(attached=attached) as stop,
        opened_database(settings, patience=AT_A_CLICK) as database,
        closing(listening(settings.web_host, settings.port)) as ear,
        slack_over_http(settings) as slack,
    ):
        objects = object_store(settings, hasty=True)
        ready: dict[str, Callable[[], object]] = {
            "database": lambda: database.do(lambda: database.run("SELECT 1")),
            "store": lambda: objects.head("tmp/ready"),
        }
        if settings.redis_url is not None:
            ready["queue"] = redis_client(settings.redis_url.get_secret_value(), patience=2.0).ping
        secret = settings.metrics_token
        metrics = MetricsDoor(
            token=secret.get_secret_value() if secret else None, loopback_only=settings.production
        )
        app = application(database, objects, rules(settings), ready, metrics, slack=slack)
        serve(http_server(app), ear, stop)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at `port` of `host` ("::": of everything). Raises `UsageError` when it can't."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        ear = socket.create_server((host, port), family=kind, backlog=512, dualstack_ipv6=host == "::")
    except OSError as error:
        raise UsageError(
            f"Nothing can listen at {host}, port {port} ({(error.strerror or 'no such address').partition(' (')[0]}).",
            "Is another `hidden-hill up` or `web` running? Else set PORT or HIDDEN_HILL_WEB_HOST to something else.",
        ) from error
    _log.info("listening", extra={"host": host, "port": ear.getsockname()[1]})
    return ear


def serve(server: uvicorn.Server, ear: socket.socket, stop: Event) -> None:
    """Run the HTTP server in a thread, where it leaves the signals alone, until `stop`. Raises when it ends before."""
    thread = Thread(target=server.run, args=([ear],), daemon=True)
    thread.start()
    while thread.is_alive() and not stop.wait(0.2):
        pass
    if not stop.is_set():
        raise HiddenHillError("The web server ended by itself.", "Its log says why.")
    server.should_exit = True
    thread.join(2 * LAST_ANSWERS)


@contextmanager
def process(complete: Callable[[Settings], None] = lambda _: None) -> Iterator[Settings]:
    """What every long-lived process begins with: settings that lose nothing, a log, and Sentry if it is set.

    `complete` raises `UsageError` for settings that this process can't do without.
    """
    with said():
        settings = read_settings()
        complete(settings)
        refuse_to_lose(settings)
        with telemetry(settings), logged():
            yield settings
