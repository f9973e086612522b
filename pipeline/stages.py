"""The stages. Each is a function of its inputs, its tools and a `report`, and is done once per key.

A key is a hash of everything the result depends on: the inputs' content, the settings that matter,
the provider and its version. Same key, same result; so a second run, a retry and an edited scene all
reuse what exists. Keys hash content, never the keys before them: a paper read again to the same
words redoes nothing after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeVar

from pipeline.captions.subtitles import srt, vtt
from pipeline.errors import RetractedError, ScriptError
from pipeline.keys import Unusable, digest_of, key_of, once, read, recall, write
from pipeline.model import (
    FPS,
    Audience,
    Clip,
    Cue,
    Figure,
    FigurePolicy,
    Narration,
    Paper,
    Script,
    StageName,
)
from pipeline.narration import narrate as narration_room
from pipeline.paper import reading
from pipeline.paper.figure_files import save_picture
from pipeline.paper.licence import allows_figures
from pipeline.paper.pubmed import INCOMPLETE, Ncbi
from pipeline.paper.source import Source
from pipeline.providers import Artefacts, Brief, Limits, Purchases, Report, Speech, Voice, Writer
from pipeline.render.cover import cover
from pipeline.render.join import join
from pipeline.render.picture import SheetPicture
from pipeline.render.plan import RENDERER, SegmentPlan, plan_segments
from pipeline.script import by_hand
from pipeline.script.check import check
from pipeline.script.evidence import verbatim
from pipeline.visuals import figures as visuals_room
from pipeline.visuals.credits import figure_credit

#: In the order in which they run. The names appear in messages, logs and the manifest.
STAGES: tuple[StageName, ...] = (
    "fetch-paper",
    "generate-script",
    "generate-audio",
    "generate-videos",
    "add-captions",
    "publish",
)

#: Provider and version of a script that a person wrote.
BY_HAND: Final = ("by hand", "1")

#: How long what NCBI said of a paper is believed (seconds): a retraction must not stay unseen for long.
BELIEVED: Final = 7 * 24 * 3600

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for. `script` is a script file of their own, in place of the writer.

    `takes` says how often a scene (0-based) was redone: each take shows something else of the paper.
    """

    source: Source
    seconds: int = 67
    audience: Audience = "public"
    figures: FigurePolicy = "auto"
    figures_folder: Path | None = None
    script: Path | None = None
    force: bool = False
    takes: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Who does the work, and where it is kept. `size` is the video's width and height in pixels.

    `purchases` is what providers that cost money write down first; without it they can't be used. `limits` says how
    much of a provider may be used at once; without it as much as is asked for.
    """

    ncbi: Ncbi
    writer: Writer
    voice: Voice
    artefacts: Artefacts
    size: tuple[int, int] = (1080, 1920)
    workers: int = 2
    purchases: Purchases | None = None
    limits: Limits | None = None


@dataclass(frozen=True)
class Made(Generic[T]):
    """A stage's result: the value, the folder and key that hold it, who made it, and whether it was there already.

    `partly` says that some of it was: how long it took then tells nothing of the next time.
    """

    value: T
    folder: Path
    key: str
    provider: str
    version: str
    reused: bool
    partly: bool = False


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
        write(folder / "paper.json", paper)

    def load(folder: Path) -> Paper:
        old = order.source.path is None and time.time() - folder.stat().st_mtime > BELIEVED
        if old or (folder / INCOMPLETE).exists():
            raise Unusable
        return read(folder / "paper.json", Paper)

    report(0.0, f"reading {order.source.value}")
    paper, folder, reused = once(tools.artefacts, "fetch-paper", key, build, load)
    if paper.retracted and not order.force:
        raise RetractedError(
            f"This paper has been retracted: “{paper.title}”.",
            "If a video of it is what you want, say so with --force; it will carry a RETRACTED badge.",
        )
    report(1.0, _what_was_read(paper))
    return Made(paper, folder, key, reading.provider(order.source), reading.VERSION, reused)


def known_paper(order: Order, tools: Tools, key: str) -> Made[Paper] | None:
    """The paper that was read under `key`, however long ago; `None` when it is gone."""
    found = recall(tools.artefacts, "fetch-paper", key, lambda folder: read(folder / "paper.json", Paper))
    return found and Made(*found, key, reading.provider(order.source), reading.VERSION, reused=True)


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
        return _script_by_hand(order, order.script, tools, paper.value, report)
    brief = Brief(seconds=order.seconds, audience=order.audience)
    writer, voice = tools.writer, tools.voice
    providers = [writer.name, writer.version, voice.name, voice.version, visuals_room.VERSION]
    key = key_of("script", paper.value, vars(brief), order.figures, providers)

    def build(folder: Path) -> None:
        script = writer.write(paper.value, brief, spoken_seconds=voice.seconds)
        showable = showable_figures(paper.value, order.figures)
        write(folder / "script.json", visuals_room.assign_figures(script, paper.value, showable))

    script, folder, reused = once(tools.artefacts, "generate-script", key, build, _load_script)
    _refuse_blocked(script, paper.value)
    report(1.0, f"{len(script.scenes)} scenes")
    return Made(script, folder, key, writer.name, writer.version, reused)


def _load_script(folder: Path) -> Script:
    return read(folder / "script.json", Script)


def known_script(order: Order, tools: Tools, key: str) -> Made[Script] | None:
    """The script that was written under `key`; `None` when it is gone."""
    found = recall(tools.artefacts, "generate-script", key, _load_script)
    who = BY_HAND if order.script is not None else (tools.writer.name, tools.writer.version)
    return found and Made(*found, key, *who, reused=True)


def showable_figures(paper: Paper, policy: FigurePolicy) -> list[Figure]:
    """The figures with a picture that may be shown: by licence (`auto`), on the user's word (`all`), or none."""
    pictured = [figure for figure in paper.figures if figure.file is not None]
    if policy == "auto":
        return [figure for figure in pictured if allows_figures(paper.licence) and not figure.third_party]
    return pictured if policy == "all" else []


