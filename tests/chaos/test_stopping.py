"""Workers that are told to stop, work that is no longer wanted, and a message that two workers get."""

from __future__ import annotations

import time
from pathlib import Path

from jobs import control
from storage import stage_runs
from storage.records import RunState, StageRun
from tests.chaos.faults import send_again
from tests.chaos.processes import marked, stage_processes
from tests.chaos.reference import Reference
from tests.chaos.site import Site, opened_site


def test_sigterm_cancel_and_one_message_for_two(tmp_path: Path, reference: Reference) -> None:
    # A lease so long that nothing here is mended by its end.
    with opened_site(tmp_path, "SIGTERM, cancel, one message to two workers", lease=60.0) as site:
        site.remember(reference, (30, "public"), (30, "student"))
        site.hire(2)
        a_message_for_two(site)
        a_worker_that_stops(site)
        a_job_that_is_cancelled(site)
        for one in site.living():
            assert one.stop() <= 10.0
        site.until(lambda: not marked(site.mark), "workers leave nothing behind", 10.0)
        site.close_books(reference)


def a_message_for_two(site: Site) -> None:
    """Each message is sent three times: each run is begun once, by one worker."""
    job = site.submit(seconds=30, audience="public")
    doubled: set[int] = set()

    def doubling() -> bool:
        for run in site.runs(job.id):
            if run.state in stage_runs.UNFINISHED and run.id not in doubled:
                send_again(site, run, times=2)
                doubled.add(run.id)
                site.tally.faults["message doubled"] += 1
        return not site.unfinished()

    site.until(doubling, "a job whose messages are doubled ends")
    begun = [run.attempt for run in site.runs(job.id)]
    assert begun == [1] * len(begun)
    assert len(doubled) == len(begun)


def a_worker_that_stops(site: Site) -> None:
    """It is gone within ten seconds; what it was at is done by the other, long before its lease ends."""
    job = site.submit(seconds=30, audience="student")
    drawing = drawn_now(site)
    victim = site.holder(drawing)
    assert victim is not None
    seconds = victim.stop()
    assert seconds <= 10.0
    site.tally.faults["SIGTERM"] += 1
    site.tally.notes.append(f"a worker at work stopped in {seconds:.1f} s")
    began = time.monotonic()
    site.until(lambda: run_of(site, drawing.id, job.id) is not RunState.DUE, "another takes the run", 40.0)
    site.tally.notes.append(f"its work was taken up {time.monotonic() - began:.1f} s later")
    site.until_all_ended()
    assert all(run.lost == 0 and run.failures == 0 for run in site.runs(job.id))


def a_job_that_is_cancelled(site: Site) -> None:
    """The processes that draw its scenes, large ones that take a while, are gone at once."""
    job = site.submit(seconds=30, audience="public", height=1920)
    drawn_now(site)
    workers = [one.pid for one in site.living()]
    site.until(lambda: stage_processes(site.mark, workers), "a scene is drawn in a process", 30.0)
    began = time.monotonic()
    control.cancel(site.office, job.id, by="chaos")
    site.until(lambda: not stage_processes(site.mark, workers), "its processes are gone", 5.0)
    site.tally.faults["cancelled while a scene was drawn"] += 1
    site.tally.notes.append(f"its process was gone {time.monotonic() - began:.1f} s after the cancel")


def drawn_now(site: Site) -> StageRun:
    """A scene that is being drawn."""
    site.until(lambda: any(run.stage == "generate-videos" for run in site.running()), "a scene is drawn")
    return next(run for run in site.running() if run.stage == "generate-videos")


def run_of(site: Site, run: int, job: str) -> RunState:
    """The state of a run."""
    return next(one.state for one in site.runs(job) if one.id == run)
