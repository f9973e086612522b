"""A lab for the tests of the Slack app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bots.slack.labs import Lab, lab_at
from tests.valkeys import valkey_server, valkey_url

__all__ = ["valkey_server", "valkey_url"]


@pytest.fixture
def lab(tmp_path: Path, valkey_url: str) -> Iterator[Lab]:
    """A lab with the app at work in it, over Socket Mode."""
    with lab_at(tmp_path, valkey_url) as one:
        yield one