def _script_by_hand(order: Order, file: Path, tools: Tools, paper: Paper, report: Report) -> Made[Script]:
    script = verbatim(by_hand.load_script(file), paper)
    pictures = by_hand.own_pictures(script, file.parent)
    digests = {name: digest_of(picture) for name, picture in pictures.items()}
    kept_as = {name: f"images/{digest[:16]}.png" for name, digest in digests.items()}
    script = by_hand.with_visuals(
        script,
        paper,
        kept_as=kept_as,
        showable=showable_figures(paper, order.figures),
        credit_of=figure_credit,
    )
    _refuse_blocked(script, paper)

    def build(folder: Path) -> None:
        (folder / "images").mkdir()
        for name, kept in kept_as.items():
            if not save_picture(pictures[name], folder / kept):
                raise ScriptError(
                    f"“{name}” can't be read as a picture.", "Use a PNG, JPEG, TIFF or GIF file."
                )
        write(folder / "script.json", script)

    key = key_of("script-by-hand", script)
    script, folder, reused = once(tools.artefacts, "generate-script", key, build, _load_script)
    report(1.0, f"{len(script.scenes)} scenes, from {file.name}")
    return Made(script, folder, key, *BY_HAND, reused, partly=True)


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
    provider = _speaker(voice)

    def speech_of(text: str, pace: float) -> Speech:
        def build(folder: Path) -> None:
            narration_room.save_speech(voice.speak(text, pace=pace), folder)

        key = key_of(provider, text, pace)
        return once(tools.artefacts, "speech", key, build, narration_room.load_speech)[0]

    def build(folder: Path) -> None:
        narration = narration_room.narrate(script, voice, folder, speech_of, report)
        write(folder / "narration.json", narration)

    key = key_of("audio", [scene.narration for scene in script.scenes], script.pace, provider)
    narration, folder, reused = once(tools.artefacts, "generate-audio", key, build, _load_narration)
    report(1.0, f"{narration.frames / FPS:.0f} s at {narration.loudness:.1f} LUFS")
    return Made(narration, folder, key, voice.name, voice.version, reused)


def _speaker(voice: Voice) -> list[str]:
    return [voice.name, voice.version, narration_room.VERSION]


def speech_keys(tools: Tools, script: Script) -> list[str]:
    """The keys under which `generate_audio` keeps each scene's speech (stage "speech")."""
    return [key_of(_speaker(tools.voice), scene.narration, script.pace) for scene in script.scenes]


def _load_narration(folder: Path) -> Narration:
    return read(folder / "narration.json", Narration)


