"""What all tests share: the folder of real papers, where there is one."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.databases import clock, database, database_url, postgres_server

# The tests start hundreds of processes: none of them compiles again what one of them compiled.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(tempfile.gettempdir()) / f"hill-tests-{os.geteuid()}")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

__all__ = ["clock", "database", "database_url", "postgres_server"]


@pytest.fixture(scope="session")
def papers() -> Path:
    """The shared papers: `HIDDEN_HILL_PAPERS`, else `../shared/papers`, else the test is skipped."""
    named = os.environ.get("HIDDEN_HILL_PAPERS")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "papers"
    if not (folder / "MANIFEST.tsv").is_file():
        pytest.skip(f"no shared papers at {folder}: set HIDDEN_HILL_PAPERS to their folder")
    return folder


@pytest.fixture(scope="session")
def example() -> Path:
    """The project's own example paper, as JATS with its figures beside it."""
    return Path(__file__).parents[1] / "examples" / "caption-times.xml"
