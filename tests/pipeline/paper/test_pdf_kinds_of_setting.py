"""Papers set in ways that differ from one publisher, class or word processor to the next, printed for the purpose."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pipeline.model import Paper
from pipeline.paper.pdf import read_pdf
from pipeline.paper.pdf_glyphs import mend_glyphs
from pipeline.paper.pdf_layout import Page, read_strips, without_furniture
from pipeline.paper.pdf_lines import Face, Line, Run, read_lines
from tests.pipeline.paper.pdf_press import LEFT, RIGHT, Press, print_paper, prose


def lines_of(press: Press, tmp_path: Path) -> list[str]:
    document = pdfium.PdfDocument(press.write(tmp_path / "made.pdf"))
    pages = [
        Page(index + 1, *document[index].get_size(), tuple(read_lines(document[index], index + 1)))
        for index in range(len(document))
    ]
    document.close()
    return [line.text for strip in read_strips(without_furniture(pages)) for line in strip.lines]


def paper_of(press: Press, tmp_path: Path) -> Paper:
    return read_pdf(press.write(tmp_path / "paper.pdf"), tmp_path, "file:paper.pdf")


def sections(press: Press, y: float) -> None:
    """Numberless sections in one column, and references."""
    for title, start in (("Introduction", 0), ("Methods", 10), ("Results", 20), ("Discussion", 30)):
        press.at(LEFT, y, title, 12, "B")
        y = press.column(LEFT, y + 18, prose(8, start), 495) + 20
    press.at(LEFT, y, "References", 12, "B")
    press.lines(LEFT, y + 18, ["1. Noether, E. Invariants. 1918.", "2. Curie, M. Radium. 1911."], 8)


def test_small_numbers_close_to_their_lines_are_no_text(tmp_path: Path) -> None:
    press = Press()
    text = [f"The {word} line of a manuscript is numbered here" for word in "abcdefghijklmnopqrst"]
    for index, line in enumerate(text):
        if index == 15:
            press.page()
        press.at(LEFT, 100 + 25 * (index % 15), str(index + 7), 6)
        press.at(LEFT + 16, 100 + 25 * (index % 15), line, 12)
    assert lines_of(press, tmp_path) == text


def test_numbers_that_count_no_lines_stay(tmp_path: Path) -> None:
    press = Press()
    for index, number in enumerate([12, 40, 7, 81, 3, 55, 20, 9, 64, 31]):
        press.at(LEFT, 100 + 20 * index, str(number), 10)
    assert lines_of(press, tmp_path) == ["12", "40", "7", "81", "3", "55", "20", "9", "64", "31"]


def test_columns_closer_than_the_type_is_large_are_two(tmp_path: Path) -> None:
    press = Press()
    press.column(LEFT, 100, prose(12), 235)
    press.column(LEFT + 243, 100, prose(12, 12), 235)
    assert " ".join(lines_of(press, tmp_path)) == prose(24)


def test_ligatures_that_a_font_of_tex_hides_below_the_space_are_letters(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 100, "The \x1crst e\x1bect of su\x1ecient water \x15 a \x1dower")
    assert lines_of(press, tmp_path) == ["The first effect of sufficient water – a flower"]


def test_an_accent_printed_over_a_letter_is_one_with_it(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 100, "Szymanska and Feneant")
    width = press.pdf.get_string_width
    for before, letter in (("Szyma", "n"), ("Szymanska and F", "e"), ("Szymanska and Fen", "e")):
        middle = LEFT + width(before) + width(letter) / 2
        press.at(middle - width("´") / 2, 100, "´")
    assert lines_of(press, tmp_path) == ["Szymańska and Fénéant"]


def test_a_bracket_before_short_words_is_no_ligature() -> None:
    face = Face("Minion", 10, False, False)
    words = ["costs (e.g. noise)", "noise (is it?)", "cars (at home)", "homes (e.g. old)", "roads (the old)"]
    lines = tuple(
        Line((Run(text, face),), 50, 300, 100 + 12 * i, 110 + 12 * i, 108 + 12 * i, 1)
        for i, text in enumerate(words)
    )
    (page,) = mend_glyphs([Page(1, 600, 800, lines)])
    assert [line.text for line in page.lines] == words


def test_a_heading_right_below_another_is_one_of_its_own(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "Ada Lovelace and Mary Somerville", 11)
    for number, title in enumerate(("Introduction", "Results")):
        press.at(LEFT, 130 + 150 * number, title, 12, "B")
        press.column(LEFT, 148 + 150 * number, prose(8, 10 * number), 495)
    press.page()
    press.at(LEFT, 70, "Care of plants", 12, "B")
    press.at(LEFT, 84, "Watering", 12, "B")
    y = press.column(LEFT, 102, prose(8, 60), 495)
    sections(press, y + 20)
    whole = paper_of(press, tmp_path)
    titles = [section.title for section in whole.sections]
    assert not [title for title in titles if "Care of plants Watering" in title], titles


def test_words_in_a_picture_are_no_headings(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "Ada Lovelace and Mary Somerville", 11)
    sections(press, 130)
    press.page()
    press.column(LEFT, 100, prose(6, 60))
    press.column(RIGHT, 100, prose(3, 70))
    press.at(RIGHT + 30, 190, "Treated", 15)
    press.at(RIGHT + 60, 230, "Time after treatment (days)", 11)
    press.at(LEFT, 260, "Figure 1. Green leaves counted in each of the trials that this study is made of.", 8)
    press.column(LEFT, 300, prose(6, 80))
    press.column(RIGHT, 300, prose(6, 90))
    titles = [section.title for section in paper_of(press, tmp_path).sections]
    assert titles == ["Introduction", "Methods", "Results", "Discussion"]


def test_bold_prose_under_the_authors_is_the_abstract(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "Ada Lovelace and Mary Somerville", 9)
    y = 120.0
    words = prose(4, 40).split()
    lines = [" ".join(words[i : i + 12]) for i in range(0, len(words), 12)]
    y = press.lines(LEFT, y, lines, 10, "B")
    y = press.column(LEFT, y + 20, prose(8), 495)
    press.at(LEFT, y + 20, "Methods", 12, "B")
    y = press.column(LEFT, y + 38, prose(8, 10), 495)
    press.at(LEFT, y + 20, "Results", 12, "B")
    y = press.column(LEFT, y + 38, prose(4, 18), 495)
    press.at(LEFT, y + 20, "References", 12, "B")
    cited = [
        "1. Noether, E. Invariants. 1918.",
        "2. Curie, M. Radium. 1911.",
        "3. Meitner, L. Fission. 1939.",
    ]
    press.lines(LEFT, y + 38, cited, 8)
    paper = paper_of(press, tmp_path)
    assert paper.abstract == (prose(4, 40),)
    assert paper.sections[0].paragraphs == (prose(8),)


def test_prose_across_both_columns_under_the_authors_is_the_abstract(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "Ada Lovelace and Mary Somerville", 9)
    y = press.column(LEFT, 120, prose(4, 40), 495)
    press.at(LEFT, y + 20, "Introduction", 12, "B")
    press.column(LEFT, y + 38, prose(12))
    press.at(RIGHT, y + 20, "Methods", 12, "B")
    press.column(RIGHT, y + 38, prose(12, 12))
    press.at(LEFT, 700, "References", 12, "B")
    press.lines(LEFT, 715, ["1. Noether, E. Invariants. 1918.", "2. Curie, M. Radium. 1911."], 8)
    paper = paper_of(press, tmp_path)
    assert paper.abstract == (prose(4, 40),)
    assert [section.title for section in paper.sections] == ["Introduction", "Methods"]


def test_an_abstract_goes_on_below_the_foot_of_its_page(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "Ada Lovelace and Mary Somerville", 9)
    press.at(LEFT, 120, "Abstract", 12, "B")
    press.column(LEFT, 138, prose(3, 40), 495)
    press.at(LEFT, 600, "Preprint handed in to the Journal of Wet Plants", 8)
    press.page()
    y = press.column(LEFT, 120, prose(3, 50), 495)
    sections(press, y + 20)
    paper = paper_of(press, tmp_path)
    assert " ".join(paper.abstract) == f"{prose(3, 40)} {prose(3, 50)}"


def test_names_in_a_grid_stand_above_their_affiliations(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    for x, name in ((LEFT, "Ada Lovelace"), (LEFT + 130, "Mary Somerville"), (LEFT + 260, "Emmy Noether")):
        press.at(x, 95, name, 11)
        press.at(x, 109, "University of Wet", 11)
    press.at(LEFT, 140, "Abstract", 12, "B")
    y = press.column(LEFT, 158, prose(3, 40), 495)
    sections(press, y + 20)
    names = [author.name for author in paper_of(press, tmp_path).authors]
    assert names == ["Ada Lovelace", "Mary Somerville", "Emmy Noether"]


def test_names_before_their_affiliations_in_one_line_are_authors_and_editors_are_not(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Title: Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "ADA LOVELACE, Institute of Machines, University of London", 9)
    press.at(LEFT, 107, "MARY SOMERVILLE, University of Oxford", 9)
    press.at(LEFT, 130, "Edited by:", 8, "B")
    press.lines(LEFT, 140, ["Jane Roe,", "University of Somewhere, France"], 7)
    press.at(LEFT, 170, "Abstract", 12, "B")
    y = press.column(LEFT, 188, prose(3, 40), 495)
    sections(press, y + 20)
    paper = paper_of(press, tmp_path)
    assert paper.title == "Bacteria keep plants green under water"
    assert [author.name for author in paper.authors] == ["ADA LOVELACE", "MARY SOMERVILLE"]


@pytest.mark.parametrize("aslant", [False, True])
def test_a_paper_with_a_stamp_on_every_page_was_retracted(aslant: bool, tmp_path: Path) -> None:
    assert not read_pdf(print_paper(tmp_path / "paper.pdf"), tmp_path, "file:paper.pdf").retracted
    paper = read_pdf(print_paper(tmp_path / "p.pdf", stamp="RETRACTED ARTICLE", aslant=aslant), tmp_path, "x")
    assert paper.retracted
    assert not paper.withdrawn
    assert paper.title == "Bacteria keep plants green under water"


def test_a_heading_in_the_middle_stands_above_one_at_the_left(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Bacteria keep plants green under water", 18, "B")
    press.at(LEFT, 95, "Ada Lovelace and Mary Somerville", 9)
    y = 130.0
    for title, start in (("Introduction", 0), ("Methods", 10), ("Results", 20)):
        press.pdf.set_font("Times", "B", 12)
        width = press.pdf.get_string_width(title)
        press.at(LEFT + (495 - width) / 2, y, title, 12, "B")
        y = press.column(LEFT, y + 18, prose(5, start), 495) + 16
        press.at(LEFT, y, "The first trial", 12, "B")
        y = press.column(LEFT, y + 18, prose(5, start + 5), 495) + 16
    press.at(LEFT, y, "References", 12, "B")
    press.lines(LEFT, y + 18, ["1. Noether, E. Invariants. 1918.", "2. Curie, M. Radium. 1911."], 8)
    kinds = [section.kind for section in paper_of(press, tmp_path).sections]
    assert kinds == ["introduction", "introduction", "methods", "methods", "results", "results"]
