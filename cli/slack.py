"""`hidden-hill slack`: the Slack app, what it needs, and what Slack is told of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli import doctor
from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL, said
from cli.serve import Attached, process
from cli.up import parts_of, stopping
from jobs.logs import configure, hiding
from jobs.opening import opened, opened_database, refuse_to_lose, secrets_of
from pipeline.errors import HiddenHillError, UsageError
from settings import Settings
from storage import listeners, workers
from storage.errors import StorageError

if TYPE_CHECKING:
    from bots.slack.service import SlackService
    from bots.web.web import Handler

#: Seconds that somebody who waits in a chat waits for a database that is away; also how long stopping may take then.
IN_A_CHAT: Final = 4.0

_log = logging.getLogger(__name__)


def slack(
    check: Annotated[
        bool, typer.Option("--check", help="Say what is set up and what is missing, and end.")
    ] = False,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Print the app’s manifest for Slack, and end.")
    ] = False,
    attached: Attached = False,
) -> None:
    """Answer in Slack and keep each job's message up to date, over Socket Mode. HTTP mode is in `hidden-hill web`."""
    if manifest:
        with said():
            from bots.slack.manifest import manifest as written

            typer.echo(written(read_settings()), nl=False)
        return
    if check:
        with said():
            _installed()
        _check()
        return
    with process(_complete) as settings, stopping(attached=attached) as stop:
        if is_over_http(settings):
            # A Procfile starts every line, and a host starts again what ends.
            _log.info("Slack calls `hidden-hill web` (HTTP mode): there is nothing to do here but to wait")
            stop.wait()
            return
        from bots.slack.service import SlackService

        with opened(settings, patience=IN_A_CHAT) as office:
            asyncio.run(_until(stop, SlackService(settings, office, socket=True)))


def is_over_http(settings: Settings) -> bool:
    """Whether Slack posts to `hidden-hill web`."""
    return settings.slack_bot_token is not None and "slack" not in parts_of(settings)


@contextmanager
def slack_over_http(settings: Settings) -> Iterator[Handler | None]:
    """Where `hidden-hill web` hands what Slack posts; `None` when Slack doesn't.

    It runs in a thread with a loop of its own. When Slack refuses us, that is logged: links go on working.
    """
    if not is_over_http(settings):
        yield None
        return
    _installed()
    from bots.slack.service import SlackService

    stop = Event()
    with opened(settings, patience=IN_A_CHAT) as office:
        service = SlackService(settings, office, socket=False)
        thread = Thread(target=_served, args=(service, stop), name="slack", daemon=True)
        thread.start()
        try:
            yield service.handle
        finally:
            stop.set()
            thread.join(2 * IN_A_CHAT)


def _complete(settings: Settings) -> None:
    """Raise `UsageError` for settings of Slack's, or packages, that are missing."""
    _installed()
    from bots.slack.service import refuse_half_settings

    refuse_half_settings(settings, socket=not is_over_http(settings))


def _installed() -> None:
    if find_spec("slack_bolt") is None or find_spec("aiohttp") is None:
        raise UsageError(
            "The packages that speak to Slack are not installed.",
            "Install from requirements-production.txt: docs/slack.md says how.",
        )


def _served(service: SlackService, stop: Event) -> None:
    try:
        asyncio.run(_until(stop, service))
    except (HiddenHillError, StorageError) as error:
        _log.error("Slack is not served: %s %s", error.sentence, error.advice)
    except Exception:  # noqa: BLE001 - the links go on working
        _log.exception("Slack is not served any more")


async def _until(stop: Event, service: SlackService) -> None:
    """Run the service until a thread says `stop`."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def wait() -> None:
        stop.wait()
        with suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(ended.set)

    Thread(target=wait, name="slack-stop", daemon=True).start()
    await service.run(ended)


def _check() -> None:
    """Look at one thing after the other, a line each. Ends with status 2 when something is wrong."""
    configure("text", "critical")
    try:
        settings = read_settings()
    except UsageError as error:
        _tell("settings", _words(error), well=False)
        raise typer.Exit(error.exit_status) from None
    hide = hiding(secrets_of(settings))
    to_do = asyncio.run(_check_slack(settings, hide))
    for name, look in _HOUSE.items():
        try:
            text, fine = look(settings), True
        except (HiddenHillError, StorageError) as error:
            text, fine = _words(error), False
        except Exception as error:  # noqa: BLE001 - a check reports whatever is wrong
            text, fine = type(error).__name__, False
        _tell(name, hide(text), well=fine)
        to_do += not fine
    if not to_do:
        typer.echo("Nothing is missing, as far as can be asked.")
        return
    typer.echo(f"{to_do} {'thing is' if to_do == 1 else 'things are'} still to be done: see ✗.")
    raise typer.Exit(UsageError.exit_status)


async def _check_slack(settings: Settings, hide: Callable[[str], str]) -> int:
    """Tell what was found; how many things are to be done."""
    from bots.slack.check import checked

    to_do = 0
    async for found in checked(settings):
        _tell(found.name, hide(found.text), well=found.well)
        to_do += found.well is False
    return to_do


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


def _app(settings: Settings) -> str:
    with opened_database(settings, patience=AT_A_TERMINAL) as database:
        there = len(listeners.listening(database, "slack"))
    if not there:
        part = "web" if is_over_http(settings) else "slack"
        raise UsageError(
            "Nothing is connected to Slack: nobody would answer.",
            f"Run `hidden-hill {part}` or `hidden-hill up`; its log says what is wrong.",
        )
    return f"{there} connected to Slack"


def _links(settings: Settings) -> str:
    if settings.public_base_url:
        return f"begin with {settings.public_base_url}"
    if settings.web_url:
        return f"begin with {settings.web_url.rstrip('/')}/v/, where `hidden-hill web` must answer"
    return (
        "none: the video itself is put into the thread; set PUBLIC_BASE_URL or HIDDEN_HILL_WEB_URL for links"
    )


_GONE_AFTER: Final = 60.0
_HOUSE: Final[Mapping[str, Callable[[Settings], str]]] = {
    "videos and jobs": _nothing_lost,
    "database": doctor.CHECKS["database"],
    "queue": doctor.CHECKS["queue"],
    "object store": doctor.CHECKS["object store"],
    "worker": _worker,
    "app": _app,
    "links": _links,
}
