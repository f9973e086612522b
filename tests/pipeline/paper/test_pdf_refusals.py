"""Documents that read well and are no paper; and papers that lack much of what papers have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from fpdf import FPDF

from pipeline.errors import NotAPaperError, SeveralPapersError
from pipeline.paper.pdf import read_pdf
from tests.pipeline.paper.pdf_press import LEFT, Press, print_paper, prose


def refused(path: Path) -> str:
    with pytest.raises(NotAPaperError) as caught:
        read_pdf(path, path.parent, "file:it.pdf")
    assert caught.value.advice
    return caught.value.sentence


def document(path: Path, title: str, lines: Sequence[str], text: str = "", after: Sequence[str] = ()) -> Path:
    """One page: a title, lines, a column of text, and lines after it."""
    press = Press()
    press.at(LEFT, 60, title, 18, "B")
    y = press.lines(LEFT, 90, lines)
    if text:
        y = press.column(LEFT, y + 10, text, 495)
    press.lines(LEFT, y + 10, after)
    return press.write(path)


def test_an_invoice(tmp_path: Path) -> None:
    lines = [
        "Invoice number: 2021-17",
        "Bill to: The Hill Company",
        "Due date: 1 March 2021",
        "Subtotal 12.00",
    ]
    path = document(tmp_path / "it.pdf", "Plants for the laboratory", lines, prose(20), ["Amount due 14.40"])
    assert "looks like an invoice" in refused(path)


def test_an_invoice_for_the_fees_of_a_paper(tmp_path: Path) -> None:
    lines = ["Invoice number 17", "Bill to: A. Lovelace", "Subtotal 1200", "Article: doi:10.1234/wet.2021.14"]
    path = document(tmp_path / "it.pdf", "Article processing charge", lines, prose(20), ["Total due: 1440"])
    assert "looks like an invoice" in refused(path)


def test_a_form_that_is_printed(tmp_path: Path) -> None:
    lines = ["Please print in block letters", "Applicant", "Date of birth", "Zip code", "Telephone number"]
    path = document(tmp_path / "it.pdf", "Application for a hill", lines, prose(20), ["Date signed"])
    assert "looks like a form" in refused(path)


def test_a_curriculum_vitae_with_publications(tmp_path: Path) -> None:
    lines = ["Curriculum Vitae", "Nationality: British", "Education and training", "Language skills: French"]
    publications = [f"{n}. Lovelace A. Notes. {1990 + n}. doi:10.1234/notes.{n}" for n in range(6)]
    path = document(tmp_path / "it.pdf", "Ada Lovelace", lines, prose(20), ["Publications", *publications])
    assert "looks like a curriculum vitae" in refused(path)


def test_an_email_about_a_paper(tmp_path: Path) -> None:
    lines = ["From: Ada Lovelace <ada@hill.example>", "To: Charles Babbage", "Sent: Monday 1 March 2021"]
    path = document(
        tmp_path / "it.pdf",
        "Have you seen this paper?",
        [*lines, "Subject: https://doi.org/10.1234/wet.2021.14"],
        prose(20),
    )
    assert "looks like an e-mail" in refused(path)


def test_a_contract(tmp_path: Path) -> None:
    lines = ["This agreement is made between the hill, hereinafter the Hill, and the valley."]
    path = document(tmp_path / "it.pdf", "Lease of a hill", lines, prose(20), ["Governing law: England"])
    assert "looks like a contract" in refused(path)


def test_a_letter_of_the_bank_is_like_nothing_known(tmp_path: Path) -> None:
    path = document(tmp_path / "it.pdf", "Your account", ["Dear Ada,"], prose(30))
    assert "no abstract, references or DOI" in refused(path)


def test_slides_with_all_the_headings_of_a_paper(tmp_path: Path) -> None:
    press = Press()
    press.pdf = FPDF(unit="pt", format=(960, 540))
    press.pdf.set_auto_page_break(False)
    for number, name in enumerate(("Introduction", "Methods", "Results", "Discussion", "References")):
        press.pdf.add_page()
        press.at(60, 80, name, 32, "B")
        press.column(60, 140, prose(4, 10 * number), 800, 20)
    assert "looks like slides" in refused(press.write(tmp_path / "it.pdf"))


def test_a_book(tmp_path: Path) -> None:
    press = Press()
    press.at(LEFT, 100, "All about hills", 24, "B")
    press.lines(LEFT, 200, ["Second edition", "ISBN 978-0-00-000000-0", "All rights reserved", "Contents"])
    for number in range(1, 65):
        press.page()
        press.at(LEFT, 70, f"Chapter {number}", 16, "B")
        press.column(LEFT, 100, prose(6, 6 * number), 495)
    press.page()
    press.at(LEFT, 70, "References", 12, "B")
    press.lines(LEFT, 90, [f"{n}. Noether E. Hills. Wet Press, {1900 + n}." for n in range(1, 20)])
    assert "looks like a book" in refused(press.write(tmp_path / "it.pdf"))


def test_several_papers(tmp_path: Path) -> None:
    one = print_paper(tmp_path / "one.pdf")
    both = pdfium.PdfDocument.new()
    for _ in range(2):
        both.import_pages(pdfium.PdfDocument(one))
    both.save(tmp_path / "it.pdf")
    with pytest.raises(SeveralPapersError, match="2 papers"):
        read_pdf(tmp_path / "it.pdf", tmp_path, "file:it.pdf")


def test_an_essay_that_has_no_more_than_a_doi_is_a_paper(tmp_path: Path) -> None:
    lines = ["Mary Somerville", "Journal of Wet Plants 2021, 3, 14; doi:10.1234/wet.2021.14"]
    path = document(tmp_path / "it.pdf", "Why hills stay where they are", lines, prose(30))
    assert read_pdf(path, tmp_path, "file:it.pdf").title == "Why hills stay where they are"


def test_an_old_letter_that_has_no_more_than_references_is_a_paper(tmp_path: Path) -> None:
    entries = [f"{n}. Noether E. Invariants. Wet Press, {1900 + n}." for n in range(1, 5)]
    path = document(
        tmp_path / "it.pdf", "Hills do not move", ["Mary Somerville"], prose(30), ["", "References", *entries]
    )
    assert read_pdf(path, tmp_path, "file:it.pdf").title == "Hills do not move"


def test_a_paper_about_invoices_is_a_paper(tmp_path: Path) -> None:
    title = "Invoice, subtotal, amount due and VAT: what is billed to plants"
    assert read_pdf(print_paper(tmp_path / "it.pdf", title=title), tmp_path, "file:it.pdf").title == title
