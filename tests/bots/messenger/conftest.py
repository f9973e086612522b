"""A real office and its kit, for each test anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.kit import Kit
from jobs.office import Office
from storage.database import Database
from tests.bots.messaging import kit_in
from tests.jobs.offices import new_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """An office that has an address in the web."""
    return new_office(database, tmp_path, web="https://hill.example")


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """The kit of that office."""
    return kit_in(tmp_path)
