"""The commands on jobs, without a worker: what they print, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jobs.failures import Verdict
from jobs.flow import begin, fail
from storage import workers
from storage.workers import WorkerSign
from tests.cli.commands import Answer, House
from tests.jobs.offices import work_through

NO_WORKER = "no worker is running"


@pytest.fixture
def house(tmp_path: Path, valkey_url: str) -> House:
    return House(tmp_path / "data", {"REDIS_URL": valkey_url})


def submitted(house: House, source: str = "32296183", *options: str) -> str:
    answer = house.type("submit", source, "--json", *options)
    assert answer.status == 0, answer
    (job,) = answer.objects
    return str(job["id"])


def work(house: House, job: str, **options: Any) -> None:
    """Do all of the job's work as a worker does."""
    with house.office() as office:
        office.queue.send("fetch-paper", job)
        work_through(office, **options)


def test_a_job_without_workers_says_so(house: House) -> None:
    answer = house.type("submit", "32296183")
    assert answer.status == 0
    assert NO_WORKER in answer.out
    assert "hidden-hill worker" in answer.err
    assert NO_WORKER in house.type("status").out


def test_jobs_in_line_have_a_place(house: House) -> None:
    jobs = [submitted(house, str(32296183 + number)) for number in range(4)]
    assert "place 2" in house.type("status", jobs[3]).out
    assert house.type("status", jobs[3], "--json").objects[0]["waiting"]["place"] == 2
    assert "queued (2)" in house.type("list").out


def test_a_finished_job_says_where_its_video_is_at_80_columns(house: House) -> None:
    job = submitted(house)
    work(house, job)
    answer = house.type("status")
    assert answer.out.startswith(f"{job}  100%  done")
    path = Path(answer.out.splitlines()[-1].strip())
    assert path.is_file()
    assert max(len(line) for line in answer.out.splitlines()[:-1]) <= 80
    assert "Caption times" in house.type("list").out


def test_json_is_all_there_is_on_stdout(house: House) -> None:
    job = submitted(house)
    assert [one["id"] for one in house.type("list", "--json").objects] == [job]
    assert house.type("cancel", job, "--json").objects[0]["state"] == "cancelled"
    assert house.type("retry", job, "--json").objects[0]["id"] == job
    work(house, job)
    assert house.type("keep", job, "--json").objects[0]["state"] == "done"
    assert house.type("redo", job, "1", "--json").objects[0]["state"] in {"queued", "running"}
    assert house.type("cancel", job, "--json").status == 0
    assert house.type("delete", job, "--yes", "--json").objects[0]["state"] == "deleted"
    assert house.type("quota", "--json").objects[0]["workspace"] == "local"
    assert house.type("migrate", "--plan", "--json").objects == [{"planned": []}]
    assert house.type("reconcile", "--json").objects[0]["missing"] == []


def refused(answer: Answer, *words: str, status: int = 3) -> None:
    assert answer.status == status, answer
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    for word in words:
        assert word in answer.err


def test_what_can_not_be_done_is_said_in_one_sentence(house: House) -> None:
    refused(house.type("status"), "You have no jobs yet.", status=2)
    refused(house.type("status", "nope"), "There is no job nope.", status=2)
    job = submitted(house)
    refused(house.type("approve", job), "nothing waits for approval")
    refused(house.type("delete", job, "--yes"), "cancel it first")
    refused(house.type("retry", job), "nothing to retry")
    refused(house.type("keep", job), "no video to keep")
    work(house, job)
    refused(house.type("cancel", job), "This job is done; there is nothing to cancel.")
    refused(house.type("redo", job, "99"), "There is no scene 99")
    assert house.type("delete", job, "--yes").out == f"Deleted {job}.\n"
    refused(house.type("delete", job, "--yes"), "was deleted before")


def test_deleting_asks_first(house: House) -> None:
    job = submitted(house)
    work(house, job)
    answer = house.type("delete", job)
    assert answer.status == 2
    assert job in answer.err
    assert "asked for by" in answer.err
    assert "--yes" in answer.err
    assert house.type("status", job).out.startswith(f"{job}  100%  done")


