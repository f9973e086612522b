"""What the commands on jobs say of a list, a script, an end, and of a no."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.desk import exit_status
from cli.jobs import table
from cli.records import Seen
from cli.words import described, sentence
from jobs.control import redo, retry
from jobs.deeds import NotPossible
from jobs.failures import Verdict, verdict
from jobs.flow import begin, fail
from jobs.kit import Kit
from jobs.scripts import script_of
from pipeline.errors import HiddenHillError, NoTextLayerError, ProviderError
from pipeline.keys import write
from pipeline.model import ImageVisual, Scene, Script
from storage import jobs as rows
from storage import workers
from storage.objects import FolderObjects
from storage.records import Failure, Job, JobState, Waiting
from storage.workers import WorkerSign
from tests.cli.commands import House
from tests.cli.test_job_commands import refused, submitted, work
from tests.jobs.offices import job_now
from tests.storage.test_adoption import add

TITLE = (
    "A title that is longer than any terminal has ever been wide, and then some more of it, 研究, to the end"
)
SCRIPT = Script(
    scenes=(
        Scene(kind="hook", narration="Captions were late in 99 of 100 videos."),
        Scene(kind="finding", narration="Nobody noticed.", visual=ImageVisual(file="images/0123.png")),
    )
)


@pytest.fixture
def house(tmp_path: Path, valkey_url: str) -> House:
    return House(tmp_path / "data", {"REDIS_URL": valkey_url})


@pytest.fixture
def job(house: House) -> Job:
    """A job in line."""
    name = submitted(house)
    with house.office() as office:
        return job_now(office, name)


def waiting_for_approval(house: House) -> str:
    """A job whose script waits, as a worker leaves it: with its own picture beside it."""
    name = submitted(house, "32296183", "--approve")
    work(house, name)
    with (
        house.office() as office,
        Kit(data=house.data)
        .artefacts("local", office.objects)
        .make("generate-script", f"generate-script-{name}") as folder,
    ):
        write(folder / "script.json", SCRIPT)
        (folder / "images").mkdir()
        (folder / "images" / "0123.png").write_bytes(b"a picture")
    return name


def test_what_jobs_cost_is_told_where_one_did(job: Job) -> None:
    paid = job.model_copy(update={"spent_cents": 324, "reserved_cents": 100})
    assert "cost" not in table([Seen(job, alone=False)], None)[0]
    head, first, second = table([Seen(paid, alone=False), Seen(job, alone=False)], 80)
    assert head.endswith(" cost  asked for")
    assert "  $3.24  20" in first
    assert len(first) == len(second) <= 80
    described_now = "\n".join(described(paid, FolderObjects(Path("/nowhere"))))
    assert "$3.24 spent, $4.24 at most" in described_now


def test_only_titles_are_cut_and_only_on_a_terminal(job: Job) -> None:
    long = job.model_copy(update={"paper": job.paper.model_copy(update={"title": TITLE})})
    waits = job.model_copy(update={"state": JobState.AWAITING_APPROVAL})
    seen = [Seen(long, alone=False), Seen(waits, alone=False)]
    for width in (80, 120):
        lines = table(seen, width)
        assert {cell_len(line) for line in lines[1:]} == {width}
        assert all(job.id in line for line in lines[1:])
        assert "awaiting-approval" in lines[2]
        assert lines[1].endswith("UTC")
        assert "…" in lines[1]
    assert all(job.id in line and line.endswith("UTC") for line in table(seen, 20)[1:])
    assert TITLE in table(seen, None)[1]


def test_in_a_pipe_nothing_is_cut(house: House, job: Job) -> None:
    paper = job.paper.model_copy(update={"title": TITLE})
    with house.database() as database:
        database.do(lambda: rows.change(database, job.id, [job.state], paper=paper))
    answer = house.type("list", COLUMNS="80")
    assert job.id in answer.out
    assert TITLE in answer.out


def test_who_is_to_approve_a_script_sees_it_and_can_change_it(house: House, tmp_path: Path) -> None:
    job = waiting_for_approval(house)
    for words in (("status", job), ("status", job, "--wait")):
        shown = house.type(*words).out
        assert "1  hook" in shown
        assert "Captions were late in 99 of 100 videos." in shown
        assert f"hidden-hill script {job} --out script.json" in shown
    assert Script.model_validate_json(house.type("script", job).out) == SCRIPT
    file = tmp_path / "mine" / "script.json"
    assert house.type("script", job, "--out", str(file)).status == 0
    assert (file.parent / "images" / "0123.png").read_bytes() == b"a picture"
    refused(house.type("script", job, "--out", str(file)), "is there already", status=2)
    edited = file.read_text().replace("Nobody noticed.", "Somebody noticed.")
    file.write_text(edited)
    assert house.type("approve", job, "--script", str(file)).status == 0


def test_a_script_that_is_not_there_is_no_error_of_status(house: House) -> None:
    job = submitted(house, "32296183", "--approve")
    refused(house.type("script", job), "is not written yet", "hidden-hill status")
    work(house, job)
    answer = house.type("status", job)
    assert answer.status == 0
    assert "no longer there" in answer.out


def test_the_script_of_a_private_job_is_its_requester_s(house: House) -> None:
    job = submitted(house, "32296183", "--private")
    refused(house.type("script", job, LOGNAME="ben"), "is private")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoTextLayerError("No text."), 3),
        (ProviderError("NCBI refuses."), 4),
        (ConnectionResetError(), 4),
        (RuntimeError("ours"), 5),
        (MemoryError(), 5),
    ],
)
def test_a_job_that_failed_ends_with_the_status_of_its_error(job: Job, error: Exception, status: int) -> None:
    failure = verdict(error, "fetch-paper").failure("fetch-paper")
    assert exit_status(job.model_copy(update={"state": JobState.FAILED, "failure": failure})) == status
    if isinstance(error, HiddenHillError):
        assert error.exit_status == status


def test_waiting_for_a_job_that_was_cancelled_has_a_status_of_its_own(house: House) -> None:
    job = submitted(house)
    assert house.type("cancel", job).out.count("cancelled") == 1
    answer = house.type("status", job, "--wait")
    assert answer.status == 6
    assert "terminal:" not in answer.out


def test_an_input_that_can_not_be_used_ends_status_wait_with_3(house: House) -> None:
    job = submitted(house)
    with house.office() as office:
        claim = begin(office, "fetch-paper", job, -1, worker="test")
        assert claim
        fail(office, claim, Verdict(code="pdf-without-text", sentence="No text.", reference="HH-7F3K"))
    assert house.type("status", job, "--wait").status == 3


@pytest.mark.parametrize(
    "words",
    [
        ("submit", "32296183"),
        ("cancel", "nope"),
        ("delete", "nope", "--yes"),
        ("quota", "--set", "paused=yes"),
        ("reconcile", "--fix"),
        ("import-media", "."),
        ("migrate",),
    ],
)
def test_nothing_is_written_where_production_would_lose_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    house = House(tmp_path / "data")
    refused(house.type(*words, HIDDEN_HILL_PRODUCTION="1"), "Set DATABASE_URL.", status=2)
    assert not house.data.exists()


def test_an_error_with_json_is_one_object_on_stderr(house: House) -> None:
    for words, status, code in (
        (("status", "nope", "--json"), 2, "usage"),
        (("submit", "no such thing", "--json"), 3, "unknown-source"),
    ):
        answer = house.type(*words)
        assert (answer.status, answer.out) == (status, "")
        error = json.loads(answer.err)["error"]
        assert (error["code"], error["status"]) == (code, status)
        assert error["sentence"]
    assert house.type("submit", "32296183", "--json").err == ""  # no hints either
    assert house.type("list", "--json").err == ""


def test_a_job_that_nobody_began_is_in_line_while_no_worker_runs(house: House) -> None:
    job = submitted(house)
    assert "in line; no worker is running" in house.type("status", job).out
    assert f"{job}  in line " in house.type("list").out
    with house.office() as office:
        assert job_now(office, job).state is JobState.RUNNING
        assert begin(office, "fetch-paper", job, -1, worker="test")
    assert "fetch-paper; no worker is running" in house.type("status", job).out
    with house.database() as database:
        workers.seen(database, WorkerSign(id="one", host="here", pid=1, io=1, cpu=1))
    assert "no worker" not in house.type("status", job).out


def test_words_end_once(job: Job) -> None:
    waiting = Waiting(why="NCBI is busy.", until=1_800_000_000.0)
    said = sentence(job.model_copy(update={"state": JobState.WAITING, "waiting": waiting}))
    assert "NCBI is busy, until 2027-01-15" in said
    failed = Failure(code="x", sentence="It broke.")
    assert ".." not in sentence(job.model_copy(update={"state": JobState.FAILED, "failure": failed}))


def test_keep_says_what_it_did(house: House) -> None:
    job = submitted(house)
    work(house, job)
    assert "Kept until somebody deletes it." in house.type("keep", job).out
    other = submitted(house, "31978945")
    work(house, other)
    house.type("quota", "--set", "retention_days=30")
    assert "It would have been deleted after" in house.type("keep", other).out


def test_what_was_imported_is_not_made_again_but_imported_again(house: House, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    add(old, "32296183")
    assert "1 taken over" in house.type("import-media", str(old)).out
    (job,) = house.type("list", "--json").objects
    with house.office() as office:
        no = redo(office, job["id"], 0, by="test")
        assert isinstance(no, NotPossible)
        assert "was imported" in no.sentence
        office.objects.delete(job["files"][0]["key"])
        no = retry(office, job["id"], by="test")
        assert isinstance(no, NotPossible)
        assert "can't be made again from here" in no.sentence
    told = house.type("reconcile").out
    assert "1 done job with a file that is gone" in told
    assert "the file of job" in house.type("import-media", str(old)).out
    add(old, "99")
    assert "99: known already as 32296183" in house.type("import-media", str(old)).out
    assert house.type("reconcile").out == "Rows and objects agree.\n"


def test_what_is_too_young_to_be_judged_is_counted(house: House) -> None:
    submitted(house)
    lost = house.data / "objects" / "videos" / "x-y" / "video.mp4"
    lost.parent.mkdir(parents=True)
    lost.write_text("video")
    answer = house.type("reconcile")
    assert answer.status == 0
    assert "1 object is too young to be judged" in answer.out


def test_scripts_are_found_where_they_were_made(house: House) -> None:
    job = waiting_for_approval(house)
    with house.office() as office:
        assert script_of(office, Kit(data=house.data), job_now(office, job)) == SCRIPT
