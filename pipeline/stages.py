"""The stages. Each is a function of its inputs, its tools and a `report`, and is done once per key.

A key is a hash of everything the result depends on: the inputs' content, the settings that matter,
the provider and its version. Same key, same result; so a second run, a retry and an edited scene all
reuse what exists. Keys hash content, never the keys before them: a paper read again to the same
words redoes nothing after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.captions.subtitles import srt, vtt
from pipeline.errors import RetractedError, ScriptError
from pipeline.model import (
    FPS,
    Audience,
    Clip,
    Cue,
    Figure,
    FigurePolicy,
    ImageVisual,
    Narration,
    Paper,
    Script,
    StageName,
)
from pipeline.narration import narrate as narration_room
from pipeline.paper import reading
from pipeline.paper.figure_files import save_picture
from pipeline.paper.licence import allows_figures
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source
from pipeline.providers import Artefacts, Brief, Report, Speech, Voice, Writer
from pipeline.render.cover import cover
from pipeline.render.join import join
from pipeline.render.plan import SegmentPlan, plan_segments
from pipeline.script.check import check
from pipeline.visuals.figures import assign_figures

#: In the order in which they run. The names appear in messages, logs and the manifest.
STAGES: tuple[StageName, ...] = (
    "fetch-paper",
    "generate-script",
    "generate-audio",
    "generate-videos",
    "add-captions",
    "publish",
)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for. `script` is a script file of their own, in place of the writer."""

    source: Source
    seconds: int = 67
    audience: Audience = "public"
    figures: FigurePolicy = "auto"
    figures_folder: Path | None = None
    script: Path | None = None
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Who does the work, and where it is kept. `size` is the video's width and height in pixels."""

    ncbi: Ncbi
    writer: Writer
    voice: Voice
    artefacts: Artefacts
    size: tuple[int, int] = (1080, 1920)
    workers: int = 2


@dataclass(frozen=True)
class Made(Generic[T]):
    """A stage's result: the value, the folder that holds it, who made it, and whether it was there already."""

    value: T
    folder: Path
    provider: str
    version: str
    reused: bool


#: Draws a segment: (plan, its picture files, where to write, told the fraction done) → the clip.
Draw = Callable[[SegmentPlan, Mapping[str, Path], Path, Callable[[float], None]], Clip]


def fetch_paper(order: Order, tools: Tools, report: Report) -> Made[Paper]:
    """Read the paper and its figures. Raises `RetractedError` unless the order says `force`."""
    want_all = order.figures == "all"
    identity = reading.identity(order.source, order.figures_folder)
    key = key_of("paper", reading.VERSION, identity, want_all)

    def build(folder: Path) -> None:
        paper = reading.read(
            order.source, folder, ncbi=tools.ncbi, figures_folder=order.figures_folder, all_figures=want_all
        )
        _write(folder / "paper.json", paper)

    report(0.0, f"reading {order.source.value}")
    folder, reused = once(tools.artefacts, "fetch-paper", key, build)
    paper = _read(folder / "paper.json", Paper)
    if paper.retracted and not order.force:
        raise RetractedError(
            f"This paper has been retracted: “{paper.title}”.",
            "If a video of it is what you want, say so with --force; it will carry a RETRACTED badge.",
        )
    report(1.0, _what_was_read(paper))
    return Made(paper, folder, reading.provider(order.source), reading.VERSION, reused)


def _what_was_read(paper: Paper) -> str:
    with_pictures = sum(figure.file is not None for figure in paper.figures)
    if paper.abstract_only:
        return "abstract only"
    if not paper.figures:
        return f"{len(paper.sections)} sections, no figures"
    if not with_pictures:
        return f"{len(paper.sections)} sections, {len(paper.figures)} figures (no picture files found)"
    return f"{len(paper.sections)} sections, {with_pictures} of {len(paper.figures)} figures with pictures"


