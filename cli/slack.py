"""`hidden-hill slack`: the Slack app, what it needs, and what Slack is told of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chats import IN_A_CHAT, until
from cli.chats import check as check_all
from cli.environment import read_settings
from cli.reporting import said
from cli.serve import Attached, process
from cli.up import parts_of, stopping
from jobs.opening import opened
from pipeline.errors import HiddenHillError, UsageError
from settings import Settings
from storage.errors import StorageError

if TYPE_CHECKING:
    from bots.slack.service import SlackService
    from bots.web.web import Handler

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
        from bots.slack.check import checked

        check_all(
            checked, platform="slack", served_by=lambda settings: "web" if is_over_http(settings) else "slack"
        )
        return
    with process(_complete) as settings, stopping(attached=attached) as stop:
        if is_over_http(settings):
            # A Procfile starts every line, and a host starts again what ends.
            _log.info("Slack calls `hidden-hill web` (HTTP mode): there is nothing to do here but to wait")
            stop.wait()
            return
        from bots.slack.service import SlackService

        with opened(settings, patience=IN_A_CHAT) as office:
            asyncio.run(until(stop, SlackService(settings, office, socket=True)))


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
        asyncio.run(until(stop, service))
    except (HiddenHillError, StorageError) as error:
        _log.error("Slack is not served: %s %s", error.sentence, error.advice)
    except Exception:  # noqa: BLE001 - the links go on working
        _log.exception("Slack is not served any more")
