"""Where a file may go that is named in the terminal: it is said before anything leaves, and kept where nobody says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobs.order import JobOrder
from storage.records import Job
from tests.cli.commands import House
from tests.cli.making import make

KEY = {"GEMINI_API_KEY": "a-key-that-is-never-used"}


@pytest.fixture
def house(tmp_path: Path, valkey_url: str) -> House:
    return House(tmp_path / "data", {"REDIS_URL": valkey_url})


def order_of(printed: str) -> JobOrder:
    return JobOrder.model_validate_json(Job.model_validate_json(printed).order)


def test_a_file_is_kept_unless_somebody_says_otherwise(house: House, example: Path) -> None:
    file = str(example.with_suffix(".pdf"))
    told = " ".join(house.type("submit", file, **KEY).err.split())
    assert "The file stays on our own machines. --cloud sends the whole paper to Google Gemini" in told
    assert order_of(house.type("status", "--json").out).cloud is False
    assert order_of(house.type("submit", file, "--json", "--cloud", **KEY).out).cloud is True
    assert house.type("quota", "--set", "uploads=cloud", "--set", "on_failure=fail").status == 0
    assert order_of(house.type("submit", file, "--json", **KEY).out).cloud is True
    assert order_of(house.type("submit", file, "--json", "--local", **KEY).out).cloud is False
    shown = house.type("quota").out
    assert "Files that are handed in go to Gemini and Runway without a question." in shown
    assert "When a provider fails, the video fails." in shown
    house.type("quota", "--set", "uploads=local", "--set", "on_failure=none")
    held = json.loads(house.type("quota", "--json").out)["terms"]
    assert (held["uploads"], held["on_failure"]) == ("local", None)
    refused = house.type("submit", file, "--cloud", **KEY)
    assert refused.status == 2
    assert "Files stay on our own machines here." in refused.err
    assert "nothing that uploads can be" in house.type("quota", "--set", "uploads=nowhere").err


def test_make_says_what_leaves_and_local_keeps_it(example: Path, tmp_path: Path) -> None:
    said = make(example, tmp_path / "a", "--until", "fetch-paper", **KEY)
    assert "This sends the whole paper to Google Gemini (writing) and the script (voice)." in said.logged
    kept = make(example, tmp_path / "b", "--until", "generate-script", "--local", **KEY)
    assert (kept.status, "This sends" in kept.logged) == (0, False)
