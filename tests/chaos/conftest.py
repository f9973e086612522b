"""What the tests of chaos share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.reference import Reference
from tests.chaos.tally import HANGS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests wait for many processes, which takes as long as it takes."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(HANGS))


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The videos as they must be. All processes of pytest share them."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return Reference(folder / "reference")
