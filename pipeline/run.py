"""All stages in one process: what the terminal and the tests use. A queue will call the same stages one by one."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Protocol, TypeVar

from pipeline import stages
from pipeline.keys import digest_of, write
from pipeline.model import Clip, Finding, Narration, Paper, Script, StageName
from pipeline.providers import Report, Store
from pipeline.publish.manifest import FileRecord, Manifest, Software, StageRecord, paper_record, scene_records
from pipeline.publish.post import post_text, transcript
from pipeline.render.plan import SegmentPlan
from pipeline.render.process import draw_in_process
from pipeline.script.check import check
from pipeline.stages import Made, Order, Tools

CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
}

#: The files that each stage hands over.
FILES: dict[StageName, tuple[str, ...]] = {
    "fetch-paper": ("paper.json",),
    "generate-script": ("script.json",),
    "add-captions": stages.CAPTIONED,
    "publish": ("transcript.txt", "post.md", "manifest.json"),
}

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
    """One order on its way through the stages. `stages` and `findings` fill as it goes."""

    order: Order
    tools: Tools
    store: Store
    software: Software
    progress: Progress
    records: list[StageRecord] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()

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
        paper = self._stage("fetch-paper", lambda report: stages.fetch_paper(self.order, self.tools, report))
        self._hand_over("paper.json", paper.folder / "paper.json")
        if last == "fetch-paper":
            return None
        script = self._stage(
            "generate-script", lambda report: stages.generate_script(self.order, self.tools, paper, report)
        )
        self.findings = tuple(check(script.value, paper.value))
        self._hand_over_script(script)
        if last == "generate-script":
            return None
        narration = self._stage(
            "generate-audio", lambda report: stages.generate_audio(self.tools, script.value, report)
        )
        if last == "generate-audio":
            return None
        plans, pictures = stages.plan_scenes(self.tools, paper, script, narration.value)
        clips = self._stage("generate-videos", lambda report: self._draw_scenes(plans, pictures, report))
        if last == "generate-videos":
            return None
        captioned = self._stage(
            "add-captions",
            lambda report: stages.add_captions(self.tools, plans, pictures, clips.value, narration, report),
        )
        if last == "add-captions":
            self._hand_over_video(captioned)
            return None
        return self._publish(paper, script, narration, captioned)

    def _stage(self, name: StageName, work: Callable[[Report], Made[T]]) -> Made[T]:
        began = time.monotonic()
        said = ""

        def report(fraction: float, message: str) -> None:
            nonlocal said
            said = message
            self.progress(name, min(fraction, 0.999), message)

        made = work(report)
        self._record(name, made.provider, made.version, began, reused=made.reused)
        self.progress(name, 1.0, said, reused=made.reused, partly=made.partly)
        return made

    def _record(self, name: StageName, provider: str, version: str, began: float, *, reused: bool) -> None:
        seconds = round(time.monotonic() - began, 3)
        self.records.append(
            StageRecord(name=name, provider=provider, version=version, seconds=seconds, reused=reused)
        )

    def _draw_scenes(
        self, plans: list[SegmentPlan], pictures: Mapping[str, Path], report: Report
    ) -> Made[list[Made[Clip]]]:
        """Scenes side by side, each in a process of its own; the slowest part of the job."""
        stop = Event()
        drawn = _Fractions([plan.frames for plan in plans], report)

        def one(index: int) -> Made[Clip]:
            return stages.generate_scene(
                self.tools,
                plans[index],
                pictures,
                lambda plan, files, out, progress: draw_in_process(plan, files, out, progress, stop),
                lambda fraction: drawn.at(index, fraction),
            )

        with ThreadPoolExecutor(self.tools.workers) as pool:
            waiting = futures = [pool.submit(one, index) for index in range(len(plans))]
            try:
                while waiting:
                    done, left = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    waiting = list(left)
            except BaseException:
                stop.set()
                pool.shutdown(cancel_futures=True)
                raise
        clips = [future.result() for future in futures]
        reused = [clip.reused for clip in clips]
        first = clips[0]
        return Made(clips, first.folder, first.provider, first.version, all(reused), partly=any(reused))

    def _publish(
        self,
        paper: Made[Paper],
        script: Made[Script],
        narration: Made[Narration],
        captioned: Made[tuple[str, ...]],
    ) -> Manifest:
        began = time.monotonic()
        self.progress("publish", 0.0, "handing over")
        self._hand_over_video(captioned)
        reused = captioned.reused and script.reused
        files = {name: captioned.folder / name for name in captioned.value}
        files |= {"paper.json": paper.folder / "paper.json", "script.json": script.folder / "script.json"}
        with tempfile.TemporaryDirectory() as scratch:
            texts = {
                "transcript.txt": transcript(script.value),
                "post.md": post_text(paper.value, script.value),
            }
            for name, text in texts.items():
                files[name] = Path(scratch) / name
                files[name].write_text(text, encoding="utf-8")
                self._hand_over(name, files[name])
            self._record("publish", "folder", "1", began, reused=reused)
            manifest = Manifest(
                paper=paper_record(paper.value),
                scenes=scene_records(script.value, narration.value),
                stages=tuple(self.records),
                checks=self.findings,
                files={name: _file_record(file) for name, file in sorted(files.items())},
                settings=self._settings(script.value),
                software=self.software,
            )
            written = Path(scratch) / "manifest.json"
            write(written, manifest)
            self._hand_over("manifest.json", written)
        self.progress("publish", 1.0, "everything is in place", reused=reused)
        return manifest

    def _settings(self, script: Script) -> dict[str, str | int | float | bool | None]:
        width, height = self.tools.size
        return {
            "seconds": self.order.seconds,
            "audience": script.audience,
            "figures": self.order.figures,
            "script": self.order.script.name if self.order.script else None,
            "force": self.order.force,
            "width": width,
            "height": height,
            "pace": script.pace,
        }

    def _hand_over_video(self, captioned: Made[tuple[str, ...]]) -> None:
        for name in captioned.value:
            self._hand_over(name, captioned.folder / name)

    def _hand_over_script(self, script: Made[Script]) -> None:
        self._hand_over("script.json", script.folder / "script.json")
        for picture in sorted((script.folder / "images").glob("*.png")):
            self._hand_over(f"images/{picture.name}", picture)

    def _hand_over(self, name: str, file: Path) -> None:
        self.store.put(name, file, CONTENT_TYPES[file.suffix])


class _Fractions:
    """How far the scenes are together, weighed by their frames; told by several threads at once."""

    def __init__(self, frames: list[int], report: Report) -> None:
        self._frames = frames
        self._fractions = [0.0] * len(frames)
        self._report = report
        self._lock = Lock()

    def at(self, index: int, fraction: float) -> None:
        with self._lock:
            self._fractions[index] = fraction
            finished = sum(f >= 1.0 for f in self._fractions)
            together = sum(f * n for f, n in zip(self._fractions, self._frames, strict=True)) / sum(
                self._frames
            )
            self._report(together, f"scene {min(finished + 1, len(self._frames))} of {len(self._frames)}")


def _file_record(file: Path) -> FileRecord:
    return FileRecord(sha256=digest_of(file), bytes=file.stat().st_size)
