"""A whole paper read from a PDF: a printed one of our own, and the shared ones against their JATS."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from pipeline.errors import LanguageError, NotAPaperError, NoticeError, SeveralPapersError
from pipeline.model import Paper
from pipeline.paper.figure_files import LONGEST_SIDE
from pipeline.paper.pdf import read_pdf
from pipeline.paper.pdf_file import open_pdf
from pipeline.paper.pdf_lines import read_lines
from pipeline.paper.pdf_overview import overview
from tests.pipeline.paper.pdf_press import LEFT, Press, print_paper, prose

PAIRS = [
    "PMC1397864_bmc2006",
    "PMC5376420_hindawi",
    "PMC5771181_vetworld",
    "PMC5860693_plosone",
    "PMC5981179_frontiers",
    "PMC6150305_mdpi2",
    "PMC6313609_mdpi",
    "eLife_00353",
    "jose_00240",
    "jose_00259",
    "jose_00292",
]


def squashed(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).lower())


def all_text(paper: Paper) -> str:
    return "\n".join(passage.text for passage in paper.passages())


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Paper, Path]:
    folder = tmp_path_factory.mktemp("printed")
    return read_pdf(print_paper(folder / "paper.pdf"), folder, "file:paper.pdf"), folder


def test_the_head_is_read(printed: tuple[Paper, Path]) -> None:
    paper, _ = printed
    assert paper.title == "Bacteria keep plants green under water"
    assert [(author.name, author.surname) for author in paper.authors] == [
        ("Ada Lovelace", "Lovelace"),
        ("Charles van Babbage", "van Babbage"),
        ("Mary Somerville", "Somerville"),
    ]
    assert (paper.journal, paper.year, paper.doi) == ("Journal of Wet Plants", 2021, "10.1234/wet.2021.14")
    assert paper.source == "file:paper.pdf"
    assert not paper.abstract_only


def test_the_labels_of_an_abstract_stand_apart(printed: tuple[Paper, Path]) -> None:
    paper, _ = printed
    assert paper.abstract_labels == ("Background", "Results")
    assert paper.abstract == (f"Background: {prose(2, 40)}", f"Results: {prose(2, 50)}")
    assert paper.abstract_page == 1


def test_sections_follow_the_columns(printed: tuple[Paper, Path]) -> None:
    paper, _ = printed
    found = [(section.title, section.kind, section.pages) for section in paper.sections]
    assert found == [
        ("1. Introduction", "introduction", (1,)),
        ("2. Methods", "methods", (1,)),
        ("3. Results", "results", (2,)),
        ("4. Discussion", "discussion", (2,)),
    ]
    assert [section.paragraphs for section in paper.sections] == [
        (prose(12),),
        (prose(10, 12),),
        (prose(8, 22),),
        (prose(8, 30),),
    ]


def test_heads_captions_and_references_are_no_text(printed: tuple[Paper, Path]) -> None:
    paper, _ = printed
    body = "\n".join(line for section in paper.sections for line in section.paragraphs)
    for stranger in ("Journal of Wet Plants", "Green leaves counted", "Noether", "Keywords", "University"):
        assert stranger not in body


def test_a_figure_on_a_huge_page_stays_within_the_largest_picture(tmp_path: Path) -> None:
    paper = read_pdf(print_paper(tmp_path / "paper.pdf", poster=True), tmp_path, "file:paper.pdf")
    _, figure = paper.figures
    assert figure.file is not None
    with Image.open(tmp_path / figure.file) as picture:
        assert picture.size == (figure.width, figure.height)
        assert 0.99 * LONGEST_SIDE < max(picture.size) <= LONGEST_SIDE
        assert picture.width / picture.height == pytest.approx(14008 / 1208, rel=0.02)


def test_white_words_on_a_huge_dark_ground_are_read(tmp_path: Path) -> None:
    document = open_pdf(print_paper(tmp_path / "paper.pdf", poster=True))
    _, scale = overview(document[2])
    assert scale == pytest.approx(3000 / 14400)
    assert "White on red" in [line.text for line in read_lines(document[2], 3)]


def test_a_figure_is_cut_out_above_its_caption(printed: tuple[Paper, Path]) -> None:
    paper, folder = printed
    (figure,) = paper.figures
    assert (figure.label, figure.page) == ("Figure 1", 2)
    assert figure.caption == "Green leaves counted in each trial of the study."
    assert figure.file is not None
    file = folder / figure.file
    assert hashlib.sha256(file.read_bytes()).hexdigest() == figure.sha256
    with Image.open(file) as picture:
        assert (picture.mode, picture.size) == ("RGB", (figure.width, figure.height))
        red = (np.asarray(picture) == (200, 40, 40)).all(axis=2).mean()
    assert red > 0.85


def test_reading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    pdf = print_paper(tmp_path / "paper.pdf")
    first, second = (read_pdf(pdf, tmp_path / name, "file:paper.pdf") for name in ("a", "b"))
    assert first.model_dump_json() == second.model_dump_json()


def test_a_retracted_paper_says_so(tmp_path: Path) -> None:
    pdf = print_paper(tmp_path / "paper.pdf", title="RETRACTED: Bacteria keep plants green")
    assert read_pdf(pdf, tmp_path, "file:paper.pdf").retracted


def test_a_notice_is_refused(tmp_path: Path) -> None:
    pdf = print_paper(tmp_path / "paper.pdf", title="Retraction: Bacteria keep plants green")
    with pytest.raises(NoticeError):
        read_pdf(pdf, tmp_path, "file:paper.pdf")


def test_two_papers_in_one_file_are_refused(tmp_path: Path) -> None:
    press = Press()
    for number in range(2):
        press.at(LEFT, 70, f"Paper number {number} of two", 18, "B")
        press.at(LEFT, 100, "Introduction", 12, "B")
        y = press.column(LEFT, 115, prose(20, 20 * number), 495)
        press.at(LEFT, y + 15, "References", 12, "B")
        press.at(LEFT, y + 30, "1. Noether, E. Invariants. 1918.", 8)
        press.page()
    with pytest.raises(SeveralPapersError, match="2 papers"):
        read_pdf(press.write(tmp_path / "two.pdf"), tmp_path, "file:two.pdf")


def test_an_invoice_is_refused(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 70, "Invoice for laboratory plants", 18, "B")
    press.column(LEFT, 100, prose(20), 495)
    with pytest.raises(NotAPaperError):
        read_pdf(press.write(tmp_path / "invoice.pdf"), tmp_path, "file:invoice.pdf")


SPANISH = (
    "En este estudio se analizan los efectos de la bacteria en las plantas que crecen en el agua y se "
    "muestra que el nivel de la hormona es menor en las hojas de las plantas tratadas que en las otras. "
) * 6


GERMAN = (
    "In dieser Studie wird der Einfluss der Bakterien auf die Pflanzen gemessen, die in dem Wasser leben. "
    "Die Menge des Hormons ist in den Blättern der behandelten Pflanzen kleiner als in den anderen. "
)


def test_a_paper_in_another_language_is_told_from_its_english_abstract(tmp_path: Path) -> None:
    read = read_pdf(_translated(tmp_path), tmp_path, "file:paper.pdf")
    assert (read.title, read.language) == ("Las bacterias en el agua y las plantas", "es")
    assert [section.title for section in read.sections] == ["Introducción", "Resultados"]
    paper = read.told()
    assert paper.abstract_only
    assert paper.sections == ()
    assert paper.title == "The bacteria of the plants in the water"
    assert paper.notes == ("Told from the English abstract: the paper is in Spanish.",)


def _translated(folder: Path, abstract: bool = True) -> Path:
    press = Press()
    press.at(LEFT, 70, "Las bacterias en el agua y las plantas", 18, "B")
    press.at(LEFT, 110, "The bacteria of the plants in the water", 14, "I")
    press.at(LEFT, 130, "Ada Lovelace y Mary Somerville", 11)
    y = 160.0
    if abstract:
        press.at(LEFT, y, "Abstract", 12, "B")
        y = press.column(LEFT, y + 15, prose(5), 495, 9)
    press.at(LEFT, y + 20, "Introducción", 12, "B")
    y = press.column(LEFT, y + 35, SPANISH, 495)
    press.at(LEFT, y + 20, "Resultados", 12, "B")
    press.column(LEFT, y + 35, SPANISH, 495)
    return press.write(folder / "translated.pdf")


ENGLISH = (
    "We measured the growth of the bacteria on the plants that live in the water of this river. The hormone "
    "was lower in the leaves of treated plants than in those of the others, and it fell with the light of the day."
)


def test_neither_abstract_is_an_english_title(tmp_path: Path) -> None:
    """German has the word "in" too, and this abstract stands where other papers have a second title."""
    press = Press()
    press.at(LEFT, 70, "Bakterien im Wasser und die Pflanzen", 18, "B")
    press.at(LEFT, 100, "Ada Lovelace und Mary Somerville", 11)
    y = press.column(LEFT, 130, GERMAN, 495)
    press.at(LEFT, y + 15, "Abstract", 12, "B")
    y = press.column(LEFT, y + 30, ENGLISH, 495)
    press.at(LEFT, y + 20, "Einleitung", 12, "B")
    press.column(LEFT, y + 35, GERMAN * 4, 495)
    paper = read_pdf(press.write(tmp_path / "german.pdf"), tmp_path, "file:german.pdf").told()
    assert paper.language == "de"
    assert paper.title == "Bakterien im Wasser und die Pflanzen"


def test_without_an_english_abstract_the_language_is_named(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match="Spanish"):
        read_pdf(_translated(tmp_path, abstract=False), tmp_path, "file:paper.pdf")


@pytest.fixture(scope="module")
def read(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Paper, Path]]:
    """The shared English pairs, each read once."""
    found = {}
    for name in PAIRS:
        folder = tmp_path_factory.mktemp(name)
        found[name] = (read_pdf(papers / "pairs" / name / "article.pdf", folder, "file:article.pdf"), folder)
    return found


def jats(papers: Path, name: str) -> etree._Element:
    data = (papers / "pairs" / name / "article.xml").read_bytes().replace(b"&nbsp;", b" ")
    root = etree.fromstring(data, etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False))
    return root if root.tag == "article" else next(root.iter("article"))


def words_of(element: etree._Element | None) -> str:
    return "".join(map(str, element.itertext())) if element is not None else ""


def test_titles_of_real_papers_are_exact(papers: Path, read: dict[str, tuple[Paper, Path]]) -> None:
    titles = {
        name: words_of(jats(papers, name).find(".//article-meta/title-group/article-title")) for name in PAIRS
    }
    wrong = [name for name in PAIRS if squashed(read[name][0].title) != squashed(titles[name])]
    assert len(wrong) <= 1, wrong


def test_authors_of_real_papers_are_found(papers: Path, read: dict[str, tuple[Paper, Path]]) -> None:
    hits = wanted = 0
    for name in PAIRS:
        surnames = [
            squashed(s.text or "")
            for s in jats(papers, name).findall(".//article-meta/contrib-group/contrib/name/surname")
        ]
        names = [squashed(author.name) for author in read[name][0].authors]
        hits += sum(any(surname in found for found in names) for surname in surnames)
        wanted += max(len(surnames), len(names))
    assert hits >= 0.95 * wanted


def test_paragraphs_of_real_papers_are_found(papers: Path, read: dict[str, tuple[Paper, Path]]) -> None:
    whole = wanted = 0
    for name in PAIRS:
        text = squashed(all_text(read[name][0]))
        for paragraph in jats(papers, name).findall(".//body//sec/p"):
            sentences = [squashed(s) for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", words_of(paragraph))]
            sentences = [s for s in sentences if len(s) > 60]
            whole += sum(sentence in text for sentence in sentences)
            wanted += len(sentences)
    assert whole >= 0.93 * wanted


def test_no_running_head_stands_in_a_real_paragraph(read: dict[str, tuple[Paper, Path]]) -> None:
    heads = re.compile(r"Page \d+ of \d+|\d+ of \d+$|journal\.pone\.\d+ March|www\.frontiersin\.org|EISSN")
    for name in PAIRS:
        for section in read[name][0].sections:
            assert not [line for line in section.paragraphs if heads.search(line)], name


def test_every_paragraph_has_its_page(read: dict[str, tuple[Paper, Path]]) -> None:
    for name in PAIRS:
        for section in read[name][0].sections:
            assert len(section.pages) == len(section.paragraphs), name
            assert list(section.pages) == sorted(section.pages, key=lambda page: page or 0), name


def test_figures_of_real_papers_are_pictures(read: dict[str, tuple[Paper, Path]]) -> None:
    figures = [(folder, figure) for paper, folder in read.values() for figure in paper.figures]
    pictured = [(folder, figure) for folder, figure in figures if figure.file]
    assert len(pictured) >= 0.9 * len(figures) > 20
    for folder, figure in pictured:
        with Image.open(folder / str(figure.file)) as picture:
            values = np.asarray(picture.convert("L"))
        assert values.std() > 8, figure.label
        assert max(picture.size) >= 1000, figure.label


def test_real_papers_name_doi_and_year(papers: Path, read: dict[str, tuple[Paper, Path]]) -> None:
    for name in PAIRS:
        doi = jats(papers, name).findtext(".//article-meta/article-id[@pub-id-type='doi']")
        assert read[name][0].doi == (doi or "").lower(), name
        if name.startswith("jose"):
            continue  # its XML bears the year of submission
        years = {element.text for element in jats(papers, name).findall(".//article-meta//pub-date/year")}
        assert str(read[name][0].year) in years, name


@pytest.mark.parametrize("name", ["scielo_hoehnea_pt", "scielo_tinf200057_es"])
def test_real_papers_in_other_languages_are_told_in_english(papers: Path, tmp_path: Path, name: str) -> None:
    paper = read_pdf(papers / "pairs" / name / "article.pdf", tmp_path, "file:article.pdf").told()
    assert paper.language == name[-2:]
    assert paper.abstract_only
    assert re.search(r"\b(the|of|and)\b", paper.title)
    assert len(" ".join(paper.abstract).split()) > 80