def generate_script(order: Order, tools: Tools, paper: Made[Paper], report: Report) -> Made[Script]:
    """Write the script, or take the order's own; either way it is checked, and a blocking finding stops it.

    Raises `ScriptError` when a script file is malformed or says what the paper does not.
    """
    report(0.0, "choosing what to tell")
    if order.script is not None:
        return _script_by_hand(order.script, tools, paper.value, report)
    brief = Brief(seconds=order.seconds, audience=order.audience)
    writer, voice = tools.writer, tools.voice
    key = key_of(
        "script",
        paper.value,
        vars(brief),
        order.figures,
        [writer.name, writer.version, voice.name, voice.version],
    )

    def build(folder: Path) -> None:
        script = writer.write(paper.value, brief, spoken_seconds=voice.seconds)
        script = assign_figures(script, paper.value, showable_figures(paper.value, order.figures))
        _write(folder / "script.json", script)

    folder, reused = once(tools.artefacts, "generate-script", key, build)
    script = _read(folder / "script.json", Script)
    _refuse_blocked(script, paper.value)
    report(1.0, f"{len(script.scenes)} scenes")
    return Made(script, folder, writer.name, writer.version, reused)


def showable_figures(paper: Paper, policy: FigurePolicy) -> list[Figure]:
    """The figures with a picture that may be shown: by licence (`auto`), on the user's word (`all`), or none."""
    pictured = [figure for figure in paper.figures if figure.file is not None]
    if policy == "auto":
        return [figure for figure in pictured if allows_figures(paper.licence) and not figure.third_party]
    return pictured if policy == "all" else []


def _script_by_hand(file: Path, tools: Tools, paper: Paper, report: Report) -> Made[Script]:
    script = _load_script(file)
    pictures = {
        s.visual.file: file.parent / s.visual.file for s in script.scenes if isinstance(s.visual, ImageVisual)
    }
    for name, picture in pictures.items():
        if not picture.is_file():
            raise ScriptError(
                f"The script shows a picture “{name}” that isn't there.", "Put the file beside the script."
            )
    digests = {name: _digest(picture) for name, picture in pictures.items()}
    key = key_of("script-by-hand", script, digests)

    def build(folder: Path) -> None:
        (folder / "images").mkdir()
        scenes = []
        for scene in script.scenes:
            visual = scene.visual
            if isinstance(visual, ImageVisual):
                kept = f"images/{digests[visual.file][:16]}.png"
                if not save_picture(pictures[visual.file], folder / kept):
                    raise ScriptError(
                        f"“{visual.file}” can't be read as a picture.", "Use a PNG, JPEG, TIFF or GIF file."
                    )
                scene = scene.model_copy(update={"visual": visual.model_copy(update={"file": kept})})  # noqa: PLW2901
            scenes.append(scene)
        _write(folder / "script.json", script.model_copy(update={"scenes": tuple(scenes)}))

    folder, reused = once(tools.artefacts, "generate-script", key, build)
    script = _read(folder / "script.json", Script)
    _refuse_blocked(script, paper)
    report(1.0, f"{len(script.scenes)} scenes, from {file.name}")
    return Made(script, folder, "by hand", "1", reused)


def _load_script(file: Path) -> Script:
    try:
        return Script.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ScriptError(f"The script {file.name} can't be read.", "Check --script.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ScriptError(
            f"The script {file.name} is malformed: {where}: {first['msg']}.",
            "Start from the script.json of an earlier run and change the narration, order or visuals in it.",
        ) from error


def _refuse_blocked(script: Script, paper: Paper) -> None:
    blocked = [finding for finding in check(script, paper) if finding.severity == "block"]
    if blocked:
        more = f" (and {len(blocked) - 1} more)" if len(blocked) > 1 else ""
        raise ScriptError(
            f"The script says what the paper does not. {blocked[0].sentence}{more}",
            "Mend the narration, or give the claim a quote that stands in the paper.",
        )


def generate_audio(tools: Tools, script: Script, report: Report) -> Made[Narration]:
    """Speak every scene (each kept by itself, so an edited scene speaks alone) and join them into one track."""
    voice = tools.voice
    provider = [voice.name, voice.version, narration_room.VERSION]

    def speech_of(text: str, pace: float) -> Speech:
        def build(folder: Path) -> None:
            narration_room.save_speech(voice.speak(text, pace=pace), folder)

        folder, _ = once(tools.artefacts, "speech", key_of(provider, text, pace), build)
        return narration_room.load_speech(folder)

    def build(folder: Path) -> None:
        narration = narration_room.narrate(script, voice, folder, speech_of, report)
        _write(folder / "narration.json", narration)

    key = key_of("audio", [scene.narration for scene in script.scenes], script.pace, provider)
    folder, reused = once(tools.artefacts, "generate-audio", key, build)
    narration = _read(folder / "narration.json", Narration)
    report(1.0, f"{narration.frames / FPS:.0f} s at {narration.loudness:.1f} LUFS")
    return Made(narration, folder, voice.name, voice.version, reused)


