"""Fakes with a small lab in each; when a test is over, all that was said must be as the contract has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add_user("U0ADA", "Ada Hill", admin=True)
        fake.add_user("U0BOB", "Bob Vale")
        fake.add_channel("C0LAB", "lab", "public", ["U0ADA", "U0BOB"])
        yield fake
        assert fake.off_contract() == []


@pytest.fixture
def fake_discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        fake.add_user("2000000000000000001", "Ada Hill", admin=True)
        fake.add_user("2000000000000000002", "Bob Vale")
        fake.add_channel("3000000000000000001", "lab")
        yield fake
        wrong = fake.off_contract()
        assert not wrong, "\n".join(wrong)
