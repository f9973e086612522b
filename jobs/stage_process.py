"""One stage of one job, done in a process of its own: what goes in, what comes out, and the way between.

The values are light to import, so that a worker that only waits carries no renderer; the work itself is
imported by the process that does it.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from jobs.order import JobOrder
from jobs.overheard import Said, overhearing
from jobs.uploads import hand_out, hand_out_script, kind_of
from pipeline.model import Finding, StageName
from pipeline.publish.manifest import Software, StageRecord
from storage.objects import Objects
from storage.records import WHOLE, OnFailure, PaperCard, PublishedFile, Record

if TYPE_CHECKING:
    from jobs.kit import Kit
    from pipeline.model import Paper
    from pipeline.order import Made, Order, Tools
    from pipeline.providers import Artefacts
    from pipeline.steps import Steps

#: Told the fraction done and what is going on.
Tell = Callable[[tuple[float, str]], None]

#: Seconds between two things that are told: nobody looks more often.
_TOLD_EVERY: Final = 0.2
#: The attribute of an error that says what `uses_before` answers.
_USES: Final = "uses_before"
#: The attribute of an error that says what `said_before` answers.
_SAID: Final = "said_before"
#: The longest name of a file that is kept, without its suffix (bytes): file systems take 255 in all.
_LONGEST_NAME: Final = 200
#: What separates folders, controls a terminal, or turns the direction in which a name is shown.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]+")
#: Artefacts that hold what providers made: what they are kept under begins so.
_BOUGHT: Final = ("footage", "gemini")


class StageTask(Record):
    """What the process is told. `known` names what earlier stages made ("fetch-paper", "scene:3" → key).

    `stages` are the records of the stages before, for the manifest; `token` and `created_at` name the
    place of the published files, and the paper's title too unless the job is `private`. `failures` is how often
    this stage failed before in a way that may pass. `on_failure` is what the workspace prefers, if anything.
    """

    job: str
    workspace: str
    stage: StageName
    scene: int = WHOLE
    order: JobOrder
    known: dict[str, str] = Field(default_factory=dict)
    token: str
    created_at: float
    private: bool = False
    stages: tuple[StageRecord, ...] = ()
    failures: int = 0
    on_failure: OnFailure | None = None


class Outcome(Record):
    """What came of it. `key` names the artefact, `seconds` is how long it took, `message` what to say of it.

    `partly` says that some of it was there already, so its duration tells nothing. `uses` are the
    artefacts that the job refers to from now on, as (stage, key); a scene's stage is "scene", a spoken
    scene's "speech". Each of the rest comes with one stage only and is `None` with the others: `paper`
    with fetch-paper, `checks` with generate-script, `scene_frames` (frames of each scene, at
    `pipeline.model.FPS`) with generate-audio, `files` with publish.
    """

    key: str
    provider: str
    version: str
    seconds: float
    reused: bool
    partly: bool = False
    message: str = ""
    paper: PaperCard | None = None
    checks: tuple[Finding, ...] | None = None
    scene_frames: tuple[int, ...] | None = None
    files: tuple[PublishedFile, ...] | None = None
    uses: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()


def perform_task(kit: Kit, task: StageTask, tell: Tell) -> Outcome:
    """Do one stage, here. Raises what the stage raises: errors of pipeline and storage, `Pending`.

    `uses_before` of such an error are the artefacts that the job refers to all the same.
    """
    from pipeline.steps import Steps

    objects = kit.objects()
    touched = _Touched(kit.artefacts(task.workspace, objects))
    tools = kit.tools_of(task, touched)
    with tempfile.TemporaryDirectory(dir=kit.local_artefacts(task.workspace).scratch()) as folder:
        order = _order(task, tools, objects, Path(folder))
        steps = Steps(order, tools, task.known)
        try:
            outcome = _Work(task, steps, objects, kit.software, _Teller(tell)).outcome()
            bought = [use for use in touched.uses if use[0].startswith(_BOUGHT)]
            return outcome.model_copy(update={"uses": (*outcome.uses, *sorted(bought))})
        except Exception as error:
            setattr(error, _USES, tuple(sorted(touched.uses)))  # it travels with the error
            raise


def said_before(error: BaseException) -> tuple[Said, ...]:
    """What was logged in the stage's process until `error` ended it; as far as it tells."""
    said: tuple[Said, ...] = getattr(error, _SAID, ())
    return said


