"""Files that are small on disk and would take all memory, or for ever, if they were let."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import DamagedFileError, InputError, TooLargeToReadError, TooSlowToReadError
from pipeline.keys import once
from pipeline.model import Paper
from pipeline.paper import reading
from pipeline.paper.jats import read_jats
from pipeline.paper.pdf import read_pdf
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.sandbox import read_apart
from pipeline.paper.source import Source
from pipeline.process_limits import Limits
from storage.artefacts import FolderArtefacts
from tests.pipeline.paper import bombs
from tests.pipeline.paper.sample import article, in_body

NOBODY = Ncbi(base_url="http://127.0.0.1:9/", pmc_base_url="http://127.0.0.1:9/", email="a@hill.example")
#: As in earnest, only that nobody waits that long for a file without an end.
LIMITS = Limits(cpu_seconds=8, memory=800_000_000, file_bytes=64_000_000)


def read(path: Path) -> Paper:
    return read_apart(_read, path, limits=LIMITS)


def _read(path: Path) -> Paper:
    return read_pdf(path, path.parent, "file:it.pdf")


@pytest.mark.parametrize(
    ("bomb", "kinds"),
    [
        (bombs.content_of_gigabytes, (DamagedFileError, TooLargeToReadError)),
        (bombs.object_stream_of_gigabytes, (DamagedFileError, TooLargeToReadError)),
        (bombs.glyphs_without_end, (DamagedFileError, TooLargeToReadError, TooSlowToReadError)),
        (bombs.forms_that_draw_forms, (DamagedFileError, TooLargeToReadError, TooSlowToReadError)),
        (bombs.pattern_of_specks, (TooSlowToReadError,)),
        (bombs.pages_that_are_their_own_parents, (DamagedFileError,)),
    ],
)
def test_a_pdf_that_has_no_end(
    bomb: Callable[[Path], Path], kinds: tuple[type[InputError], ...], tmp_path: Path
) -> None:
    path = bomb(tmp_path / "it.pdf")
    assert path.stat().st_size < 200_000
    with pytest.raises(kinds) as caught:
        read(path)
    assert caught.value.sentence
    assert caught.value.advice


@pytest.mark.parametrize(
    "bomb",
    [
        bombs.picture_of_gigabytes,
        bombs.fax_of_gigabytes,
        bombs.jpeg_of_gigabytes,
        bombs.page_without_end,
        bombs.pages_that_are_not_there,
        bombs.outlines_without_end,
        bombs.arrays_in_arrays,
    ],
)
def test_a_pdf_whose_giant_part_is_not_needed_is_read(bomb: Callable[[Path], Path], tmp_path: Path) -> None:
    paper = read(bomb(tmp_path / "it.pdf"))
    assert paper.title == "Hills under water"
    assert [section.kind for section in paper.sections] == ["introduction", "methods", "results"]
    for figure in paper.figures:
        assert max(figure.width or 0, figure.height or 0) <= 3000


@pytest.mark.parametrize(
    "data",
    [
        bombs.doctype(bombs.LAUGHS, in_body("<p>&a9;</p>")),
        bombs.doctype(bombs.LAUGHS, in_body('<p id="&a9;">x</p>')),
        bombs.doctype(bombs.LAUGHS, article(title="Hills &a9;")),
        bombs.doctype(b'<!ENTITY a "%b">' % (b"a" * 100_000), in_body(f"<p>{'&a;' * 10_000}</p>")),
        in_body("<sec>" * 1_000_000 + "</sec>" * 1_000_000),
        in_body("<p>" + "hill " * 3_000_000 + "</p>"),
    ],
    ids=["laughs", "laughs in an attribute", "laughs in a title", "quadratic", "nesting", "one long text"],
)
def test_xml_that_grows(data: bytes) -> None:
    with pytest.raises(TooLargeToReadError, match="beyond what any paper does"):
        read_jats(data, "file:it.xml")


@pytest.mark.parametrize("how", ["general", "parameter", "include"])
def test_nothing_outside_of_the_file_is_read(how: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("xyzzy")
    address = secret.as_uri()
    data = {
        "general": bombs.doctype(
            f'<!ENTITY x SYSTEM "{address}">'.encode(), in_body("<p>There &x; it is</p>")
        ),
        "parameter": bombs.doctype(f'<!ENTITY % x SYSTEM "{address}"> %x;'.encode(), in_body("<p>It</p>")),
        "include": in_body(
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}" parse="text"/>'
        ),
    }[how]
    assert "xyzzy" not in read_jats(data, "file:it.xml").paper.model_dump_json()


def test_a_large_xml_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "it.xml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(TooLargeToReadError, match="50 MB"):
        reading.read(Source("file", "it.xml", path), tmp_path / "out", ncbi=NOBODY)


def test_a_reader_that_breaks_leaves_nothing_that_is_taken_for_a_paper(tmp_path: Path) -> None:
    path = bombs.forms_that_draw_forms(tmp_path / "it.pdf")
    artefacts = FolderArtefacts(tmp_path / "artefacts")

    def build(folder: Path) -> None:
        (folder / "half").touch()
        reading.read(Source("file", "it.pdf", path), folder, ncbi=NOBODY)

    with pytest.raises(InputError):
        once(artefacts, "fetch-paper", "key", build, lambda folder: folder)
    assert artefacts.find("fetch-paper", "key") is None
    assert [found for found in (tmp_path / "artefacts").rglob("*") if found.is_file()] == []
