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
from cli.reporting import AT_A_TERMINAL
from jobs.logs import configure, hiding
from jobs.opening import opened_database, refuse_to_lose, secrets_of
from pipeline.errors import HiddenHillError, UsageError
from settings import Settings
from storage import workers
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


def check(checked: Callable[[Settings], AsyncIterator[Finding]]) -> None:
    """Look at one thing after the other, a line each. Ends with status 2 when something is wrong."""
    configure("text", "critical")
    try:
        settings = read_settings()
    except UsageError as error:
        _tell("settings", _words(error), well=False)
        raise typer.Exit(error.exit_status) from None
    hide = hiding(secrets_of(settings))
    well = asyncio.run(_asked(checked(settings), hide))
    for name, look in _HOUSE.items():
        try:
            text, fine = look(settings), True
        except (HiddenHillError, StorageError) as error:
            text, fine = _words(error), False
        except Exception as error:  # noqa: BLE001 - a check reports whatever is wrong
            text, fine = type(error).__name__, False
        _tell(name, hide(text), well=fine)
        well = well and fine
    if not well:
        raise typer.Exit(UsageError.exit_status)


async def _asked(findings: AsyncIterator[Finding], hide: Callable[[str], str]) -> bool:
    well = True
    async for found in findings:
        _tell(found.name, hide(found.text), well=found.well)
        well = well and found.well is not False
    return well


def _tell(name: str, text: str, *, well: bool | None) -> None:
    mark = {True: "✓", False: "✗", None: "·"}[well]
    typer.echo(f"{mark} {name}: {text}")


def _words(error: HiddenHillError | StorageError) -> str:
    return " ".join(filter(None, (error.sentence, error.advice)))


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
    "links": _links,
}
