"""A script that a person wrote: read, held to what it may show, its pictures brought along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import ScriptError
from pipeline.model import Figure, FigureVisual, ImageVisual, Paper, Scene, Script, Visual


def load_script(file: Path) -> Script:
    """The script in `file`. Raises `ScriptError` with the first place that is wrong."""
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


def own_pictures(script: Script, folder: Path) -> dict[str, Path]:
    """The files of the user's own pictures, by the names in the script.

    Raises `ScriptError` for one that isn't there or lies outside of `folder`: a script may come from
    somebody else, and must not reach other files.
    """
    pictures = {
        s.visual.file: folder / s.visual.file for s in script.scenes if isinstance(s.visual, ImageVisual)
    }
    for name, picture in pictures.items():
        if not picture.resolve().is_relative_to(folder.resolve()) or not picture.is_file():
            raise ScriptError(
                f"The script shows a picture “{name}” that isn't beside it.",
                "Put the file in the script's folder and give its name.",
            )
    return pictures


def with_visuals(
    script: Script,
    paper: Paper,
    *,
    kept_as: Mapping[str, str],
    showable: Sequence[Figure],
    credit_of: Callable[[Paper, Figure], str],
) -> Script:
    """The script with its pictures' names as they are kept, and every figure credited as the paper's record says.

    Raises `ScriptError` when it shows a figure that the paper has not, or that is not `showable`.
    """

    def settled(number: int, scene: Scene) -> Scene:
        visual: Visual = scene.visual
        if isinstance(visual, ImageVisual):
            visual = visual.model_copy(update={"file": kept_as[visual.file]})
        elif isinstance(visual, FigureVisual):
            figure = _allowed(number, visual.figure, paper, showable)
            visual = FigureVisual(figure=figure.id, credit=credit_of(paper, figure))
        return scene.model_copy(update={"visual": visual})

    scenes = tuple(settled(number, scene) for number, scene in enumerate(script.scenes, start=1))
    return script.model_copy(update={"scenes": scenes})


def _allowed(number: int, name: str, paper: Paper, showable: Sequence[Figure]) -> Figure:
    allowed = next((figure for figure in showable if figure.id == name), None)
    if allowed is not None:
        return allowed
    usable = ", ".join(figure.id for figure in showable) or "none of this paper's can be used"
    if any(figure.id == name for figure in paper.figures):
        raise ScriptError(
            f"Scene {number} shows the figure “{name}”, which has no picture or may not be shown.",
            f"Figures that can be used: {usable}. With --figures all you say that you may use them.",
        )
    raise ScriptError(
        f"Scene {number} shows the figure “{name}”, and the paper has none of that id.",
        f"Figures that can be used: {usable}.",
    )
