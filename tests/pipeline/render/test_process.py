from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import DamagedFileError
from pipeline.process import Stopped
from pipeline.render.picture import NumberPicture, SheetPicture
from pipeline.render.plan import SegmentPlan
from pipeline.render.process import draw_in_process
from pipeline.render.segment import render_segment


def plan(frames: int, *, height: int = 480) -> SegmentPlan:
    return SegmentPlan(
        picture=NumberPicture(value="42", meaning="of something", said=0.5),
        label="Finding",
        badges=(),
        index=1,
        count=3,
        cues=(),
        frames=frames,
        size=(height * 9 // 16, height),
        theme="amber",
        seed=3,
    )


def test_a_scene_drawn_by_another_process_is_the_same_to_the_byte(tmp_path: Path) -> None:
    told: list[float] = []
    clip = draw_in_process(plan(20), {}, tmp_path / "there.mp4", told.append, threading.Event())
    here = render_segment(plan(20), {}, tmp_path / "here.mp4", lambda _: None)
    assert (clip.sha256, clip.frames) == (here.sha256, 20)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_stopping_ends_the_drawing_at_once(tmp_path: Path) -> None:
    stop = threading.Event()

    def stop_at_the_first_sign(_: float) -> None:
        stop.set()

    began = time.monotonic()
    with pytest.raises(Stopped):
        draw_in_process(plan(3_000, height=1920), {}, tmp_path / "x.mp4", stop_at_the_first_sign, stop)
    assert time.monotonic() - began < 60, "3,000 large frames would take minutes"


def test_what_the_user_must_know_comes_back_from_the_process(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG no more")
    broken = plan(5).model_copy(update={"picture": SheetPicture(sha256="00", credit="", size=(400, 300))})
    with pytest.raises(DamagedFileError):
        draw_in_process(broken, {"00": tmp_path / "broken.png"}, tmp_path / "x.mp4", print, threading.Event())


def test_a_defect_of_ours_comes_back_with_its_traceback(tmp_path: Path) -> None:
    nowhere = tmp_path / "no" / "such" / "folder" / "x.mp4"
    with pytest.raises(FileNotFoundError) as caught:
        draw_in_process(plan(5), {}, nowhere, lambda _: None, threading.Event())
    assert "in render_segment" in "".join(caught.value.__notes__)
