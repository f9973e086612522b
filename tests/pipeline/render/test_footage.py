"""Scenes that show footage: words stand out on whatever it shows, and say that nobody filmed it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from pipeline.errors import DamagedFileError
from pipeline.model import Footage, Paper, Script
from pipeline.render.compose import Composer
from pipeline.render.layout import PROGRESS, STAGE, Scale
from pipeline.render.plan import SegmentPlan, plan_segments
from pipeline.render.planes import Planes
from pipeline.render.stage.footage import Reel
from pipeline.render.theme import MUTED, TEXT, THEMES, contrast
from tests.pipeline.render.conftest import SIZE, narration_of

HOOK, BACKGROUND = 0, 1


def film(file: Path, *, light: int, frames: int = 40) -> Path:
    """Footage of one grey that grows a little lighter from frame to frame."""
    container: Any = av.open(str(file), "w", format="mp4")
    stream: Any = container.add_stream("libx264", rate=30, options={"qp": "0", "preset": "ultrafast"})
    stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
    for number in range(frames):
        frame: Any = av.VideoFrame(*SIZE, "yuv420p")
        for plane, value in zip(frame.planes, (min(light + number, 235), 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        for packet in stream.encode(frame):
            container.mux(packet)
    for packet in stream.encode(None):
        container.mux(packet)
    container.close()
    return file


@pytest.fixture
def white(tmp_path: Path) -> Path:
    return film(tmp_path / "white.mp4", light=235)


def planned(
    paper: Paper, script: Script, folder: Path, file: Path
) -> tuple[list[SegmentPlan], Mapping[str, Path]]:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    footage = Footage(provider="Runway", model="gen4.5", prompt="hills", file=file.name, sha256=sha256)
    plans = plan_segments(
        paper,
        script,
        narration_of(script),
        figures_folder=folder,
        images_folder=folder,
        size=SIZE,
        scenes={HOOK, BACKGROUND},
        footage={HOOK: footage, BACKGROUND: footage},
    )
    return plans, {sha256: file}


def drawn(plan: SegmentPlan, files: Mapping[str, Path], number: int) -> Planes:
    frame = Planes.empty(*SIZE)
    Composer(plan, files).draw(number, frame)
    return frame


@pytest.mark.parametrize("index", [HOOK, BACKGROUND])
def test_what_must_be_read_is_readable_on_white_footage(
    paper: Paper, script: Script, folder: Path, white: Path, index: int
) -> None:
    plans, files = planned(paper, script, folder, white)
    plan = plans[index].model_copy(update={"cues": ()})
    frame = drawn(plan, files, plan.frames // 2)
    scale = Scale(*SIZE)
    rows = [PROGRESS.bottom + 24] + ([STAGE.top + 90, STAGE.bottom - 70] if index == HOOK else [])
    for row in rows:
        # The frame's last column: no letters stand there.
        luma = int(frame.y[round(scale.px(row)), -1])
        grey = round((luma - 16) * 255 / 219)
        behind = (grey, grey, grey)
        assert contrast(TEXT, behind) >= 7
        assert contrast(THEMES[plan.theme].accent, behind) >= 4.5
        assert contrast(MUTED, behind) >= 4.5
    assert int(frame.y[round(scale.px(1700)), -1]) > 190, "elsewhere the footage is what is seen"


@pytest.mark.parametrize("index", [HOOK, BACKGROUND])
def test_lines_on_footage_are_apart_and_its_credit_is_on_screen(
    paper: Paper, script: Script, folder: Path, white: Path, index: int
) -> None:
    plans, files = planned(paper, script, folder, white)
    boxes = Composer(plans[index], files).texts(plans[index].frames // 2)
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert [box.width > 250 for box in boxes if PROGRESS.bottom < box.top < STAGE.top] == [True]
    assert plans[index].picture.model_dump()["credit"] == "Footage: generated (Runway)"


def test_a_scene_moves_with_its_footage_and_any_frame_is_the_same_whenever_it_is_drawn(
    paper: Paper, script: Script, folder: Path, tmp_path: Path
) -> None:
    [_, plan], files = planned(paper, script, folder, film(tmp_path / "film.mp4", light=60))
    composer, one, other = Composer(plan, files), Planes.empty(*SIZE), Planes.empty(*SIZE)
    composer.draw(30, one)
    composer.draw(12, other)
    again = Planes.empty(*SIZE)
    composer.draw(30, again)
    assert np.array_equal(one.y, again.y)
    middle = np.s_[SIZE[1] * 9 // 10 :, :]
    assert one.y[middle].mean() > other.y[middle].mean() + 10
    assert np.array_equal(drawn(plan, files, 30).y, one.y)


def test_other_footage_is_another_segment_and_none_leaves_it_as_it_was(
    paper: Paper, script: Script, folder: Path, white: Path, tmp_path: Path
) -> None:
    plans, _ = planned(paper, script, folder, white)
    others, _ = planned(paper, script, folder, film(tmp_path / "dark.mp4", light=20))
    assert plans[BACKGROUND].key != others[BACKGROUND].key

    def key(footage: Mapping[int, Footage]) -> str:
        [plan] = plan_segments(
            paper,
            script,
            narration_of(script),
            figures_folder=folder,
            images_folder=folder,
            size=SIZE,
            scenes={BACKGROUND},
            footage=footage,
        )
        return plan.key

    none = Footage(provider="Runway", remark="No generated footage: it was refused.")
    assert key({BACKGROUND: none}) == key({})


def test_footage_that_ends_early_stays_on_its_last_frame_and_a_broken_file_is_named(
    tmp_path: Path,
) -> None:
    reel = Reel(film(tmp_path / "short.mp4", light=60, frames=3))
    assert int(reel.frame(50).y[0, 0]) == 62
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(DamagedFileError):
        Reel(tmp_path / "broken.mp4").frame(0)
