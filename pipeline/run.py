"""All stages in one process: what the terminal and the tests use. The queue takes the same steps one by one."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event, Lock
from typing import Protocol, TypeVar

from pipeline import stages
from pipeline.errors import StageTimeoutError, TransientProviderError
from pipeline.model import Clip, Finding, Script, StageName
from pipeline.order import Made, Order, Tools
from pipeline.providers import Pending, Report, Store
from pipeline.publish.manifest import Manifest, Software, StageRecord
from pipeline.render.process import draw_in_process
from pipeline.steps import Steps, put

#: The files that each stage hands over.
FILES: dict[StageName, tuple[str, ...]] = {
    "fetch-paper": ("paper.json",),
    "generate-script": ("script.json",),
    "add-captions": (*stages.CAPTIONED, stages.PREVIEW),
    "publish": ("transcript.txt", "post.md", "index.html", "manifest.json"),
}

#: Seconds until something is tried again that a provider was too busy for, and how long that may go on.
_AGAIN, _AWAY = 10.0, 1800.0
#: No provider's wish makes somebody at a terminal wait longer for the next try (seconds).
_LONGEST_PAUSE = 90.0

T = TypeVar("T")


class Progress(Protocol):
    """Told of every step.

    `reused` is `None` while a stage runs; at its end it says whether all of it was there already, and
    `partly` whether some of it was.
    """

    def __call__(
        self,
        stage: StageName,
        fraction: float,
        message: str,
        *,
        reused: bool | None = None,
        partly: bool = False,
    ) -> None: ...


@dataclass
class Run:
    """One order on its way through the stages. `stages` and `findings` fill as it goes.

    `pauses` are the seconds between tries while a writer or voice is busy. `spent` says what all was bought for, in
    US cents.
    """

    order: Order
    tools: Tools
    store: Store
    software: Software
    progress: Progress
    records: list[StageRecord] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    pauses: Sequence[float] = ()
    spent: Callable[[], int] = field(default=lambda: 0)

    def until(self, last: StageName) -> Manifest | None:
        """Run the stages up to `last`, handing over what each finished. The manifest comes with publish.

        When it stops early with something new, the files of later stages are withdrawn: they belong to
        another paper or script than those beside them.
        """
        manifest = self._run(last)
        if not all(record.reused for record in self.records):
            for stage in stages.STAGES[stages.STAGES.index(last) + 1 :]:
                for name in FILES.get(stage, ()):
                    self.store.withdraw(name)
        return manifest

    def _run(self, last: StageName) -> Manifest | None:
        steps = Steps(self.order, self.tools)
        paper = self._stage("fetch-paper", steps.paper)
        put(self.store, "paper.json", paper.folder / "paper.json")
        if last == "fetch-paper":
            return None
        script = self._stage("generate-script", lambda report: self._patiently(steps, steps.script, report))
        self.findings = steps.findings()
        self._hand_over_script(script)
        if last == "generate-script":
            return None
        self._stage("generate-audio", lambda report: self._patiently(steps, steps.narration, report))
        self.findings = steps.findings()
        if last == "generate-audio":
            return None
        clips = self._stage("generate-videos", lambda report: self._draw_scenes(steps, report))
        if last == "generate-videos":
            return None
        captioned = self._stage("add-captions", lambda report: steps.captioned(report, clips.value))
        if last == "add-captions":
            for name in captioned.value:
                put(self.store, name, captioned.folder / name)
            return None
        return self._publish(steps, reused=captioned.reused and script.reused)

    def _stage(self, name: StageName, work: Callable[[Report], Made[T]]) -> Made[T]:
        began, before = time.monotonic(), self.spent()
        said = ""

        def report(fraction: float, message: str) -> None:
            nonlocal said
            said = message
            self.progress(name, min(fraction, 0.999), message)

        made = work(report)
        cost = self.spent() - before
        self._record(name, made.provider, made.version, began, cost=cost, reused=made.reused)
        self.progress(name, 1.0, said, reused=made.reused, partly=made.partly)
        return made

    def _patiently(self, steps: Steps, work: Callable[[Report], Made[T]], report: Report) -> Made[T]:
        """The stage's result, tried again a few times when a provider is busy before something else takes its place."""
        for pause in self.pauses:
            steps.tools = replace(self.tools, last_try=False)
            try:
                return work(report)
            except TransientProviderError as error:
                report(0.0, f"{error.sentence} It is tried again.")
                time.sleep(min(error.retry_after or pause, _LONGEST_PAUSE))
        steps.tools = replace(self.tools, last_try=True)
        return work(report)

    def _record(
        self, name: StageName, provider: str, version: str, began: float, *, cost: int = 0, reused: bool
    ) -> None:
        record = StageRecord(
            name=name,
            provider=provider,
            version=version,
            seconds=round(time.monotonic() - began, 3),
            cost_cents=cost,
            reused=reused,
        )
        self.records.append(record)

    def _draw_scenes(self, steps: Steps, report: Report) -> Made[list[Made[Clip]]]:
        """Scenes side by side, each in a process of its own; the slowest part of the job."""
        plans, _ = steps.plans()
        stop = Event()
        drawn = _Fractions([plan.frames for plan in plans], report)

        def one(index: int) -> Made[Clip]:
            return steps.scene(
                index,
                lambda plan, files, out, progress: draw_in_process(plan, files, out, progress, stop),
                lambda fraction: drawn.at(index, fraction),
            )

        clips = _Scenes(self.tools.workers, one, stop, lambda why: report(drawn.together, why)).drawn(
            len(plans)
        )
        reused = [clip.reused for clip in clips]
        first = clips[0]
        return Made(
            clips, first.folder, first.key, first.provider, first.version, all(reused), partly=any(reused)
        )

    def _publish(self, steps: Steps, *, reused: bool) -> Manifest:
        def report(fraction: float, message: str) -> None:
            self.progress("publish", min(fraction, 0.999), message)

        manifest = steps.publish(self.store, self.records, self.software, report, reused=reused)
        if stages.PREVIEW not in manifest.files:
            self.store.withdraw(stages.PREVIEW)
        self.records = list(manifest.stages)
        self.progress("publish", 1.0, "everything is in place", reused=reused)
        return manifest

    def _hand_over_script(self, script: Made[Script]) -> None:
        put(self.store, "script.json", script.folder / "script.json")
        for picture in sorted((script.folder / "images").glob("*.png")):
            put(self.store, f"images/{picture.name}", picture)