def test_a_failed_job_says_why_and_how_to_go_on(house: House) -> None:
    job = submitted(house)
    with house.office() as office:
        claim = begin(office, "fetch-paper", job, -1, worker="test")
        assert claim
        sentence = "NCBI refuses the key."
        fail(office, claim, Verdict(code="key", sentence=sentence, retryable=True, reference="HH-7F3K"))
    answer = house.type("status", "--wait")
    assert answer.status == 4
    text = re.sub(r"\s+", " ", answer.out)
    assert f"{sentence} Again: hidden-hill retry {job}. (HH-7F3K)" in text


def test_approval_lets_a_job_go_on(house: House) -> None:
    job = submitted(house, "32296183", "--approve")
    work(house, job)
    answer = house.type("status", "--wait")
    assert answer.status == 0
    assert f"hidden-hill approve {job}" in answer.out
    assert re.search(r"until \d{4}-\d\d-\d\d", answer.out)
    assert house.type("approve").status == 0
    with house.office() as office:
        office.queue.send("generate-audio", job)
        work_through(office)
    assert "done" in house.type("status").out


def test_a_video_whose_file_is_gone_is_made_again_by_retry(house: House) -> None:
    job = submitted(house)
    work(house, job)
    Path(house.type("status").out.splitlines()[-1].strip()).unlink()
    answer = house.type("retry", job)
    assert answer.status == 0, answer
    with house.office() as office:
        for stage in ("add-captions", "publish"):
            office.queue.send(stage, job)  # type: ignore[arg-type]
            work_through(office)
    assert Path(house.type("status").out.splitlines()[-1].strip()).is_file()


def test_what_a_video_costs_is_said_before_and_wishes_without_a_provider_are_refused(house: House) -> None:
    assert house.type("cost", "32296183").out.startswith("It costs nothing")
    assert house.type("cost", "32296183", "--json").objects == [{"about": 0, "most": 0, "shares": []}]
    refused(house.type("cost", "32296183", "--footage"), "footage is not set up here", status=2)
    refused(house.type("submit", "32296183", "--footage"), "footage is not set up here", status=2)
    refused(house.type("submit", "32296183", "--tone", "warm"), "in the paper’s own words", status=2)
    paid = House(house.data, {**house.variables, "GEMINI_API_KEY": "g", "RUNWAYML_API_SECRET": "r"})
    said = paid.type("cost", "32296183", "--no-footage", "--voice", "hibari").out
    assert said.startswith("It costs about $0.0")
    assert "script" in said
    paid.type("quota", "--set", "dollars_per_job=2")
    refused(paid.type("submit", "32296183"), "one may cost $2.00 at most. Say --no-footage, or ask")
    begun = paid.type("submit", "32296183", "--no-footage", "--tone", "warm", "--json").objects[0]
    assert json.loads(begun["order"])["footage"] is False
    assert 0 < begun["reserved_cents"] < 200


def test_a_quota_is_shown_changed_and_says_no(house: House) -> None:
    assert "0 of 10 videos" in house.type("quota").out
    answer = house.type("quota", "--set", "videos_per_user_day=1", "--set", "cents_per_month=none")
    assert "0 of 1 videos" in answer.out
    assert "of 500 videos, $0.00; anew" in answer.out
    assert max(len(line) for line in answer.out.splitlines()) <= 80
    submitted(house)
    refused(house.type("submit", "31978945"), "1 of 1")
    refused(house.type("quota", "--set", "videos_per_moon=1"), "There is no limit", status=2)
    refused(house.type("quota", "--set", "videos_per_day=-1"), "“-1” is no limit", status=2)
    refused(house.type("quota", "--set", "videos_per_day"), "--set videos_per_day=VALUE", status=2)
    refused(house.type("quota", "--set", "admins=3"), "There is no limit", status=2)
    refused(house.type("quota", "--set", "paused=perhaps"), "neither yes nor no", status=2)
    assert "paused" in house.type("quota", "--set", "paused=yes", "--set", "retention_days=30").out
    refused(house.type("submit", "31978946"), "Paused")
    assert house.type("quota", "--json").objects[0]["terms"]["retention_days"] == 30


