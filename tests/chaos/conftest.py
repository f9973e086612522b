"""What the tests of chaos share."""

from __future__ import annotations

import os

import pytest

from tests.chaos.reference import Reference


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The videos as they must be. All processes of pytest share them."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return Reference(folder / "reference")
