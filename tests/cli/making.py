"""Running `hidden-hill make` as a user does, small enough for a test."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.app import app
from pipeline.publish.manifest import Manifest

#: A video of 270×480: everything as in a large one, a sixteenth of the pixels.
SMALL = {"HIDDEN_HILL_HEIGHT": "480", "HIDDEN_HILL_WORKERS": "2"}


@dataclass(frozen=True)
class Made:
    """How a run ended: exit status, what it printed, and its folder."""

    status: int
    printed: str
    logged: str
    folder: Path

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.printed.splitlines()]

    @property
    def manifest(self) -> Manifest:
        return Manifest.model_validate_json((self.folder / "manifest.json").read_bytes())

    def reused(self) -> dict[str, bool]:
        """Stage → whether an earlier result served, by the events."""
        return {
            e["stage"]: e["reused"] for e in self.events if e["event"] == "stage" and e["reused"] is not None
        }


def make(source: Path | str, folder: Path, *options: str, **environment: str) -> Made:
    """`hidden-hill make SOURCE --json --out FOLDER …` in this process, for 30 s of video."""
    data = str(folder.parent / "data")
    arguments = ["make", str(source), "--json", "--out", str(folder), "--seconds", "30", *options]
    result = CliRunner().invoke(app, arguments, env={"HIDDEN_HILL_DATA": data, **SMALL, **environment})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Made(result.exit_code, result.stdout, result.stderr, folder)


def start(source: Path | str, folder: Path, *options: str) -> subprocess.Popen[str]:
    """The same command as a process of its own, to interrupt or to compete with."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "make", str(source), "--json", "--out", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **SMALL, "HIDDEN_HILL_DATA": str(folder.parent / "data")},
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    if (
        sys.platform == "linux"
    ):  # a small pipe keeps the command from running ahead of whoever reads what it says
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    return process