@dataclass
class _Scenes:
    """The scenes side by side, `workers` at once; those that wait for a provider hold no place meanwhile.

    `draw` draws one and raises `Pending` while its footage is being made; `stop` ends those at work.
    """

    workers: int
    draw: Callable[[int], Made[Clip]]
    stop: Event
    waiting: Callable[[str], None]

    def drawn(self, count: int) -> list[Made[Clip]]:
        """All of them, in their order. Raises what the first to fail raised."""
        made: dict[int, Made[Clip]] = {}
        due: dict[int, tuple[float, str]] = dict.fromkeys(range(count), (0.0, ""))
        until: dict[int, float] = {}
        with ThreadPoolExecutor(self.workers) as pool:
            at_work: dict[Future[Made[Clip]], int] = {}
            try:
                while len(made) < count:
                    now = time.monotonic()
                    for index in [index for index, (when, _) in due.items() if when <= now]:
                        del due[index]
                        at_work[pool.submit(self.draw, index)] = index
                    if not at_work:
                        self.waiting(min(due.values())[1])
                        time.sleep(min(0.5, max(min(due.values())[0] - now, 0.01)))
                        continue
                    for future in wait(at_work, timeout=0.5, return_when=FIRST_COMPLETED).done:
                        index = at_work.pop(future)
                        try:
                            made[index] = future.result()
                        except Pending as pending:
                            limit = until.setdefault(index, now + (pending.until or math.inf))
                            due[index] = (_later(limit, pending.again, pending.why), pending.why)
                        except TransientProviderError as error:
                            # Its provider gives up by itself once that lasts too long.
                            again = getattr(error, "retry_after", None) or _AGAIN
                            limit = until.setdefault(index, now + _AWAY)
                            due[index] = (_later(limit, again, error.sentence, error), error.sentence)
            except BaseException:
                self.stop.set()
                pool.shutdown(cancel_futures=True)
                raise
        return [made[index] for index in range(count)]


def _later(limit: float, again: float, why: str, error: Exception | None = None) -> float:
    """When to look again. Raises `error`, or that it took too long, where the limit is over."""
    now = time.monotonic()
    if now > limit:
        raise error or StageTimeoutError(f"It took too long: {why}.")
    return now + again


class _Fractions:
    """How far the scenes are together, weighed by their frames; told by several threads at once."""

    def __init__(self, frames: list[int], report: Report) -> None:
        self._frames = frames
        self._fractions = [0.0] * len(frames)
        self._report = report
        self._lock = Lock()
        self.together = 0.0

    def at(self, index: int, fraction: float) -> None:
        with self._lock:
            self._fractions[index] = fraction
            finished = sum(f >= 1.0 for f in self._fractions)
            self.together = sum(f * n for f, n in zip(self._fractions, self._frames, strict=True)) / sum(
                self._frames
            )
            self._report(
                self.together, f"scene {min(finished + 1, len(self._frames))} of {len(self._frames)}"
            )
