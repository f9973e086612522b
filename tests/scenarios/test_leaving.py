"""The app is taken out of the workspace, and put in again. In a lab of its own: nobody else is left alone by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import listeners
from storage.records import JobState
from storage.workspaces import terms
from tests.scenarios.lab import opened_labs

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(300),
]


@pytest.mark.parametrize(
    ("platform", "last_words"), [("slack", "Slack refuses the app (account_inactive)"), ("discord", "")]
)
def test_an_app_that_is_taken_out_lets_go_and_comes_back(
    tmp_path: Path, platform: str, last_words: str
) -> None:
    """In Slack its token dies, so the process ends in words; in Discord it may be in other servers, and stays."""
    with opened_labs(tmp_path, platform) as labs:
        lab = labs[platform]
        lab.start_app()
        ada = lab.person("Ada")
        room = lab.channel(ada)
        message = lab.ask(ada, room, lab.paper())
        lab.until(lambda: listeners.counts(lab.database) == {platform: 1})
        lab.hand.take_out()
        lab.becomes(message, JobState.CANCELLED)
        if last_words:
            assert lab.processes.ended(platform) == 2
            assert last_words in lab.processes.log(platform).read_text()
        lab.until(lambda: terms(lab.database, lab.hand.workspace).removed_at is not None)

        lab.hand.put_back()
        if last_words:
            lab.start_app()
        assert "list" in lab.say(ada, room, "help").shown
        lab.until(lambda: terms(lab.database, lab.hand.workspace).removed_at is None)
