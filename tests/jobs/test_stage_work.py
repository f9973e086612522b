"""What an actor does: real stages in real processes, on both databases."""

from __future__ import annotations

import io
import logging
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from jobs import control, logs, sentry, stage_work
from jobs.kit import Kit, LatePurchases
from jobs.office import Office
from jobs.stage_process import Outcome, StageTask
from jobs.stage_work import perform
from jobs.uploads import take_in
from pipeline.errors import StageTimeoutError, UncertainPurchaseError
from pipeline.keys import digest_of
from pipeline.model import StageName
from pipeline.narration.hibari import HibariVoice
from pipeline.order import Order, Tools
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import parse_source
from pipeline.publish.manifest import Manifest, Software
from pipeline.run import Run
from pipeline.script.extractive import ExtractiveWriter
from pipeline.stages import STAGES
from storage import ledger
from storage.artefacts import FolderArtefacts
from storage.links import Links
from storage.out_folder import FolderStore
from storage.records import WHOLE, Job, JobState, RunState
from tests.databases import FakeClock
from tests.fakes.sentry import fake_sentry
from tests.jobs import offices
from tests.jobs.offices import ADA, job_now, ordered, run_now, sent
from tests.jobs.test_process import alive, until

#: Small enough for a test: everything as in a large one.
SIZE = (136, 240)


@pytest.fixture
def kit(tmp_path: Path, database_url: str | None) -> Kit:
    notebook = tmp_path / "notebook"
    notebook.mkdir()
    return Kit(
        data=tmp_path,
        database_url=SecretStr(database_url) if database_url else None,
        tools="tests.jobs.small_tools:tools",
        watchers="tests.jobs.small_tools:watchers",
        options={"notebook": str(notebook)},
    )


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as in a process of ours."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    heard = io.StringIO()
    logs.configure("text", stream=heard)
    yield heard
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def odd(kit: Kit, writer: str) -> Kit:
    return replace(kit, options={**kit.options, "writer": writer})


def notebook(kit: Kit) -> Path:
    return Path(kit.options["notebook"])


def example_job(office: Office, example: Path, **more: Any) -> Job:
    key = take_in(office.objects, "lab", example.with_suffix(".pdf"))
    upload = {"source": "caption-times.pdf", "upload": key, "upload_name": "caption-times.pdf"}
    return ordered(office, ADA, **upload, seconds=30, width=SIZE[0], height=SIZE[1], **more)


