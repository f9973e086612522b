"""`hidden-hill doctor`: is everything here that a video, and a service, needs?"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import imageio_ffmpeg
import redis
import typer

from cli.as_json import AsJson
from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL
from jobs.logs import configure, hiding
from jobs.opening import (
    object_store,
    opened_database,
    queue_server,
    rules,
    secrets_of,
    what_would_be_lost,
)
from jobs.redis_client import redis_client
from pipeline.errors import HiddenHillError, UsageError
from pipeline.narration.hibari import HibariVoice
from settings import Settings
from storage import workers
from storage.errors import StorageError
from storage.objects import Links
from storage.probe import probe
from storage.records import Record


class Finding(Record):
    """What one look found: `text` is what is there, or what is wrong and what to do."""

    name: str
    well: bool
    text: str


def doctor(json: AsJson = False) -> None:
    """Try the settings, database, queue, store, voice, ffmpeg and fonts; say what is wrong and what to do."""
    configure("text", "critical")
    try:
        settings = read_settings()
    except UsageError as error:
        _tell(Finding(name="settings", well=False, text=_words(error)), json=json)
        raise typer.Exit(error.exit_status) from None
    hide = hiding(secrets_of(settings))
    well = True
    for name, look in CHECKS.items():
        found = _looked(name, look, settings)
        _tell(found.model_copy(update={"text": hide(found.text)}), json=json)
        well = well and found.well
    if not well:
        raise typer.Exit(4)


def _tell(found: Finding, *, json: bool) -> None:
    mark = "✓" if found.well else "✗"
    typer.echo(found.model_dump_json() if json else f"{mark} {found.name}: {found.text}")


def _looked(name: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name=name, well=True, text=look(settings))
    except (HiddenHillError, StorageError) as error:
        return Finding(name=name, well=False, text=_words(error))
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever is wrong
        advice = "Install again from the locks: make clean, then the make target you need."
        return Finding(name=name, well=False, text=f"{type(error).__name__}: {error}. {advice}")


def _words(error: HiddenHillError | StorageError) -> str:
    return " ".join(filter(None, (error.sentence, error.advice)))


def _settings(settings: Settings) -> str:
    losses = what_would_be_lost(settings)
    if losses:
        raise UsageError(" ".join(losses), "Or set HIDDEN_HILL_EPHEMERAL_OK=1.")
    chats = {"Slack": settings.slack_bot_token, "Discord": settings.discord_token}
    named = [name for name, token in chats.items() if token is not None]
    file = Path(".env").absolute()
    read = f"the environment and {file}" if file.is_file() else "the environment (no .env in this folder)"
    return f"{settings.size[0]}×{settings.size[1]}, chat: {' and '.join(named) or 'none'}; from {read}"


def _data_folder(settings: Settings) -> str:
    data = settings.data
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / ".doctor"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"{data} can't be written to ({error.strerror}).", "Set HIDDEN_HILL_DATA to another folder."
        ) from error
    return f"{data} can be written to"


def _database(settings: Settings) -> str:
    with opened_database(settings, patience=AT_A_TERMINAL) as database:
        database.do(lambda: database.run("SELECT 1"))
        where = "in the data folder" if settings.database_url is None else "by DATABASE_URL"
        return f"{database.dialect}, {where}, up to date"


def _queue(settings: Settings) -> str:
    with queue_server(settings) as url:
        client = redis_client(url, patience=5.0)
        try:
            said = client.info("server")
        except redis.AuthenticationError:
            raise UsageError("The queue refuses the password.", "Check the one in REDIS_URL.") from None
        except redis.RedisError:
            raise UsageError(
                "The queue does not answer.",
                "Check the address in REDIS_URL, and that the server runs.",
            ) from None
        finally:
            client.close()
    where = "embedded Valkey" if settings.redis_url is None else "by REDIS_URL"
    return f"{where}, speaks Redis {said.get('redis_version', '?')}"


def _store(settings: Settings) -> str:
    objects = object_store(settings, hasty=True)
    probe(objects, Links(objects, settings.public_base_url, settings.web_url))
    if settings.s3_bucket is None:
        return "a folder in the data folder"
    links = settings.public_base_url or (settings.web_url and f"{settings.web_url}/v/…") or "no links"
    return f"bucket {settings.s3_bucket} can be written, read and emptied; {links}"


def _ffmpeg(_: Settings) -> str:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=True)
    return said.stdout.splitlines()[0]


def _fonts(_: Settings) -> str:
    from pipeline.render.typography import font

    return " ".join(str(part) for part in font(64, 800).getname())


def _voice(_: Settings) -> str:
    [speech] = HibariVoice().speak(["Ready."], pace=1.0)
    return f"said “Ready.” in {len(speech.samples) / speech.rate:.1f} s"


def _workers(settings: Settings) -> str:
    try:
        with opened_database(settings, patience=1.0) as database:
            there = len(workers.living(database, rules(settings).worker_gone_after))
    except StorageError:
        return "not known, as the database does not say"
    if not there:
        return "none is running; start one with `hidden-hill worker`, or everything with `hidden-hill up`"
    return f"{there} running"


CHECKS: Mapping[str, Callable[[Settings], str]] = {
    "settings": _settings,
    "data folder": _data_folder,
    "database": _database,
    "queue": _queue,
    "object store": _store,
    "ffmpeg": _ffmpeg,
    "fonts": _fonts,
    "voice": _voice,
    "workers": _workers,
}
