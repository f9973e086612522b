"""The worker's disk is full while scenes are drawn: the job says so, the worker lives, and a retry finishes it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from jobs import control
from storage.records import Job, JobState
from tests.chaos.reference import Reference
from tests.chaos.site import WORKSPACE, opened_site

#: The size of the disk that fills up.
_SIZE = "48m"


def test_a_full_disk(tmp_path: Path, reference: Reference) -> None:
    with opened_site(tmp_path, "disk full while scenes are drawn", tries=2) as site:
        disk = site.data / "artefacts"
        disk.mkdir()
        reference.lend(tmp_path / "lent" / WORKSPACE, [(30, "public")])
        worker = site.hire(before=on_a_small_disk(disk, tmp_path / "lent"))
        job = site.submit(seconds=30, audience="public")
        site.until(lambda: any(run.stage == "generate-videos" for run in site.running()), "a scene is drawn")
        ballast = Path("/proc", str(worker.pid), "root") / disk.relative_to("/") / "ballast"
        fill(ballast)
        site.tally.faults["disk full"] += 1
        site.until(lambda: site.job(job.id).state is JobState.FAILED, "the job fails")
        failure = site.job(job.id).failure
        assert failure is not None
        assert (failure.code, failure.retryable) == ("disk-full", True), failure
        assert "disk is full" in failure.sentence
        site.tally.notes.append(f"told: {failure.sentence}")
        assert worker.alive
        ballast.unlink()
        retried = control.retry(site.office, job.id, by="chaos")
        assert isinstance(retried, Job)
        site.until_all_ended()
        assert worker.alive
        site.close_books(reference)


def on_a_small_disk(folder: Path, content: Path) -> Sequence[str]:
    """The command that runs another with a small disk at `folder`, which holds `content` and which nobody else sees.

    Skips where that is not allowed.
    """
    if shutil.which("unshare") is None:
        pytest.skip("a small disk needs unshare")
    script = f'mount -t tmpfs -o size={_SIZE} none "{folder}" && cp -a "{content}/." "{folder}" && exec "$@"'
    for unshare in (["unshare", "-m"], ["unshare", "-Urm"]):
        command = [*unshare, "sh", "-c", script, "sh"]
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    pytest.skip("mounting a small disk is not allowed here")


def fill(file: Path) -> None:
    """Write to `file` until there is no room."""
    with suppress(OSError), file.open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(1 << 16))
