"""What the processes of all chat platforms share: how they run, and the check of what they need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Final, Protocol

import typer

from bots.finding import Finding
from cli import doctor
from cli.environment import read_settings
from cli.finding import in_words
from cli.reporting import AT_A_TERMINAL
from jobs.logs import configure, hiding
from jobs.opening import opened_database, refuse_to_lose, secrets_of
from pipeline.errors import HiddenHillError, UsageError
from settings import Settings
from storage import listeners, workers
from storage.errors import StorageError

#: Seconds that somebody who waits in a chat waits for a database that is away; also how long stopping may take then.
IN_A_CHAT: Final = 4.0
#: Seconds after which a worker that gave no sign counts as gone.
_GONE_AFTER: Final = 60.0


class Service(Protocol):
    """A platform's side of a process."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        ...


async def until(stop: Event, service: Service) -> None:
    """Run the service until a thread says `stop`."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def wait() -> None:
        stop.wait()
        with suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(ended.set)

    Thread(target=wait, name="chat-stop", daemon=True).start()
    await service.run(ended)


def check(
    checked: Callable[[Settings], AsyncIterator[Finding]], platform: str, served_by: Callable[[Settings], str]
) -> None:
    """Look at one thing after the other, a line each. Ends with status 2 when something is wrong.

    `platform` is its name in the rows; `served_by` is the command whose process is to be connected to it.
    """
    configure("text", "critical")
    try:
        settings = read_settings()
    except UsageError as error:
        _tell("settings", in_words(error), well=False)
        raise typer.Exit(error.exit_status) from None
    hide = hiding(secrets_of(settings))
    to_do = asyncio.run(_asked(checked(settings), hide))
    looks = {**_HOUSE, "app": lambda settings: _app(settings, platform, served_by(settings)), "links": _links}
    for name, look in looks.items():
        try:
            text, fine = look(settings), True
        except (HiddenHillError, StorageError) as error:
            text, fine = in_words(error), False
        except Exception as error:  # noqa: BLE001 - a check reports whatever is wrong
            text, fine = type(error).__name__, False
        _tell(name, hide(text), well=fine)
        to_do += not fine
    if not to_do:
        typer.echo("Nothing is missing, as far as can be asked.")
        return
    typer.echo(f"{to_do} {'thing is' if to_do == 1 else 'things are'} still to be done: see ✗.")
    raise typer.Exit(UsageError.exit_status)


async def _asked(findings: AsyncIterator[Finding], hide: Callable[[str], str]) -> int:
    """Tell what was found; how many things are to be done."""
    to_do = 0
    async for found in findings:
        _tell(found.name, hide(found.text), well=found.well)
        to_do += found.well is False
    return to_do


def _tell(name: str, text: str, *, well: bool | None) -> None:
    mark = {True: "✓", False: "✗", None: "·"}[well]
    typer.echo(f"{mark} {name}: {text}")


def _nothing_lost(settings: Settings) -> str:
    refuse_to_lose(settings)
    return "survive a restart" if not settings.ephemeral_ok else "in HIDDEN_HILL_DATA, on a disk that stays"


def _worker(settings: Settings) -> str:
    with opened_database(settings, patience=AT_A_TERMINAL) as database:
        living = len(workers.living(database, _GONE_AFTER))
    if not living:
        raise UsageError(
            "None is alive: nothing would be made.", "Run `hidden-hill worker` or `hidden-hill up`."
        )
    return f"{living} alive"


def _app(settings: Settings, platform: str, part: str) -> str:
    name = platform.capitalize()
    with opened_database(settings, patience=AT_A_TERMINAL) as database:
        there = len(listeners.listening(database, platform))
    if not there:
        raise UsageError(
            f"Nothing is connected to {name}: nobody would answer.",
            f"Run `hidden-hill {part}` or `hidden-hill up`; its log says what is wrong.",
        )
    return f"{there} connected to {name}"


def _links(settings: Settings) -> str:
    if settings.public_base_url:
        return f"begin with {settings.public_base_url}"
    if settings.web_url:
        return f"begin with {settings.web_url.rstrip('/')}/v/, where `hidden-hill web` must answer"
    return (
        "none: the video itself is put into the thread; set PUBLIC_BASE_URL or HIDDEN_HILL_WEB_URL for links"
    )


_HOUSE: Final[Mapping[str, Callable[[Settings], str]]] = {
    "videos and jobs": _nothing_lost,
    "database": doctor.CHECKS["database"],
    "queue": doctor.CHECKS["queue"],
    "object store": doctor.CHECKS["object store"],
    "worker": _worker,
}
