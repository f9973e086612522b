"""Commands as a person types them: in this process where that does, else as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.app import app
from jobs.office import Office
from storage.database import Database
from storage.migrate import migrate
from tests.jobs.offices import new_office

#: What the machine's own environment might say and a test must not hear.
_UNSET = (
    "REDIS_URL DATABASE_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_STORAGE_BUCKET_NAME AWS_S3_ENDPOINT_URL "
    "PUBLIC_BASE_URL HIDDEN_HILL_WEB_URL SLACK_BOT_TOKEN DISCORD_TOKEN HIDDEN_HILL_PRODUCTION SENTRY_DSN PORT "
    "GEMINI_API_KEY RUNWAYML_API_SECRET NCBI_API_KEY"
).split()


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """What `--json` printed: nothing but an object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class House:
    """A data folder and an environment."""

    data: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in _UNSET},
            "HIDDEN_HILL_DATA": str(self.data),
            "HIDDEN_HILL_HEIGHT": "240",
            "HIDDEN_HILL_WORKERS": "2",
            "COLUMNS": "80",
            **self.variables,
        }

    def type(self, *words: str, **variables: str) -> Answer:
        """The command in this process."""
        cleared: dict[str, str | None] = dict.fromkeys(_UNSET, None)
        result = CliRunner().invoke(app, list(words), env={**cleared, **self.environment, **variables})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def run(self, *words: str, seconds: float = 100.0, **variables: str) -> Answer:
        """The command as a process."""
        process = self.start(*words, **variables)
        with process:
            out, err = process.communicate(timeout=seconds)
        return Answer(process.returncode, out, err)

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """The command as a process that goes on."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.main", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.environment, **variables},
            cwd=self.data.parent,
        )

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The house's SQLite, opened for a look."""
        self.data.mkdir(exist_ok=True, parents=True)
        database = Database(None, folder=self.data)
        try:
            migrate(database)
            yield database
        finally:
            database.close()

    @contextmanager
    def office(self, **rules: Any) -> Iterator[Office]:
        """An office in this house whose queue is only written down."""
        with self.database() as database:
            yield new_office(database, self.data, **rules)


def processes_of(house: House) -> list[str]:
    """The command lines of all processes that were started in this house, however far down."""
    mark = f"HIDDEN_HILL_DATA={house.data}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [line for line in found if line]
