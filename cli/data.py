"""Looking after what is stored: `hidden-hill migrate`, `reconcile` and `import-media`."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from cli.as_json import AsJson
from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL, said
from cli.terminal import WORKSPACE, terminal_user
from jobs.opening import object_store, opened_database, refuse_to_lose
from pipeline.errors import UsageError
from storage.adoption import adopt
from storage.migrate import migrate as apply
from storage.migrate import plan as planned
from storage.objects import Links
from storage.reconcile import Report
from storage.reconcile import reconcile as compare
from storage.workspaces import user_id


def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be done, and do nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Bring the database to what this version expects. Safe to run twice, and by two at once."""
    with said():
        settings = read_settings()
        if not plan:
            refuse_to_lose(settings)
        with opened_database(settings, migrated=False, patience=AT_A_TERMINAL) as database:
            names = planned(database) if plan else apply(database)
        if json:
            typer.echo(dumps({"planned" if plan else "applied": names}))
            return
        verb = "To be applied" if plan else "Applied"
        typer.echo(f"{verb}: {', '.join(names)}." if names else "The database is up to date.")


def reconcile(
    fix: Annotated[
        bool, typer.Option("--fix", help="Delete what nobody needs, and mark what is gone.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Hold the database and the object store against each other. Ends with status 1 when something is left to do."""
    with said():
        settings = read_settings()
        if fix:
            refuse_to_lose(settings)
        with opened_database(settings, patience=AT_A_TERMINAL) as database:
            report = compare(database, object_store(settings), fix=fix, artefact_days=settings.artefact_days)
        if json:
            typer.echo(report.model_dump_json())
        else:
            _tell(report)
        if not report.clean and not fix:
            raise typer.Exit(1)


#: What a report holds: of one, of several.
_FOUND = {
    "orphans": ("finished file that no job refers to", "finished files that no job refers to"),
    "missing": (
        "done job with a file that is gone (`hidden-hill retry` makes it again, for free; "
        "an imported one: `hidden-hill import-media`)",
        "done jobs with files that are gone (`hidden-hill retry` makes them again, for free; "
        "imported ones: `hidden-hill import-media`)",
    ),
    "unfinished": (
        "job whose files are there although it does not count as done (the sweeper goes on with it)",
        "jobs whose files are there although they do not count as done (the sweeper goes on with them)",
    ),
    "artefacts": (
        "intermediate result that no job has used for long",
        "intermediate results that no job has used for long",
    ),
    "uploads": ("upload that no job refers to", "uploads that no job refers to"),
    "leftovers": ("temporary file older than a day", "temporary files older than a day"),
}


def _tell(report: Report) -> None:
    for name, what in _FOUND.items():
        found: tuple[str, ...] = getattr(report, name)
        if found:
            typer.echo(f"{len(found)} {what[len(found) > 1]}:")
            for item in found[:20]:
                typer.echo(f"  {item}")
            if len(found) > 20:
                typer.echo(f"  … and {len(found) - 20} more")
    if report.young:
        which = "1 object is" if report.young == 1 else f"{report.young} objects are"
        typer.echo(
            f"{which} too young to be judged (an hour; an upload: a day) and left alone: look again later."
        )
    if report.clean:
        typer.echo("Rows and objects agree.")
    elif report.deleted or report.marked:
        typer.echo(f"Deleted {_count(report.deleted, 'object')}, marked {_count(report.marked, 'job')}.")
    else:
        typer.echo("Nothing was changed; --fix mends what can be mended.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def import_media(
    folder: Annotated[
        Path, typer.Argument(help="Holds <paper id>/final_video.mp4, with a paper.json or without.")
    ],
    json: AsJson = False,
) -> None:
    """Take over the videos of an older system. Doing it twice takes nothing twice, and brings back lost files."""
    with said():
        settings = read_settings()
        refuse_to_lose(settings)
        if not folder.is_dir():
            raise UsageError(
                f"There is no folder {folder}.", "Name the folder that holds a folder for each paper."
            )
        objects = object_store(settings)
        links = Links(objects, settings.public_base_url, settings.web_url)
        with opened_database(settings, patience=AT_A_TERMINAL) as database:
            me = user_id(database, terminal_user())
            report = adopt(database, objects, links, folder, workspace=WORKSPACE, user=me)
        if json:
            typer.echo(report.model_dump_json())
            return
        for one in report.adopted:
            typer.echo(f"{one.folder}: job {one.job}{f', {one.link}' if one.link else ''}")
        for known in report.known:
            if known.other is not None:
                typer.echo(f"{known.folder}: known already as {known.other}, job {known.job}")
            if known.brought_back:
                typer.echo(f"{known.folder}: the file of job {known.job} was gone and is back")
        for damaged in report.damaged:
            typer.echo(f"{damaged.folder}: left where it is: {damaged.why}")
        typer.echo(
            f"{len(report.adopted)} taken over, {len(report.known)} known already, "
            f"{len(report.damaged)} damaged, {len(report.without_video)} without a video."
        )
