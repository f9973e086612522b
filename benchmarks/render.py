"""What composing costs beside encoding: (compose + encode) / (encode alone), per kind of scene.

    python benchmarks/render.py

Both are measured in one process, on the same frames, in CPU time, so that the ratio means the same on any
machine and under any load.
"""

from __future__ import annotations

import hashlib
import resource
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from pipeline.model import Cue, Word
from pipeline.render.compose import Composer
from pipeline.render.encode import Encoder
from pipeline.render.picture import NumberPicture, Picture, SheetPicture
from pipeline.render.plan import SegmentPlan
from pipeline.render.planes import Planes

SIZE, FRAMES = (1080, 1920), 120
TEXT = "The recall of trained animals fell by 37.5 % within a week."


def figure(file: Path) -> SheetPicture:
    """A chart-like picture: thin lines on white, noise in a corner."""
    rgb = np.full((1400, 2000, 3), 255, np.uint8)
    for i in range(24):
        points = np.column_stack(
            [np.linspace(100, 1900, 40), 700 + 500 * np.sin(np.linspace(0, 9, 40) + i / 4)]
        )
        cv2.polylines(rgb, [points.astype(np.int32)], False, (10 * i, 90, 250 - 10 * i), 3, cv2.LINE_AA)
    rgb[100:400, 100:500] = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    Image.fromarray(rgb).save(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return SheetPicture(sha256=digest, credit="Figure 1 · Silva et al. 2018 · CC BY 4.0", size=(2000, 1400))


def plan_of(picture: Picture) -> SegmentPlan:
    words = [
        Word(shown=w, spoken=w, start=0.1 + 0.3 * i, end=0.36 + 0.3 * i) for i, w in enumerate(TEXT.split())
    ]
    groups = [tuple(words[i : i + 4]) for i in range(0, len(words), 4)]
    cues = tuple(Cue(words=group, start=group[0].start, end=group[-1].end) for group in groups)
    return SegmentPlan(
        picture=picture, label="The finding", badges=(), index=3, count=8, cues=cues,
        frames=FRAMES, size=SIZE, theme="amber", seed=7,
    )  # fmt: skip


def measure(plan: SegmentPlan, files: dict[str, Path], folder: Path) -> tuple[float, float]:
    """CPU milliseconds a frame: composing and encoding, and encoding alone."""
    frames = []
    begin = time.process_time()
    composer = Composer(plan, files)
    with Encoder(folder / "both.mp4", size=SIZE) as encoder:
        for number in range(FRAMES):

            def draw(planes: Planes, number: int = number) -> None:
                composer.draw(number, planes)

            encoder.frame(draw)
    both = time.process_time() - begin
    for number in range(FRAMES):
        frames.append(Planes.empty(*SIZE))
        composer.draw(number, frames[-1])
    begin = time.process_time()
    with Encoder(folder / "encoded.mp4", size=SIZE) as encoder:
        for frame in frames:
            encoder.frame(frame.copy_to)
    alone = time.process_time() - begin
    return 1000 * both / FRAMES, 1000 * alone / FRAMES


def main() -> None:
    cv2.setNumThreads(1)
    number = NumberPicture(value="37.5 %", meaning="less recall without the sensor, after a week", said=1.4)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = figure(folder / "figure.png")
        files = {sheet.sha256: folder / "figure.png"}
        print(f"{'scene':8} {'compose + encode':>17} {'encode alone':>13} {'ratio':>6}   (CPU ms a frame)")
        pictures: dict[str, Picture] = {"number": number, "figure": sheet}
        for kind, picture in pictures.items():
            both, alone = measure(plan_of(picture), files, folder)
            print(f"{kind:8} {both:17.1f} {alone:13.1f} {both / alone:6.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"peak memory {peak:.0f} MB, of which {FRAMES * SIZE[0] * SIZE[1] * 1.5 / 1e6:.0f} MB are kept frames"
    )


if __name__ == "__main__":
    main()
