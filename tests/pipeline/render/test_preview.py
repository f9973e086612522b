"""The small one of the two videos: it fits where files are limited, and it is the same video."""

from __future__ import annotations

import re
import subprocess
import wave
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import numpy.typing as npt
import pytest

from pipeline.render.encode import image_of
from pipeline.render.preview import LARGEST, preview

#: What Discord takes where nobody pays for more (bytes).
DISCORD = 10 * 1024 * 1024
SECONDS = 2


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of shapes that move."""
    return made(tmp_path_factory.mktemp("whole") / "video.mp4", f"testsrc2=s=720x1280:r=30:d={SECONDS}")


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same under noise, which nothing can compress."""
    source = f"testsrc2=s=720x1280:r=30:d={SECONDS},noise=alls=30:allf=t"
    return made(tmp_path_factory.mktemp("noisy") / "video.mp4", source)


def made(to: Path, source: str) -> Path:
    how = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"]
    ffmpeg("-f", "lavfi", "-i", source, *how, str(to))
    return to


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone in mono, as loud as our narration."""
    to = tmp_path_factory.mktemp("voice") / "voice.wav"
    tone = (9_400 * np.sin(np.arange(48_000 * SECONDS) * 2 * np.pi * 1_000 / 48_000)).astype("<i2")
    with wave.open(str(to), "wb") as out:
        out.setparams((1, 2, 48_000, len(tone), "NONE", ""))
        out.writeframes(tone.tobytes())
    return to


def ffmpeg(*words: str) -> str:
    """What ffmpeg says."""
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-y"]
    return subprocess.run([*program, *words], check=True, capture_output=True, text=True).stderr


def loudness(file: Path) -> float:
    """Of the whole file, in LUFS."""
    said = ffmpeg("-i", str(file), "-af", "ebur128", "-f", "null", "-")
    found = re.search(r"I:\s+(-?[\d.]+) LUFS", said[said.rindex("Summary:") :])
    assert found
    return float(found[1])


def shown(file: Path) -> list[Fraction]:
    """When its frames are shown; every one is decoded."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        return [frame.pts * stream.time_base for frame in container.decode(stream) if frame.pts is not None]


def small(video: Path, voice: Path, to: Path, largest: int = LARGEST) -> Path:
    assert preview(video, voice, to, largest=largest, progress=lambda _: None)
    return to


def room(minutes: int) -> int:
    """As little room a second (bytes in all) as a video of so many minutes has; a second of it is the reserve."""
    return LARGEST * (SECONDS + 1) // (minutes * 60 + 1)


def size_of(file: Path) -> tuple[int, int]:
    with av.open(str(file)) as container:
        return container.streams.video[0].width, container.streams.video[0].height


def test_every_server_takes_what_we_call_small_enough() -> None:
    assert DISCORD * 0.9 < LARGEST < DISCORD * 0.95


def test_it_is_the_same_video_in_what_any_telephone_plays(video: Path, voice: Path, tmp_path: Path) -> None:
    told: list[float] = []
    to = tmp_path / "preview.mp4"
    assert preview(video, voice, to, progress=told.append)
    assert to.stat().st_size < video.stat().st_size / 2
    with av.open(str(to)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec_context.name, picture.codec_context.profile) == ("h264", "Main")
        assert (picture.codec_context.pix_fmt, picture.average_rate) == ("yuv420p", 30)
        assert (picture.width, picture.height) == (540, 960)
        assert (sound.codec_context.name, sound.rate, sound.layout.name) == ("aac", 48_000, "stereo")
        assert sound.duration is not None
        assert sound.time_base is not None
        assert SECONDS - 0.03 < sound.duration * sound.time_base <= SECONDS + 1 / 60
    assert shown(to) == shown(video) == [Fraction(number, 30) for number in range(30 * SECONDS)]
    content = to.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert loudness(to) == pytest.approx(loudness(voice), abs=0.2)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_it_shows_what_the_video_shows(video: Path, voice: Path, tmp_path: Path) -> None:
    def at(file: Path, number: int) -> npt.NDArray[np.float64]:
        with av.open(str(file)) as container:
            frame = next(islice(container.decode(video=0), number, None))
            return np.asarray(image_of(frame).resize((54, 96)), dtype=float)

    less = small(video, voice, tmp_path / "preview.mp4")
    same = [np.abs(at(video, number) - at(less, number)).mean() for number in (0, 20, 50)]
    assert max(same) < 3  # of 255
    assert np.abs(at(video, 50) - at(less, 20)).mean() > 2 * max(same)


def test_the_same_video_gives_the_same_bytes(video: Path, voice: Path, tmp_path: Path) -> None:
    one, other = (small(video, voice, tmp_path / name) for name in ("a.mp4", "b.mp4"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(("minutes", "size"), [(3, (540, 960)), (5, (360, 640)), (8, (270, 480))])
def test_it_fits_however_long_the_video_is(
    noisy: Path, voice: Path, tmp_path: Path, minutes: int, size: tuple[int, int]
) -> None:
    to = small(noisy, voice, tmp_path / "preview.mp4", room(minutes))
    assert to.stat().st_size <= room(minutes)
    assert size_of(to) == size
    assert len(shown(to)) == 30 * SECONDS


def test_of_a_video_that_cannot_be_made_so_small_there_is_none(
    video: Path, voice: Path, tmp_path: Path
) -> None:
    to = tmp_path / "preview.mp4"
    assert not preview(video, voice, to, largest=room(60), progress=lambda _: None)
    assert not to.exists()


def test_a_small_video_is_not_blown_up(video: Path, voice: Path, tmp_path: Path) -> None:
    less = tmp_path / "less.mp4"
    ffmpeg("-i", str(video), "-vf", "scale=270:480", "-c:v", "libx264", "-preset", "ultrafast", str(less))
    assert size_of(small(less, voice, tmp_path / "preview.mp4")) == (270, 480)
