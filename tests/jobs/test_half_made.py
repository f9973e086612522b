"""What a stage had made when it failed."""

from __future__ import annotations

from pathlib import Path

from jobs import control
from jobs.kit import Kit
from jobs.office import Office
from storage import references
from tests.jobs.offices import job_now
from tests.jobs.test_stage_work import example_job, work_through


def test_what_a_stage_had_made_when_it_failed_is_the_job_s(
    office: Office, tmp_path: Path, example: Path
) -> None:
    options = {"notebook": str(tmp_path), "voice": "breaks"}
    kit = Kit(data=tmp_path, tools="tests.jobs.small_tools:tools", options=options)
    job = example_job(office, example)
    work_through(office, kit)
    failed = job_now(office, job.id)
    assert failed.failure is not None
    assert failed.failure.sentence == "The voice broke."
    used = office.database.do(lambda: references.used_artefacts("lab"))
    speech = [(stage, key) for stage, key in used if stage == "speech"]
    assert len(speech) == 2
    assert office.local_artefacts is not None
    artefacts = office.local_artefacts("lab")
    assert all(artefacts.find(stage, key) for stage, key in speech)
    control.delete(office, job.id, by="ada")
    assert not any(artefacts.find(stage, key) for stage, key in speech)
