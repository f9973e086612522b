"""`hidden-hill make`: a paper in, a finished video out."""

from __future__ import annotations

import hashlib
import re
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn

import typer
from rich.console import Console

from cli.display import Display, JsonLines, LiveTable, PlainLines
from cli.environment import read_settings
from cli.forecast import DEFAULT_SECONDS, Forecast
from cli.leaving import tell_what_leaves
from cli.watch import Watch
from jobs.filming import filmer
from jobs.kit import Kit
from jobs.voices import voices
from jobs.writers import writers
from pipeline.errors import FolderBusyError, UncertainPurchaseError, UsageError
from pipeline.keys import digest_of
from pipeline.model import Audience, FigurePolicy, Finding, StageName, Tone
from pipeline.order import Order, Tools
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source, parse_source
from pipeline.publish.manifest import Manifest
from pipeline.publish.software import software
from pipeline.run import Run
from settings import Settings
from storage.artefacts import FolderArtefacts, FolderInUse, sole_use
from storage.errors import UnsurePurchaseError
from storage.folder_purchases import FolderPurchases
from storage.out_folder import FolderStore
from storage.quotas import dollars
from storage.receipts import Ask
from storage.timings import Timings

#: Settings with which nothing of a paper leaves this machine.
_ALL_HERE: Final = {"writer": "extractive", "voice": "hibari", "footage": "off"}
FootageChoice = Literal["auto", "off", "runway"]


#: Seconds between tries of a provider that is busy.
_PAUSES: Final = (2.0, 8.0, 30.0)