def work(
    office: Office,
    kit: Kit,
    stage: StageName,
    job: str,
    scene: int = WHOLE,
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    perform(office, kit, stage, job, scene, stopping=stopping, worker="test")


def work_through(office: Office, kit: Kit, *, last: StageName = "publish") -> None:
    """Do whatever is sent to be done at once, up to the stage `last`."""
    allowed = STAGES[: STAGES.index(last) + 1]
    while messages := [m for m in sent(office) if m[0] in allowed and m[3] == 0.0]:
        for stage, job, scene, _ in messages:
            work(office, kit, stage, job, scene)


@pytest.mark.timeout(300)
def test_a_job_done_stage_by_stage_gives_the_bytes_of_a_run_in_one_process(
    office: Office, kit: Kit, example: Path, tmp_path: Path
) -> None:
    job = example_job(office, example)
    work_through(office, kit)
    done = job_now(office, job.id)
    assert (done.state, done.failure) == (JobState.DONE, None)
    assert done.paper.title.startswith("Captions timed by the voice")
    files = {file.name: file for file in done.files}
    assert set(files) == {
        *("video.mp4", "preview.mp4", "cover.jpg", "captions.srt", "captions.vtt", "transcript.txt"),
        *("post.md", "script.json", "index.html", "manifest.json"),  # and no paper.json: a link is passed on
    }
    made = run_in_one_process(example, tmp_path / "alone")
    assert files["video.mp4"].sha256 == digest_of(made / "video.mp4")
    assert files["preview.mp4"].sha256 == digest_of(made / "preview.mp4")
    assert files["captions.srt"].sha256 == digest_of(made / "captions.srt")
    stored = office.objects.path(files["manifest.json"].key)
    assert stored is not None
    manifest = Manifest.model_validate_json(stored.read_bytes())
    assert [record.name for record in manifest.stages] == list(STAGES)
    assert manifest.files["video.mp4"].sha256 == files["video.mp4"].sha256

    control.redo(office, job.id, 2, by="ada")
    work_through(office, kit)
    redone = job_now(office, job.id)
    assert (redone.state, redone.failure) == (JobState.DONE, None)
    changed = {file.name for file in redone.files} - {
        file.name for file in redone.files if file.sha256 == files[file.name].sha256
    }
    assert changed - {"index.html"} == {
        "video.mp4",
        "preview.mp4",
        "script.json",
        "manifest.json",
    }  # it names sizes


def run_in_one_process(example: Path, folder: Path) -> Path:
    """The folder of the same video, as the terminal makes it."""
    run = Run(
        Order(source=parse_source(str(example.with_suffix(".pdf"))), seconds=30),
        Tools(
            ncbi=Ncbi(base_url="", pmc_base_url=""),
            writer=ExtractiveWriter(),
            voice=HibariVoice(),
            artefacts=FolderArtefacts(folder / ".work"),
            size=SIZE,
        ),
        FolderStore(folder, remembered_in=folder / ".work" / "handed-over.json"),
        Software(version="0"),
        lambda *_, **__: None,
    )
    run.until("publish")
    return folder


def test_what_is_not_due_is_left_alone(office: Office, kit: Kit, example: Path) -> None:
    job = example_job(office, example)
    work(office, kit, "add-captions", job.id)
    work(office, kit, "fetch-paper", "nosuchjb")
    assert run_now(office, job.id, "fetch-paper").state is RunState.DUE


def test_a_paper_that_cannot_be_read_fails_the_job_with_its_sentence(
    office: Office, kit: Kit, tmp_path: Path
) -> None:
    (tmp_path / "paper.pdf").write_text("this is no PDF")
    key = take_in(office.objects, "lab", tmp_path / "paper.pdf")
    job = ordered(office, source="paper.pdf", upload=key, upload_name="paper.pdf")
    work_through(office, kit)
    failed = job_now(office, job.id)
    assert failed.state is JobState.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.retryable) == ("not-a-pdf", False)
    assert str(tmp_path) not in failed.failure.model_dump_json()


