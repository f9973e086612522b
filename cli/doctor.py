"""`hidden-hill doctor`: is everything here that a video, and a service, needs?"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Annotated, Final

import imageio_ffmpeg
import redis
import typer

from cli.as_json import AsJson
from cli.environment import read_settings
from cli.finding import Finding, Teller, in_words
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
from storage.standstill import failed_lately, standstill

#: A video in the making wants some 300 MB of the data folder's disk; with less than this it is as good as full (bytes).
_ROOM: Final = 500_000_000
#: Work that nobody began for so long (seconds) stands still.
_STILL: Final = 120.0
#: How far back failed jobs are told of (seconds).
_LATELY: Final = 24 * 3600.0


def doctor(
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Ask every provider that is set too, once. Says before what that may cost, and what it did.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Try the settings, database, queue, store, voice, ffmpeg and fonts; say what is wrong and what to do."""
    configure("text", "critical")
    try:
        settings = read_settings()
    except UsageError as error:
        Teller(json=json)(Finding(name="settings", well=False, text=in_words(error)))
        raise typer.Exit(error.exit_status) from None
    tell = Teller(json=json, hide=hiding(secrets_of(settings)))
    for name, look in CHECKS.items():
        tell(looked(name, look, settings, timed=live))
    tell_hints(settings, tell)
    if live:
        from cli.live import ask_everybody

        ask_everybody(settings, tell)
    if not tell.well:
        raise typer.Exit(4)


def looked(name: str, look: Callable[[Settings], str], settings: Settings, *, timed: bool) -> Finding:
    """What `look` found, whatever it raised."""
    began = monotonic()
    try:
        text, well = look(settings), True
    except (HiddenHillError, StorageError) as error:
        text, well = in_words(error), False
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever is wrong
        advice = "Install again from the locks: make clean, then the make target you need."
        text, well = f"{type(error).__name__}: {error}. {advice}", False
    ms = round(1000 * (monotonic() - began)) if timed and name in _ASKED else None
    return Finding(name=name, well=well, text=text, ms=ms)


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
        try:
            probe.write_bytes(b"0")
        finally:
            probe.unlink(missing_ok=True)
        free = shutil.disk_usage(data).free
    except OSError as error:
        raise UsageError(
            f"{data} can't be written to ({error.strerror}).",
            "Make room there, or set HIDDEN_HILL_DATA to another folder.",
        ) from error
    if free < _ROOM:
        raise UsageError(
            f"The disk of {data} is full but for {free // 1_000_000} MB.",
            "Make room, or set HIDDEN_HILL_ARTEFACT_DAYS lower; then retry what failed.",
        )
    return f"{data} can be written to, {free / 1e9:.0f} GB are free"


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


def _scans(_: Settings) -> str:
    from pipeline.paper.recognition import installed

    if languages := installed():
        return f"tesseract reads pictures of pages ({', '.join(languages)})"
    return "tesseract is not installed, so a PDF that holds pictures of its pages only is refused"


def _voice(_: Settings) -> str:
    [speech] = HibariVoice().speak(["Ready."], pace=1.0)
    return f"said “Ready.” in {len(speech.samples) / speech.rate:.1f} s"


def _workers(settings: Settings) -> str:
    try:
        with opened_database(settings, patience=1.0) as database:
            there = len(workers.living(database, rules(settings).worker_gone_after))
            standing = standstill(database)
    except StorageError:
        return "not known, as the database does not say"
    start = "start one with `hidden-hill worker`, or everything with `hidden-hill up`"
    if not there and standing.unfinished:
        waiting = "One job waits" if standing.unfinished == 1 else f"{standing.unfinished} jobs wait"
        raise UsageError(f"{waiting} and no worker is running.", f"{start.capitalize()}.")
    if not there:
        return f"none is running; {start}"
    if standing.still > _STILL:
        raise UsageError(
            f"Nothing moves since {standing.still / 60:.0f} min, although work is due and {there} running: stuck.",
            "Look at the worker's log and start it again; what it was at is taken up by itself.",
        )
    return f"{there} running"


def tell_hints(settings: Settings, tell: Teller) -> None:
    """Tell what is no fault of the installation and may be what somebody looks for."""
    try:
        with opened_database(settings, patience=1.0) as database:
            failed = failed_lately(database, _LATELY)
    except (StorageError, OSError):  # it was told what is wrong with these
        return
    if not failed.jobs:
        return
    many = "one job failed" if failed.jobs == 1 else f"{failed.jobs} jobs failed"
    if failed.last is None:
        last = ""
    else:
        said = " ".join(filter(None, (failed.last.sentence, failed.last.advice)))
        last = f", the last in {failed.last.stage} ({failed.last.reference}): {said}"
    tell(Finding(name="failures", well=None, text=f"{many} in the last day{last}"))


CHECKS: Mapping[str, Callable[[Settings], str]] = {
    "settings": _settings,
    "data folder": _data_folder,
    "database": _database,
    "queue": _queue,
    "object store": _store,
    "ffmpeg": _ffmpeg,
    "fonts": _fonts,
    "scanned papers": _scans,
    "voice": _voice,
    "workers": _workers,
}
#: Those that ask something outside of this process.
_ASKED: Final = {"database", "queue", "object store"}
