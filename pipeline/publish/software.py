"""Which program made a video."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

from pipeline.publish.manifest import Software


def software() -> Software:
    """This program's version, and its commit where it runs from a checkout."""
    root = Path(__file__).parents[2]
    commit = None
    if (root / ".git").exists():
        try:
            asked = subprocess.run(
                ["git", "-C", root, "rev-parse", "HEAD"],
                capture_output=True,
                text=True,
                timeout=10,
                check=True,
            )
            commit = asked.stdout.strip()
        except (OSError, subprocess.SubprocessError):
            commit = None
    return Software(version=version("hidden-hill"), commit=commit)