def test_a_provider_s_task_is_bought_once_and_waited_for_without_a_process(
    office: Office, kit: Kit, example: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = odd(kit, "buy")
    job = example_job(office, example, estimate_cents=20)
    work_through(office, kit, last="generate-script")
    waiting = job_now(office, job.id)
    assert waiting.state is JobState.WAITING
    assert waiting.waiting is not None
    assert waiting.waiting.why == "the odd writer writes"
    assert waiting.spent_cents == 7

    with monkeypatch.context() as no_process:
        no_process.setattr(stage_work, "run_in_process", None)
        clock.advance(20)
        work(office, kit, "generate-script", job.id)
    assert (notebook(kit) / "looked").exists()
    assert job_now(office, job.id).state is JobState.WAITING
    assert sent(office) == [("generate-script", job.id, WHOLE, 30.0)]

    (notebook(kit) / "task-1.ready").touch()
    clock.advance(30)
    work(office, kit, "generate-script", job.id)
    assert run_now(office, job.id, "generate-script").state is RunState.DONE
    assert len((notebook(kit) / "asked").read_text().split()) == 1
    assert office.database.do(lambda: ledger.of_job(office.database, job.id))[1] == 7


def test_a_provider_s_task_that_failed_fails_the_job(
    office: Office, kit: Kit, example: Path, clock: FakeClock
) -> None:
    kit = odd(kit, "buy")
    job = example_job(office, example)
    work_through(office, kit, last="generate-script")
    (notebook(kit) / "task-1.failed").touch()
    clock.advance(20)
    work(office, kit, "generate-script", job.id)
    failed = job_now(office, job.id)
    assert failed.state is JobState.FAILED
    assert failed.failure is not None
    assert failed.failure.sentence == "The odd writer gave up."


def test_cancelling_ends_the_process_and_its_ffmpeg(office: Office, kit: Kit, example: Path) -> None:
    kit = odd(kit, "encode")
    job = example_job(office, example)
    work_through(office, kit, last="fetch-paper")
    worker = threading.Thread(target=work, args=(office, kit, "generate-script", job.id))
    worker.start()
    assert until((notebook(kit) / "pids").exists, 60)
    pids = [int(pid) for pid in (notebook(kit) / "pids").read_text().split()]
    asked = time.monotonic()
    control.cancel(office, job.id, by="ada")
    assert until(lambda: not any(alive(pid) for pid in pids))
    took = time.monotonic() - asked
    worker.join(30)
    assert not worker.is_alive()
    assert took < 2.0 * 5, "a busy machine is allowed five times the promise"
    assert job_now(office, job.id).state is JobState.CANCELLED
    assert run_now(office, job.id, "generate-script").state is RunState.CANCELLED


def test_a_worker_that_stops_gives_its_run_to_another(office: Office, kit: Kit, example: Path) -> None:
    job = example_job(office, example)
    work_through(office, kit, last="fetch-paper")
    begun = notebook(kit) / "pids"
    work(office, odd(kit, "encode"), "generate-script", job.id, stopping=begun.exists)
    assert not any(alive(int(pid)) for pid in begun.read_text().split())
    run = run_now(office, job.id, "generate-script")
    assert (run.state, run.failures, run.lost, run.owner) == (RunState.DUE, 0, 0, None)
    assert sent(office)[-1] == ("generate-script", job.id, WHOLE, 0.0)
    work(office, kit, "generate-script", job.id)
    assert run_now(office, job.id, "generate-script").state is RunState.DONE


@pytest.mark.parametrize(
    ("writer", "code"), [("die", "process-died"), ("busy", "provider-busy"), ("defect", "internal")]
)
def test_what_may_pass_is_tried_again(
    office: Office, kit: Kit, example: Path, clock: FakeClock, writer: str, code: str
) -> None:
    office = replace(office, rules=replace(office.rules, away_for=60.0))
    job = example_job(office, example)
    work_through(office, kit, last="fetch-paper")
    work(office, odd(kit, writer), "generate-script", job.id)
    run = run_now(office, job.id, "generate-script")
    # Only while something is away for all does the job keep its room.
    state = RunState.DUE if writer == "busy" else RunState.WAITING
    assert (run.state, run.failures, run.lost) == (state, 1, 0)
    for _ in range(5):
        clock.advance(max((run_now(office, job.id, "generate-script").due_at or 0.0) - clock.now, 0.0))
        work(office, odd(kit, writer), "generate-script", job.id)
    failed = job_now(office, job.id)
    assert failed.state is JobState.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.retryable) == (code, True)
    assert failed.failure.reference.startswith("HH-")


