"""A building site: an office, a shop, workers that can be killed, and the tally of what happened."""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from cli.environment import read_settings
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.sweeper import Sweeper
from jobs.uploads import take_in
from pipeline.keys import digest_of
from pipeline.model import Audience
from storage import jobs, stage_runs
from storage.errors import StorageError
from storage.migrate import migrate
from storage.quotas import Caps
from storage.records import Job, JobState, Requester, RunState, StageRun
from storage.workspaces import Terms, set_terms
from tests.chaos import opening, processes
from tests.chaos.kit import CENTS, ESTIMATE
from tests.chaos.processes import MARK, Worker
from tests.chaos.reference import EXAMPLE, NOWHERE, Reference
from tests.chaos.tally import HANGS, Tally
from tests.databases import PostgresServer
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, FaultyWire, S3Server
from tests.fakes.shop import Shop, open_shop

Backend = Literal["sqlite", "postgres"]
_AUDIENCES: tuple[Audience, ...] = ("public", "student", "peer")
WORKSPACE = "chaos"
#: Seconds between two looks at the rows.
LOOK = 0.05
#: Seconds that a storm may take to calm down once the last fault was done.
_CALM = HANGS / 3


@dataclass
class Site:
    """Everything of one test. What `wire` lets through reaches the bucket; only workers go through it."""

    folder: Path
    office: Office
    shop: Shop
    tally: Tally
    environment: dict[str, str]
    chance: random.Random
    mark: str
    wire: FaultyWire | None
    postgres: PostgresServer | None
    workers: list[Worker] = field(default_factory=list)
    submitted: dict[str, JobOrder] = field(default_factory=dict)
    _upload: str = ""

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def valkey_socket(self) -> str:
        """Where the queue's server listens."""
        return (self.data / "valkey" / "socket").read_text()

    @property
    def clock(self) -> Path:
        """The file that moves the time of everybody here."""
        return self.folder / "clock"

    def remember(self, reference: Reference, *orders: tuple[int, Audience]) -> None:
        """Let fetch-paper, generate-script and generate-audio of these orders be found: only scenes are drawn."""
        reference.lend(self.data / "artefacts" / WORKSPACE, orders)

    def hire(self, count: int = 1, *, before: Sequence[str] = ()) -> Worker:
        """Start so many workers; the last of them. With a bucket, each is on a machine of its own."""
        for _ in range(count):
            number = len(self.workers)
            environment = dict(self.environment)
            if self.wire is not None:
                environment["HIDDEN_HILL_DATA"] = str(self.folder / f"machine-{number}")
                environment["REDIS_URL"] = f"unix://{self.valkey_socket}?db=0"
            log = self.folder / f"worker-{number}.log"
            self.workers.append(processes.start(environment, log, before=before))
        return self.workers[-1]

    def living(self) -> list[Worker]:
        """The workers that live."""
        return [one for one in self.workers if one.alive]

    def kill(self, one: Worker) -> None:
        """Kill a worker and start another in its place."""
        one.kill()
        self.hire()

    def submit(
        self, *, seconds: int | None = None, audience: Audience | None = None, height: int = 240
    ) -> Job:
        """A job that no other job here is the same as. `height` is in pixels."""
        number = len(self.submitted)
        order = JobOrder(
            source=EXAMPLE.name,
            upload=self._uploaded(),
            upload_name=EXAMPLE.name,
            seconds=seconds or 30 + number // len(_AUDIENCES),
            audience=audience or _AUDIENCES[number % len(_AUDIENCES)],
            width=height * 9 // 16 // 2 * 2,
            height=height,
        )
        who = Requester(workspace=WORKSPACE, platform="terminal", user=f"user-{number % 3}")
        job = submit(self.office, who, order, estimate_cents=ESTIMATE)
        assert isinstance(job, Job), job
        self.submitted[job.id] = order
        self.tally.jobs_in += 1
        return job

    def job(self, job_id: str) -> Job:
        """The job as it stands."""
        job = self.office.database.do(lambda: jobs.find(job_id))
        assert job is not None
        return job

    def runs(self, job_id: str | None = None) -> list[StageRun]:
        """The runs of one job, or of all."""
        wanted = [job_id] if job_id else list(self.submitted)
        return self.office.database.do(lambda: [run for job in wanted for run in stage_runs.of_job(job)])

    def running(self) -> list[StageRun]:
        """The runs that somebody is at."""
        return [run for run in self.runs() if run.state is RunState.RUNNING]

    def holder(self, run: StageRun) -> Worker | None:
        """The living worker that has the run."""
        return next((one for one in self.living() if f"-{one.pid}-" in (run.owner or "")), None)

    def unfinished(self) -> list[Job]:
        """The jobs that have not ended."""
        found = self.office.database.do(lambda: [jobs.find(job_id) for job_id in self.submitted])
        return [job for job in found if job is not None and job.state in jobs.UNFINISHED]

    def until(self, happens: Callable[[], object], what: str, seconds: float = _CALM) -> None:
        """Wait until `happens()`; fails with what the rows and logs say when it doesn't."""
        ending = time.monotonic() + seconds
        while not happens():
            assert time.monotonic() < ending, f"{what}: it did not happen\n{self.state_of_things()}"
            time.sleep(LOOK)

    def until_all_ended(self) -> None:
        """Wait until every job is done, failed or cancelled."""
        self.until(lambda: not self.unfinished(), "all jobs end")

    def state_of_things(self) -> str:
        """For a failure's message: unfinished jobs, their runs, and the last lines of the logs."""
        lines = [f"living: {[one.pid for one in self.living()]}"]
        for job in self.unfinished():
            lines.append(f"{job.id} {job.state} {job.stage} {job.message} {job.waiting}")
            lines += [f"  {run}" for run in self.runs(job.id) if run.state is not RunState.DONE]
        for one in self.workers[-3:]:
            lines += [one.log.name, *one.log.read_text(errors="replace").splitlines()[-12:]]
        return "\n".join(lines)

    def close_books(self, reference: Reference, *, may_fail: bool = False) -> None:
        """Count what came out, and hold it to what must be: nothing lost, bought twice or different."""
        tally = self.tally
        for job_id, order in self.submitted.items():
            job = self.job(job_id)
            if job.state is JobState.DONE:
                tally.done += 1
                assert self._video_of(job) == reference.video(order), f"{job_id}: other bytes\n{order}"
                tally.same_bytes += 1
            elif job.state is JobState.CANCELLED:
                tally.cancelled += 1
            elif job.state is JobState.FAILED:
                assert job.failure is not None
                tally.failed[f"{job.failure.sentence} [{job.failure.code}]"] += 1
            assert job.reserved_cents == 0, f"{job_id}: money is still reserved"
            assert job.spent_cents in (0, CENTS)
        tally.bought, tally.bought_twice = len(self.shop.sales), len(self.shop.bought_twice())
        tally.publish()
        assert tally.lost == 0
        assert tally.bought_twice == 0
        assert may_fail or not tally.failed, self.state_of_things()

    def _video_of(self, job: Job) -> str:
        [video] = [file for file in job.files if file.name == "video.mp4"]
        copy = self.folder / "delivered.mp4"
        self.office.objects.get(video.key, copy)
        digest = digest_of(copy)
        assert digest == video.sha256
        return digest

    def _uploaded(self) -> str:
        if not self._upload:
            self._upload = take_in(self.office.objects, WORKSPACE, EXAMPLE)
        return self._upload


