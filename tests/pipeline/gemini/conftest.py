"""A Gemini on the wire; when a test is over, all that was said must be what the SDK's models hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.gemini import FakeGemini, open_gemini


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []
