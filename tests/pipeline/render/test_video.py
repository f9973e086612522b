"""Clips, the joined video, the cover and the contact sheet: files that a player opens."""

from __future__ import annotations

import wave
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from pipeline.render.cover import cover
from pipeline.render.join import JoinError, join
from pipeline.render.plan import SegmentPlan
from pipeline.render.segment import render_segment
from pipeline.render.sheet import sheet
from tests.pipeline.render.conftest import SIZE

Planned = Callable[..., list[SegmentPlan]]


def rendered(plans: list[SegmentPlan], files: Mapping[str, Path], folder: Path) -> list[Path]:
    clips = [folder / f"{plan.index}.mp4" for plan in plans]
    for plan, clip in zip(plans, clips, strict=True):
        render_segment(plan, files, clip, lambda _: None)
    return clips


def voice(file: Path, seconds: float) -> Path:
    tone = (8000 * np.sin(np.arange(round(48_000 * seconds)) * 0.05)).astype("<i2")
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(tone.tobytes())
    return file


def test_a_clip_holds_its_frames_and_says_how_its_colours_are_meant(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plan, told = planned()[3], []
    clip = render_segment(plan, files, tmp_path / "clip.mp4", told.append)
    with av.open(str(tmp_path / clip.file)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        context = stream.codec_context
        assert (context.width, context.height, context.pix_fmt) == (*SIZE, "yuv420p")
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (
            1,
            1,
            1,
            1,
        )
    assert len(frames) == clip.frames == plan.frames
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_same_plan_gives_the_same_bytes(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plan = planned()[2]
    clips = [render_segment(plan, files, tmp_path / name, lambda _: None) for name in ("a.mp4", "b.mp4")]
    assert clips[0].sha256 == clips[1].sha256
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_joined_video_has_every_frame_at_its_time_and_the_voice(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plans = [planned()[i] for i in (0, 3, 8)]
    frames = sum(plan.frames for plan in plans)
    clips = rendered(plans, files, tmp_path)
    join(clips, voice(tmp_path / "voice.wav", frames / 30), tmp_path / "video.mp4")
    with av.open(str(tmp_path / "video.mp4")) as video:
        times = [Fraction(frame.pts) * frame.time_base for frame in video.decode(video=0)]
    assert times == [Fraction(i, 30) for i in range(frames)]
    with av.open(str(tmp_path / "video.mp4")) as video:
        sound = video.streams.audio[0]
        assert (sound.codec_context.name, sound.rate, sound.layout.name) == ("aac", 48_000, "stereo")
        seconds = float(sound.duration * sound.time_base)
        assert frames / 30 - 0.03 <= seconds <= frames / 30 + 1 / 60
        left, right = np.concatenate([frame.to_ndarray() for frame in video.decode(audio=0)], axis=1)
    # Loudness adds the channels' power: together they are as loud as the mono voice was.
    power = (left**2).mean() + (right**2).mean()
    assert power == pytest.approx((8000 / 32768) ** 2 / 2, rel=0.05)


def test_joining_twice_gives_the_same_bytes_with_the_index_in_front(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plans = planned()[:2]
    clips = rendered(plans, files, tmp_path)
    track = voice(tmp_path / "voice.wav", sum(plan.frames for plan in plans) / 30)
    join(clips, track, tmp_path / "a.mp4")
    join(clips, track, tmp_path / "b.mp4")
    data = (tmp_path / "a.mp4").read_bytes()
    assert data == (tmp_path / "b.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_voice_longer_than_the_picture_is_refused(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plan = planned()[7]
    clips = rendered([plan], files, tmp_path)
    with pytest.raises(JoinError, match="longer"):
        join(clips, voice(tmp_path / "voice.wav", plan.seconds + 0.5), tmp_path / "video.mp4")


def test_clips_of_different_sizes_are_refused(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    one = planned()[7]
    other = planned()[8].model_copy(update={"size": (180, 320)})
    clips = rendered([one, other], files, tmp_path)
    with pytest.raises(JoinError, match="other settings"):
        join(clips, voice(tmp_path / "voice.wav", 1.0), tmp_path / "video.mp4")


def test_the_cover_is_the_title_without_captions(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plans = planned()
    cover(plans, files, tmp_path / "cover.jpg")
    bare = [plan.model_copy(update={"cues": ()}) for plan in plans]
    cover(bare, files, tmp_path / "bare.jpg")
    assert (tmp_path / "cover.jpg").read_bytes() == (tmp_path / "bare.jpg").read_bytes()
    with Image.open(tmp_path / "cover.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", SIZE)
        assert np.asarray(picture.convert("L")).max() > 200


def test_a_contact_sheet_shows_a_frame_for_each_time(
    planned: Planned, files: Mapping[str, Path], tmp_path: Path
) -> None:
    plan = planned()[3]
    rendered([plan], files, tmp_path)
    sheet(tmp_path / "3.mp4", [0.1, 0.9, 0.5, 99.0, 0.2, 0.3, 0.4], tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as page:
        assert page.width > 6 * 270
        assert page.height > 2 * 480