@contextmanager
def opened_site(
    folder: Path,
    name: str,
    backend: Backend = "sqlite",
    *,
    postgres: PostgresServer | None = None,
    lease: float = 3.0,
    repeatable: bool = True,
    sweeping: bool = True,
    workers_sweep: bool = False,
    tries: int = 5,
    **variables: str,
) -> Iterator[Site]:
    """A site with no worker yet. With `postgres`, the database is there and the objects are in a bucket.

    `tries` is how often a run is tried again; `variables` are of the workers' environment. `sweeping`: somebody
    sweeps three times a second as long as the site is open.
    """
    seed = int(os.environ.get("HIDDEN_HILL_CHAOS_SEED") or secrets.randbelow(1_000_000))
    mark = secrets.token_hex(8)
    with ExitStack() as stack:
        shop = stack.enter_context(open_shop(honours_keys=repeatable))
        environment = {
            MARK: mark,
            "HIDDEN_HILL_DATA": str(folder / "data"),
            "HIDDEN_HILL_HEIGHT": "240",
            "HIDDEN_HILL_LEASE": str(lease),
            "NCBI_BASE_URL": NOWHERE,
            "PMC_BASE_URL": NOWHERE,
            "CHAOS_SHOP": shop.url,
            "CHAOS_CLOCK": str(folder / "clock"),
            "CHAOS_REPEATABLE": "yes" if repeatable else "",
            "CHAOS_TRIES": str(tries),
            "CHAOS_SWEEP": "yes" if workers_sweep else "",
            **variables,
        }
        wire = None
        for_workers = dict(environment)
        if postgres is not None:
            environment["DATABASE_URL"] = stack.enter_context(postgres.new_database())
            wire = _bucket(stack, environment)
            for_workers = {**environment, "AWS_S3_ENDPOINT_URL": wire.url}
        office = stack.enter_context(_office(environment, shop, folder, repeatable=repeatable))
        site = Site(
            folder=folder,
            office=office,
            shop=shop,
            tally=Tally(name, seed),
            environment=for_workers,
            chance=random.Random(seed),
            mark=mark,
            wire=wire,
            postgres=postgres,
        )
        stack.callback(_leave_nothing, site)
        if sweeping:
            stack.enter_context(_swept(site))
        yield site


def _bucket(stack: ExitStack, environment: dict[str, str]) -> FaultyWire:
    """An empty bucket, described in `environment`, and the wire to it that can be broken."""
    server = S3Server()
    stack.callback(server.close)
    environment |= {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_STORAGE_BUCKET_NAME": server.bucket(),
        "AWS_S3_ENDPOINT_URL": server.url,
        "HIDDEN_HILL_WEB_URL": "https://hill.example",
    }
    return stack.enter_context(server.wire())


@contextmanager
def _office(environment: dict[str, str], shop: Shop, folder: Path, *, repeatable: bool) -> Iterator[Office]:
    """An office as the workers have it, in this process, without limits on what may be asked for."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(processes.NOT_OURS)]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        settings = read_settings()
    settings.data.mkdir()
    clock = folder / "clock"
    with opening.opened(settings, shop=shop.url, repeatable=repeatable, clock=clock) as (office, _):
        migrate(office.database)
        no_limits = Terms(**dict.fromkeys(Caps.model_fields))
        set_terms(office.database, WORKSPACE, no_limits)
        yield office


@contextmanager
def _swept(site: Site) -> Iterator[None]:
    """Somebody sweeps while the block lasts."""
    over = threading.Event()
    sweeper = Sweeper(site.office, folder=site.data, owner="site")

    def sweep() -> None:
        while not over.wait(opening.SWEEP_EVERY):
            with suppress(StorageError):
                sweeper.sweep()

    thread = threading.Thread(target=sweep, name="site-sweeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(70)


def _leave_nothing(site: Site) -> None:
    for one in site.living():
        one.kill()
    processes.end_all(site.mark)
