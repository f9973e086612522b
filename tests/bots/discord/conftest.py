"""A Discord with a small lab in it; when a test is over, all that was said must be as the contract has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bots.discord.labs import Lab, lab_at
from tests.fakes.conftest import fake_discord
from tests.valkeys import valkey_server, valkey_url

__all__ = ["fake_discord", "valkey_server", "valkey_url"]


@pytest.fixture
def lab(tmp_path: Path, valkey_url: str) -> Iterator[Lab]:
    """A lab with the app at work in it."""
    with lab_at(tmp_path, valkey_url) as one:
        yield one
