"""`hidden-hill cost`: what a video would cost, without making it."""

from __future__ import annotations

from typing import Annotated

import typer

from bots.commands import Options
from bots.desk.wishes import not_here
from cli.as_json import AsJson
from cli.environment import read_settings
from cli.reporting import said
from jobs.estimate import Share, cost_sentence, estimate
from jobs.kit import Kit
from jobs.order import JobOrder
from pipeline.errors import UsageError
from pipeline.narration.voices import voice_wish
from pipeline.paper.source import parse_source
from storage.records import Record


class Costs(Record):
    """What is printed for machines: US cents, usual and at most, and by what is bought."""

    about: int
    most: int
    shares: tuple[Share, ...]


def cost(
    source: Annotated[
        str,
        typer.Argument(
            help="A PMID, a PMCID, a DOI, an address at PubMed, PMC or doi.org, or a file: .pdf, .docx, .xml, .nxml."
        ),
    ],
    seconds: Annotated[int, typer.Option(min=30, max=120, help="Length of the video.")] = 67,
    voice: Annotated[str, typer.Option(help="Who speaks: hibari; gemini; gemini:Kore. Else as set.")] = "",
    footage: Annotated[
        bool | None,
        typer.Option("--footage/--no-footage", help="Generated footage or none. Else as set."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what a video would cost, about and at most, by provider. Nothing is made or bought."""
    with said():
        kit = Kit.of(read_settings())
        if no := not_here(kit, Options(voice=voice or None, footage=footage)):
            raise UsageError(no)
        wish = str(voice_wish(voice)) if voice else ""
        label = parse_source(source).label
        found = estimate(JobOrder(source=label, seconds=seconds, voice=wish, footage=footage), kit)
        says = Costs(about=found.about, most=found.most, shares=found.shares)
        typer.echo(says.model_dump_json() if json else cost_sentence(found))