def uses_before(error: BaseException) -> tuple[tuple[str, str], ...]:
    """The artefacts, (stage, key), that a stage had found or made when `error` ended it; as far as it tells."""
    uses: tuple[tuple[str, str], ...] = getattr(error, _USES, ())
    return uses


def perform_here(work: tuple[Kit, StageTask], tell: Tell) -> Outcome:
    """`perform_task` in the form that `run_in_process` takes."""
    kit, task = work
    with overhearing() as said:
        try:
            return perform_task(kit, task, tell).model_copy(update={"said": tuple(said)})
        except Exception as error:
            setattr(error, _SAID, tuple(said))  # it travels with the error
            raise


def _order(task: StageTask, tools: Tools, objects: Objects, folder: Path) -> Order:
    """The order as the pipeline knows it. Files that were handed in are fetched into `folder` if they are needed."""
    from pipeline.order import Order
    from pipeline.paper.source import Source, parse_source

    asked = task.order
    source: Source
    if asked.upload is None:
        source = parse_source(asked.source)
    else:
        said = asked.upload_name or asked.source
        name = own_name(said, kind_of(asked.upload, said))
        # Only its own figures lie in its folder: a reader would take anything else for one.
        source = Source("file", name, folder / "paper" / name)
        if not _made(task, tools, "fetch-paper"):
            hand_out(objects, asked.upload, folder / "paper" / name)
    script = None
    if asked.script is not None:
        script = folder / "script" / "script.json"
        if not _made(task, tools, "generate-script"):
            script = hand_out_script(objects, asked.script, folder / "script")
    return Order(
        source=source,
        seconds=asked.seconds,
        audience=asked.audience,
        tone=asked.tone,
        figures=asked.figures,
        script=script,
        force=asked.force,
        takes=asked.takes,
        footage_takes=asked.footage_takes,
    )


def _made(task: StageTask, tools: Tools, stage: StageName) -> bool:
    """Whether an earlier stage's result is there, so that what it was made from is needed no more."""
    key = task.known.get(stage)
    return task.stage != stage and key is not None and tools.artefacts.find(stage, key) is not None


def own_name(said: str, suffix: str) -> str:
    """A file name out of what somebody calls a file: in no other folder, not too long, of the type that it is."""
    plain = _CONTROL.sub("/", said).rpartition("/")[2].strip(". ")
    stem = plain[: -len(suffix)] if suffix and plain.lower().endswith(suffix.lower()) else plain
    short = stem[:80].encode(errors="ignore")[:_LONGEST_NAME].decode(errors="ignore").strip(". ")
    return f"{short or 'paper'}{suffix}"


@dataclass
class _Touched:
    """Artefacts that remember which of them were found or made."""

    artefacts: Artefacts
    uses: set[tuple[str, str]] = field(default_factory=set)

    def find(self, stage: str, key: str) -> Path | None:
        """See `pipeline.providers.Artefacts`."""
        folder = self.artefacts.find(stage, key)
        if folder is not None:
            self.uses.add((stage, key))
        return folder

    @contextmanager
    def make(self, stage: str, key: str) -> Iterator[Path]:
        """See `pipeline.providers.Artefacts`."""
        with self.artefacts.make(stage, key) as scratch:
            yield scratch
        self.uses.add((stage, key))


