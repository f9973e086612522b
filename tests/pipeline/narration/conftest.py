from __future__ import annotations

import pytest

from pipeline.narration.hibari import HibariVoice


@pytest.fixture(scope="session")
def voice() -> HibariVoice:
    return HibariVoice()
