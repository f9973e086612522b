"""A job's script, paper and findings, from wherever they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.control import attach
from jobs.kit import Kit
from jobs.office import Office
from jobs.scripts import findings_of, paper_of, script_of
from pipeline.keys import write
from pipeline.model import Claim, Evidence, Finding, Paper, Scene, Script, Section
from pipeline.publish.manifest import Manifest, Software, paper_record
from storage import jobs, stage_runs
from storage.objects import FolderObjects
from storage.records import Job, JobState, PublishedFile, RunState
from tests.jobs.offices import BEN, finished, job_now, ordered, put, run_now, work_through

PAPER = Paper(
    title="Caption times",
    sections=(Section(title="Results", kind="results", paragraphs=("Captions were late.",)),),
    source="pmid:1",
)
SCRIPT = Script(
    scenes=(
        Scene(
            kind="finding",
            narration="Captions were late in 99 of 100 videos.",
            claims=(
                Claim(
                    text="Captions were late.",
                    evidence=(Evidence(quote="Captions were late.", section="Results"),),
                ),
            ),
        ),
    )
)
OTHER = SCRIPT.model_copy(update={"seconds": 40})


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(data=tmp_path)


def keep(kit: Kit, office: Office, job: Job) -> None:
    """Make the artefacts that the job's runs name."""
    artefacts = kit.artefacts("lab", office.objects)
    for stage, name, value in (
        ("fetch-paper", "paper.json", PAPER),
        ("generate-script", "script.json", SCRIPT),
    ):
        with artefacts.make(stage, f"{stage}-{job.id}") as folder:
            write(folder / name, value)


def publish(office: Office, job: Job, name: str, text: str) -> Job:
    key = f"videos/x-{job.token}/{name}"
    put(office, key, text)
    file = PublishedFile(
        name=name, key=key, sha256="0" * 64, bytes=len(text), content_type="application/json"
    )
    office.database.do(lambda: jobs.publish(job.id, [*job.files, file]))
    return job_now(office, job.id)


def manifest(*checks: Finding) -> str:
    return Manifest(
        paper=paper_record(PAPER),
        scenes=(),
        stages=(),
        checks=checks,
        files={},
        settings={},
        software=Software(version="1"),
    ).model_dump_json()


def test_nothing_is_there_before_it_is_made(office: Office, kit: Kit) -> None:
    job = ordered(office)
    assert script_of(office, kit, job) is None
    assert paper_of(office, kit, job) is None
    assert findings_of(office, kit, job) == []


def test_script_and_paper_are_there_once_their_stages_are_done(office: Office, kit: Kit) -> None:
    job = ordered(office)
    keep(kit, office, job)
    work_through(office, until="generate-audio")
    job = job_now(office, job.id)
    assert script_of(office, kit, job) == SCRIPT
    assert paper_of(office, kit, job) == PAPER


def test_they_are_fetched_from_the_store_on_another_machine(office: Office, kit: Kit, tmp_path: Path) -> None:
    assert isinstance(office.objects, FolderObjects)
    office.objects.shared = True
    job = ordered(office)
    keep(kit, office, job)
    work_through(office, until="generate-audio")
    elsewhere = Kit(data=tmp_path / "elsewhere")
    job = job_now(office, job.id)
    assert script_of(office, elsewhere, job) == SCRIPT
    assert paper_of(office, elsewhere, job) == PAPER


def test_a_script_that_is_written_anew_is_not_there_meanwhile(office: Office, kit: Kit) -> None:
    job = ordered(office)
    keep(kit, office, job)
    work_through(office, until="generate-audio")
    run = run_now(office, job.id, "generate-script")
    office.database.do(lambda: stage_runs.change(run.id, RunState, state=RunState.CANCELLED))
    assert script_of(office, kit, job_now(office, job.id)) is None


def test_artefacts_that_are_gone_are_none_and_a_finished_script_is_its_file(office: Office, kit: Kit) -> None:
    job = finished(office)
    assert script_of(office, kit, job) is None
    job = publish(office, job, "script.json", OTHER.model_dump_json())
    assert script_of(office, kit, job) == OTHER
    assert paper_of(office, kit, job) is None
    office.objects.delete(next(file.key for file in job.files if file.name == "script.json"))
    assert script_of(office, kit, job) is None


def test_a_damaged_file_is_none(office: Office, kit: Kit) -> None:
    job = publish(office, finished(office), "script.json", "{")
    assert script_of(office, kit, job) is None


def test_a_video_that_was_made_for_another_is_told_from_what_that_one_was(office: Office, kit: Kit) -> None:
    job = finished(office)
    keep(kit, office, job)
    given = ordered(office, BEN)
    assert given.state is JobState.DONE
    assert script_of(office, kit, given) == SCRIPT
    assert paper_of(office, kit, given) == PAPER


def test_findings_are_those_of_the_manifest_once_there_is_one(office: Office, kit: Kit) -> None:
    job = finished(office)
    said = Finding(check="numbers", severity="warn", scene=0, sentence="Scene 1 says 99.")
    job = publish(office, job, "manifest.json", manifest(said))
    assert findings_of(office, kit, job) == [said]


def test_findings_are_looked_for_before(office: Office, kit: Kit) -> None:
    job = ordered(office)
    keep(kit, office, job)
    work_through(office, until="generate-audio")
    found = findings_of(office, kit, job_now(office, job.id))
    assert {finding.check for finding in found if finding.severity == "block"} == {"numbers"}


def test_what_was_published_before_is_not_what_is_being_made(office: Office, kit: Kit) -> None:
    job = publish(office, finished(office), "script.json", OTHER.model_dump_json())
    note = "Told from the abstract: the full text was not at hand."
    paper = job.paper.model_copy(update={"notes": (note,)})
    office.database.do(lambda: jobs.change(office.database, job.id, JobState, paper=paper))
    attach(office, job.id, "uploads/lab/a.pdf", "a.pdf", by="Ada")
    assert script_of(office, kit, job_now(office, job.id)) is None
