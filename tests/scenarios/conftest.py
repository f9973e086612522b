"""One lab for each process of pytest: stories don't share people, channels or papers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.lab import Lab, opened_lab


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The app and a worker, at work until the last story is told."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("looks at /proc")
    with opened_lab(tmp_path_factory.mktemp("lab"), "slack", "worker") as lab:
        yield lab


@pytest.fixture
def lab(shared_lab: Lab) -> Iterator[Lab]:
    """The lab with all its processes at work; what was said in a story is as Slack has it."""
    # The tables speak to the database that was opened last, which may have been another story's.
    with shared_lab.house.database() as shared_lab.database:
        for name in ("slack", "worker"):
            process = shared_lab.processes.get(name)
            if process is None or process.poll() is not None:  # another story broke off
                shared_lab.start(name)
        yield shared_lab
    assert shared_lab.slack.off_contract() == []
    assert shared_lab.slack.complaints == []
