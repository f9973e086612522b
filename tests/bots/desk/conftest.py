"""A desk over a real office, for each test anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.desk.desk import Desk
from jobs.office import Office
from storage.database import Database
from tests.bots.desks import desk_of
from tests.jobs.offices import new_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """An office that has an address in the web."""
    return new_office(database, tmp_path, web="https://hill.example")


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    """Its desk."""
    return desk_of(office, tmp_path)