def known_narration(tools: Tools, key: str) -> Made[Narration] | None:
    """The narration that was spoken under `key`; `None` when it is gone."""
    found = recall(tools.artefacts, "generate-audio", key, _load_narration)
    return found and Made(*found, key, tools.voice.name, tools.voice.version, reused=True)


def plan_scenes(
    tools: Tools,
    paper: Made[Paper],
    script: Made[Script],
    narration: Narration,
    *,
    scenes: Collection[int] | None = None,
    grounds: Mapping[int, int] | None = None,
) -> tuple[list[SegmentPlan], Mapping[str, Path]]:
    """What each scene (or each of `scenes`) will look like, as values, and the picture files they name by sha256.

    `grounds` gives single scenes another ground.
    """
    plans = plan_segments(
        paper.value,
        script.value,
        narration,
        figures_folder=paper.folder,
        images_folder=script.folder,
        size=tools.size,
        scenes=scenes,
        grounds=grounds,
    )
    named = {plan.picture.sha256 for plan in plans if isinstance(plan.picture, SheetPicture)}
    pictures = [*(paper.folder / "figures").glob("*"), *(script.folder / "images").glob("*")]
    found: dict[str, Path] = {}
    for picture in sorted(pictures):
        if named <= found.keys():
            break
        found[digest_of(picture)] = picture
    return plans, found


def generate_scene(
    tools: Tools,
    plan: SegmentPlan,
    pictures: Mapping[str, Path],
    draw: Draw,
    progress: Callable[[float], None],
) -> Made[Clip]:
    """Draw one scene. The captions are in it already: the picture is encoded once and only once."""

    def build(folder: Path) -> None:
        write(folder / "clip.json", draw(plan, pictures, folder / "clip.mp4", progress))

    clip, folder, reused = once(
        tools.artefacts, "scene", plan.key, build, lambda folder: read(folder / "clip.json", Clip)
    )
    progress(1.0)
    return Made(clip, folder, plan.key, "hidden-hill", RENDERER, reused)


#: The finished files that add-captions leaves in its folder.
CAPTIONED: Final = ("video.mp4", "cover.jpg", "captions.srt", "captions.vtt")


def add_captions(
    tools: Tools,
    plans: list[SegmentPlan],
    pictures: Mapping[str, Path],
    clips: Sequence[Made[Clip]],
    narration: Made[Narration],
    report: Report,
) -> Made[tuple[str, ...]]:
    """Join the scenes with the voice, and write the caption files and the cover."""
    voice_track = narration.folder / narration.value.file
    key = key_of(
        "captions",
        [clip.value.sha256 for clip in clips],
        [plan.key for plan in plans],
        digest_of(voice_track),
    )

    def build(folder: Path) -> None:
        report(0.1, "joining scenes and voice")
        join([clip.folder / clip.value.file for clip in clips], voice_track, folder / "video.mp4")
        report(0.8, "writing captions and cover")
        cues = timed_cues(plans, narration.value)
        (folder / "captions.srt").write_text(srt(cues), encoding="utf-8")
        (folder / "captions.vtt").write_text(vtt(cues), encoding="utf-8")
        cover(plans, pictures, folder / "cover.jpg")

    files, folder, reused = once(tools.artefacts, "add-captions", key, build, _whole)
    report(1.0, "video.mp4 is whole")
    return Made(files, folder, key, "hidden-hill", RENDERER, reused)


def known_captioned(tools: Tools, key: str) -> Made[tuple[str, ...]] | None:
    """The finished files that are kept under `key`; `None` when they are gone."""
    found = recall(tools.artefacts, "add-captions", key, _whole)
    return found and Made(*found, key, "hidden-hill", RENDERER, reused=True)


def _whole(folder: Path) -> tuple[str, ...]:
    if not all((folder / name).is_file() for name in CAPTIONED):
        raise Unusable
    return CAPTIONED


def timed_cues(plans: Sequence[SegmentPlan], narration: Narration) -> list[Cue]:
    """Every cue with its times moved from its scene's clock to the video's."""
    moved = []
    for plan, first in zip(plans, narration.starts(), strict=True):
        begin = first / FPS
        moved += [
            cue.model_copy(update={"start": begin + cue.start, "end": begin + cue.end}) for cue in plan.cues
        ]
    return moved
