"""Lines put together to blocks: pieces of one column set in one style, a paragraph or a part of one.

Words that a line's end cut in two are made whole again.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.paper.headings import is_back_matter, kind_of
from pipeline.paper.pdf_layout import Strip
from pipeline.paper.pdf_lines import Line

BULLET = re.compile(r"[•●▪◦‣■–]\s|\(?(\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s")
#: First parts that make one word with what follows, though they are words themselves.
NEVER_ALONE = frozenset(
    [
        "under",
        "over",
        "inter",
        "with",
        "through",
        "every",
        "some",
        "there",
        "where",
        "more",
        "micro",
        "nano",
        "mono",
        "multi",
        "photo",
        "super",
        "back",
        "fore",
        "down",
        "hydro",
        "electro",
        "immuno",
        "patho",
        "data",
        "work",
    ]
)
#: Short words that open a compound ("as-needed", "well-known" being longer).
SHORT_FIRSTS = frozenset(["as", "by", "of", "up", "to", "low", "non", "two", "six", "ten", "one", "pre"])
#: Larger type (points) is that of titles, which are broken where they sound best.
_TITLES = 15.0
#: Ends of a sentence, marks of references after them included.
STOP = re.compile(r"[.!?:;…][\"”’')\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹,⁻–-]*$")


def is_section_name(text: str) -> bool:
    """Whether the text is nothing but the name of a usual section ("2. Materials and Methods")."""
    return len(text.split()) <= 5 and len(text) < 50 and (kind_of(text) != "other" or is_back_matter(text))


@dataclass(frozen=True)
class Vocabulary:
    """How often a document uses each word inside its lines, in lower case; those with a hyphen apart."""

    words: Mapping[str, int]
    hyphened: Mapping[str, int]

    def join(self, before: str, after: str) -> str:
        """`before` and `after` of a line's end as one text: a hyphen that only parts a word goes."""
        cut = re.search(r"([^\W_]+)-$", before)
        rest = re.match(r"[^\W_]+", after)
        if cut is None or rest is None:
            return f"{before}{after}" if before.endswith(("-", "/", "–")) else f"{before} {after}"
        if rest[0] in {"and", "or", "to"}:  # "water- and fat-soluble"
            return f"{before} {after}"
        return before + after if self._keeps_hyphen(cut[1], rest[0]) else before[:-1] + after

    def _keeps_hyphen(self, cut: str, rest: str) -> bool:
        if not rest[0].islower() or not cut[-1].islower():
            return True
        left, right = cut.lower(), rest.lower()
        whole, parted = self.words.get(left + right, 0), self.hyphened.get(f"{left}-{right}", 0)
        if whole or parted:
            return parted > whole
        if left in NEVER_ALONE or (len(left) < 4 and left not in SHORT_FIRSTS):
            return False
        return len(right) >= 3 and left in self.words and right in self.words


def read_vocabulary(strips: Iterable[Strip]) -> Vocabulary:
    """All words that stand whole inside a line."""
    words: Counter[str] = Counter()
    hyphened: Counter[str] = Counter()
    for strip in strips:
        for line in strip.lines:
            for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*(?!\S*-$)", line.text.lower()):
                (hyphened if "-" in word else words)[word] += 1
    return Vocabulary(words, hyphened)


@dataclass(frozen=True)
class Block:
    """Lines of one style that follow one another, and their text made whole."""

    lines: tuple[Line, ...]
    text: str
    left: float
    right: float
    page: int
    strip: int

    @cached_property
    def size(self) -> float:
        sizes: Counter[float] = Counter()
        for line in self.lines:
            sizes[line.size] += len(line.text)
        return max(sizes, key=lambda size: sizes[size])

    @cached_property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    @cached_property
    def italic(self) -> bool:
        return all(line.italic for line in self.lines)

    @cached_property
    def family(self) -> str:
        """The font's name up to its style: "MinionPro" of "MinionPro-Regular"."""
        fonts = Counter[str]()
        for line in self.lines:
            fonts[line.face.font] += len(line.text)
        return re.split(r"[-,.]", fonts.most_common(1)[0][0])[0]

    @property
    def top(self) -> float:
        return self.lines[0].top

    @property
    def bottom(self) -> float:
        return self.lines[-1].bottom

    @property
    def x0(self) -> float:
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)

    @property
    def letters(self) -> float:
        """The share of letters among all that is not white space."""
        solid = [character for character in self.text if not character.isspace()]
        return sum(character.isalpha() for character in solid) / max(len(solid), 1)

    @property
    def indented(self) -> bool:
        return self.lines[0].x0 > self.left + 0.7 * self.size

    @property
    def centred(self) -> bool:
        """Whether the lines stand in the middle of their column, or fill it."""
        edges = [(line.x0 - self.left, self.right - line.x1) for line in self.lines]
        return all(
            abs(left - right) < self.size and (left > self.size or right < self.size) for left, right in edges
        )

    @property
    def ended(self) -> bool:
        """Whether the last sentence is finished."""
        return STOP.search(self.text) is not None