def test_a_job_at_work_says_how_long_it_will_take(house: House) -> None:
    job = submitted(house)
    work(house, job, until="generate-videos")
    assert re.search(r"about \d+ (s|min) left", house.type("status", job).out) is None  # nobody works on it
    with house.database() as database:
        workers.seen(database, WorkerSign(id="one", host="here", pid=1, io=1, cpu=1))
    assert re.search(r"about \d+ (s|min) left", house.type("status", job).out)
    for command in ("status", "list"):
        assert house.type(command, "--json").objects[0]["remaining"] > 0
    following = house.start("status", job, "--wait")
    with following:
        assert following.stdout is not None
        assert re.search(r"about \d+ (s|min) left", following.stdout.readline())
        following.terminate()


def test_a_reference_finds_its_job(house: House) -> None:
    job = submitted(house)
    refused(house.type("status", "HH-7F3K"), "HH-7F3K", status=2)
    with house.office() as office:
        claim = begin(office, "fetch-paper", job, -1, worker="test")
        assert claim
        fail(office, claim, Verdict(code="key", sentence="NCBI refuses the key.", reference="HH-7F3K"))
    submitted(house, "31978945")
    for reference in ("HH-7F3K", "hh-7f3k"):
        assert house.type("status", reference).out.startswith(f"{job} ")
    assert house.type("retry", job).status == 0
    assert house.type("status", "HH-7F3K").out.startswith(f"{job} ")


def test_somebody_else_s_private_job_shows_that_it_is_there_and_no_more(house: House) -> None:
    job = submitted(house, "32296183", "--private")
    work(house, job)
    token = house.type("status", job, "--json").objects[0]["token"]
    ben = {"LOGNAME": "ben"}
    for answer in (house.type("list", **ben), house.type("list", "--json", **ben)):
        assert job in answer.out
        assert not any(secret in answer.out for secret in ("Caption times", "32296183", token))
    refused(house.type("status", job, **ben), "is private")
    refused(house.type("status", job, "--wait", "--json", **ben), "is private")
    for words in (("retry", job), ("redo", job, "1"), ("keep", job), ("approve", job)):
        refused(house.type(*words, **ben), "is private")
    assert "Caption times" in house.type("list").out
    answer = house.type("delete", job, **ben)
    assert "private paper" in answer.err
    assert "Caption times" not in answer.err
    answer = house.type("delete", job, "--yes", "--json", **ben)
    assert answer.objects[0]["state"] == "deleted"
    assert token not in answer.out


def test_an_admin_stops_somebody_else_s_private_job_without_seeing_it(house: House) -> None:
    job = submitted(house, "32296183", "--private")
    answer = house.type("cancel", job, LOGNAME="ben")
    assert "cancelled" in answer.out
    assert "32296183" not in answer.out


def test_following_tells_each_thing_once_and_ends_with_the_job(house: House) -> None:
    job = submitted(house)
    following = house.start("status", job, "--wait", "--json")
    with following:
        assert following.stdout is not None
        assert f'"{job}"' in following.stdout.readline()
        work(house, job)
        lines = following.stdout.read().splitlines()
    assert following.returncode == 0
    assert '"state":"done"' in lines[-1]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"HIDDEN_HILL_HEIGHT": "1"}, "HIDDEN_HILL_HEIGHT"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL"),
        ({"AWS_STORAGE_BUCKET_NAME": "hill"}, "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_wrong_variable_is_named(house: House, variables: dict[str, str], words: str) -> None:
    refused(house.type("submit", "32296183", **variables), words, status=2)


def test_a_data_folder_that_can_not_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = House(tmp_path / "file" / "data").type("list")
    assert answer.status == 5
    assert str(tmp_path / "file") in answer.err
    assert len(answer.err.splitlines()) == 1


def test_empty_variables_say_nothing(house: House) -> None:
    assert house.type("list", DATABASE_URL="", AWS_STORAGE_BUCKET_NAME="", PORT="").status == 0


def test_a_postgres_that_was_not_migrated_says_so(house: House, postgres_server: object) -> None:
    from tests.databases import PostgresServer

    assert isinstance(postgres_server, PostgresServer)
    with postgres_server.new_database() as url:
        answer = house.type("list", DATABASE_URL=url)
        assert answer.status == 4
        assert "hidden-hill migrate" in answer.err
        assert "0001_start" in house.type("migrate", "--plan", DATABASE_URL=url).out
        assert house.type("migrate", DATABASE_URL=url).status == 0
        assert house.type("list", DATABASE_URL=url).out == "No jobs.\n"
