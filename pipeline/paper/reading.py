"""One way in for every source: an id is asked of NCBI, a file is read by what it is."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

from pipeline.errors import InputError, UnknownSourceError
from pipeline.keys import digest_of
from pipeline.model import Paper
from pipeline.paper.details import with_details
from pipeline.paper.figure_files import EXTENSIONS, import_figures, match_figures
from pipeline.paper.jats import read_jats
from pipeline.paper.pdf import read_pdf
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source

#: Part of every key: raise it when the same source would be read to another paper.
VERSION: Final = "2"


def read(
    source: Source, folder: Path, *, ncbi: Ncbi, figures_folder: Path | None = None, all_figures: bool = False
) -> Paper:
    """The paper, its figures' pictures in `folder/figures`.

    `all_figures` fetches pictures whatever the licence. Raises the `InputError` that says what is
    wrong with the source, or a `ProviderError` when NCBI can't be had.
    """
    return with_details(_read(source, folder, ncbi, figures_folder, all_figures=all_figures))


def _read(
    source: Source, folder: Path, ncbi: Ncbi, figures_folder: Path | None, *, all_figures: bool
) -> Paper:
    if source.path is None:
        return ncbi.fetch(source, folder, all_figures=all_figures)
    if source.path.suffix.lower() == ".pdf":
        return read_pdf(source.path, folder, source.label)
    return _read_jats_file(source, source.path, folder, figures_folder)


def _read_jats_file(source: Source, path: Path, folder: Path, figures_folder: Path | None) -> Paper:
    """Pictures come from the folder named or from beside the file; missing ones from a PDF of the same name."""
    article = read_jats(path.read_bytes(), source.label)
    files = match_figures(article.hrefs, _figure_folders(path, figures_folder))
    with tempfile.TemporaryDirectory() as scratch:
        missing = [figure for figure in article.paper.figures if figure.id not in files]
        if missing and (pdf := _pdf_beside(path)) is not None:
            files = {**_pictures_of(pdf, article.paper, Path(scratch)), **files}
        return import_figures(article.paper, files, folder)


def _pictures_of(pdf: Path, paper: Paper, folder: Path) -> dict[str, Path]:
    """Pictures cut from a PDF, by the ids of the figures that carry the same number. A bad PDF is no error."""
    try:
        cut = read_pdf(pdf, folder, "file:" + pdf.name)
    except InputError:
        return {}
    by_number = {_number(figure.label): folder / figure.file for figure in cut.figures if figure.file}
    numbers = {figure.id: _number(figure.label) for figure in paper.figures}
    return {id_: by_number[number] for id_, number in numbers.items() if number and number in by_number}


def _number(label: str) -> str:
    found = re.search(r"[A-Z]?\d+", label)
    return found[0] if found else ""


def _figure_folders(path: Path, figures_folder: Path | None) -> list[Path]:
    return [figures_folder] if figures_folder is not None else [path.parent]


def _pdf_beside(path: Path) -> Path | None:
    pdf = path.with_suffix(".pdf")
    return pdf if pdf.is_file() else None


def identity(source: Source, figures_folder: Path | None = None) -> list[str]:
    """What the reading depends on, for the key: the file by content, pictures beside it by name, size and time."""
    if source.path is None:
        return [source.label]
    try:
        said = [source.label, digest_of(source.path)]
    except OSError as error:
        raise UnknownSourceError(
            f"{source.value} can't be read.", "Check that you may open the file."
        ) from error
    if source.path.suffix.lower() == ".pdf":
        return said
    beside = [
        picture
        for folder in _figure_folders(source.path, figures_folder)
        for picture in sorted(folder.iterdir())
        if picture.suffix.lower() in EXTENSIONS and picture.is_file()
    ]
    pdf = _pdf_beside(source.path)
    for file in [*beside, *([pdf] if pdf else [])]:
        stat = file.stat()
        said.append(f"{file.name} {stat.st_size} {stat.st_mtime_ns}")
    return said


def provider(source: Source) -> str:
    """Who read the source, for the manifest."""
    if source.path is None:
        return "ncbi"
    return "pdf" if source.path.suffix.lower() == ".pdf" else "jats"
