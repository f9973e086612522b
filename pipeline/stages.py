"""The stages. Each is a function of its inputs, its tools and a `report`, and is done once per key.

A key is a hash of everything the result depends on: the inputs' content, the settings that matter,
the provider and its version. Same key, same result; so a second run, a retry and an edited scene all
reuse what exists. Keys hash content, never the keys before them: a paper read again to the same
words redoes nothing after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.captions.subtitles import srt, timed, vtt
from pipeline.errors import RetractedError, WithdrawnError
from pipeline.keys import Unusable, digest_of, key_of, once, read, recall, write
from pipeline.model import (
    Clip,
    Narration,
    Paper,
    Script,
    StageName,
)
from pipeline.order import Made, Order, Tools
from pipeline.paper import reading
from pipeline.paper.language import name_of
from pipeline.paper.pubmed import INCOMPLETE
from pipeline.providers import Filmed, Report
from pipeline.render.cover import cover
from pipeline.render.join import join
from pipeline.render.picture import SheetPicture
from pipeline.render.plan import RENDERER, SegmentPlan, plan_segments
from pipeline.render.preview import VERSION as PREVIEWER
from pipeline.render.preview import preview

#: In the order in which they run. The names appear in messages, logs and the manifest.
STAGES: tuple[StageName, ...] = (
    "fetch-paper",
    "generate-script",
    "generate-audio",
    "generate-videos",
    "add-captions",
    "publish",
)

#: How long what NCBI said of a paper is believed (seconds): a retraction must not stay unseen for long.
BELIEVED: Final = 7 * 24 * 3600

#: Draws a segment: (plan, its picture files, where to write, told the fraction done) → the clip.
Draw = Callable[[SegmentPlan, Mapping[str, Path], Path, Callable[[float], None]], Clip]


def fetch_paper(order: Order, tools: Tools, report: Report) -> Made[Paper]:
    """Read the paper and its figures; what is made of it is what may be told (`Paper.told`).

    Raises `RetractedError` (or `WithdrawnError`) unless the order says `force`.
    """
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
        return read(folder / "paper.json", Paper).told()

    report(0.0, f"reading {order.source.value}")
    paper, folder, reused = once(tools.artefacts, "fetch-paper", key, build, load)
    if paper.retracted and not order.force:
        raise _taken_back(paper)
    report(1.0, _what_was_read(paper))
    return Made(paper, folder, key, reading.provider(order.source), reading.VERSION, reused)


def _taken_back(paper: Paper) -> RetractedError:
    error, word = (WithdrawnError, "withdrawn") if paper.withdrawn else (RetractedError, "retracted")
    return error(
        f"This paper has been {word}: “{paper.title}”.",
        f"If a video of it is what you want, say so with --force; it will carry a {word.upper()} badge.",
    )


def known_paper(order: Order, tools: Tools, key: str) -> Made[Paper] | None:
    """The paper that was read under `key`, however long ago; `None` when it is gone."""
    found = recall(
        tools.artefacts, "fetch-paper", key, lambda folder: read(folder / "paper.json", Paper).told()
    )
    return found and Made(*found, key, reading.provider(order.source), reading.VERSION, reused=True)


def _what_was_read(paper: Paper) -> str:
    with_pictures = sum(figure.file is not None for figure in paper.figures)
    if paper.abstract_only:
        return (
            "abstract only"
            if paper.language == "en"
            else f"abstract only, as it is in {name_of(paper.language)}"
        )
    if not paper.figures:
        return f"{len(paper.sections)} sections, no figures"
    if not with_pictures:
        return f"{len(paper.sections)} sections, {len(paper.figures)} figures (no picture files found)"
    return f"{len(paper.sections)} sections, {with_pictures} of {len(paper.figures)} figures with pictures"


def plan_scenes(
    tools: Tools,
    paper: Made[Paper],
    script: Made[Script],
    narration: Narration,
    *,
    scenes: Collection[int] | None = None,
    grounds: Mapping[int, int] | None = None,
    footage: Mapping[int, Filmed] | None = None,
) -> tuple[list[SegmentPlan], Mapping[str, Path]]:
    """What each scene (or each of `scenes`) will look like, as values, and the picture files they name by sha256.

    `grounds` gives single scenes another ground, `footage` moving pictures in place of what they would show.
    """
    filmed = {index: one.footage for index, one in (footage or {}).items()}
    plans = plan_segments(
        paper.value,
        script.value,
        narration,
        figures_folder=paper.folder,
        images_folder=script.folder,
        size=tools.size,
        scenes=scenes,
        grounds=grounds,
        footage=filmed,
    )
    named = {plan.picture.sha256 for plan in plans if isinstance(plan.picture, SheetPicture)}
    pictures = [*(paper.folder / "figures").glob("*"), *(script.folder / "images").glob("*")]
    found: dict[str, Path] = {}
    for picture in sorted(pictures):
        if named <= found.keys():
            break
        found[digest_of(picture)] = picture
    for one in (footage or {}).values():
        if one.footage.file is not None and one.footage.sha256 is not None:
            found[one.footage.sha256] = one.folder / one.footage.file
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


#: The finished files that add-captions leaves in its folder; and the one that is missing of a very long video.
CAPTIONED: Final = ("video.mp4", "cover.jpg", "captions.srt", "captions.vtt")
PREVIEW: Final = "preview.mp4"
_CAPTIONER: Final = f"{RENDERER}.{PREVIEWER}"


def add_captions(
    tools: Tools,
    plans: list[SegmentPlan],
    pictures: Mapping[str, Path],
    clips: Sequence[Made[Clip]],
    narration: Made[Narration],
    report: Report,
) -> Made[tuple[str, ...]]:
    """Join the scenes with the voice, and write the caption files, the cover and the preview."""
    voice_track = narration.folder / narration.value.file
    key = key_of(
        "captions",
        PREVIEWER,
        [clip.value.sha256 for clip in clips],
        [plan.key for plan in plans],
        digest_of(voice_track),
    )

    def build(folder: Path) -> None:
        report(0.1, "joining scenes and voice")
        video = folder / "video.mp4"
        join([clip.folder / clip.value.file for clip in clips], voice_track, video)
        report(0.2, "writing captions and cover")
        cues = timed([plan.cues for plan in plans], narration.value)
        (folder / "captions.srt").write_text(srt(cues), encoding="utf-8")
        (folder / "captions.vtt").write_text(vtt(cues), encoding="utf-8")
        cover(plans, pictures, folder / "cover.jpg")

        def drawn(fraction: float) -> None:
            report(0.3 + 0.7 * fraction, "making the preview")

        preview(video, voice_track, folder / PREVIEW, progress=drawn)

    files, folder, reused = once(tools.artefacts, "add-captions", key, build, _whole)
    report(1.0, "video.mp4 is whole")
    return Made(files, folder, key, "hidden-hill", _CAPTIONER, reused)


def known_captioned(tools: Tools, key: str) -> Made[tuple[str, ...]] | None:
    """The finished files that are kept under `key`; `None` when they are gone."""
    found = recall(tools.artefacts, "add-captions", key, _whole)
    return found and Made(*found, key, "hidden-hill", _CAPTIONER, reused=True)


def _whole(folder: Path) -> tuple[str, ...]:
    if not all((folder / name).is_file() for name in CAPTIONED):
        raise Unusable
    return CAPTIONED if not (folder / PREVIEW).is_file() else (*CAPTIONED, PREVIEW)
