"""Paper, script and timings → a frozen value a scene, from which its pixels follow and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from pipeline.captions.cues import cues
from pipeline.errors import ScriptError
from pipeline.model import (
    FPS,
    CardVisual,
    Cue,
    FigureVisual,
    Footage,
    ImageVisual,
    Narration,
    NumberVisual,
    Paper,
    Scene,
    SceneKind,
    SceneTiming,
    Script,
    Value,
)
from pipeline.render.captions_layer import caption_fits
from pipeline.render.picture import (
    CardPicture,
    FootagePicture,
    NumberPicture,
    Picture,
    QuotePicture,
    SheetPicture,
    SourcePicture,
    TitlePicture,
)
from pipeline.render.theme import ThemeName, choose_theme, seed_of
from pipeline.visuals.credits import byline, footage_credit, source_facts

#: Part of every key: raise it when the same plan gives other pixels, or the same clips another video.
RENDERER: Final = "2"

#: A longer passage (characters) is not shown: nobody reads it in a scene's time.
LONGEST_PASSAGE: Final = 340

#: What the label line says. A finding is counted when there are several.
LABELS: dict[SceneKind, str] = {
    "hook": "The paper",
    "background": "Why it matters",
    "method": "What they did",
    "finding": "The finding",
    "limitation": "What to keep in mind",
    "takeaway": "The takeaway",
    "source": "Source",
}


class SegmentPlan(Value):
    """Everything that a scene's pixels depend on. `index` of `count` is its place in the story.

    Cue times count from the scene's first frame. There is no absolute start time in it, so a changed
    duration of one scene leaves the plans of the others as they are.
    """

    picture: Picture
    label: str
    badges: tuple[str, ...]
    index: int
    count: int
    cues: tuple[Cue, ...]
    frames: int
    size: tuple[int, int]
    theme: ThemeName
    seed: int

    @property
    def seconds(self) -> float:
        return self.frames / FPS

    @property
    def key(self) -> str:
        """The name of the finished segment: the same exactly when the pixels are."""
        return hashlib.sha256(f"{RENDERER}\n{_engines()}\n{self.model_dump_json()}".encode()).hexdigest()


@cache
def _engines() -> str:
    """The libraries whose next release may draw or encode otherwise: clips of two releases don't join."""
    return " ".join(f"{name} {version(name)}" for name in ("av", "opencv-python-headless", "pillow"))


def plan_segments(
    paper: Paper,
    script: Script,
    narration: Narration,
    *,
    figures_folder: Path,
    images_folder: Path | None,
    size: tuple[int, int],
    scenes: Collection[int] | None = None,
    grounds: Mapping[int, int] | None = None,
    footage: Mapping[int, Footage] | None = None,
) -> list[SegmentPlan]:
    """One plan a scene, or a plan for each of `scenes` only. A scene with `footage` shows that and nothing else.

    `grounds` gives single scenes another ground: its number, 0 being the paper's own. Raises
    `ScriptError` when a picture of the user's is missing or no picture. A figure whose file can't be
    opened becomes a card: the story goes on without it.
    """
    identity = paper.doi or paper.title
    labels = _labels(script)
    plans = []
    for index, (scene, timing) in enumerate(zip(script.scenes, narration.scenes, strict=True)):
        if scenes is not None and index not in scenes:
            continue
        file = _scene_file(index, scene, paper, figures_folder=figures_folder, images_folder=images_folder)
        ground = (grounds or {}).get(index, 0)
        filmed = (footage or {}).get(index)
        filmed_picture = _footage(paper, scene, filmed) if filmed is not None else None
        plans.append(
            SegmentPlan(
                picture=filmed_picture or _picture(paper, scene, timing, file),
                label=labels[index],
                badges=_badges(paper),
                index=index,
                count=len(script.scenes),
                cues=tuple(cues(timing.words, fits=caption_fits, seconds=timing.seconds)),
                frames=timing.frames,
                size=size,
                theme=choose_theme(identity),
                seed=seed_of(f"{identity} {ground}" if ground else identity),
            )
        )
    return plans