def read_blocks(strips: Sequence[Strip], vocabulary: Vocabulary) -> list[Block]:
    """The blocks of all strips in reading order."""
    leading = _leading(strips)
    return [
        Block(
            lines=tuple(lines),
            text=join_lines((line.text for line in lines), vocabulary),
            left=strip.left,
            right=strip.right,
            page=strip.page,
            strip=number,
        )
        for number, strip in enumerate(strips)
        for lines in _groups(strip, leading)
    ]


def join_lines(texts: Iterable[str], vocabulary: Vocabulary) -> str:
    """Lines as one text."""
    whole = ""
    for text in texts:
        whole = vocabulary.join(whole, text) if whole else text
    return re.sub(r"\s+", " ", whole).strip()


def _leading(strips: Iterable[Strip]) -> dict[float, float]:
    """The usual distance of baselines for each size of type."""
    distances: dict[float, list[float]] = {}
    for strip in strips:
        for a, b in pairwise(strip.lines):
            if a.size == b.size and 0.9 * a.size < b.baseline - a.baseline < 2.2 * a.size:
                distances.setdefault(a.size, []).append(b.baseline - a.baseline)
    return {size: statistics.median(found) for size, found in distances.items() if len(found) >= 3}


def _groups(strip: Strip, leading: dict[float, float]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in strip.lines:
        if group and _parts(group, line, strip, leading):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _parts(group: list[Line], line: Line, strip: Strip, leading: dict[float, float]) -> bool:
    """Whether `line` begins a new block after `group`."""
    last = group[-1]
    size = max(last.size, line.size)
    if len(group) == 1 and is_section_name(last.text) and not line.text[0].islower():
        return True
    if abs(last.size - line.size) > 0.06 * size or last.bold != line.bold:
        return True
    if last.italic != line.italic and not last.bold and last.x1 < strip.right - 3 * size:
        return True
    if line.baseline - last.baseline > 1.3 * leading.get(line.size, 1.25 * line.size):
        return True
    if _two_headings(group, line, strip):
        return True
    return _begins_paragraph(group, line, strip)


def _two_headings(group: list[Line], line: Line, strip: Strip) -> bool:
    """Whether bold lines end long before the margin, and the next one begins as headings do: one below the other."""
    last = group[-1]
    if not (last.bold and line.bold) or abs(line.x0 - last.x0) > 0.2 * line.size or line.size > _TITLES:
        return False
    if BULLET.match(group[0].text) and BULLET.match(line.text):
        return True
    opens = re.match(r"(?:\(?[\divx]{1,4}[.)]\s*)?[A-Z][^\W\d_]*", line.text)
    word = len(line.text.split(" ", 1)[0]) * line.width / max(len(line.text), 1)
    room = strip.right - last.x1
    return opens is not None and room > word + 4 * line.size and re.search(r"[\w)]$", last.text) is not None


def _begins_paragraph(group: list[Line], line: Line, strip: Strip) -> bool:
    last, size = group[-1], line.size
    if re.match(r"[•●▪◦‣■]", line.text):
        return True
    hanging = len(group) == 1 and BULLET.match(last.text)
    if line.x0 > last.x0 + 0.7 * size and not hanging:
        return True
    if line.x0 < last.x0 - 0.7 * size and len(group) > 1 and not BULLET.match(group[0].text):
        return True
    # The paragraph ended where the next word would still have found room.
    word = len(line.text.split(" ", 1)[0]) * line.width / max(len(line.text), 1)
    room = strip.right - last.x1
    return room > word + size and STOP.search(last.text) is not None and not line.text[0].islower()
