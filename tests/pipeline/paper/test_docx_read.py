"""Manuscripts read from Word files: front, sections, captions, pictures, tables; and what is no paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import InputError, LanguageError, NotAPaperError, NoticeError, SeveralPapersError
from pipeline.model import Paper
from pipeline.paper.docx import read_docx
from pipeline.paper.jats import read_jats
from tests.pipeline.paper.docx_press import (
    manuscript,
    para,
    picture,
    png,
    press,
    pressed_from,
    run,
    table,
)
from tests.pipeline.paper.pdf_press import prose

HEAD, CAPTION = "berschrift1", "Beschriftung"
BOLD = "<w:b/>"
RAISED = '<w:vertAlign w:val="superscript"/>'


def read(folder: Path, *blocks: str, **more: object) -> Paper:
    return read_docx(press(folder / "paper.docx", *blocks, **more), folder, "file:paper.docx")  # type: ignore[arg-type]


def bold(text: str) -> str:
    return para(run(text, BOLD))


def test_a_manuscript_in_styles(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        *manuscript(
            para("Growth of hills", style="berschrift2"),
            para("The last words."),
            para("Our methods", style="Kapitel"),
            para("We measured every hill with care."),
            para("Acknowledgements", style=HEAD),
            para("We thank the hills."),
            para("Of valleys", style="berschrift2"),
            para("And the valleys."),
            para("Conclusions", style=HEAD),
            para("Hills grow indeed, and so do valleys."),
        ),
    )
    assert paper.title == "Hills grow"
    assert [(author.name, author.surname) for author in paper.authors] == [
        ("Ada Hill", "Hill"),
        ("Ben Vale", "Vale"),
    ]
    assert paper.abstract == (prose(4),)
    assert [(section.title, section.kind) for section in paper.sections] == [
        ("Introduction", "introduction"),
        ("Results", "results"),
        ("Our methods", "methods"),
        ("Conclusions", "discussion"),
    ]
    assert paper.sections[1].paragraphs[1:] == ("Growth of hills", "The last words.")
    assert (paper.language, paper.source, paper.abstract_only) == ("en", "file:paper.docx", False)


def test_a_manuscript_without_styles(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        para("Original article"),
        para("Running title: hills"),
        para(run("Hills grow under rain", BOLD + '<w:sz w:val="32"/>')),
        para("Ada Hill", run("1,*", RAISED), " and Ben van der Vale", run("a", RAISED)),
        para("1 Department of Hills, University of Nowhere"),
        para("*Correspondence: ada@hills.example"),
        bold("Abstract"),
        para(run("Background: ", BOLD), prose(2), run(" Results: ", BOLD), prose(2, 5)),
        para("Keywords: hills, valleys"),
        bold("1. Introduction"),
        para(prose(8, 10)),
        bold("2. Materials and Methods"),
        para(run("2.1 Where we measured", "<w:i/>")),
        para(prose(3, 40)),
        bold("3. Results"),
        para(prose(6, 30)),
        bold("References"),
        para("1. Smith A. On valleys. J Hills 2001."),
    )  # fmt: skip
    assert paper.title == "Hills grow under rain"
    assert [author.name for author in paper.authors] == ["Ada Hill", "Ben van der Vale"]
    assert paper.abstract_labels == ("Background", "Results")
    assert [section.kind for section in paper.sections] == ["introduction", "methods", "results"]
    assert paper.sections[1].paragraphs == ("2.1 Where we measured", prose(3, 40))


@pytest.mark.parametrize("deep", [True, False])
def test_parts_of_an_abstract_under_headings_are_its_labels(tmp_path: Path, deep: bool) -> None:
    style = "berschrift2" if deep else HEAD
    blocks = manuscript()
    begin = blocks.index(para("Abstract", style=HEAD))
    parts = [
        para(part, style=style) + para(prose(2, n))
        for n, part in enumerate(("Background", "Methods", "Results"))
    ]
    paper = read(tmp_path, *blocks[: begin + 1], *parts, *blocks[begin + 2 :])
    assert paper.abstract_labels == ("Background", "Methods", "Results")
    assert [section.title for section in paper.sections] == ["Introduction", "Results"]


def test_names_of_sections_in_the_line_of_their_text(tmp_path: Path) -> None:
    brk = "<w:r><w:br/></w:r>"
    paper = read(
        tmp_path,
        para(run("Hills grow under rain", BOLD)),
        para("Ada Hill"),
        para(run("Abstract", BOLD), brk, prose(4)),
        para("INTRODUCTION", brk, prose(8, 10)),
        bold("RESULTS"),
        para(prose(6, 30)),
        para(run("Funding:", BOLD), " The hills paid for it."),
        para("Conflicts of interest: the author lives on a hill."),
        bold("REFERENCES"),
    )
    assert paper.abstract == (prose(4),)
    assert [(section.title, section.paragraphs) for section in paper.sections] == [
        ("INTRODUCTION", (prose(8, 10),)),
        ("RESULTS", (prose(6, 30),)),
    ]


def test_authors_one_a_line_with_their_institutions(tmp_path: Path) -> None:
    lines = [
        para(f"{name}, PhD, Department of Hills, University of Nowhere") for name in ("Ada Hill", "Ben Vale")
    ]
    blocks = manuscript()
    blocks[1] = "".join(lines)
    assert [author.name for author in read(tmp_path, *blocks).authors] == ["Ada Hill", "Ben Vale"]


def test_captions_pictures_and_tables_find_each_other(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        *manuscript(
            para("Figure 1 shows that hills grow, as does Table 1."),
            para(picture("one")),
            para("Figure 1. Hills. (A) Low. (B) High.", style=CAPTION),
            para(picture("small", inches=0.3), picture("two", crop='l="50000"')),
            para(run("Figure 2", BOLD), " Valleys, reproduced with permission."),
            para("[Insert Table 1 about here]"),
            para("Table 1. Heights of hills.", style=CAPTION),
            table(["hill", "height"], ["Low", "12"]),
            para("* measured in May"),
            para("This is told."),
        ),
        pictures={"one": png("red"), "two": png("blue", (100, 50)), "small": png("green", (900, 900))},
    )
    results = next(section for section in paper.sections if section.kind == "results")
    assert results.paragraphs[1:] == ("Figure 1 shows that hills grow, as does Table 1.", "This is told.")
    assert [(f.label, f.caption, f.file) for f in paper.figures] == [
        ("Figure 1", "Hills. (A) Low. (B) High.", "figures/01.png"),
        ("Figure 2", "Valleys, reproduced with permission.", "figures/02.png"),
    ]
    assert [figure.third_party for figure in paper.figures] == [False, True]
    assert (paper.figures[1].width, paper.figures[1].height) == (50, 50)
    with Image.open(tmp_path / "figures" / "02.png") as image:
        assert image.getpixel((0, 0)) == (0, 0, 255)
    (heights,) = paper.tables
    assert (heights.label, heights.caption) == ("Table 1", "Heights of hills.")
    assert heights.rows == (("hill", "height"), ("Low", "12"))


def test_captions_above_their_pictures(tmp_path: Path) -> None:
    blocks = [
        part
        for n in (1, 2)
        for part in (para(f"Figure {n}. Hill {n}.", style=CAPTION), para(picture(f"p{n}")))
    ]
    colours = {"p1": png("red"), "p2": png("blue")}
    paper = read(tmp_path, *manuscript(para(prose(3)), *blocks, para(prose(3, 60))), pictures=colours)
    for figure, colour in zip(paper.figures, ((255, 0, 0), (0, 0, 255)), strict=True):
        assert figure.file is not None
        with Image.open(tmp_path / figure.file) as image:
            assert image.getpixel((0, 0)) == colour


def test_legends_in_a_list_and_pictures_at_the_end(tmp_path: Path) -> None:
    legends = [
        para("Figure Legends", style=HEAD),
        para(run("Figure 1. Hills.", BOLD)),
        para("They are seen from the south."),
        para(run("Figure 2.", BOLD), " Valleys."),
    ]
    for pages in (
        [para(picture("one")), para(picture("two"))],
        [para("Figure 1"), para(picture("one")), para("Figure 2"), para(picture("two"))],
    ):
        pictures = {"one": png("red"), "two": png("blue")}
        paper = read(tmp_path, *manuscript(after="".join([*legends, *pages])), pictures=pictures)
        assert [(f.label, f.caption) for f in paper.figures] == [
            ("Figure 1", "Hills. They are seen from the south."),
            ("Figure 2", "Valleys."),
        ]
        assert all(figure.file for figure in paper.figures)


def test_cells_that_span_stand_in_their_first(tmp_path: Path) -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{para("both")}</w:tc>'
    top = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{para("hill")}</w:tc>'
    below = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{para('hill')}</w:tc>"
    paper = read(tmp_path, *manuscript(table([wide, "x"], [top, "1", "2"], [below, "3", "4"])))
    assert paper.tables[0].rows == (("both", "", "x"), ("hill", "1", "2"), ("", "3", "4"))
    assert paper.tables[0].label == "Table 1"


SPANISH = (
    "El crecimiento de las colinas en el valle es más lento que en los montes, y no se sabe por qué es así. "
    * 9
)


def test_another_language_is_told_from_its_english_abstract(tmp_path: Path) -> None:
    own = [
        para("Las colinas crecen", style="Titel"),
        para("Resumen", style=HEAD),
        para(SPANISH),
        para("Introducción", style=HEAD),
        para(SPANISH),
        para("Referencias", style=HEAD),
    ]
    english = [
        para("Abstract", style=HEAD),
        para(prose(5) + " The hills of the valley are in the rain and they grow."),
    ]
    paper = read(
        tmp_path, *own[:1], para("The hills of the valley grow"), para("Ada Hill"), *english, *own[1:]
    )
    assert (paper.language, paper.title) == ("es", "Las colinas crecen")
    assert paper.told().title == "The hills of the valley grow"
    assert paper.notes == ("Told from the English abstract: the paper is in Spanish.",)
    assert paper.abstract == (SPANISH.strip(),)
    assert paper.english is not None
    assert paper.english.abstract[0].startswith("Trial 0")
    with pytest.raises(LanguageError, match="Spanish"):
        read(tmp_path, *own)


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([para("Dear Ben,"), para(prose(30)), para("Yours, Ada")], NotAPaperError),
        ([para("Curriculum vitae", style="Titel"), para("Born on a hill.")], NotAPaperError),
        ([para("Invoice", style="Titel"), table(["item", "price"], ["hill", "12"], ["sum", "12"])], NotAPaperError),
        ([para("")], NotAPaperError),
        (manuscript(title="Correction: Hills grow"), NoticeError),
        ([*manuscript(), *manuscript()], SeveralPapersError),
    ],
)  # fmt: skip
def test_what_is_no_paper_is_refused(tmp_path: Path, blocks: list[str], error: type[InputError]) -> None:
    with pytest.raises(error) as refused:
        read(tmp_path, *blocks)
    assert refused.value.advice


@pytest.mark.parametrize(("mark", "withdrawn"), [("RETRACTED", False), ("WITHDRAWN", True)])
def test_a_manuscript_that_was_taken_back(mark: str, withdrawn: bool, tmp_path: Path) -> None:
    paper = read(tmp_path, *manuscript(title=f"{mark}: Hills grow"))
    assert paper.retracted
    assert paper.withdrawn is withdrawn
    assert not read(tmp_path, *manuscript()).retracted


def test_the_title_in_the_properties_counts_only_where_the_text_has_it(tmp_path: Path) -> None:
    core = "<p><title>{}</title></p>"
    blocks = manuscript(title="")
    lines = "".join(
        [para(run("Journal of Hills and Valleys", '<w:sz w:val="60"/>')), para("Rain makes hills grow")]
    )
    for claimed, title in (
        ("Rain makes hills grow", "Rain makes hills grow"),
        ("Template", "Journal of Hills and Valleys"),
    ):
        parts = {"docProps/core.xml": core.format(claimed)}
        assert read(tmp_path, lines, *blocks[1:], parts=parts).title == title


def test_a_manuscript_of_the_example_is_read_like_its_jats(example: Path, tmp_path: Path) -> None:
    paper = read_docx(pressed_from(example, tmp_path / "paper.docx"), tmp_path, "file:paper.docx")
    jats = read_jats(example.read_bytes(), "file:paper.docx").paper
    assert (paper.title, paper.abstract) == (jats.title, jats.abstract)
    assert paper.sections == jats.sections
    assert [(f.label, f.caption) for f in paper.figures] == [(f.label, f.caption) for f in jats.figures]
    assert all(figure.file for figure in paper.figures)


def test_a_real_manuscript(papers: Path, tmp_path: Path) -> None:
    paper = read_docx(papers / "docx" / "metapangenomes_manuscript.docx", tmp_path, "file:m.docx")
    assert paper.title == "Protein k-mers enable assembly-free microbial metapangenomics"
    assert [author.surname for author in paper.authors] == [
        "Reiter",
        "Pierce-Ward",
        "Irber",
        "Botvinnik",
        "Brown",
    ]
    assert paper.abstract[0].startswith("An estimated 2 billion species")
    assert [section.kind for section in paper.sections] == [
        "introduction",
        "results",
        "discussion",
        "methods",
    ]
    assert [figure.label for figure in paper.figures] == [
        f"Figure {n}" for n in (1, 2, 3, 4, "S1", "S2", "S3", "S4")
    ]
    assert all(figure.file for figure in paper.figures)
    assert len(paper.tables) == 5
