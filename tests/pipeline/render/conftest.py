"""A small paper with every kind of scene, drawn at a quarter of the real size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.model import (
    Author,
    CardVisual,
    Figure,
    FigureVisual,
    ImageVisual,
    Narration,
    NumberVisual,
    Paper,
    Scene,
    SceneTiming,
    Script,
    Word,
)
from pipeline.render.plan import SegmentPlan, plan_segments

SIZE = (270, 480)


def spoken(narration: str) -> SceneTiming:
    """Words as long as their letters, from 0.1 s on; the scene ends 0.3 s after the last one."""
    words, now = [], 0.1
    for shown in narration.split():
        seconds = 0.06 + 0.05 * len(shown)
        words.append(Word(shown=shown, spoken=shown, start=round(now, 3), end=round(now + seconds - 0.02, 3)))
        now += seconds
    return SceneTiming(frames=round((now + 0.3) * 30), words=tuple(words))


def narration_of(script: Script) -> Narration:
    scenes = tuple(spoken(scene.narration) for scene in script.scenes)
    return Narration(scenes=scenes, file="voice.wav", loudness=-14, true_peak=-2, voice="test")


def gradient(file: Path, width: int, height: int) -> Path:
    """A picture in which every pixel differs from its neighbours."""
    rows, columns = np.mgrid[:height, :width]
    rgb = np.dstack([columns * 255 // width, rows * 255 // height, (rows + columns) % 256])
    Image.fromarray(rgb.astype(np.uint8)).save(file)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Figures of usual, wide and narrow shape, and a user's picture."""
    gradient(tmp_path / "usual.png", 640, 420)
    gradient(tmp_path / "wide.png", 1600, 200)
    gradient(tmp_path / "narrow.png", 300, 900)
    gradient(tmp_path / "mine.png", 500, 500)
    return tmp_path


@pytest.fixture
def paper() -> Paper:
    names = ("usual", "wide", "narrow")
    return Paper(
        title="A calcium sensor decides how long a memory lasts in the hippocampus of adult mice",
        authors=(
            Author(name="Ana Silva", surname="Silva"),
            Author(name="Kim Østergård", surname="Østergård"),
        ),
        figures=tuple(
            Figure(id=name, label=f"Figure {n}", caption="", file=f"{name}.png")
            for n, name in enumerate(names, start=1)
        ),
        journal="Journal of Memory",
        year=2021,
        doi="10.1234/memory.5678",
        licence="CC-BY-4.0",
        retracted=True,
        preprint=True,
        notes=("Told from the abstract: the body of the paper could not be had.",),
        source="file:memory.xml",
    )


@pytest.fixture
def script() -> Script:
    def figure(name: str) -> FigureVisual:
        return FigureVisual(figure=name, credit="Figure 1 · Silva & Østergård 2021 · CC BY 4.0")

    return Script(
        scenes=(
            Scene(kind="hook", narration="What decides which memories stay?"),
            Scene(
                kind="background",
                narration="Nobody knew which sensor listens.",
                visual=CardVisual(headline="Which sensor listens?"),
            ),
            Scene(kind="method", narration="They recorded neurons in mice.", visual=figure("usual")),
            Scene(
                kind="finding",
                narration="Recall fell by 37.5 % overall.",
                visual=NumberVisual(value="37.5 %", meaning="less recall without the sensor"),
            ),
            Scene(
                kind="finding",
                narration="The wide view shows every single site at once.",
                visual=figure("wide"),
            ),
            Scene(
                kind="finding",
                narration="The narrow view shows the whole of the column.",
                visual=figure("narrow"),
            ),
            Scene(
                kind="limitation", narration="Only males were studied.", visual=ImageVisual(file="mine.png")
            ),
            Scene(kind="takeaway", narration="One protein keeps time."),
            Scene(kind="source", narration="Silva and Østergård, 2021."),
        )
    )


@pytest.fixture
def planned(paper: Paper, script: Script, folder: Path) -> Callable[..., list[SegmentPlan]]:
    """Plan the script, or a changed paper or script."""

    def plan(paper: Paper = paper, script: Script = script) -> list[SegmentPlan]:
        return plan_segments(
            paper, script, narration_of(script), figures_folder=folder, images_folder=folder, size=SIZE
        )

    return plan


@pytest.fixture
def files(folder: Path) -> Mapping[str, Path]:
    return {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in folder.glob("*.png")}
