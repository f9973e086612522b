"""The stages of one order, each on its own: the way that the terminal and the queue share.

A stage may run in another process, on another machine, than the one before it. What it needs of earlier
stages is found by the keys that are known, and made again where an artefact is gone.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pipeline import audio_stage, script_stage, stages
from pipeline.keys import digest_of, write
from pipeline.model import Clip, Finding, Footage, Narration, Paper, Scene, Script, Visual
from pipeline.order import Made, Order, Tools
from pipeline.providers import Filmed, Report, Shot, Store
from pipeline.publish.manifest import FileRecord, Manifest, Software, StageRecord, paper_record, scene_records
from pipeline.publish.page.page import PAGE, Shown, carried, share_page
from pipeline.publish.post import post_text, transcript
from pipeline.render.plan import SegmentPlan
from pipeline.render.segment import render_segment
from pipeline.script.check import check
from pipeline.script.display import headline, number_shown
from pipeline.script.keyphrases import Keyphrases
from pipeline.shots import shots
from pipeline.stages import Draw
from pipeline.visuals.takes import retaken

#: What earlier stages made: stage → key, and "scene:0" → key for each scene.
Known = Mapping[str, str]

CONTENT_TYPES: Final = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
}


def put(store: Store, name: str, file: Path) -> None:
    """Hand one finished file over, with the content type that its suffix says."""
    store.put(name, file, CONTENT_TYPES[file.suffix])


def _quiet(_fraction: float, _message: str) -> None: ...


@dataclass
class Steps:
    """One order, step by step. A method that is named like a stage does it; what it needs is looked up first."""

    order: Order
    tools: Tools
    known: Known = field(default_factory=dict)
    _paper: Made[Paper] | None = None
    _script: Made[Script] | None = None
    _narration: Made[Narration] | None = None
    _plans: tuple[list[SegmentPlan], Mapping[str, Path]] | None = None
    _captioned: Made[tuple[str, ...]] | None = None

    def paper(self, report: Report) -> Made[Paper]:
        """Do fetch-paper."""
        self._paper = stages.fetch_paper(self.order, self.tools, report)
        return self._paper

    def script(self, report: Report) -> Made[Script]:
        """Do generate-script."""
        self._script = script_stage.generate_script(self.order, self.tools, self.the_paper(), report)
        return self._script

    def narration(self, report: Report) -> Made[Narration]:
        """Do generate-audio."""
        self._narration = audio_stage.generate_audio(self.tools, self.the_script().value, report)
        return self._narration

    def plans(self) -> tuple[list[SegmentPlan], Mapping[str, Path]]:
        """What each scene will look like, and the picture files that the plans name by sha256."""
        if self._plans is None:
            self._plans = self._planned(None)
        return self._plans

    def plan(self, index: int) -> tuple[SegmentPlan, Mapping[str, Path]]:
        """The plan of one scene and its pictures, without the work for the others."""
        if (plans := self._plans) is not None:
            return plans[0][index], plans[1]
        [plan], pictures = self._planned({index})
        return plan, pictures

    def scene(self, index: int, draw: Draw, progress: Callable[[float], None]) -> Made[Clip]:
        """Do one scene of generate-videos. Raises `Pending` while its footage is being made."""
        if self.film(index):
            self._plans = None
        plan, pictures = self.plan(index)
        return stages.generate_scene(self.tools, plan, pictures, draw, progress)

    def film(self, index: int) -> bool:
        """See to the footage of a scene; whether one may have it. Raises `Pending`, and errors of its provider."""
        filmer, shot = self.tools.filmer, self._shots().get(index)
        if filmer is None or shot is None:
            return False
        filmer.film(shot, index + 1)
        return True

    def footage(self) -> Mapping[int, Filmed]:
        """The footage of each scene that was seen to, or the word that there is none; nobody is asked for any."""
        filmer = self.tools.filmer
        if filmer is None:
            return {}
        found = {index: filmer.filmed(shot) for index, shot in self._shots().items()}
        return {index: filmed for index, filmed in found.items() if filmed is not None}

    def _shots(self) -> Mapping[int, Shot]:
        """What may be filmed: the scenes that show no data, unless they show a picture of the user's own."""
        if self.tools.filmer is None:
            return {}
        script, paper = self.the_script().value, self.the_paper().value
        return shots(script, paper, self.the_narration().value, self.order, self.tools.size)

    def captioned(self, report: Report, clips: Sequence[Made[Clip]] | None = None) -> Made[tuple[str, ...]]:
        """Do add-captions. Without `clips` they are found by their plans; one that is gone is drawn again, here."""
        plans, pictures = self.plans()
        if clips is None:
            clips = [self.scene(index, render_segment, lambda _: None) for index in range(len(plans))]
        narration = self.the_narration()
        self._captioned = stages.add_captions(self.tools, plans, pictures, clips, narration, report)
        return self._captioned

    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of how script and narration came to be, and what the checks found in the script shown."""
        shown = self.shown()
        heard = self._narration.value.remarks if self._narration else ()
        said = [("writer", remark) for remark in shown.remarks] + [("voice", remark) for remark in heard]
        remarks = (Finding(check=who, severity="warn", sentence=remark) for who, remark in said)
        return (*remarks, *check(shown, self.the_paper().value))

    def remarks(self) -> tuple[Finding, ...]:
        """What became otherwise than was meant: scenes without the footage that they were to have."""
        return tuple(
            Finding(check="footage", severity="warn", scene=index, sentence=f"Scene {index + 1}: {remark}")
            for index, filmed in sorted(self.footage().items())
            if (remark := filmed.footage.remark)
        )

    def publish(
        self,
        store: Store,
        records: Sequence[StageRecord],
        software: Software,
        report: Report,
        *,
        kept_by: str = "folder",
        reused: bool = False,
        with_paper: bool = True,
    ) -> Manifest:
        """Do publish: hand every finished file over, then the page that shows them, the manifest last.

        `records` are those of the stages before; `kept_by` and `reused` go into publish's own. With `with_paper`
        the files are for whoever ordered them: the paper's full text (paper.json) is among them, and the page can be
        opened from a disk. Without it a link to them is passed on.
        """
        began = time.monotonic()
        captioned = self.the_captioned()
        with tempfile.TemporaryDirectory() as scratch:
            files = self._files(captioned, Path(scratch), with_paper=with_paper)
            for number, (name, file) in enumerate(files.items()):
                report(0.95 * number / len(files), f"handing over {name}")
                put(store, name, file)
            seconds = round(time.monotonic() - began, 3)
            own = StageRecord(name="publish", provider=kept_by, version="1", seconds=seconds, reused=reused)
            recorded = {name: file for name, file in files.items() if not name.startswith("images/")}
            manifest = Manifest(
                paper=paper_record(self.the_paper().value),
                scenes=scene_records(self.shown(), self.the_narration().value, self._shown_footage()),
                stages=(*records, own),
                checks=(*self.findings(), *self.remarks()),
                files={name: _file_record(file) for name, file in sorted(recorded.items())},
                settings=self._settings(),
                software=software,
            )
            page = Path(scratch) / PAGE
            page.write_text(self._page(manifest, files["captions.vtt"], alone=with_paper), encoding="utf-8")
            put(store, PAGE, page)
            listed = dict(sorted({**manifest.files, PAGE: _file_record(page)}.items()))
            manifest = manifest.model_copy(update={"files": listed})
            written = Path(scratch) / "manifest.json"
            write(written, manifest)
            put(store, "manifest.json", written)
        report(1.0, "everything is in place")
        return manifest

    def _page(self, manifest: Manifest, captions: Path, *, alone: bool) -> str:
        """The page that shows the video; `alone`: with its captions inside, for no server hands them to it."""
        return share_page(
            Shown(
                paper=self.the_paper().value,
                script=self.shown(),
                narration=self.the_narration().value,
                scenes=manifest.scenes,
                findings=manifest.checks,
                files={name: record.bytes for name, record in manifest.files.items()},
                size=self.tools.size,
                program=f"Hidden Hill {manifest.software.version}",
                captions=carried(captions.read_bytes()) if alone else captions.name,
            )
        )

    def _files(self, captioned: Made[tuple[str, ...]], scratch: Path, *, with_paper: bool) -> dict[str, Path]:
        """What is handed over, by name: what exists, and the texts that are written here."""
        paper, script, shown = self.the_paper(), self.the_script(), self.shown()
        files = {name: captioned.folder / name for name in captioned.value}
        if with_paper:
            files["paper.json"] = paper.folder / "paper.json"
        files["script.json"] = script.folder / "script.json"
        if shown != script.value:
            files["script.json"] = scratch / "script.json"
            write(files["script.json"], shown)
        for picture in sorted((script.folder / "images").glob("*.png")):
            files[f"images/{picture.name}"] = picture
        texts = {
            "transcript.txt": transcript(shown),
            "post.md": post_text(paper.value, shown, self._shown_footage()),
        }
        for name, text in texts.items():
            files[name] = scratch / name
            files[name].write_text(text, encoding="utf-8")
        return files

    def _settings(self) -> dict[str, str | int | float | bool | None]:
        script = self.the_script().value
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

    def the_paper(self) -> Made[Paper]:
        """The paper: as it was read just now, as it is known, or read again."""
        if self._paper is None and (key := self.known.get("fetch-paper")):
            self._paper = stages.known_paper(self.order, self.tools, key)
        return self._paper or self.paper(_quiet)

    def the_script(self) -> Made[Script]:
        """The script, as it was written (`shown` is how the video shows it)."""
        if self._script is None and (key := self.known.get("generate-script")):
            self._script = script_stage.known_script(self.order, self.tools, key)
        return self._script or self.script(_quiet)

    def the_narration(self) -> Made[Narration]:
        """The narration."""
        if self._narration is None and (key := self.known.get("generate-audio")):
            self._narration = audio_stage.known_narration(self.tools, key)
        return self._narration or self.narration(_quiet)

    def the_captioned(self) -> Made[tuple[str, ...]]:
        """The finished files that add-captions made."""
        if self._captioned is None and (key := self.known.get("add-captions")):
            self._captioned = stages.known_captioned(self.tools, key)
        return self._captioned or self.captioned(_quiet)

    def shown(self) -> Script:
        """The script with what its redone scenes show now."""
        return as_shown(self.order, self.the_paper().value, self.the_script().value)[0]

    def _planned(self, scenes: set[int] | None) -> tuple[list[SegmentPlan], Mapping[str, Path]]:
        paper, script = self.the_paper(), self.the_script()
        shown, grounds = as_shown(self.order, paper.value, script.value)
        return stages.plan_scenes(
            self.tools,
            paper,
            replace(script, value=shown),
            self.the_narration().value,
            scenes=scenes,
            grounds=grounds,
            footage=self.footage(),
        )

    def _shown_footage(self) -> Mapping[int, Footage]:
        return {i: one.footage for i, one in self.footage().items() if one.footage.file is not None}


def as_shown(order: Order, paper: Paper, script: Script) -> tuple[Script, Mapping[int, int]]:
    """The script as the video shows it: its redone scenes with another visual, or with another ground by number."""
    if not any(take > 0 for take in order.takes.values()):
        return script, {}
    phrases = Keyphrases(paper)

    def typeset(scene: Scene) -> list[Visual]:
        number = number_shown(scene.narration)
        return [*([number] if number else []), headline(scene.narration, phrases)]

    return retaken(script, paper, script_stage.showable_figures(paper, order.figures), order.takes, typeset)


def _file_record(file: Path) -> FileRecord:
    return FileRecord(sha256=digest_of(file), bytes=file.stat().st_size)
