"""No key of ours is written anywhere: not by a job that everything is bought for, not when providers echo the key.

The log is at its most talkative and everything is reported to Sentry; then every file, object and row, every key
of Redis, the log, the metrics and what Sentry got is searched.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis

from jobs import control, metrics
from jobs.kit import Kit
from jobs.office import Office
from jobs.opening import opened
from jobs.stage_work import perform
from jobs.telemetry import telemetry
from pipeline.model import StageName
from settings import Settings
from storage import stage_runs
from storage.records import Job, JobState, RunState
from storage.workspaces import change_terms
from tests.fakes.eutils import FakeNcbi
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import FakeGemini, Refused, open_gemini
from tests.fakes.runway.server import KEY as RUNWAY_KEY
from tests.fakes.runway.server import FakeRunway, Fate, Refusal, fake_runway
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, FaultyWire, S3Server, Status
from tests.fakes.sentry import FakeSentry, fake_sentry
from tests.jobs.offices import ADA, job_now, ordered
from tests.scenarios.lab import boundless
from tests.scenarios.papers import print_paper

pytestmark = pytest.mark.timeout(900)

NCBI_KEY = "ncbi-key-that-no-log-shows"
METRICS_TOKEN = "metrics-token-that-no-log-shows"
KEYS = (GEMINI_KEY, RUNWAY_KEY, NCBI_KEY, SECRET_KEY, ACCESS_KEY, METRICS_TOKEN)


class Site:
    """An office over a real queue and a bucket, and all that it buys from."""

    def __init__(self, stack: ExitStack, folder: Path, redis_url: str) -> None:
        self.folder, self.redis_url = folder, redis_url
        self.gemini: FakeGemini = stack.enter_context(open_gemini())
        self.runway: FakeRunway = stack.enter_context(fake_runway())
        self.runway.usual = Fate(states=("SUCCEEDED",))
        self.ncbi: FakeNcbi = stack.enter_context(FakeNcbi())
        self.ncbi.key = NCBI_KEY
        self.sentry: FakeSentry = stack.enter_context(fake_sentry())
        self.s3 = S3Server()
        stack.callback(self.s3.close)
        self.wire: FaultyWire = stack.enter_context(self.s3.wire())
        self.bucket = self.s3.bucket()
        settings = Settings.model_validate(
            {
                "HIDDEN_HILL_DATA": folder / "data",
                "GEMINI_API_KEY": GEMINI_KEY,
                "GOOGLE_GEMINI_BASE_URL": self.gemini.url,
                "RUNWAYML_API_SECRET": RUNWAY_KEY,
                "RUNWAYML_BASE_URL": self.runway.url,
                "NCBI_API_KEY": NCBI_KEY,
                "NCBI_BASE_URL": self.ncbi.eutils,
                "PMC_BASE_URL": self.ncbi.pmc,
                "AWS_S3_ENDPOINT_URL": self.wire.url,
                "AWS_STORAGE_BUCKET_NAME": self.bucket,
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "HIDDEN_HILL_WEB_URL": "https://hill.example",
                "HIDDEN_HILL_METRICS_TOKEN": METRICS_TOKEN,
                "REDIS_URL": redis_url,
                "SENTRY_DSN": self.sentry.dsn,
                "SENTRY_TRACES_SAMPLE_RATE": 1,
                "LOG_LEVEL": "debug",
                "LOG_FORMAT": "json",
            }
        )
        stack.enter_context(telemetry(settings))
        there = stack.enter_context(opened(settings))
        self.office: Office = there.office
        self.kit: Kit = there.kit
        change_terms(self.office.database, ADA.workspace, boundless)

    def order(self, pmid: str) -> Job:
        """A job for a paper of that id."""
        print_paper(self.ncbi, pmid, f"Captions that come on time, part {pmid}")
        return ordered(self.office, ADA, pmid, seconds=30, width=136, height=240, estimate_cents=2_000)

    def work(self, kit: Kit, job: Job, last: StageName = "publish") -> Job:
        """Do what is due until nothing is, or `last` was done."""
        database = self.office.database
        while True:
            runs = database.do(lambda: stage_runs.of_job(job.id))
            due = [run for run in runs if run.state is RunState.DUE]
            if not due or any(run.stage == last and run.state is RunState.DONE for run in runs):
                return job_now(self.office, job.id)
            for run in due:
                stage: Any = run.stage
                perform(self.office, kit, stage, job.id, run.scene, stopping=lambda: False, worker="test")

    def failed(self, job: Job, refusing: AbstractContextManager[None]) -> str:
        """The code by which the job fails while somebody refuses us; then it is tried again."""
        with refusing:
            failure = self.work(replace(self.kit, on_failure="fail"), job).failure
        assert failure is not None
        control.retry(self.office, job.id, by="ada")
        return failure.code

    # Whoever refuses repeats the keys that they were sent.

    @contextmanager
    def ncbi_refusing(self) -> Iterator[None]:
        self.ncbi.key = "another"
        yield
        self.ncbi.key = NCBI_KEY

    @contextmanager
    def store_refusing(self) -> Iterator[None]:
        self.wire.strikes = lambda method, _: method in {"PUT", "POST"}
        self.wire.faults.extend([Status(403, "AccessDenied", f"{ACCESS_KEY} {SECRET_KEY}")] * 9)
        yield
        self.wire.faults.clear()

    @contextmanager
    def gemini_refusing(self) -> Iterator[None]:
        said = f"API key not valid: {GEMINI_KEY}. See https://example.org/v1?key={GEMINI_KEY}"
        self.gemini.tell(Refused(400, "INVALID_ARGUMENT", said, Refused.bad_key().details))
        yield

    @contextmanager
    def runway_refusing(self) -> Iterator[None]:
        self.runway.refusals["order"].append(Refusal(401, {"error": f"Invalid API key {RUNWAY_KEY}"}))
        yield

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Everything that was written, and where."""
        for file in self.folder.rglob("*"):
            if file.is_file():
                yield f"file {file.relative_to(self.folder)}", file.read_bytes()
        client = self.s3.client
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            for entry in page.get("Contents", ()):
                answer = client.get_object(Bucket=self.bucket, Key=entry["Key"])
                yield f"object {entry['Key']}", answer["Body"].read() + str(answer["Metadata"]).encode()
        with redis.Redis.from_url(self.redis_url) as queue:
            for key in queue.scan_iter():
                yield f"redis {key!r}", key + str(_content(queue, key)).encode()
        yield "metrics", metrics.exposition(self.office.database, self.office.rules)
        yield "sentry", self.sentry.raw.encode()
        asked = [*self.ncbi.addresses, *(request.path for request in self.runway.requests)]
        yield "addresses", "\n".join(asked).encode()


