"""`hidden-hill up`: everything in one command. Each part is a process of its own, started again when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import typer

from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL, said
from jobs.opening import opened_database, refuse_to_lose
from pipeline.errors import HiddenHillError, UsageError

#: What runs, by the name of its command.
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
    """Run the worker and the web process together until Ctrl-C."""
    with said():
        settings = read_settings()
        refuse_to_lose(settings)
        with opened_database(settings, patience=AT_A_TERMINAL):
            pass
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        typer.echo(f"Hidden Hill is up: {', '.join(PARTS)}. Stop with Ctrl-C.", err=True)
        run_parts([Part(name, [*HIDDEN_HILL, name]) for name in PARTS], stop)


@dataclass
class Part:
    """A command that is kept running. Its standard input ends when we die, and then it stops."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    began: float = field(default=0.0)
    again_at: float = field(default=0.0)

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*self.command, "--attached"], stdin=subprocess.PIPE, start_new_session=True
        )

    def look(self) -> None:
        """Start it again when it died and its pause is over. Raises what can't be mended by starting again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self._forget()
        if status == UsageError.exit_status:  # it has said why
            raise typer.Exit(status)
        if now - self.began > WELL_AFTER:
            self.pause = 1.0
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


def run_parts(parts: Sequence[Part], stop: Event) -> None:
    """Keep all `parts` running until `stop` is set, then stop them together. To be stopped is no failure."""
    try:
        while not stop.is_set():
            for part in parts:
                part.look()
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
