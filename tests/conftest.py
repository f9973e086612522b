"""What all tests share: the folder of real papers, where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.databases import clock, database, database_url, postgres_server

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