def _content(queue: Any, key: bytes) -> Any:
    match queue.type(key):
        case b"hash":
            return queue.hgetall(key)
        case b"list":
            return queue.lrange(key, 0, -1)
        case b"set":
            return queue.smembers(key)
        case b"zset":
            return queue.zrange(key, 0, -1, withscores=True)
        case _:
            return queue.get(key)


def test_no_key_is_written_anywhere(
    tmp_path: Path, valkey_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "HIDDEN_HILL_", "SENTRY_"))]:
        monkeypatch.delenv(name)
    with ExitStack() as stack:
        site = Site(stack, tmp_path, valkey_url)
        job = site.order("31000001")
        codes = [site.failed(job, site.ncbi_refusing()), site.failed(job, site.store_refusing())]
        codes += [site.failed(job, site.gemini_refusing())]
        site.work(site.kit, job, last="generate-script")
        codes += [site.failed(job, site.gemini_refusing()), site.failed(job, site.runway_refusing())]
        assert codes == ["provider-key", "store-refused", *["provider-key"] * 3]
        done = site.work(site.kit, job)
        assert (done.state, done.failure) == (JobState.DONE, None)
        assert done.spent_cents > 100
        assert {request.speaks for request in site.gemini.sold} == {True, False}
        assert site.runway.sales
        written = dict(site.written())
    written["sentry"] = site.sentry.raw.encode()  # it is sent to the end
    out, err = capfd.readouterr()
    written["log"] = (out + err).encode()
    assert site.sentry.events
    assert site.sentry.transactions
    assert '"debug"' in err
    assert '"request_id": "reply-' in err, "the provider's number of a request is in the log"
    found = [
        f"{key[:9]}… in {where}" for where, text in written.items() for key in KEYS if key.encode() in text
    ]
    assert not found, found
    kinds = {where.split()[0] for where in written}
    assert kinds == {"file", "object", "redis", "metrics", "sentry", "addresses", "log"}
    assert any("manifest.json" in where for where in written)
    print(f"searched {len(written)} places", file=sys.stderr)
