"""What the pictures of whole threads tell: our example paper (CC0), read and told by the real reader and writer."""

from __future__ import annotations

import base64
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from pipeline.model import Paper, Script
from pipeline.paper.pdf import read_pdf
from pipeline.providers import Brief
from pipeline.script.extractive import ExtractiveWriter
from storage.records import Job, PaperCard
from tests.pictures.samples import job

_HERE = Path(__file__).parents[2]


def told() -> tuple[Paper, Script]:
    """The paper, and its script."""
    with tempfile.TemporaryDirectory() as folder:
        paper = read_pdf(_HERE / "examples" / "caption-times.pdf", Path(folder), "file:caption-times.pdf")
    writer = ExtractiveWriter()
    return paper, writer.write(paper, Brief(seconds=67, audience="public"), spoken_seconds=_spoken)


def _spoken(text: str) -> float:
    return len(text.split()) / 2.6


def at(stage: str, far: float, message: str, left: float, paper: PaperCard, source: str) -> Job:
    """Its job at some stage: so far in all, with so many seconds to go."""
    return job(stage=stage, fraction=far, message=message, remaining=float(left), paper=paper, source=source)


def still() -> str:
    """The address (`data:…`) of a still of the example's real video."""
    with Image.open(_HERE / "docs" / "demo.jpg") as strip:
        picture = strip.crop((620, 0, 920, strip.height))
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"
