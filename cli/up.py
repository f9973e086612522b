"""`hidden-hill up`: everything in one command. Each part is a process of its own, started again when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import httpx
import typer

from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL, said
from jobs.opening import opened_database, refuse_to_lose, rules
from pipeline.errors import HiddenHillError, UsageError
from settings import Settings
from storage import listeners, workers
from storage.errors import StorageError

#: What runs always, by the name of its command.
PARTS = ("worker", "web")
#: Our own command, whatever is called so in the working folder.
HIDDEN_HILL = (sys.executable, "-P", "-m", "cli.main")
#: Seconds that a part has to stop in before it is killed. A worker takes ten at most.
GRACE = 11.0
#: A part that dies is started again after a second, two, four … at most so many.
LONGEST_PAUSE = 30.0
#: A part that has lived for so long (seconds) is well again: the pauses begin anew.
WELL_AFTER = 60.0


def up() -> None:
    """Run the worker, the web process and, where its token is set, the Slack and Discord app together until Ctrl-C."""
    with said():
        settings = read_settings()
        refuse_to_lose(settings)
        with opened_database(settings, patience=AT_A_TERMINAL):
            pass
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        names = parts_of(settings)
        parts = [Part(name, [*HIDDEN_HILL, name]) for name in names]
        typer.echo(f"Starting {', '.join(names)}. Stop with Ctrl-C.", err=True)
        if not settings.slack_bot_token and not settings.discord_token:
            typer.echo("No chat: neither SLACK_BOT_TOKEN nor DISCORD_TOKEN is set.", err=True)
        run_parts(parts, stop, until_up(settings, parts))


def parts_of(settings: Settings) -> tuple[str, ...]:
    """The commands that run together. In HTTP mode Slack is served by `web`."""
    over_http = settings.slack_signing_secret is not None and settings.slack_app_token is None
    slack = settings.slack_bot_token is not None and not over_http
    discord = settings.discord_token is not None
    return (*PARTS, *(["slack"] if slack else []), *(["discord"] if discord else []))


def platforms_of(settings: Settings) -> tuple[str, ...]:
    """The chat platforms that something is to be connected to."""
    tokens = {"slack": settings.slack_bot_token, "discord": settings.discord_token}
    return tuple(name for name, token in tokens.items() if token is not None)


def until_up(settings: Settings, parts: Sequence[Part]) -> Callable[[], bool]:
    """Looks, whenever it is called, whether all parts are at work, and says so; whether it was said."""
    began = time.monotonic()
    platforms = platforms_of(settings)

    def look() -> bool:
        if not all(part.lives for part in parts) or not _serves(settings):
            return False
        try:
            with opened_database(settings, migrated=False, patience=1.0) as database:
                there = workers.living(database, rules(settings).worker_gone_after)
                connected = {
                    platform: {one.pid for one in listeners.listening(database, platform)}
                    for platform in platforms
                }
        except StorageError:
            return False
        pids = {part.process.pid for part in parts if part.process is not None}
        if not any(worker.pid in pids for worker in there):
            return False
        if not all(connected[platform] & pids for platform in platforms):
            return False
        typer.echo(
            f"Hidden Hill is up after {time.monotonic() - began:.0f} s; the web at {_home(settings)}.",
            err=True,
        )
        return True

    return look


def _serves(settings: Settings) -> bool:
    """Whether the web process answers; where it chose its own port (0), nobody knows where to ask."""
    if settings.port == 0:
        return True
    try:
        return httpx.get(f"{_home(settings)}/healthz", timeout=2.0, trust_env=False).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def _home(settings: Settings) -> str:
    """Where the web process is reached from here."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.web_host, settings.web_host)  # noqa: S104 - compared
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


@dataclass
class Part:
    """A command that is kept running. Its standard input ends when we die, and then it stops."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    began: float = field(default=0.0)
    again_at: float = field(default=0.0)
    was_well: bool = False

    @property
    def lives(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*self.command, "--attached"], stdin=subprocess.PIPE, start_new_session=True
        )

    def look(self) -> None:
        """Start it again when it died and its pause is over.

        Raises what can't be mended by starting again, unless it had been well: a token that is revoked
        later must not take the others along.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self._forget()
        if now - self.began > WELL_AFTER:
            self.pause, self.was_well = 1.0, True
        if status == UsageError.exit_status and not self.was_well:  # it has said why
            raise typer.Exit(status)
        typer.echo(f"{self.name} ended with status {status}; again in {self.pause:.0f} s.", err=True)
        self.again_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def stop(self, deadline: float) -> bool:
        """Wait for it to end after a SIGTERM; kill it at `deadline`. Says whether it ended by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        finally:
            self._forget()
        return True

    def _forget(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def run_parts(parts: Sequence[Part], stop: Event, up: Callable[[], bool] = lambda: True) -> None:
    """Keep all `parts` running until `stop` is set, then stop them together. To be stopped is no failure.

    `up` is asked every second until it says yes.
    """
    is_up, look_at = False, time.monotonic() + 1.0
    try:
        while not stop.is_set():
            for part in parts:
                part.look()
            if not is_up and time.monotonic() >= look_at:
                is_up, look_at = up(), time.monotonic() + 1.0
            stop.wait(0.2)
    finally:
        for part in parts:
            if part.process is not None:
                with suppress(ProcessLookupError):
                    part.process.terminate()
        deadline = time.monotonic() + GRACE
        killed = [part.name for part in parts if not part.stop(deadline)]
    if killed:
        raise HiddenHillError(
            f"{' and '.join(killed)} had to be killed.", "Nothing is lost: work goes on at the next start."
        )


@contextmanager
def stopping(*, attached: bool) -> Iterator[Event]:
    """An event that SIGTERM and Ctrl-C set; `attached`, the end of standard input does too."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if attached:
        Thread(target=_until_input_ends, args=(stop,), daemon=True).start()
    yield stop


def _until_input_ends(stop: Event) -> None:
    while os.read(
        sys.stdin.fileno(), 1024
    ):  # not through sys.stdin, whose lock a daemon thread must not hold at exit
        pass
    stop.set()
