"""A small printing press: PDFs for tests, set line by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF

LEFT, RIGHT, TOP, LEADING = 50.0, 310.0, 90.0, 12.0

WORDS = [
    "plants",
    "grow",
    "under",
    "water",
    "when",
    "bacteria",
    "lower",
    "the",
    "level",
    "of",
    "the",
    "stress",
    "hormone",
    "that",
    "roots",
    "make",
    "and",
    "the",
    "leaves",
    "of",
    "treated",
    "plants",
    "stay",
    "green",
    "for",
    "longer",
    "than",
    "those",
    "of",
    "the",
    "others",
    "in",
    "every",
    "one",
    "of",
    "the",
    "trials",
]


def prose(sentences: int, start: int = 0) -> str:
    """Sentences that differ from one another; each has 14 words."""
    made = []
    for number in range(start, start + sentences):
        words = [WORDS[(7 * number + k * (number % 5 + 1)) % len(WORDS)] for k in range(12)]
        made.append(f"Trial {number} " + " ".join(words) + ".")
    return " ".join(made)


class Press:
    """A4 pages in points; `at` sets one line where it is told, `column` fills one with justified text."""

    def __init__(self) -> None:
        self.pdf = FPDF(unit="pt", format="A4")
        self.pdf.set_auto_page_break(False)
        self.page()

    def page(self, size: tuple[float, float] | None = None) -> None:
        """Begin a page: A4, or of another width and height."""
        self.pdf.add_page(format=size or "A4")

    def at(self, x: float, y: float, text: str, size: float = 10, style: str = "", grey: int = 0) -> None:
        self.pdf.set_font("Times", style, size)
        self.pdf.set_text_color(grey)
        self.pdf.text(x, y, text)

    def lines(self, x: float, y: float, lines: Sequence[str], size: float = 10, style: str = "") -> float:
        """Set lines below one another; returns the baseline after the last."""
        for line in lines:
            self.at(x, y, line, size, style)
            y += 1.2 * size
        return y

    def stamp(self, text: str, *, aslant: bool) -> None:
        """Set large grey words across the page."""
        with self.pdf.rotation(55 if aslant else 0, 300, 420):
            self.at(100, 700, text, 40, "B", grey=220)

    def column(self, x: float, y: float, text: str, width: float = 235, size: float = 10) -> float:
        """Set text broken into lines of a column; returns the baseline after the last."""
        self.pdf.set_font("Times", "", size)
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self.pdf.get_string_width(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        return self.lines(x, y, [*lines, line], size)

    def write(self, path: Path) -> Path:
        self.pdf.output(str(path))
        return path


def print_paper(
    path: Path,
    *,
    title: str = "Bacteria keep plants green under water",
    poster: bool = False,
    stamp: str = "",
    aslant: bool = False,
) -> Path:
    """A short paper in two columns with a head, an abstract, four sections, a figure and references.

    A `stamp` stands across both pages, upright or `aslant`. With a `poster`, a second figure ends it, on a page as
    long as a PDF's may be.
    """
    press = Press()
    press.at(LEFT, 70, title, 18, "B")
    press.at(LEFT, 95, "Ada Lovelace, Charles van Babbage and Mary Somerville", 11)
    press.at(LEFT, 112, "Institute of Machines, University of London, London, UK", 8)
    press.at(LEFT, 140, "Abstract", 12, "B")
    y = press.column(LEFT, 155, "Background: " + prose(2, 40), 495, 9)
    y = press.column(LEFT, y, "Results: " + prose(2, 50), 495, 9)
    press.at(LEFT, y + 4, "Keywords: plants, water, bacteria", 9)
    top = y + 30
    press.at(LEFT, top, "1. Introduction", 12, "B")
    press.column(LEFT, top + 15, prose(12))
    press.at(RIGHT, top, "2. Methods", 12, "B")
    press.column(RIGHT, top + 15, prose(10, 12))
    press.at(LEFT, 830, "Journal of Wet Plants 2021, 3, 14; doi:10.1234/wet.2021.14", 8)
    press.stamp(stamp, aslant=aslant)
    press.page()
    press.stamp(stamp, aslant=aslant)
    press.at(LEFT, 40, "Journal of Wet Plants 2021, 3, 15", 8)
    press.at(520, 40, "2 of 2", 8)
    press.at(LEFT, TOP, "3. Results", 12, "B")
    press.column(LEFT, TOP + 15, prose(8, 22))
    press.pdf.set_fill_color(200, 40, 40)
    press.pdf.rect(RIGHT + 20, TOP, 180, 120, style="F")
    press.at(RIGHT, TOP + 140, "Figure 1. Green leaves counted in each trial of the study.", 8)
    press.at(RIGHT, TOP + 170, "4. Discussion", 12, "B")
    press.column(RIGHT, TOP + 185, prose(8, 30))
    press.at(LEFT, 600, "References", 12, "B")
    press.lines(LEFT, 615, ["1. Noether, E. Invariants. 1918.", "2. Curie, M. Radium. 1911."], 8)
    if poster:
        press.page((14400, 2000))
        press.pdf.rect(100, 100, 14000, 1200, style="F")
        press.at(7000, 700, "White on red", 60, grey=255)
        press.at(100, 1330, "Figure 2. A hill as long as a day, drawn from one end to the other.", 8)
    return press.write(path)
