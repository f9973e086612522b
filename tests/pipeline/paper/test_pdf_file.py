"""What is refused before a PDF is read, each with its own sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from fpdf import FPDF

from pipeline.errors import (
    DamagedFileError,
    EncryptedPdfError,
    InputError,
    NotAPaperError,
    NotAPdfError,
    NoTextLayerError,
    SeveralPapersError,
    TooLargeToReadError,
)
from pipeline.paper import pdf_file
from pipeline.paper.pdf import read_pdf
from pipeline.paper.recognition import installed
from tests.pipeline.paper.pdf_press import Press, print_paper


def refusal(path: Path, kind: type[InputError]) -> str:
    with pytest.raises(kind) as caught:
        read_pdf(path, path.parent, f"file:{path.name}")
    assert type(caught.value) is kind
    assert caught.value.advice
    return caught.value.sentence


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"")
    assert "empty" in refusal(tmp_path / "paper.pdf", DamagedFileError)


def test_a_web_page(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_text("<!DOCTYPE html><html><body>Access denied</body></html>")
    assert "web page" in refusal(tmp_path / "paper.pdf", NotAPdfError)


def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"PK\x03\x04 a zip archive")
    assert "not a PDF" in refusal(tmp_path / "paper.pdf", NotAPdfError)


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    whole = print_paper(tmp_path / "whole.pdf").read_bytes()
    (tmp_path / "paper.pdf").write_bytes(whole[:40])
    assert "cut off" in refusal(tmp_path / "paper.pdf", DamagedFileError)


def test_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7\nnothing that follows makes sense\n%%EOF\n")
    assert "damaged" in refusal(tmp_path / "paper.pdf", DamagedFileError)


def test_a_password(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="secret")
    pdf.add_page()
    pdf.output(str(tmp_path / "paper.pdf"))
    assert "password" in refusal(tmp_path / "paper.pdf", EncryptedPdfError)


def test_pages_without_text(tmp_path: Path) -> None:
    press = Press()
    press.pdf.rect(50, 50, 400, 600, style="F")
    assert "no text" in refusal(press.write(tmp_path / "paper.pdf"), NoTextLayerError)


def test_too_many_pages(tmp_path: Path) -> None:
    press = Press()
    for _ in range(pdf_file.MAX_PAGES):
        press.page()
    assert "301 pages" in refusal(press.write(tmp_path / "paper.pdf"), TooLargeToReadError)


def test_too_many_bytes(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    with path.open("wb") as file:
        file.truncate(pdf_file.MAX_BYTES + 1)
    assert "50 MB" in refusal(path, TooLargeToReadError)


def test_what_stands_before_the_header_is_cut_off(tmp_path: Path) -> None:
    whole = print_paper(tmp_path / "whole.pdf")
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"HTTP/1.1 200 OK\r\n\r\n" + whole.read_bytes())
    expected = read_pdf(whole, tmp_path / "a", "file:paper.pdf")
    assert read_pdf(path, tmp_path / "b", "file:paper.pdf") == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("derived_encrypted_userpw", EncryptedPdfError),
        ("made_html_named_pdf", NotAPdfError),
        ("scan_real_congress", NotAPaperError if installed() else NoTextLayerError),
        ("scan_ccitt", NoTextLayerError),
        ("nonpaper_form_dd0293", NotAPaperError),
        ("nonpaper_form_210966", NotAPaperError),
        ("derived_over100pages_concat", SeveralPapersError),
    ],
)
def test_real_files_that_are_refused(papers: Path, name: str, kind: type[InputError]) -> None:
    assert refusal(papers / "pdf" / f"{name}.pdf", kind)


@pytest.mark.parametrize(
    "name", ["PMC6281068_ijbms", "PMC6215600_bmc2", "jose_00090", "derived_garbage_header"]
)
def test_real_files_that_are_read(papers: Path, tmp_path: Path, name: str) -> None:
    paper = read_pdf(papers / "pdf" / f"{name}.pdf", tmp_path, "file:paper.pdf")
    assert len(paper.authors) >= 3
    assert sum(len(section.paragraphs) for section in paper.sections) > 10


def test_the_title_on_the_page_wins_over_false_metadata(papers: Path, tmp_path: Path) -> None:
    paper = read_pdf(papers / "pdf" / "PMC6281068_ijbms.pdf", tmp_path, "file:paper.pdf")
    assert paper.title == "Medicinal plants for gingivitis: a review of clinical trials"
