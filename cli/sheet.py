"""`hidden-hill sheet`: a look at a finished video, a frame of every scene on one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from pipeline.publish.manifest import Manifest
from pipeline.render.sheet import sheet as draw_sheet


def sheet(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished video.")],
    out: Annotated[Path | None, typer.Option(help="Where the picture goes; sheet.png in the folder.")] = None,
    at: Annotated[float, typer.Option(min=0, max=1, help="Which moment of each scene, 0 to 1.")] = 0.6,
) -> None:
    """Put a frame of every scene side by side, to look at."""
    console = Console(stderr=True)
    picture = out if out is not None else folder / "sheet.png"
    try:
        manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
        draw_sheet(
            folder / "video.mp4",
            [scene.start + at * (scene.end - scene.start) for scene in manifest.scenes],
            picture,
        )
    except (OSError, ValidationError) as error:
        console.print(
            f"{folder} holds no finished video. Make one first: hidden-hill make SOURCE --out {folder}"
        )
        raise typer.Exit(2) from error
    typer.echo(picture)
