"""`hidden-hill submit`: a paper to the workers, and the way to it from the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import AsJson, conclude, granted, open_office, show
from cli.follow import follow, told
from cli.terminal import WORKSPACE, terminal_user
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import submit as hand_in
from jobs.uploads import take_in
from jobs.versions import versions
from pipeline.model import Audience, FigurePolicy
from pipeline.paper.source import parse_source
from storage import workers


def submit(
    source: Annotated[
        str, typer.Argument(help="A PMID, a PMCID, a PubMed or PMC address, or a file: .pdf, .xml, .nxml.")
    ],
    seconds: Annotated[int, typer.Option(min=30, max=120, help="Length of the video, met within 10 %.")] = 67,
    audience: Annotated[Audience, typer.Option(help="Whom it is for.")] = "public",
    figures: Annotated[
        FigurePolicy, typer.Option(help="auto: where the licence allows; all: I may use them.")
    ] = "auto",
    script: Annotated[Path | None, typer.Option(help="Your own script: an edited script.json.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Wait for my word after the script.")] = False,
    private: Annotated[bool, typer.Option("--private", help="Nobody else sees or shares it.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Accept a retracted paper; the video says so.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is done.")] = False,
    json: AsJson = False,
) -> None:
    """Put a paper in line for the workers."""
    with open_office() as (settings, office):
        parsed = parse_source(source)
        file = parsed.path
        order = JobOrder(
            source=source.strip() if file is None else file.name,
            upload=None if file is None else take_in(office.objects, WORKSPACE, file),
            upload_name=None if file is None else file.name,
            seconds=seconds,
            audience=audience,
            figures=figures,
            force=force,
            script=None if script is None else take_in(office.objects, WORKSPACE, script),
            width=settings.size[0],
            height=settings.size[1],
        )
        job = granted(
            hand_in(
                office,
                terminal_user(),
                order,
                private=private,
                needs_approval=approve or None,
                versions=versions(),
            )
        )
        if wait:
            job = follow(office.database, job.id, told(json=json))
            show(office, job, json=json, failing=True)
            return
        show(office, job, json=json)
        if not json:
            _say_who_works(office)


def _say_who_works(office: Office) -> None:
    if not workers.living(office.database, office.rules.worker_gone_after):
        typer.echo("No worker is running: start one with `hidden-hill worker`, or all with `hidden-hill up`.")