class _Teller:
    """Passes on what a stage reports, not too often, and remembers the last words."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told_at = -_TOLD_EVERY
        self.said = ""

    def report(self, fraction: float, message: str) -> None:
        self.said = message
        now = time.monotonic()
        if now - self._told_at >= _TOLD_EVERY:
            self._told_at = now
            self._tell((min(fraction, 0.999), message))

    def fraction(self, fraction: float) -> None:
        self.report(fraction, self.said)


@dataclass
class _Work:
    """One task at work."""

    task: StageTask
    steps: Steps
    objects: Objects
    software: Software
    teller: _Teller

    def outcome(self) -> Outcome:
        """Do the task's stage and say what came of it."""
        began = time.monotonic()
        stages: dict[StageName, Callable[[], Outcome]] = {
            "fetch-paper": self._paper,
            "generate-script": self._script,
            "generate-audio": self._audio,
            "generate-videos": self._scene,
            "add-captions": self._captions,
            "publish": self._publish,
        }
        made = stages[self.task.stage]()
        seconds = round(time.monotonic() - began, 3)
        return made.model_copy(update={"seconds": seconds, "message": made.message or self.teller.said})

    def _paper(self) -> Outcome:
        made = self.steps.paper(self.teller.report)
        return _outcome(made, "fetch-paper", paper=card(made.value))

    def _script(self) -> Outcome:
        made = self.steps.script(self.teller.report)
        return _outcome(made, "generate-script", checks=self.steps.findings())

    def _audio(self) -> Outcome:
        from pipeline.audio_stage import speech_keys

        made = self.steps.narration(self.teller.report)
        speech = speech_keys(self.steps.tools, self.steps.the_script().value, made.value)
        return _outcome(
            made,
            "generate-audio",
            scene_frames=tuple(scene.frames for scene in made.value.scenes),
            uses=tuple(("speech", key) for key in speech),
        )

    def _scene(self) -> Outcome:
        from pipeline.render.segment import render_segment

        index = self.task.scene
        made = self.steps.scene(index, render_segment, self.teller.fraction)
        return _outcome(made, "scene", message=f"scene {index + 1} is drawn")

    def _captions(self) -> Outcome:
        return _outcome(self.steps.captioned(self.teller.report), "add-captions")

    def _publish(self) -> Outcome:
        """Always done: whether the store still holds what was put there is not looked into."""
        from pipeline.keys import key_of
        from storage.published import JobFiles, video_folder

        task = self.task
        title = "" if task.private else self.steps.the_paper().value.title
        store = JobFiles(self.objects, video_folder(task.created_at, title, task.token), {"job": task.job})
        kept_by = "s3" if self.objects.shared else "folder"
        before = [record for record in task.stages if record.name != "publish"]
        self.steps.publish(
            store, before, self.software, self.teller.report, kept_by=kept_by, with_paper=False
        )
        return Outcome(
            key=key_of("published", [[file.key, file.sha256] for file in store.files]),
            provider=kept_by,
            version="1",
            seconds=0.0,
            reused=False,
            files=store.files,
        )


def _outcome(
    made: Made[Any],
    stage: str,
    *,
    message: str = "",
    paper: PaperCard | None = None,
    checks: tuple[Finding, ...] | None = None,
    scene_frames: tuple[int, ...] | None = None,
    uses: tuple[tuple[str, str], ...] = (),
) -> Outcome:
    """What `made` says; how long it took is filled in by whoever measured it."""
    return Outcome(
        key=made.key,
        provider=made.provider,
        version=made.version,
        seconds=0.0,
        reused=made.reused,
        partly=made.partly,
        message=message,
        paper=paper,
        checks=checks,
        scene_frames=scene_frames,
        uses=((stage, made.key), *uses),
    )


def card(paper: Paper) -> PaperCard:
    """What the record says of the paper, without its text."""
    return PaperCard(
        title=paper.title,
        authors=tuple(author.name for author in paper.authors),
        **paper.model_dump(include={"journal", "year", "doi", "pmid", "pmcid", "notes"}),
    )