def plan_scenes(
    tools: Tools, paper: Made[Paper], script: Made[Script], narration: Narration
) -> tuple[list[SegmentPlan], Mapping[str, Path]]:
    """What each scene will look like, as values, and the picture files they name by sha256."""
    plans = plan_segments(
        paper.value,
        script.value,
        narration,
        figures_folder=paper.folder,
        images_folder=script.folder,
        size=tools.size,
    )
    pictures = [*(paper.folder / "figures").glob("*"), *(script.folder / "images").glob("*")]
    return plans, {_digest(picture): picture for picture in sorted(pictures)}


def generate_scene(
    tools: Tools,
    plan: SegmentPlan,
    pictures: Mapping[str, Path],
    draw: Draw,
    progress: Callable[[float], None],
) -> Made[Clip]:
    """Draw one scene. The captions are in it already: the picture is encoded once and only once."""

    def build(folder: Path) -> None:
        _write(folder / "clip.json", draw(plan, pictures, folder / "clip.mp4", progress))

    folder, reused = once(tools.artefacts, "scene", plan.key, build)
    progress(1.0)
    return Made(_read(folder / "clip.json", Clip), folder, "hidden-hill", "1", reused)


class Captioned(BaseModel):
    """What add-captions leaves: the names of the finished files in its folder."""

    files: tuple[str, ...] = ("video.mp4", "cover.jpg", "captions.srt", "captions.vtt")


def add_captions(
    tools: Tools,
    plans: list[SegmentPlan],
    pictures: Mapping[str, Path],
    clips: Sequence[Made[Clip]],
    narration: Made[Narration],
    report: Report,
) -> Made[Captioned]:
    """Join the scenes with the voice, and write the caption files and the cover."""
    voice_track = narration.folder / narration.value.file
    key = key_of(
        "captions", [clip.value.sha256 for clip in clips], [plan.key for plan in plans], _digest(voice_track)
    )

    def build(folder: Path) -> None:
        report(0.1, "joining scenes and voice")
        join([clip.folder / clip.value.file for clip in clips], voice_track, folder / "video.mp4")
        report(0.8, "writing captions and cover")
        cues = timed_cues(plans, narration.value)
        (folder / "captions.srt").write_text(srt(cues), encoding="utf-8")
        (folder / "captions.vtt").write_text(vtt(cues), encoding="utf-8")
        cover(plans, pictures, folder / "cover.jpg")

    folder, reused = once(tools.artefacts, "add-captions", key, build)
    report(1.0, "video.mp4 is whole")
    return Made(Captioned(), folder, "hidden-hill", "1", reused)


def timed_cues(plans: Sequence[SegmentPlan], narration: Narration) -> list[Cue]:
    """Every cue with its times moved from its scene's clock to the video's."""
    moved = []
    for plan, first in zip(plans, narration.starts(), strict=True):
        begin = first / FPS
        moved += [
            cue.model_copy(update={"start": begin + cue.start, "end": begin + cue.end}) for cue in plan.cues
        ]
    return moved


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def key_of(*parts: object) -> str:
    """A stable name for what the parts say: 128 bits of SHA-256 over canonical JSON, as 32 hex digits."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no place in a key")


def once(artefacts: Artefacts, stage: str, key: str, build: Callable[[Path], None]) -> tuple[Path, bool]:
    """The artefact's folder, built if it isn't there; and whether it was there."""
    if (folder := artefacts.find(stage, key)) is not None:
        return folder, True
    with artefacts.make(stage, key) as scratch:
        build(scratch)
    folder = artefacts.find(stage, key)
    assert folder is not None
    return folder, False


M = TypeVar("M", bound=BaseModel)


def _write(file: Path, value: BaseModel) -> None:
    file.write_text(value.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _read(file: Path, model: type[M]) -> M:
    return model.model_validate_json(file.read_bytes())
