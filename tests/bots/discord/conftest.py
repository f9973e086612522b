"""A Discord with a small lab in it; when a test is over, all that was said must be as the contract has it."""

from __future__ import annotations

from tests.fakes.conftest import fake_discord

__all__ = ["fake_discord"]
