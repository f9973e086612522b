"""An office on each database, with a clock that only tests move."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.office import Office
from storage.database import Database
from tests.jobs.offices import new_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """An office where one worker's two jobs may be at work at once."""
    return new_office(database, tmp_path, web="https://hill.example")
