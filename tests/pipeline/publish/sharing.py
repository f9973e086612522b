"""A video of half a minute that is as small as can be, and what its share page is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np

from pipeline.captions.subtitles import srt, timed, vtt
from pipeline.model import FPS, Cue, Narration, SceneTiming, Script, Word
from pipeline.publish.manifest import scene_records
from pipeline.publish.page.page import PAGE, Shown, share_page
from tests.pictures import samples

#: Frames of each scene.
_SCENE = 2 * FPS
_SIZE = (90, 160)
#: What is beside the page, with what it is sent as.
TYPES = {
    "video.mp4": "video/mp4",
    "preview.mp4": "video/mp4",
    "cover.jpg": "image/jpeg",
    "captions.srt": "application/x-subrip",
    "captions.vtt": "text/vtt",
    PAGE: "text/html; charset=utf-8",
}


def shown(**changes: Any) -> Shown:
    """What a page tells of; `changes` in place of our own example's paper, script, footage and so on."""
    script: Script = changes.setdefault("script", samples.script())
    narration = Narration(
        scenes=tuple(_timing(scene.narration) for scene in script.scenes),
        file="narration.wav",
        loudness=-14.0,
        true_peak=-1.5,
        voice="hibari/heart 0.2.1",
    )
    scenes = scene_records(script, narration, changes.pop("footage", None))
    given: dict[str, Any] = {
        "paper": samples.paper(),
        "findings": (),
        "files": {
            "video.mp4": 19_000_000,
            "preview.mp4": 2_400_000,
            "captions.srt": 2_392,
            "cover.jpg": 90_000,
        },
        "size": _SIZE,
        "program": "Hidden Hill 0.1.0",
    }
    return Shown(narration=narration, scenes=scenes, **{**given, **changes})


def published(folder: Path, page: Shown | None = None) -> dict[str, Path]:
    """The page and what it shows, written into `folder`: name → file."""
    page = page or shown()
    folder.mkdir(parents=True, exist_ok=True)
    _film(folder / "video.mp4", page.narration.frames)
    (folder / "preview.mp4").write_bytes((folder / "video.mp4").read_bytes())
    cues = timed([[_cue(scene)] for scene in page.narration.scenes], page.narration)
    (folder / "captions.srt").write_text(srt(cues), encoding="utf-8")
    (folder / "captions.vtt").write_text(vtt(cues), encoding="utf-8")
    with av.open(str(folder / "cover.jpg"), "w", format="image2") as container:
        picture: Any = container.add_stream("mjpeg", rate=1)
        picture.width, picture.height, picture.pix_fmt = *_SIZE, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(_ground(0), format="rgb24")
        container.mux([*picture.encode(frame), *picture.encode()])
    (folder / PAGE).write_text(share_page(page), encoding="utf-8")
    return {name: folder / name for name in TYPES}


def _timing(narration: str) -> SceneTiming:
    words = narration.split()
    step = _SCENE / FPS / len(words)
    return SceneTiming(
        frames=_SCENE,
        words=tuple(
            Word(shown=word, spoken=word, start=at * step, end=(at + 1) * step)
            for at, word in enumerate(words)
        ),
    )


def _cue(scene: SceneTiming) -> Cue:
    return Cue(words=scene.words, start=0.0, end=scene.seconds)


def _film(target: Path, frames: int) -> None:
    with av.open(str(target), "w", options={"movflags": "faststart"}) as container:
        stream: Any = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "35"})
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        for number in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_ground(number), format="rgb24")))
        container.mux(stream.encode())


def _ground(number: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    ground = np.full((_SIZE[1], _SIZE[0], 3), (11, 16, 32), np.uint8)
    ground[:, : 1 + number % _SIZE[0]] = (38, 70, 132)
    return ground
