"""What is made of a script: the voice with its timings, captions, clips, footage."""

from __future__ import annotations

from pydantic import Field

from pipeline.model.value import Value

#: Frames a second of every video. 1/30 s is also the grid on which scenes begin and end.
FPS = 30
#: Seconds of silence before a scene's first word, and after its last one.
LEAD, TAIL = 0.35, 0.45
#: The last scene, the source card, stays this long after its last word (seconds).
LAST_TAIL = 1.5


class Word(Value):
    """A word as it is shown and as it is said, with when (seconds from the scene's first frame)."""

    shown: str
    spoken: str
    start: float
    end: float


class SceneTiming(Value):
    """How long a scene lasts, in frames, and when its words are said."""

    frames: int
    words: tuple[Word, ...]

    @property
    def seconds(self) -> float:
        return self.frames / FPS


class Narration(Value):
    """The voice track `file` (48 kHz mono WAV, exactly as long as the scenes) and its timings.

    `loudness` is integrated LUFS, `true_peak` dBTP, both measured on the file. `voice` is who speaks, with
    its version. `remarks` are sentences about how it came to be that whoever orders the video is owed.
    """

    scenes: tuple[SceneTiming, ...]
    file: str
    loudness: float
    true_peak: float
    voice: str
    remarks: tuple[str, ...] = Field(default=(), exclude_if=lambda remarks: not remarks)

    def starts(self) -> list[int]:
        """The first frame of each scene, counted from the start of the video."""
        starts, frame = [], 0
        for scene in self.scenes:
            starts.append(frame)
            frame += scene.frames
        return starts

    @property
    def frames(self) -> int:
        return sum(scene.frames for scene in self.scenes)


class Cue(Value):
    """A caption: words that stand on screen together, seconds from the scene's first frame."""

    words: tuple[Word, ...] = Field(min_length=1)
    start: float
    end: float

    @property
    def text(self) -> str:
        return " ".join(word.shown for word in self.words)


class Clip(Value):
    """A finished scene: an H.264 stream without sound, `frames` long."""

    file: str
    frames: int
    sha256: str


class Footage(Value):
    """Moving pictures that a model made for a scene, or, without a `file`, why there are none (`remark`).

    `file` is H.264 of the video's size and frame rate without sound, at least as long as its scene; `sha256` is its
    content's. `provider`, `model` and `prompt` say how it was made. `lasting`: the same is answered whenever it is
    asked for; else the word was given at `at` (epoch seconds) and may be another by now.
    """

    provider: str
    model: str = ""
    prompt: str = ""
    file: str | None = None
    sha256: str | None = None
    remark: str = ""
    lasting: bool = True
    at: float = 0.0