def test_a_slow_look_at_the_link_keeps_the_lease(
    office: Office, kit: Kit, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(office)
    offices.work_through(office, until="publish")

    def lease() -> float:
        return run_now(office, job.id, "publish").lease_until or 0.0

    class SlowLinks(Links):
        def works(self, link: str | None, key: str) -> bool:
            for _ in range(3):
                before = lease()
                clock.advance(office.rules.lease * 0.8)
                assert until(lambda: lease() > before)  # noqa: B023 - it is over before the next round
            return super().works(link, key)

    def published(_: object, work: tuple[Kit, StageTask], **__: object) -> Outcome:
        return offices.outcome(office, work[1])

    monkeypatch.setattr(stage_work, "run_in_process", published)
    work(
        replace(office, links=SlowLinks(office.objects, None, "https://hill.example")), kit, "publish", job.id
    )
    run = run_now(office, job.id, "publish")
    assert (job_now(office, job.id).state, run.lost, run.attempt) == (JobState.DONE, 0, 1)


def test_a_stage_that_hangs_is_stopped_and_tried_once_more(
    office: Office, kit: Kit, example: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(stage_work.LIMITS, "generate-script", 2.0)
    kit = odd(kit, "encode")
    job = example_job(office, example)
    work_through(office, kit, last="fetch-paper")
    work(office, kit, "generate-script", job.id)
    assert run_now(office, job.id, "generate-script").failures == 1
    clock.advance(400)
    work(office, kit, "generate-script", job.id)
    failed = job_now(office, job.id)
    assert failed.failure is not None
    assert failed.failure.code == StageTimeoutError.code
    assert failed.failure.sentence.startswith("Writing the script took longer than 2 s")


@pytest.mark.parametrize(
    ("writer", "private", "quotes"),
    [("retracted", False, True), ("retracted", True, False), ("texts", False, False), ("texts", True, False)],
)
def test_no_text_of_an_exception_reaches_the_log_and_of_a_private_job_no_sentence(
    office: Office, kit: Kit, example: Path, log: io.StringIO, writer: str, private: bool, quotes: bool
) -> None:
    job = example_job(office, example, private=private)
    work_through(office, kit, last="fetch-paper")
    title = job_now(office, job.id).paper.title
    work(office, odd(kit, writer), "generate-script", job.id)
    said = log.getvalue()
    assert re.search(r"generate-script failed \(HH-\w{4}\)", said)
    assert (title in said) is quotes
    if writer == "texts":
        assert "ValueError" in said
        assert "small_tools.py" in said


def test_a_span_is_around_work_and_not_around_a_look(
    office: Office, kit: Kit, example: Path, clock: FakeClock
) -> None:
    kit = odd(kit, "buy")
    with fake_sentry() as server:
        end = sentry.start(server.dsn, release="0", production=False, secrets=[], traces=1.0)
        try:
            job = example_job(office, example, estimate_cents=20)
            work_through(office, kit, last="generate-script")
            for _ in range(3):
                clock.advance(30)
                work(office, kit, "generate-script", job.id)
        finally:
            end()
    assert [span["transaction"] for span in server.transactions] == ["fetch-paper", "generate-script"]


def test_work_goes_on_while_the_database_is_away(
    office: Office, kit: Kit, example: Path, tmp_path: Path
) -> None:
    if office.database.dialect != "sqlite":
        pytest.skip("the lock is SQLite's")
    job = example_job(office, example)
    work_through(office, kit, last="fetch-paper")
    worker = threading.Thread(target=work, args=(office, odd(kit, "slow"), "generate-script", job.id))
    worker.start()
    assert until(lambda: run_now(office, job.id, "generate-script").state is RunState.RUNNING)
    [file] = tmp_path.glob("*.db")
    lock = sqlite3.connect(file, isolation_level=None, timeout=30)
    lock.execute("BEGIN EXCLUSIVE")
    time.sleep(5)  # longer than the work takes: its signs and its end wait for the lock
    lock.execute("ROLLBACK")
    lock.close()
    worker.join(60)
    run = run_now(office, job.id, "generate-script")
    assert (run.state, run.attempt, run.failures) == (RunState.DONE, 1, 0)


def test_a_purchase_that_nobody_is_sure_of_is_told_in_the_pipeline_s_words(
    office: Office, kit: Kit, example: Path
) -> None:
    bought = LatePurchases(kit, "lab", example_job(office, example).id)

    def cut_off(_: str) -> str:
        raise ConnectionResetError

    for _ in range(2):
        with pytest.raises(UncertainPurchaseError, match="may have been bought"):
            bought.once("clip", provider="odd", cents=5, ask=cut_off, repeatable=False)
