from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.eutils import FakeNcbi


@pytest.fixture
def fake() -> Iterator[FakeNcbi]:
    with FakeNcbi() as server:
        yield server
