"""A new version takes over while jobs are made: what the old one had done is used, and nothing is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from jobs.progress import SCENES
from storage.models import JobRow
from storage.records import RunState
from tests.chaos.processes import NOT_OURS, ROOT
from tests.chaos.reference import Reference
from tests.chaos.site import Site, opened_site
from tests.databases import PostgresServer

#: What a release is made of, and the tests whose worker is used here.
_CODE = ("bots", "cli", "jobs", "pipeline", "storage", "tests", "settings.py")


def test_a_new_version_takes_over_in_the_middle_of_a_job(
    tmp_path: Path, reference: Reference, postgres_server: PostgresServer
) -> None:
    newer = the_next_version(tmp_path / "next")
    # A lease so long that nothing here is mended by its end.
    with opened_site(
        tmp_path, "a new version", postgres=postgres_server, lease=60.0, sweeping=False, workers_sweep=True
    ) as site:
        old = site.hire()

        # The new version's tables come first: the old one works on with them …
        assert "9999_next" in command(site, newer, "migrate").stdout
        # … and leaves what it can't know to others.
        asked = site.submit()
        site.office.database.do(lambda: tell_what_only_the_new_version_knows(asked.id))
        site.until(lambda: "to a worker of a newer version" in old.log.read_text(), "it steps aside")

        begun = site.submit()
        site.until(lambda: drawn(site, begun.id), "the old version draws a scene")
        assert old.stop() <= 10.0
        drawn_before = drawn(site, begun.id)
        site.hire(root=newer)
        site.until_all_ended()
        for job in (begun, asked):
            ends = {(run.state, run.lost, run.failures) for run in site.runs(job.id)}
            assert ends == {(RunState.DONE, 0, 0)}
        drawn_after = drawn(site, begun.id)
        assert 0 < len(drawn_before) < len(drawn_after)
        assert drawn_before.items() <= drawn_after.items(), "what the old version drew is used"

        # The way back is closed as long as the tables are the newer ones.
        back = command(site, ROOT, "migrate")
        assert (back.returncode, "The database is newer than this Hidden Hill" in back.stderr) == (4, True)
        site.close_books(reference)


def the_next_version(folder: Path) -> Path:
    """Our code as it might be after some time: one more column, other versions of stages, an order that says more."""
    for name in _CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        folder.mkdir(exist_ok=True)
        copy(ROOT / name, folder / name)
    (folder / "storage" / "migrations" / "9999_next.py").write_text(
        'def up(dialect):\n    return [\'ALTER TABLE "job" ADD COLUMN "next" VARCHAR(10)\']\n'
    )
    changed(
        folder / "jobs" / "order.py",
        r"    tone: Tone = \"plain\"",
        '    light: bool = False\n    tone: Tone = "plain"',
    )
    changed(folder / "pipeline" / "render" / "plan.py", r"^RENDERER: Final = .*$", 'RENDERER: Final = "next"')
    changed(folder / "pipeline" / "narration" / "narrate.py", r"^VERSION = .*$", 'VERSION = "next"')
    return folder


def changed(file: Path, what: str, into: str) -> None:
    """Write `into` in place of the one place of `file` that looks like `what`."""
    text, count = re.subn(what, lambda _: into, file.read_text(), flags=re.MULTILINE)
    assert count == 1, file
    file.write_text(text)


def tell_what_only_the_new_version_knows(job_id: str) -> None:
    """Let the job's order be one that the newer version's people wrote."""
    row = JobRow.get_by_id(job_id)
    row.order = json.dumps({**json.loads(row.order), "light": True})
    row.save(only=[JobRow.order])


def drawn(site: Site, job_id: str) -> dict[int, tuple[str | None, int]]:
    """Of each scene that is drawn, what it was kept under, and how often somebody began with it."""
    done = [run for run in site.runs(job_id) if run.stage == SCENES and run.state is RunState.DONE]
    return {run.scene: (run.key, run.attempt) for run in done}


def command(site: Site, root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the version whose code is in `root`, as an administrator of the site types it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        cwd=root,
        env={**kept, **site.environment},
        capture_output=True,
        text=True,
        check=False,
    )
