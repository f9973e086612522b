"""Setting type: Inter in any weight, other fonts for what it lacks, lines broken so that they look meant."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby, pairwise

from PIL import ImageDraw, ImageFont

from pipeline.render.theme import Colour

#: Narrower than this share of the size, a line's height would let accents and descenders touch.
LEADING = 1.16


@dataclass(frozen=True)
class Face:
    """A weight of Inter at a size in pixels. `tracking` is extra space between letters, in em."""

    size: int
    weight: int
    tracking: float = 0.0


@dataclass(frozen=True)
class Setting:
    """Text set in lines. `leading` is the distance between baselines in pixels."""

    lines: tuple[str, ...]
    face: Face
    leading: int

    @property
    def width(self) -> float:
        return max((measure(line, self.face) for line in self.lines), default=0.0)

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


@lru_cache(maxsize=64)
def font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Inter at `size` pixels; `weight` from 100 to 900."""
    import fontpkg

    inter = ImageFont.truetype(str(fontpkg.path("inter")), size)
    inter.set_variation_by_axes([min(max(size, 14), 32), weight])
    return inter


@lru_cache(maxsize=1)
def _math_bytes() -> bytes:
    from pymupdf_fonts.NotoSansMath_Regular import fontbuffer

    return bytes(fontbuffer)


@lru_cache(maxsize=32)
def _math(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_math_bytes()), size)


@lru_cache(maxsize=4096)
def _drawable(character: str, fallback: bool) -> bool:
    """Whether the font has a glyph: one that it lacks looks exactly like a code point that no font has."""
    face = _math(24) if fallback else font(24, 400)
    mask, missing = face.getmask(character), face.getmask("\U000f1234")
    return mask.size != missing.size or bytes(mask) != bytes(missing)


@lru_cache(maxsize=4096)
def _font_of(character: str) -> str:
    """Which font draws `character`: "inter", "math" or "" (none)."""
    if character.isascii() or unicodedata.combining(character) or _drawable(character, fallback=False):
        return "inter"
    return "math" if _drawable(character, fallback=True) else ""


@lru_cache(maxsize=4096)
def presentable(text: str) -> str:
    """`text` with every character drawable: compatibility forms for what no font has, else nothing."""
    kept = []
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        if unicodedata.category(character) in ("Cf", "Cc", "Co", "Cn"):
            continue
        if _font_of(character):
            kept.append(character)
        else:
            kept += [c for c in unicodedata.normalize("NFKC", character) if _font_of(c)]
    return " ".join("".join(kept).split())


def measure(text: str, face: Face) -> float:
    """The width of a line of presentable text, in pixels."""
    spacing = face.tracking * face.size * len(text)
    return spacing + sum(cut.getlength(run) for cut, run in _runs(text, face))


def draw(canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: Face, fill: Colour) -> None:
    """Draw a line of presentable text; `at` is the left end of its baseline."""
    x, baseline = at
    for cut, run in _runs(text, face):
        if not face.tracking:
            canvas.text((x, baseline), run, font=cut, fill=fill, anchor="ls")
            x += cut.getlength(run)
            continue
        for letter in run:
            canvas.text((x, baseline), letter, font=cut, fill=fill, anchor="ls")
            x += cut.getlength(letter) + face.tracking * face.size


def _runs(text: str, face: Face) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    return [
        (_math(face.size) if name == "math" else font(face.size, face.weight), "".join(run))
        for name, run in groupby(text, key=_font_of)
    ]


def fit(
    text: str, *, width: float, height: float, sizes: tuple[int, int], weight: int, lines: int
) -> Setting:
    """Set `text` as large as it goes into `width` × `height` pixels in at most `lines` balanced lines.

    `sizes` are the largest and the smallest size in pixels. At the smallest, words too long for a line
    are broken and what does not fit ends in an ellipsis.
    """
    text = presentable(text)
    largest, smallest = sizes
    for size in range(largest, smallest - 1, -2):
        face = Face(size, weight)
        leading = round(size * LEADING)
        room = min(lines, int(height // leading))
        broken = break_lines(text.split(), face, width)
        if broken is not None and len(broken) <= room:
            return Setting(tuple(broken), face, leading)
    face = Face(smallest, weight)
    leading = round(smallest * LEADING)
    room = max(1, min(lines, int(height // leading)))
    words = [part for word in text.split() for part in _hyphenated(word, face, width)]
    broken = break_lines(words, face, width) or [""]
    if len(broken) > room:
        broken = [*broken[: room - 1], _shortened(broken[room - 1], face, width)]
    return Setting(tuple(broken), face, leading)


def break_lines(
    words: list[str], face: Face, width: float, *, space: float | None = None
) -> list[str] | None:
    """Break into the fewest lines that fit, as even as can be; `None` where a word is too long.

    `space` is the width between words in pixels, the font's own unless given.
    """
    space = measure(" ", face) if space is None else space
    widths = [measure(word, face) for word in words]
    if any(w > width for w in widths):
        return None
    count, used = 1, 0.0
    for w in widths:
        if used and used + space + w > width:
            count, used = count + 1, w
        else:
            used = used + space + w if used else w
    # Fewest lines by the greedy rule; then the smallest sum of squared gaps among that many lines.
    ends = [0.0]
    for w in widths:
        ends.append(ends[-1] + w + space)
    best: list[list[float]] = [[0.0] + [float("inf")] * len(words)]
    cut: list[list[int]] = [[0] * (len(words) + 1)]
    for _ in range(count):
        row, via = [float("inf")] * (len(words) + 1), [0] * (len(words) + 1)
        for j in range(1, len(words) + 1):
            for i in range(j - 1, -1, -1):
                line = ends[j] - ends[i] - space
                if line > width:
                    break
                cost = best[-1][i] + (width - line) ** 2
                if cost < row[j]:
                    row[j], via[j] = cost, i
        best.append(row)
        cut.append(via)
    marks = [len(words)]
    for line_number in range(count, 0, -1):
        marks.append(cut[line_number][marks[-1]])
    return [" ".join(words[i:j]) for i, j in pairwise(reversed(marks))]


def _hyphenated(word: str, face: Face, width: float) -> list[str]:
    parts = []
    while measure(word, face) > width:
        end = len(word) - 1
        while end > 1 and measure(word[:end] + "-", face) > width:
            end -= 1
        end = max(word.rfind("-", 2, end), word.rfind("/", 2, end)) + 1 or end
        parts.append(word[:end] + ("" if word[end - 1] in "-/" else "-"))
        word = word[end:]
    return [*parts, word]


def _shortened(line: str, face: Face, width: float) -> str:
    while line and measure(line + "…", face) > width:
        line = line[:-1]
    return line.rstrip(" ,;:–-") + "…"
