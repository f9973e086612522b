"""A whole house for a measurement: a data folder of its own, workers as processes, an office to submit from."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobs.office import Office
from jobs.opening import opened
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.uploads import take_in
from settings import Settings
from storage import workers
from storage.jobs import find
from storage.records import Job, JobState, Requester
from storage.workspaces import Terms, set_terms

EXAMPLE = Path(__file__).parent.parent / "examples" / "caption-times.xml"
#: Nothing that is measured here is refused.
BOUNDLESS = Terms(
    videos_per_user_day=None, videos_per_user_month=None, videos_per_day=None, videos_per_month=None
)


@dataclass
class House:
    """What a benchmark works with. Every order is of a workspace of its own, so nothing is made before."""

    settings: Settings
    office: Office
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _orders: int = 0

    def order(self, *, seconds: int = 67, workspace: str | None = None) -> Job:
        """Submit the example paper."""
        self._orders += 1
        workspace = workspace or f"bench-{self._orders}"
        self.office.database.do(lambda: set_terms(self.office.database, workspace, BOUNDLESS))
        order = JobOrder(
            source=EXAMPLE.name,
            upload=take_in(self.office.objects, workspace, EXAMPLE),
            upload_name=EXAMPLE.name,
            seconds=seconds,
            width=self.settings.size[0],
            height=self.settings.size[1],
        )
        asked = Requester(workspace=workspace, platform="bench", user="bench", name="bench")
        job = submit(self.office, asked, order)
        assert isinstance(job, Job), job
        return job

    def look(self, job: Job) -> Job:
        """The job as it stands."""
        found = self.office.database.do(lambda: find(job.id))
        assert found is not None
        return found

    def finished(self, jobs: Sequence[Job], *, limit: float = 3600.0) -> list[Job]:
        """The jobs once all are done. Raises `RuntimeError` when one is not."""
        deadline = time.monotonic() + limit
        while True:
            looked = [self.look(job) for job in jobs]
            if all(job.state is JobState.DONE for job in looked):
                return looked
            broken = [job for job in looked if job.state in {JobState.FAILED, JobState.CANCELLED}]
            if broken or time.monotonic() > deadline:
                raise RuntimeError(f"not done: {broken or looked}")
            time.sleep(0.05)

    def start_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """One more worker process; returns when it says that it lives."""
        before = self._alive()
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "worker", *options],
            env=os.environ | _environment(self.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        deadline = time.monotonic() + 60
        while self._alive() <= before:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the worker did not start")
            time.sleep(0.1)
        return process

    def stop_workers(self) -> None:
        """End every worker, as a deployment does."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(30)
        self.processes.clear()

    def _alive(self) -> int:
        return len(workers.living(self.office.database, self.office.rules.worker_gone_after))


@contextmanager
def house(*, height: int = 1920) -> Iterator[House]:
    """A house with no worker yet, on the embedded database and queue, gone when the block ends."""
    with ExitStack() as stack:
        # The embedded server writes down its last words when everybody has left: maybe at this moment.
        scratch = tempfile.TemporaryDirectory(prefix="hill-bench-", ignore_cleanup_errors=True)
        folder = stack.enter_context(scratch)
        settings = Settings.model_validate(
            {"data": Path(folder), "height": height} | {"redis_url": None, "database_url": None}
        )
        at_hand = stack.enter_context(opened(settings))
        built = House(settings, at_hand.office)
        stack.callback(built.stop_workers)
        yield built


def _environment(settings: Settings) -> dict[str, str]:
    return {"HIDDEN_HILL_DATA": str(settings.data), "HIDDEN_HILL_HEIGHT": str(settings.height)}
