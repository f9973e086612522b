"""A paper of one sentence, its script, and both where the first stages put them."""

from __future__ import annotations

from typing import Final

from jobs.kit import Kit
from jobs.office import Office
from pipeline.keys import write
from pipeline.model import Claim, Evidence, Paper, Scene, Script, Section
from storage.records import Job

PAPER: Final = Paper(
    title="Caption times",
    sections=(
        Section(title="Results", kind="results", paragraphs=("Captions were late in 12 of 40 videos.",)),
    ),
    source="pmid:1",
)
_BACKED: Final = (
    Claim(
        text="Captions were late.",
        evidence=(Evidence(quote="Captions were late in 12 of 40 videos.", section="Results"),),
    ),
)
SCRIPT: Final = Script(
    scenes=(
        Scene(kind="finding", narration="Captions were late in 12 of 40 videos.", claims=_BACKED),
        Scene(kind="takeaway", narration="Captions were late.", claims=_BACKED),
        Scene(kind="source", narration="Caption times."),
    )
)


def with_story(office: Office, kit: Kit, job: Job, script: Script = SCRIPT) -> None:
    """Put the paper and the script of the job where they are looked for, unless they are there."""
    artefacts = kit.artefacts(job.workspace, office.objects)
    for stage, name, value in (
        ("fetch-paper", "paper.json", PAPER),
        ("generate-script", "script.json", script),
    ):
        if artefacts.find(stage, f"{stage}-{job.id}") is None:
            with artefacts.make(stage, f"{stage}-{job.id}") as folder:
                write(folder / name, value)
