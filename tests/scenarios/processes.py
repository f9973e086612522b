"""The commands of a lab as processes of their own: begun, killed, stopped, and what they wrote."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.commands import House


@dataclass
class Processes:
    """At most one of each command in a house, by the command's name."""

    house: House
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, **variables: str) -> int:
        """Start that command; its process id, at once."""
        environment = {**self.house.environment, **variables}
        with self.log(name).open("ab") as output:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-P", "-m", "cli.main", *name.split()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.house.data.parent,
            )
        return self._running[name].pid

    def lives(self, name: str) -> bool:
        """Whether it was started and has not ended."""
        process = self._running.get(name)
        return process is not None and process.poll() is None

    def kill(self, name: str) -> None:
        """SIGKILL; returns when it is gone."""
        self._running[name].kill()
        self._running.pop(name).wait()

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """End it as a deployment does, or a person at the terminal; it ends well."""
        process = self._running.pop(name)
        process.send_signal(number)
        try:
            assert process.wait(30) == 0, self.told()
        finally:
            process.kill()

    def ended(self, name: str, seconds: float = 60) -> int:
        """Wait until it ends by itself; its status."""
        return self._running.pop(name).wait(seconds)

    def log(self, name: str) -> Path:
        """Where the process writes to."""
        return self.house.data.parent / f"{name}.log"

    def told(self) -> str:
        """The ends of the logs, for a story that went wrong."""
        logs = [log for log in self.house.data.parent.glob("*.log") if log.stat().st_size]
        return "\n".join(f"{log.name}: …{log.read_text(errors='replace')[-3000:]}" for log in logs)

    def end(self) -> None:
        """End all that run; all of them end well."""
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        try:
            ends = {name: process.wait(30) for name, process in self._running.items()}
        finally:
            for process in self._running.values():
                process.kill()
        assert set(ends.values()) <= {0}, f"{ends}\n{self.told()}"


def free_port() -> str:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])
