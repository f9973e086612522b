"""The script of a job, for whoever is to approve it in a terminal."""

from __future__ import annotations

import shutil
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.environment import read_settings
from cli.records import Records
from cli.words import WIDTH
from pipeline.errors import HiddenHillError, UsageError
from storage.records import Job

if TYPE_CHECKING:
    from pipeline.model import Script


class NoScriptError(HiddenHillError):
    """Raised when a job has no script yet, or it is out of reach."""

    code = "no-script"
    exit_status = 3


def script_of(records: Records, job: Job) -> Script:
    """The job's script. Raises `NoScriptError`, and the store's errors."""
    from jobs.kit import Kit
    from jobs.scripts import script_of as found

    script = found(records, Kit.of(read_settings()), job)
    if script is None:
        raise NoScriptError(
            f"The script of job {job.id} is not written yet, or no longer there.",
            f"`hidden-hill status {job.id}` says how far it is.",
        )
    return script


def told_script(records: Records, job: Job) -> Iterator[str]:
    """What each scene of the job says, and how to go on with it or with another script."""
    try:
        scenes = script_of(records, job).scenes
    except NoScriptError as error:
        yield f"  {error.sentence}"
        return
    for number, scene in enumerate(scenes, start=1):
        yield ""
        yield f"  {number}  {scene.kind}"
        yield from textwrap.wrap(
            scene.narration, WIDTH, initial_indent="     ", subsequent_indent="     ", break_long_words=False
        )
    yield ""
    yield f"  Go on with it: hidden-hill approve {job.id}"
    yield f"  Change it: hidden-hill script {job.id} --out script.json, edit the file, then"
    yield f"  hidden-hill approve {job.id} --script script.json"


def write_script(records: Records, job: Job, file: Path) -> list[Path]:
    """Write the job's script to `file`, and beside it the pictures of one's own that it shows; returns the files.

    Raises `NoScriptError`, `UsageError` when a file is there already, and the store's errors.
    """
    from jobs.kit import Kit
    from jobs.scripts import copy_pictures
    from pipeline.script.by_hand import own_pictures

    script = script_of(records, job)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch, "script.json")
        whole.write_text(script.model_dump_json(indent=2) + "\n", encoding="utf-8")
        copy_pictures(records, Kit.of(read_settings()), job, Path(scratch))
        pictures = own_pictures(script, Path(scratch))
        new = {file: whole} | {file.parent / name: picture for name, picture in pictures.items()}
        if there := next((path for path in new if path.exists()), None):
            raise UsageError(f"{there} is there already.", "Name another file with --out, or move it away.")
        for path, content in new.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(content, path)
    return list(new)
