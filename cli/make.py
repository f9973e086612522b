"""`hidden-hill make`: a paper in, a finished video out."""

from __future__ import annotations

import re
import signal
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from cli.display import Display, JsonLines, LiveTable, PlainLines
from cli.forecast import DEFAULT_SECONDS, Forecast
from cli.watch import Watch
from pipeline.errors import FolderBusyError, UsageError
from pipeline.model import FPS, Audience, FigurePolicy, StageName
from pipeline.narration.hibari import HibariVoice
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source, parse_source
from pipeline.publish.manifest import Manifest, Software
from pipeline.run import Run
from pipeline.script.extractive import ExtractiveWriter
from pipeline.stages import Order, Tools
from settings import Settings
from storage.artefacts import FolderArtefacts, FolderInUse, sole_use
from storage.objects import FolderStore
from storage.timings import Timings


def make(
    source: Annotated[
        str, typer.Argument(help="A PMID, a PMCID, a PubMed or PMC address, or a file: .pdf, .xml, .nxml.")
    ],
    out: Annotated[Path | None, typer.Option(help="Where the video goes; out/<slug> if not said.")] = None,
    seconds: Annotated[int, typer.Option(min=30, max=120, help="Length of the video, met within 10 %.")] = 67,
    audience: Annotated[Audience, typer.Option(help="Whom it is for.")] = "public",
    script: Annotated[
        Path | None, typer.Option(help="Your own script: an edited script.json of an earlier run.")
    ] = None,
    figures: Annotated[
        FigurePolicy, typer.Option(help="auto: where the licence allows; all: I may use them.")
    ] = "auto",
    figures_dir: Annotated[Path | None, typer.Option(help="Where a JATS file's figure files are.")] = None,
    until: Annotated[StageName, typer.Option(help="Stop after this stage.")] = "publish",
    json: Annotated[bool, typer.Option("--json", help="One JSON event a line instead of a display.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Do everything anew, reuse nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Accept a retracted paper; the video says so.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Make the video of a paper: video, cover, captions, transcript, post text, script and manifest."""
    signal.signal(signal.SIGTERM, _interrupt)
    settings = Settings()
    timings = Timings(
        settings.data / "timings.json", DEFAULT_SECONDS, kind=f"{seconds} s at {settings.height} px"
    )
    display = JsonLines() if json else _display_for_people(until)
    watch = Watch(display, timings, Forecast(timings, until), debug=debug)
    with watch.reporting():
        order = Order(
            source=parse_source(source),
            seconds=seconds,
            audience=audience,
            figures=figures,
            figures_folder=_existing_folder(figures_dir),
            script=script,
            force=force,
        )
        folder = out if out is not None else Path("out") / slug(order.source)
        manifest = _run(order, folder, settings, watch, until=until, fresh=fresh)
        watch.done(_goodbye(manifest, folder, until))


def _run(
    order: Order, folder: Path, settings: Settings, watch: Watch, *, until: StageName, fresh: bool
) -> Manifest | None:
    work = folder / ".work"
    try:
        with sole_use(work):
            artefacts = FolderArtefacts(work, fresh=fresh)
            artefacts.sweep()
            tools = Tools(
                ncbi=_ncbi(settings),
                writer=ExtractiveWriter(),
                voice=HibariVoice(),
                artefacts=artefacts,
                size=settings.size,
                workers=settings.workers,
            )
            run = Run(order, tools, FolderStore(folder), software(), watch)
            return run.until(until)
    except FolderInUse:
        raise FolderBusyError(
            f"Another run is making a video in {folder} right now.",
            "Wait for it to end, or give another --out.",
        ) from None
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise UsageError(f"{folder} can't be written to.", "Give another --out.") from error


def _ncbi(settings: Settings) -> Ncbi:
    key = settings.ncbi_api_key
    return Ncbi(
        base_url=settings.ncbi_base_url,
        pmc_base_url=settings.pmc_base_url,
        email=settings.ncbi_email or "",
        api_key=key.get_secret_value() if key else "",
    )


def _display_for_people(until: StageName) -> Display:
    console = Console()
    return LiveTable(console, until) if console.is_terminal else PlainLines(console)


def _existing_folder(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Check --figures-dir.")
    return folder


def _goodbye(manifest: Manifest | None, folder: Path, until: StageName) -> str:
    if manifest is None:
        return f"Stopped after {until}, as asked. The files are in {folder}."
    end = manifest.scenes[-1].end
    return f"{folder / 'video.mp4'}: {end:.0f} s, {round(end * FPS)} frames. {checked(manifest)}"


def checked(manifest: Manifest) -> str:
    """One sentence on how the script stands to the paper."""
    claims = sum(len(scene.claims) for scene in manifest.scenes)
    sentence = f"{claims} of {claims} claims backed by a passage of the paper."
    if manifest.checks:
        sentence += (
            f" {len(manifest.checks)} remarks in manifest.json, the first: {manifest.checks[0].sentence}"
        )
    return sentence


def slug(source: Source) -> str:
    """A folder name for a source: "pmid-32296183", or the file's stem in lower case."""
    stem = source.path.stem if source.path is not None else source.label
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "paper"


def software() -> Software:
    """This program's version, and its commit where it runs from a checkout."""
    root = Path(__file__).parent.parent
    commit = None
    if (root / ".git").exists():
        try:
            asked = subprocess.run(
                ["git", "-C", root, "rev-parse", "HEAD"],
                capture_output=True,
                text=True,
                timeout=10,
                check=True,
            )
            commit = asked.stdout.strip()
        except (OSError, subprocess.SubprocessError):
            commit = None
    return Software(version=version("hidden-hill"), commit=commit)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
