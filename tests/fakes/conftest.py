"""A fake Slack with a small lab in it; when a test is over, all that it said must be as the contract has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.slack import FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add_user("U0ADA", "Ada Hill", admin=True)
        fake.add_user("U0BOB", "Bob Vale")
        fake.add_channel("C0LAB", "lab", "public", ["U0ADA", "U0BOB"])
        yield fake
        assert fake.off_contract() == []
