"""What reads a PDF in `benchmarks.reading`: ours, and what one would take instead, plain and cleaned up."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.reading_truth import Reading
from pipeline.model import Paper

_REFERENCES = re.compile(r"^\W*(?:\d+\.?\s*)?references\W*$", re.IGNORECASE | re.MULTILINE)
_LIBRARIES = {"hidden-hill": "pipeline.paper.pdf", "pypdfium2": "pypdfium2", "pdfplumber": "pdfplumber"}


def load(tool: str) -> None:
    """Import what a tool needs, so that the time of a reading is its own."""
    if library := _LIBRARIES.get(tool.partition(",")[0]):
        importlib.import_module(library)


def ours(path: Path) -> Reading:
    """Hidden Hill's own reader, figures cut out and all."""
    from pipeline.paper.pdf import read_pdf

    with tempfile.TemporaryDirectory() as folder:
        return reading_of(read_pdf(path, Path(folder), "file:article.pdf"))


def reading_of(paper: Paper) -> Reading:
    """What our reader made of a paper, as it is scored."""
    kinds: dict[str, str] = {}
    for section in paper.sections:
        kinds[section.kind] = " ".join([kinds.get(section.kind, ""), *section.paragraphs])
    lines = [line for section in paper.sections for line in (section.title, *section.paragraphs)]
    return Reading(
        text="\n".join([paper.title, *paper.abstract, *lines]),
        title=paper.title,
        authors=tuple(author.name for author in paper.authors),
        kinds=kinds,
        figures=sum(figure.file is not None for figure in paper.figures),
    )


def pdfium_pages(path: Path) -> list[str]:
    """pypdfium2's text of each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_bounded() for page in document]


def plumber_pages(path: Path) -> list[str]:
    """pdfplumber's text of each page, in the order of the text's flow."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return [page.extract_text(use_text_flow=True) for page in document.pages]


def poppler_pages(path: Path) -> list[str]:
    """Poppler's text of each page (`pdftotext -raw`)."""
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return done.stdout.decode(errors="replace").split("\f")


def plain(pages: list[str]) -> Reading:
    """The text as the tool gives it."""
    return Reading(text="\n".join(pages))


def cleaned(pages: list[str]) -> Reading:
    """The text without what is known to cost most: running heads, line ends within words, the references."""
    bare = [[re.sub(r"\d+", "#", line).strip() for line in page.splitlines()] for page in pages]
    seen = Counter(line for page in bare for line in set(page))
    running = {line for line, count in seen.items() if count >= max(3, len(pages) // 3)}
    kept = [
        line
        for page, marks in zip(pages, bare, strict=True)
        for line, mark in zip(page.splitlines(), marks, strict=True)
        if mark not in running
    ]
    text = re.sub(r"(?<=\w)[-\u00ad\ufffe]\s*\n\s*(?=[a-z])", "", "\n".join(kept))
    ends = [
        found.start()
        for found in re.finditer(r"^\W*(?:\d+\.?\s*)?references\W*$", text, re.IGNORECASE | re.MULTILINE)
    ]
    return Reading(text=text[: ends[-1]] if ends else text)


def tools() -> dict[str, Callable[[Path], Reading]]:
    """Every reader that is installed, by its name in the table."""
    pages = {"pypdfium2": pdfium_pages, "pdfplumber": plumber_pages}
    if shutil.which("pdftotext"):
        pages["poppler"] = poppler_pages
    found: dict[str, Callable[[Path], Reading]] = {"hidden-hill": ours}
    for name, read in pages.items():
        found[name] = lambda path, read=read: plain(read(path))  # type: ignore[misc]
        found[f"{name}, cleaned"] = lambda path, read=read: cleaned(read(path))  # type: ignore[misc]
    return found
