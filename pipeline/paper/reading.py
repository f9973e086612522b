"""One way in for every source: an id is asked of NCBI, a file is read by what it is."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import InputError, UnknownSourceError
from pipeline.keys import digest_of
from pipeline.model import Paper
from pipeline.paper.details import with_details
from pipeline.paper.docx import read_docx
from pipeline.paper.figure_files import EXTENSIONS, import_figures, match_figures
from pipeline.paper.file_kind import kind_of_file
from pipeline.paper.jats import read_jats
from pipeline.paper.markup import read_bytes
from pipeline.paper.pdf import read_pdf
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.sandbox import read_apart
from pipeline.paper.source import Source

#: Part of every key: raise it when the same source would be read to another paper.
VERSION: Final = "3"


def read(
    source: Source,
    folder: Path,
    *,
    ncbi: Ncbi,
    figures_folder: Path | None = None,
    all_figures: bool = False,
    recognising: bool = True,
) -> Paper:
    """The paper, its figures' pictures in `folder/figures`.

    A file is read in a process of its own; what stands in pictures of its pages only is recognised, unless
    `recognising` is false. `all_figures` fetches pictures whatever the licence. Raises the `InputError` that says what
    is wrong with the source, a `ProviderError` when NCBI can't be had, and what `read_apart` says of the machine.
    """
    if source.path is None:
        return with_details(ncbi.fetch(source, folder, all_figures=all_figures))
    return read_apart(_read_file, _File(source, source.path, folder, figures_folder, recognising))


@dataclass(frozen=True)
class _File:
    """A file to be read into `folder`; a JATS's pictures lie in `figures_folder`, beside it where that is `None`."""

    source: Source
    path: Path
    folder: Path
    figures_folder: Path | None
    recognising: bool


def _read_file(file: _File) -> Paper:
    kind, label = kind_of_file(file.path), file.source.label
    if kind == "docx":
        return with_details(read_docx(file.path, file.folder, label))
    if kind == "pdf":
        return with_details(read_pdf(file.path, file.folder, label, recognising=file.recognising))
    return with_details(_read_jats_file(file.source, file.path, file.folder, file.figures_folder))


def _read_jats_file(source: Source, path: Path, folder: Path, figures_folder: Path | None) -> Paper:
    """Pictures come from the folder named or from beside the file; missing ones from a PDF of the same name."""
    article = read_jats(read_bytes(path), source.label)
    files = match_figures(article.hrefs, _figure_folders(path, figures_folder))
    folder.mkdir(parents=True, exist_ok=True)
    # In the folder that is thrown away with us, should this process be killed.
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        missing = [figure for figure in article.paper.figures if figure.id not in files]
        if missing and (pdf := _pdf_beside(path)) is not None:
            files = {**_pictures_of(pdf, article.paper, Path(scratch)), **files}
        return import_figures(article.paper, files, folder)


def _pictures_of(pdf: Path, paper: Paper, folder: Path) -> dict[str, Path]:
    """Pictures cut from a PDF, by the ids of the figures that carry the same number. A bad PDF is no error."""
    try:
        cut = read_pdf(pdf, folder, "file:" + pdf.name, recognising=False)
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
    if kind_of_file(source.path) != "jats":
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
    return kind_of_file(source.path)
