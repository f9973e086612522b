"""The app is taken out of the workspace, and put in again. In a lab of its own: nobody else is left alone by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import listeners
from storage.records import JobState
from storage.workspaces import terms
from tests.scenarios.lab import WORKSPACE, opened_lab

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(300),
]


def test_an_app_that_is_taken_out_ends_in_words_and_comes_back(tmp_path: Path) -> None:
    with opened_lab(tmp_path, "slack") as lab:
        ada = lab.person("Ada")
        room = lab.channel(ada)
        message = lab.ask(ada, room, lab.paper())
        lab.until(lambda: listeners.counts(lab.database) == {"slack": 1})
        lab.slack.uninstall()
        lab.becomes(message, JobState.CANCELLED)
        assert lab.processes.pop("slack").wait(60) == 2
        assert "Slack refuses the app (account_inactive)" in lab.log("slack").read_text()
        assert terms(lab.database, WORKSPACE).removed_at is not None

        lab.slack.workspace.refusal = ""
        lab.start("slack")
        assert "list" in lab.say(ada, room, "help").shown
        assert terms(lab.database, WORKSPACE).removed_at is None
