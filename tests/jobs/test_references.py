"""A failure's reference finds the line in the log and the event at Sentry: through a real job that fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.commands import House
from tests.fakes.sentry import fake_sentry

SECRET = "a-key-that-nobody-sees"


@pytest.mark.timeout(300)
def test_a_reference_finds_log_and_event(tmp_path: Path, example: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4 and then nothing")
    with fake_sentry() as sentry:
        # An NCBI that refuses everything for good: not the requester's fault, so Sentry hears of it.
        variables = {
            "SENTRY_DSN": sentry.dsn,
            "SENTRY_TRACES_SAMPLE_RATE": "1",
            "LOG_FORMAT": "json",
            "NCBI_API_KEY": SECRET,
        }
        house = House(tmp_path / "data", {**variables, "NCBI_BASE_URL": f"ftp://127.0.0.1/{SECRET}"})
        worker = house.start("worker")
        with worker:
            try:
                users = house.run("submit", str(scan), "--wait", "--json")
                ours = house.run("submit", "32296183", "--wait", "--json")
            finally:
                worker.terminate()
                _, log = worker.communicate(timeout=60)
    assert (users.status, ours.status) == (3, 4), (users, ours, log)
    failures = [answer.objects[-1]["failure"] for answer in (users, ours)]
    lines = [json.loads(line) for line in log.splitlines()]
    for failure, answer in zip(failures, (users, ours), strict=True):
        assert re.fullmatch(r"HH-[0-9A-Z]{4}", failure["reference"])
        (line,) = [line for line in lines if line.get("reference") == failure["reference"]]
        assert (line["job"], line["stage"]) == (answer.objects[-1]["id"], "fetch-paper")
        assert failure["sentence"] in line["message"]
    assert [event["tags"]["reference"] for event in sentry.events] == [failures[1]["reference"]]
    assert sentry.events[0]["tags"]["stage"] == "fetch-paper"
    assert "fetch-paper" in {span["transaction"] for span in sentry.transactions}
    assert SECRET not in log + sentry.raw
    assert "Traceback" not in users.out + users.err + ours.out + ours.err
