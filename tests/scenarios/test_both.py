"""One `hidden-hill up` with the tokens of both platforms: a lab that has its people in both is served in both."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.records import JobState
from tests.scenarios.guide import up
from tests.scenarios.lab import MADE, PLATFORMS, opened_labs
from tests.scenarios.processes import free_port

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(300),
]


def test_one_command_serves_both_platforms_and_tells_each_its_own(tmp_path: Path) -> None:
    with opened_labs(tmp_path, *PLATFORMS, PORT=free_port()) as labs:
        house = labs["slack"].processes.house
        said = "Starting worker, web, slack, discord."
        with up(house, ["up"], [said], lambda: all(lab.hand.connections for lab in labs.values())):
            title = "Captions that are wanted in two places"
            pmid = labs["slack"].paper(title)
            asked = {}
            for name, lab in labs.items():
                ada = lab.person("Ada")
                room = lab.channel(ada)
                asked[name] = (ada, room, lab.ask(ada, room, f"{pmid} seconds=30"))
            for name, lab in labs.items():
                ada, room, message = asked[name]
                lab.shows(message, title, "Done", seconds=MADE)
                assert lab.settled(message).state is JobState.DONE
                assert [one.requester.platform for one in lab.jobs_of(ada)] == [name]
                assert lab.hand.of_app(room) == [message]
                assert lab.hand.rang(ada) == [lab.in_thread(message, "Your video is ready.")]
                assert lab.hand.files(message)[0].content[4:8] == b"ftyp"
        for lab in labs.values():
            assert lab.hand.wrong() == []
