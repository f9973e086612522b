"""One house for each process of pytest, with people on both platforms: no story shares people, channels or papers.

`lab`: the story is told on both platforms. `slack_lab`, `discord_lab`: on one, because only that one has what it
is about, or because the platform makes no difference to it, and a second telling would only take time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.discord_hand import DiscordHand
from tests.scenarios.lab import PLATFORMS, Lab, opened_labs
from tests.scenarios.slack_hand import SlackHand

Labs = dict[str, Lab[Any]]


@pytest.fixture(scope="session")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    """A lab on each platform, in one house."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("looks at /proc")
    with opened_labs(tmp_path_factory.mktemp("labs"), *PLATFORMS) as labs:
        yield labs


@pytest.fixture(params=PLATFORMS)
def lab(labs: Labs, request: pytest.FixtureRequest) -> Iterator[Lab[Any]]:
    """The lab of one platform after the other."""
    with at_work(labs[request.param]) as lab:
        yield lab


@pytest.fixture
def slack_lab(labs: Labs) -> Iterator[Lab[SlackHand]]:
    """The lab in Slack."""
    with at_work(labs["slack"]) as lab:
        yield lab


@pytest.fixture
def discord_lab(labs: Labs) -> Iterator[Lab[DiscordHand]]:
    """The lab in Discord."""
    with at_work(labs["discord"]) as lab:
        yield lab


@contextmanager
def at_work(lab: Lab[Any]) -> Iterator[Lab[Any]]:
    """The lab with its processes at work; what was said in a story is as the platform has it."""
    # The tables speak to the database that was opened last, which may have been another story's.
    with lab.processes.house.database() as lab.database:
        lab.at_work()
        yield lab
    wrong = lab.hand.wrong()
    assert not wrong, "\n".join(wrong)