def make(
    source: Annotated[
        str,
        typer.Argument(
            help="A PMID, a PMCID, a DOI, an address at PubMed, PMC or doi.org, or a file: .pdf, .docx, .xml, .nxml."
        ),
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
    writer: Annotated[
        Literal["auto", "extractive", "gemini"] | None,
        typer.Option(help="Who writes: auto (Gemini where there is a key); extractive; gemini. Else as set."),
    ] = None,
    voice: Annotated[
        str | None,
        typer.Option(
            help="Who speaks: auto (Gemini where there is a key); hibari; gemini; gemini:Kore. Else as set."
        ),
    ] = None,
    style: Annotated[
        str | None, typer.Option(help="How Gemini speaks, in plain words: “calm and clear”. Else as set.")
    ] = None,
    tone: Annotated[Tone, typer.Option(help="How Gemini tells it.")] = "plain",
    footage: Annotated[
        FootageChoice | None,
        typer.Option(help="Generated footage: auto where there is a key; off; runway. Else as set."),
    ] = None,
    local: Annotated[
        bool, typer.Option("--local", help="Send nothing of the paper to Gemini or Runway: all is made here.")
    ] = False,
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
    watch = Watch(JsonLines() if json else _display_for_people(until), debug=debug)
    with watch.reporting():
        settings = read_settings()
        chosen = {"writer": writer, "voice": voice, "voice_style": style, "footage": footage}
        settings = settings.model_copy(update={name: who for name, who in chosen.items() if who is not None})
        if local:
            settings = settings.model_copy(update=_ALL_HERE)
        kind = f"{seconds} s at {settings.height} px"
        timings = Timings(settings.data / "timings.json", DEFAULT_SECONDS, kind=kind)
        watch.forecast = Forecast(timings, until)
        order = Order(
            source=parse_source(source),
            seconds=seconds,
            audience=audience,
            tone=tone,
            figures=figures,
            figures_folder=_existing_folder(figures_dir),
            script=script,
            force=force,
        )
        if order.source.path is not None:
            tell_what_leaves(Kit.of(settings), own_script=script is not None)
        folder = out if out is not None else Path("out") / slug(order.source)
        watch.done(_run(order, folder, settings, watch, until=until, fresh=fresh))


def _run(
    order: Order, folder: Path, settings: Settings, watch: Watch, *, until: StageName, fresh: bool
) -> str:
    """Run the stages; returns what to say at the end."""
    work = folder / ".work"
    with _claimed(work):
        artefacts = FolderArtefacts(work, fresh=fresh)
        artefacts.sweep()
        purchases = _Purchases(work / "purchases")
        before = purchases.spent()
        kit = Kit.of(settings)
        writer, spare_writer = writers(kit, artefacts, purchases)
        speaker, spare_speaker = voices(kit, artefacts, purchases)
        tools = Tools(
            ncbi=_ncbi(settings),
            writer=writer,
            spare_writer=spare_writer,
            voice=speaker,
            spare_voice=spare_speaker,
            artefacts=artefacts,
            size=settings.size,
            workers=settings.workers,
            purchases=purchases,
            filmer=filmer(kit, artefacts, purchases),
        )
        store = FolderStore(folder, remembered_in=work / "handed-over.json")
        run = Run(
            order,
            tools,
            store,
            software(),
            watch,
            pauses=_PAUSES,
            spent=lambda: sum(purchases.spent().values()),
        )
        manifest = run.until(until)
        bought = _bought(before, purchases.spent())
        return " ".join([_goodbye(manifest, folder, until), *bought, *_remarks(run.findings), *_kept(store)])


class _Purchases(FolderPurchases):
    """What was bought for the videos of one folder, with its errors as the pipeline knows them."""

    def once(self, what: str, *, provider: str, cents: int, ask: Ask, repeatable: bool) -> str:
        """See `pipeline.providers.Purchases`."""
        try:
            return super().once(what, provider=provider, cents=cents, ask=ask, repeatable=repeatable)
        except UnsurePurchaseError as error:
            raise UncertainPurchaseError(error.sentence, error.advice) from error


@contextmanager
def _claimed(work: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_use(work))
        except FolderInUse:
            raise FolderBusyError(
                f"Another run is making a video in {work.parent} right now.",
                "Wait for it to end, or give another --out.",
            ) from None
        except OSError as error:
            raise UsageError(f"{work.parent} can't be written to.", "Give another --out.") from error
        try:
            yield
        finally:
            if {path.name for path in work.iterdir()} <= {"lock", "tmp"}:
                _leave_no_trace(work)


def _leave_no_trace(work: Path) -> None:
    """Remove the folders of a run that made nothing: a paper that was refused leaves no empty folder."""
    shutil.rmtree(work, ignore_errors=True)
    with suppress(OSError):
        work.parent.rmdir()


def _ncbi(settings: Settings) -> Ncbi:
    key = settings.ncbi_api_key
    return Ncbi(
        base_url=settings.ncbi_base_url,
        pmc_base_url=settings.pmc_base_url,
        email=settings.ncbi_email or "",
        api_key=key.get_secret_value() if key else "",
        pace=Kit.of(settings).ncbi_pace,
    )


def _display_for_people(until: StageName) -> Display:
    console = Console()
    return LiveTable(console, until) if console.is_terminal else PlainLines(console, Console(stderr=True))


def _existing_folder(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Check --figures-dir.")
    return folder


def _goodbye(manifest: Manifest | None, folder: Path, until: StageName) -> str:
    if manifest is None:
        return f"Stopped after {until}, as asked. The files are in {folder}."
    end = manifest.scenes[-1].end
    claims = sum(len(scene.claims) for scene in manifest.scenes)
    return f"{folder / 'video.mp4'}: {end:.0f} s, {claims} claims, each with its passage of the paper."


def _bought(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """What this run bought, by provider; and what the folder's runs cost together, where earlier ones bought too."""
    here = {who: cents - before.get(who, 0) for who, cents in now.items() if cents > before.get(who, 0)}
    earlier = f"{dollars(sum(now.values()))} with earlier runs"
    if not here:
        return [f"Nothing was bought now: {earlier}."] if now else []
    each = ", ".join(f"{dollars(cents)} from {who}" for who, cents in here.items())
    return [f"Bought: {each}{f' ({earlier})' if before else ''}."]


def _remarks(findings: Sequence[Finding]) -> list[str]:
    """What the checks found worth a look, for whoever sees the script."""
    return [f"Check: {finding.sentence}" for finding in findings]


def _kept(store: FolderStore) -> list[str]:
    return [f"You had changed {name}; your version is kept as {kept}." for name, kept in store.kept.items()]


def slug(source: Source) -> str:
    """A folder name for a source: "pmid-32296183", or what a file or DOI is called and six digits of its hash."""
    if source.kind == "doi":
        digits = hashlib.sha256(source.value.encode()).hexdigest()[:6]
        return f"doi-{re.sub(r'[^a-z0-9.]+', '-', source.value).strip('-.')[:60]}-{digits}"
    if source.path is None:
        return source.label.replace(":", "-").lower()
    stem = re.sub(r"[^a-z0-9]+", "-", source.path.stem.lower()).strip("-")[:60] or "paper"
    return f"{stem}-{digest_of(source.path)[:6]}"


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
