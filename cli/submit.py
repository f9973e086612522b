"""`hidden-hill submit`: a paper to the workers, and the way to it from the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bots.commands import Options
from bots.desk.wishes import not_here
from cli.as_json import AsJson
from cli.desk import RefusedError, conclude, open_office, show
from cli.follow import follow, told
from cli.hearing import hints_of
from cli.leaving import with_consent
from cli.records import open_records
from cli.reporting import hint
from cli.terminal import WORKSPACE, terminal_user
from jobs.estimate import estimate, refused
from jobs.kit import Kit
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import submit as hand_in
from jobs.uploads import take_in_article, take_in_script
from jobs.versions import versions
from pipeline.errors import UsageError
from pipeline.model import Audience, FigurePolicy, Tone
from pipeline.narration.voices import style_wish, voice_wish
from pipeline.paper.source import parse_source
from storage import workers
from storage.jobs import UNFINISHED
from storage.quotas import Refusal


def submit(
    source: Annotated[
        str,
        typer.Argument(
            help="A PMID, a PMCID, a DOI, an address at PubMed, PMC or doi.org, or a file: .pdf, .docx, .xml, .nxml."
        ),
    ],
    seconds: Annotated[int, typer.Option(min=30, max=120, help="Length of the video, met within 10 %.")] = 67,
    audience: Annotated[Audience, typer.Option(help="Whom it is for.")] = "public",
    figures: Annotated[
        FigurePolicy, typer.Option(help="auto: where the licence allows; all: I may use them.")
    ] = "auto",
    figures_dir: Annotated[Path | None, typer.Option(help="Where a JATS file's figure files are.")] = None,
    script: Annotated[Path | None, typer.Option(help="Your own script: an edited script.json.")] = None,
    voice: Annotated[
        str, typer.Option(help="Who speaks: hibari; gemini; gemini:Kore. Else as the workers are set up.")
    ] = "",
    style: Annotated[str, typer.Option(help="How Gemini speaks, in plain words: “calm and clear”.")] = "",
    tone: Annotated[
        Tone, typer.Option(help="How Gemini tells it; the embedded writer tells it in the paper's own words.")
    ] = "plain",
    footage: Annotated[
        bool | None,
        typer.Option(
            "--footage/--no-footage", help="Generated footage or none. Else as the workers are set up."
        ),
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Wait for my word after the script.")] = False,
    private: Annotated[
        bool, typer.Option("--private", help="Others see that there is a job, not of what; none shares it.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Accept a retracted paper; the video says so.")
    ] = False,
    cloud: Annotated[
        bool | None,
        typer.Option(
            "--cloud/--local",
            help="Whether the file may go to Gemini and Runway, where they are set up. Else as the workspace decided, "
            "or it is asked.",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is done.")] = False,
    json: AsJson = False,
) -> None:
    """Put a paper in line for the workers."""
    with open_office() as (settings, office):
        file = parse_source(source).path
        folder = _existing(figures_dir)
        order = JobOrder(
            source=source.strip() if file is None else file.name,
            upload=None if file is None else take_in_article(office.objects, WORKSPACE, file, folder),
            upload_name=None if file is None else file.name,
            seconds=seconds,
            audience=audience,
            figures=figures,
            force=force,
            voice=str(voice_wish(voice)) if voice else "",
            style=style_wish(style),
            tone=tone,
            footage=footage,
            script=None if script is None else take_in_script(office.objects, WORKSPACE, script),
            width=settings.size[0],
            height=settings.size[1],
        )
        kit = Kit.of(settings)
        wishes = Options(voice=voice or None, style=style or None, tone=tone, footage=footage)
        if no := not_here(kit, wishes):
            raise UsageError(no)
        order = with_consent(office, kit, WORKSPACE, order, cloud)
        cost = estimate(order, kit)
        answer = hand_in(
            office,
            terminal_user(),
            order.model_copy(update={"about_cents": cost.about}),
            private=private,
            estimate_cents=cost.most,
            needs_approval=approve or None,
            versions=versions(kit),
        )
        if isinstance(answer, Refusal):
            raise RefusedError(refused(answer, order, kit, "--no-footage"))
        job = answer
        if not wait:
            show(office, job, json=json)
        if job.state in UNFINISHED:
            _say_who_works(office)
        if not wait:
            return
    with open_records(waiting=True) as records, hints_of(job.id, settings) as news:
        conclude(records, follow(records, job.id, told(json=json), news), json=json)


def _existing(figures: Path | None) -> Path | None:
    if figures is not None and not figures.is_dir():
        raise UsageError(f"There is no folder {figures}.", "Check --figures-dir.")
    return figures


def _say_who_works(office: Office) -> None:
    if not workers.living(office.database, office.rules.worker_gone_after):
        hint(
            "No worker is running: start one with `hidden-hill worker`, or everything with `hidden-hill up`."
        )
