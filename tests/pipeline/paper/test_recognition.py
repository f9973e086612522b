"""Papers that are pictures of paper: read where tesseract is, refused with a sentence where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import NoTextLayerError, TooLargeToReadError, TooSlowToReadError
from pipeline.paper import recognition
from pipeline.paper.pdf import read_pdf
from tests.pipeline.paper.pdf_press import Press, print_paper
from tests.pipeline.paper.scanner import scan

needs_program = pytest.mark.skipif(
    not recognition.installed(), reason="tesseract is not installed: apt-get install tesseract-ocr"
)


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    return scan(print_paper(tmp_path / "set.pdf"), tmp_path / "scan.pdf")


@needs_program
def test_a_scanned_paper_is_read_as_the_one_it_was_printed_from(scanned: Path, tmp_path: Path) -> None:
    printed = read_pdf(tmp_path / "set.pdf", tmp_path / "a", "file:it.pdf")
    paper = read_pdf(scanned, tmp_path / "b", "file:it.pdf")
    assert paper.title == printed.title
    assert paper.authors == printed.authors
    assert paper.doi == printed.doi
    assert [s.kind for s in paper.sections] == [s.kind for s in printed.sections]
    assert [f.label for f in paper.figures] == [f.label for f in printed.figures]
    words = " ".join(p for s in paper.sections for p in s.paragraphs).split()
    truth = " ".join(p for s in printed.sections for p in s.paragraphs).split()
    assert len(set(truth) - set(words)) <= 0.03 * len(set(truth))
    assert len(words) == pytest.approx(len(truth), rel=0.02)
    assert paper.notes == (recognition.NOTE,)
    assert printed.notes == ()


@needs_program
def test_pictures_without_words(tmp_path: Path) -> None:
    press = Press()
    press.pdf.rect(50, 50, 400, 600, style="F")
    path = scan(press.write(tmp_path / "set.pdf"), tmp_path / "scan.pdf")
    with pytest.raises(NoTextLayerError, match="no text that can be made out"):
        read_pdf(path, tmp_path, "file:it.pdf")


@needs_program
def test_too_many_pages(scanned: Path, tmp_path: Path) -> None:
    path = scan(print_paper(tmp_path / "again.pdf"), tmp_path / "long.pdf", times=11)
    with pytest.raises(TooLargeToReadError, match="pictures of 22 pages"):
        read_pdf(path, tmp_path, "file:it.pdf")


@needs_program
def test_what_takes_too_long(scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "PAGE_SECONDS", 0.05)
    with pytest.raises(TooSlowToReadError, match="takes too long"):
        read_pdf(scanned, tmp_path, "file:it.pdf")


def test_without_the_program(scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert recognition.installed() == ()
    with pytest.raises(NoTextLayerError, match=r"holds pictures of its pages and no text\.") as caught:
        read_pdf(scanned, tmp_path, "file:it.pdf")
    assert "tesseract" in caught.value.advice


def test_a_program_of_that_name_that_does_nothing(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "tesseract"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert recognition.installed() == ()
    with pytest.raises(NoTextLayerError):
        read_pdf(scanned, tmp_path, "file:it.pdf")


def test_the_program_learns_no_keys(scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "tesseract"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/told\necho eng\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("GEMINI_API_KEY", "a-key")
    assert recognition.installed() == ("eng",)
    assert "a-key" not in (tmp_path / "told").read_text()
