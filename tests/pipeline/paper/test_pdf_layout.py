"""Pages put in reading order and lines made whole, on PDFs printed for the purpose."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pipeline.paper.pdf_authors import is_name, surname_of
from pipeline.paper.pdf_blocks import Block, Vocabulary, read_blocks, read_vocabulary
from pipeline.paper.pdf_captions import LABEL
from pipeline.paper.pdf_characters import UNKNOWN
from pipeline.paper.pdf_glyphs import mend_glyphs
from pipeline.paper.pdf_layout import Page, read_strips, without_furniture
from pipeline.paper.pdf_lines import Face, Line, Run, read_lines
from tests.pipeline.paper.pdf_press import LEFT, RIGHT, Press, prose


def pages_of(path: Path) -> list[Page]:
    document = pdfium.PdfDocument(path)
    pages = [
        Page(index + 1, *document[index].get_size(), tuple(read_lines(document[index], index + 1)))
        for index in range(len(document))
    ]
    document.close()
    return pages


def blocks_of(press: Press, tmp_path: Path) -> list[Block]:
    strips = read_strips(without_furniture(pages_of(press.write(tmp_path / "made.pdf"))))
    return read_blocks(strips, read_vocabulary(strips))


def text_of(press: Press, tmp_path: Path) -> str:
    return " ".join(block.text for block in blocks_of(press, tmp_path))


def test_the_left_column_is_read_before_the_right(tmp_path: Path) -> None:
    press = Press()
    press.column(RIGHT, 100, prose(10, 10))
    press.column(LEFT, 100, prose(10))
    assert text_of(press, tmp_path) == prose(20)


def test_what_spans_the_columns_parts_them(tmp_path: Path) -> None:
    press = Press()
    press.column(LEFT, 100, prose(4))
    press.column(RIGHT, 100, prose(4, 4))
    press.column(LEFT, 300, prose(3, 8), width=495)
    press.column(LEFT, 450, prose(4, 11))
    press.column(RIGHT, 450, prose(4, 15))
    assert text_of(press, tmp_path) == prose(19)


def test_small_print_below_both_columns_comes_after_both(tmp_path: Path) -> None:
    press = Press()
    press.column(LEFT, 100, prose(6))
    press.column(RIGHT, 100, prose(6, 6))
    press.column(LEFT, 400, prose(4, 12), size=7)
    press.column(RIGHT, 400, prose(4, 16), size=7)
    assert text_of(press, tmp_path) == prose(20)


def test_what_stands_beside_an_abstract_is_read_before_it(tmp_path: Path) -> None:
    press = Press()
    press.lines(LEFT, 100, ["Received May 1", "Accepted June 2", "Keywords: water"], 8)
    press.column(LEFT + 130, 100, prose(8), width=365)
    press.column(LEFT, 300, prose(6, 8))
    press.column(RIGHT, 300, prose(6, 14))
    assert text_of(press, tmp_path) == "Received May 1 Accepted June 2 Keywords: water " + prose(20)


def test_running_heads_and_page_numbers_go(tmp_path: Path) -> None:
    press = Press()
    for page in range(3):
        if page:
            press.page()
        press.at(LEFT, 40, f"Journal of Wet Plants {page + 1}, 14", 8)
        press.column(LEFT, 100, prose(5, 5 * page), width=495)
        press.at(300, 815, str(page + 1), 8)
    assert text_of(press, tmp_path) == prose(15)


def test_line_numbers_go(tmp_path: Path) -> None:
    press = Press()
    end = press.column(LEFT + 30, 100, prose(20), width=400)
    for number in range(int((end - 100) / 12)):
        press.at(LEFT, 100 + 12 * number, str(number + 1), 8)
    assert text_of(press, tmp_path) == prose(20)


def test_a_few_numbers_in_the_margin_stay(tmp_path: Path) -> None:
    press = Press()
    press.column(LEFT + 60, 100, prose(3), width=400)
    press.at(LEFT, 100, "7", 8)
    assert text_of(press, tmp_path).startswith("7")


def test_a_word_cut_at_a_line_end_is_made_whole(tmp_path: Path) -> None:
    press = Press()
    press.lines(
        LEFT,
        100,
        ["The inflam-", "mation was dose-", "dependent in 12-", "week trials of a dose-dependent kind."],
    )
    assert (
        text_of(press, tmp_path)
        == "The inflammation was dose-dependent in 12-week trials of a dose-dependent kind."
    )


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("pheno-", "menon", "phenomenon"),
        ("under-", "stood", "understood"),
        ("long-", "term", "long-term"),
        ("anti-", "viral", "anti-viral"),
        ("COVID-", "19", "COVID-19"),
        ("and/", "or", "and/or"),
        ("water-", "and fat-soluble", "water- and fat-soluble"),
        ("two", "words", "two words"),
    ],
)
def test_hyphens_stay_where_the_document_writes_them(before: str, after: str, whole: str) -> None:
    words = dict.fromkeys(["long", "term", "under", "stood", "two", "words"], 1)
    assert Vocabulary(words, {"anti-viral": 2}).join(before, after) == whole


def test_an_indent_begins_a_paragraph(tmp_path: Path) -> None:
    press = Press()
    y = press.column(LEFT, 100, prose(4))
    press.at(LEFT + 15, y, "A second paragraph begins here and goes on")
    press.at(LEFT, y + 12, "for one line more.")
    blocks = blocks_of(press, tmp_path)
    assert [block.text for block in blocks] == [
        prose(4),
        "A second paragraph begins here and goes on for one line more.",
    ]


def test_powers_stay_powers_and_white_words_are_not_read(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 100, "We counted 10")
    width = press.pdf.get_string_width("We counted 10")
    press.at(LEFT + width, 96, "5", 6)
    press.at(LEFT + width + 6, 100, "cells")
    press.at(LEFT, 200, "nobody sees this", grey=255)
    assert text_of(press, tmp_path) == "We counted 10⁵ cells"


def test_white_words_on_a_dark_ground_are_read(tmp_path: Path) -> None:
    press = Press()
    press.pdf.set_fill_color(20, 60, 120)
    press.pdf.rect(LEFT - 5, 88, 120, 18, style="F")
    press.at(LEFT, 100, "Introduction", 11, "B", grey=255)
    assert text_of(press, tmp_path) == "Introduction"


def test_a_drop_cap_goes_back_to_its_word(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 122, "S", 36)
    press.lines(LEFT + 24, 100, ["ome years ago a plant", "grew under water and", "stayed green there"])
    press.at(LEFT, 136, "for a long time.")
    assert text_of(press, tmp_path).startswith("Some years ago a plant grew under water")


def test_words_across_the_page_are_not_read(tmp_path: Path) -> None:
    press = Press()
    press.column(LEFT, 100, prose(3))
    with press.pdf.rotation(90, 30, 400):
        press.at(30, 400, "arXiv:2101.00001 [q-bio]", 20)
    assert text_of(press, tmp_path) == prose(3)


def line(text: str, font: str = "Times-Roman") -> Line:
    run = Run(text, Face(font, 10.0, bold=False, italic=False))
    return Line((run,), 50, 300, 90, 100, 98, page=1)


def mended(*lines: Line) -> list[str]:
    (page,) = mend_glyphs([Page(1, 600, 800, lines)])
    return [line.text for line in page.lines]


def test_a_lost_ligature_is_read_as_th() -> None:
    lost = ["+e plants grow", "+is is known", "and +ese are green", "+ere is water", "10 + 5 trials"]
    found = mended(*map(line, lost))
    assert found == [
        "The plants grow",
        "This is known",
        "and These are green",
        "There is water",
        "10 + 5 trials",
    ]


def test_a_plus_sign_alone_stays() -> None:
    assert mended(line("cells +e were counted")) == ["cells +e were counted"]


def test_symbol_fonts_are_read_and_unknown_signs_marked() -> None:
    assert mended(
        line("a", "SymbolMT"), line("\uf0b3 5 \uf06dm"), line("\ue123 cells"), line("n", "Wingdings")
    ) == [
        "α",
        "≥ 5 μm",
        f"{UNKNOWN} cells",
        "•",
    ]


@pytest.mark.parametrize(
    "word",
    [
        "first",
        "specific",
        "influence",
        "flow",
        "effect",
        "different",
        "sufficient",
        "efficient",
        "reflect",
        "conflict",
    ],
)
def test_a_ligature_lost_inside_a_word_is_told_from_its_neighbours(word: str) -> None:
    lost = re.sub("ffi|ff|fi|fl", UNKNOWN, word)
    assert mended(line(f"the {lost} case")) == [f"the {word} case"]


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Ada Lovelace", "Lovelace"),
        ("Jan van der Berg", "van der Berg"),
        ("María Teresa NEVADO-GIL", "NEVADO-GIL"),
        ("Hélcio Silva dos Santos", "Santos"),
        ("Martin Luther King Jr", "King"),
    ],
)
def test_surnames(name: str, surname: str) -> None:
    assert is_name(name)
    assert surname_of(name) == surname


@pytest.mark.parametrize(
    "text",
    [
        "Department of Botany",
        "received May",
        "Lovelace",
        "University of London",
        "a green plant",
        "Figure One",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_labels_of_captions() -> None:
    found = [
        LABEL.match(text) for text in ("Fig. 2. Leaves", "FIGURE 1 | Roots", "Supplementary Figure S3: More")
    ]
    assert [match and match["label"] for match in found] == ["Fig. 2", "FIGURE 1", "Supplementary Figure S3"]
    assert LABEL.match("Figures are drawn to scale") is None