def _scene_file(
    index: int, scene: Scene, paper: Paper, *, figures_folder: Path, images_folder: Path | None
) -> Path | None:
    """The picture file of a scene, `None` where it has none or the figure's can't be opened."""
    match scene.visual:
        case ImageVisual(file=name):
            return _users_picture(name, images_folder, index + 1)
        case FigureVisual(figure=name):
            figures = {figure.id: figure.file for figure in paper.figures}
            if name not in figures:
                raise ScriptError(
                    f"Scene {index + 1} asks for the figure “{name}”, and the paper has none of that id.",
                    f"Use one of: {', '.join(figures) or 'none, the paper has no figures'}.",
                )
            picture = figures[name]
            return figures_folder / picture if picture and _opens(figures_folder / picture) else None
        case _:
            return None


def _users_picture(name: str, folder: Path | None, number: int) -> Path:
    advice = "Put a PNG, JPEG, TIFF, GIF or WebP file of that name beside the script."
    if folder is None or not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise ScriptError(
            f"Scene {number} asks for the picture “{name}”, which is not beside the script.", advice
        )
    file = folder / name
    if not file.is_file():
        raise ScriptError(f"Scene {number} asks for the picture “{name}”, which is not there.", advice)
    if not _opens(file):
        raise ScriptError(f"Scene {number} asks for “{name}”, which is no picture.", advice)
    return file


def _opens(file: Path) -> bool:
    try:
        with Image.open(file) as picture:
            return bool(min(picture.size) > 1)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return False


def _picture(paper: Paper, scene: Scene, timing: SceneTiming, file: Path | None) -> Picture:
    if scene.kind == "source":
        return SourcePicture(title=paper.title, facts=source_facts(paper), notes=paper.notes)
    if file is not None and isinstance(scene.visual, FigureVisual | ImageVisual):
        with Image.open(file) as picture:
            size = picture.size
        return SheetPicture(sha256=_sha256(file), credit=scene.visual.credit, size=size)
    if scene.kind == "hook":
        return TitlePicture(title=paper.title, byline=byline(paper))
    if isinstance(scene.visual, NumberVisual):
        visual = scene.visual
        return NumberPicture(value=visual.value, meaning=visual.meaning, said=_said(visual.value, timing))
    headline = scene.visual.headline if isinstance(scene.visual, CardVisual) else ""
    passage = _passage(scene) if not headline else None
    return passage or CardPicture(motif=scene.kind, headline=headline)


def _footage(paper: Paper, scene: Scene, footage: Footage) -> Picture | None:
    if footage.sha256 is None:
        return None
    title = TitlePicture(title=paper.title, byline=byline(paper)) if scene.kind == "hook" else None
    return FootagePicture(sha256=footage.sha256, credit=footage_credit(footage), title=title)


def _passage(scene: Scene) -> QuotePicture | None:
    """The first passage behind the scene that is short enough to be read while it is told."""
    evidence = [evidence for claim in scene.claims for evidence in claim.evidence]
    fitting = next((e for e in evidence if len(e.quote) <= LONGEST_PASSAGE), None)
    if fitting is None:
        return None
    where = f"{fitting.section}, page {fitting.page}" if fitting.page else fitting.section
    return QuotePicture(quote=fitting.quote, place=f"The paper’s words · {where}".rstrip(" ·"))


def _said(value: str, timing: SceneTiming) -> float:
    """When the first word that holds the number's digits ends, kept between 0.8 s and 2.2 s."""
    digits = re.search(r"\d[\d.,]*", value)
    at = next((w.end for w in timing.words if digits and digits.group().strip(".,") in w.shown), 1.2)
    return round(min(max(at, 0.8), 2.2, max(timing.seconds - 0.5, 0.1)), 3)


def _labels(script: Script) -> list[str]:
    findings = sum(scene.kind == "finding" for scene in script.scenes)
    labels, found = [], 0
    for scene in script.scenes:
        label = LABELS[scene.kind]
        if scene.kind == "finding" and findings > 1:
            found += 1
            label = f"Finding {found} of {findings}"
        labels.append(label)
    return labels


def _badges(paper: Paper) -> tuple[str, ...]:
    marks = {
        "WITHDRAWN": paper.withdrawn,
        "RETRACTED": paper.retracted and not paper.withdrawn,
        "EXPRESSION OF CONCERN": paper.concern and not paper.retracted,
        "PREPRINT": paper.preprint,
        "ABSTRACT ONLY": paper.abstract_only,
    }
    return tuple(badge for badge, shown in marks.items() if shown)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
