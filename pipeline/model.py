"""The values that pass between the stages. All are frozen; all that is written to disk is one of them.

Times are seconds; a scene's times count from the scene's first frame unless a field says otherwise.
Pages are 1-based, `None` where the source has no pages. Paths are relative to the folder of the
artefact that holds the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

#: Frames a second of every video. 1/30 s is also the grid on which scenes begin and end.
FPS = 30
#: Seconds of silence before a scene's first word, and after its last one.
LEAD, TAIL = 0.35, 0.45
#: The last scene, the source card, stays this long after its last word (seconds).
LAST_TAIL = 1.5

SectionKind = Literal["introduction", "methods", "results", "discussion", "other"]
SceneKind = Literal["hook", "background", "method", "finding", "limitation", "takeaway", "source"]
Audience = Literal["public", "student", "peer"]
Tone = Literal["plain", "warm", "lively"]
FigurePolicy = Literal["auto", "off", "all"]
StageName = Literal[
    "fetch-paper", "generate-script", "generate-audio", "generate-videos", "add-captions", "publish"
]
Severity = Literal["block", "repair", "warn"]


class Value(BaseModel):
    """A frozen value. Unknown fields are refused, so that a misspelt one in an edited file is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Author(Value):
    """One author as the record names them: `name` is how it is printed, `surname` how it is cited."""

    name: str
    surname: str


class Section(Value):
    """A section of the body, subsections folded in. `pages[i]` is the page on which `paragraphs[i]` begins."""

    title: str
    kind: SectionKind
    paragraphs: tuple[str, ...]
    pages: tuple[int | None, ...] = ()


class Figure(Value):
    """A figure of the paper. `file` is `None` when its picture could not be had.

    `third_party` marks a figure that the paper itself took from elsewhere ("reproduced with
    permission"): the paper's licence does not cover it.
    """

    id: str
    label: str
    caption: str
    file: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    page: int | None = None
    third_party: bool = False


class Passage(Value):
    """A paragraph of the paper with where it stands: what evidence is searched in."""

    text: str
    section: str
    kind: SectionKind | Literal["abstract", "caption"]
    page: int | None = None
    label: str = ""


class Paper(Value):
    """A paper as it was read.

    `abstract` holds its paragraphs; where the abstract is structured, `abstract_labels[i]` is the
    label of paragraph i and the paragraph reads "Label: text". `licence` is an SPDX expression
    (`LicenseRef-…` for what SPDX does not list) or `None` when unknown. `language` is that of the
    body (ISO 639-1); the abstract is English always. `notes` are sentences that a viewer is owed
    ("Told from the English abstract: the paper is in Portuguese."). `source` is what was asked for
    ("pmid:32296183", "file:article.pdf"), never a path.
    """

    title: str
    authors: tuple[Author, ...] = ()
    abstract: tuple[str, ...] = ()
    abstract_labels: tuple[str, ...] = ()
    abstract_page: int | None = None
    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    licence: str | None = None
    language: str = "en"
    article_type: str | None = None
    retracted: bool = False
    preprint: bool = False
    abstract_only: bool = False
    notes: tuple[str, ...] = ()
    source: str

    def passages(self) -> Iterator[Passage]:
        """Every paragraph that a quote may come from: abstract, body, captions, in reading order."""
        labels = self.abstract_labels or ("",) * len(self.abstract)
        for text, label in zip(self.abstract, labels, strict=True):
            body = text.removeprefix(f"{label}: ") if label else text
            yield Passage(
                text=body, section="Abstract", kind="abstract", page=self.abstract_page, label=label
            )
        for section in self.sections:
            pages = section.pages or (None,) * len(section.paragraphs)
            for text, page in zip(section.paragraphs, pages, strict=True):
                yield Passage(text=text, section=section.title, kind=section.kind, page=page)
        for figure in self.figures:
            if figure.caption:
                yield Passage(text=figure.caption, section=figure.label, kind="caption", page=figure.page)


class Evidence(Value):
    """A verbatim passage of the paper: `quote` occurs in it once white space is collapsed."""

    quote: str
    section: str
    page: int | None = None


class Claim(Value):
    """Something the narration asserts, and what in the paper says so."""

    text: str
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class FigureVisual(Value):
    """A figure of the paper, by its id. `credit` is shown on screen."""

    kind: Literal["figure"] = "figure"
    figure: str
    credit: str


class ImageVisual(Value):
    """A picture of the user's own, by file name beside the script."""

    kind: Literal["image"] = "image"
    file: str
    credit: str = ""


class NumberVisual(Value):
    """A big number and what it counts, both from the scene's evidence."""

    kind: Literal["number"] = "number"
    value: str
    meaning: str


class CardVisual(Value):
    """Type on a moving ground. An empty headline leaves the words to the captions."""

    kind: Literal["card"] = "card"
    headline: str = ""


Visual = Annotated[FigureVisual | ImageVisual | NumberVisual | CardVisual, Field(discriminator="kind")]


class Scene(Value):
    """One beat of the story. Captions are the words of `narration`, exactly.

    `by_hand`: a person wrote them anew, over the claims of the scene that the writer made.
    """

    kind: SceneKind
    narration: str = Field(min_length=1)
    claims: tuple[Claim, ...] = ()
    visual: Visual = CardVisual()
    by_hand: bool = False


class Script(Value):
    """What will be said and shown. `pace` is the speaking rate, 1 being the voice's own.

    `writer` is who wrote it, with its version. `remarks` are sentences about how it came to be that whoever
    orders the video is owed ("Gemini was too busy; the embedded writer wrote this script.").
    """

    scenes: tuple[Scene, ...] = Field(min_length=1)
    audience: Audience = "public"
    seconds: int = 67
    pace: float = Field(default=1.0, ge=0.8, le=1.25)
    writer: str = "by hand"
    remarks: tuple[str, ...] = Field(default=(), exclude_if=lambda remarks: not remarks)


class Finding(Value):
    """What a check found: `sentence` for a person, `scene` 0-based, `passage` the words it is about."""

    check: str
    severity: Severity
    scene: int | None = None
    sentence: str
    passage: str = ""


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
