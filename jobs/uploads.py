"""Files that people hand in: kept in the object store under their content, so that any worker can read them.

An article in JATS goes with the files of its figures, as one archive; on a worker they lie beside each
other again. The same article and figures make the same archive, byte for byte.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePath
from typing import Final

from pipeline.errors import InputError
from pipeline.keys import digest_of
from pipeline.paper.file_kind import FileKind, kind_of_file
from storage.errors import ObjectMissingError
from storage.objects import Objects

#: The largest file that is taken in, and the largest article with its figures (bytes).
LARGEST: Final = 50 * 1024 * 1024
LARGEST_WITH_FIGURES: Final = 250 * 1024 * 1024

CONTENT_TYPES: Final = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docm": "application/vnd.ms-word.document.macroEnabled.12",
    ".xml": "application/xml",
    ".nxml": "application/xml",
    ".json": "application/json",
}
_ARCHIVE: Final = ".tar"
#: What the article and a PDF of the same name are called inside of an archive; figures keep their names.
_ARTICLE, _PDF, _FIGURES = "article.xml", "article.pdf", "figures/"
_SCRIPT: Final = "script.json"


class TooLargeError(InputError):
    """Raised for a file that is larger than what is taken in."""

    code = "file-too-large"


def take_in(objects: Objects, workspace: str, file: Path) -> str:
    """Keep `file` for the jobs of `workspace`; returns its key.

    Raises `TooLargeError`, `InputError` for a kind that nothing reads or a file that is not there, and
    the store's errors.
    """
    suffix = file.suffix.lower()
    if suffix not in CONTENT_TYPES:
        raise InputError(
            f"A {suffix or 'nameless'} file can't be read.", "Hand in a PDF, a .docx or a JATS .xml file."
        )
    _measure([file], LARGEST, "Hand in the article without its supplements.")
    return _keep(objects, workspace, file, suffix, CONTENT_TYPES[suffix])


def take_in_article(objects: Objects, workspace: str, file: Path, figures: Path | None = None) -> str:
    """Keep a paper's file; one in JATS together with the pictures that it names. Returns the key.

    Pictures are looked for in the folder `figures`, else beside the file, as `pipeline.paper` does; a
    PDF of the same name goes along when some are missing. A Word file is opened, and not read. Raises as `take_in`
    does, and the `InputError` that says what is wrong with the file.
    """
    beside = _beside(file, figures) if _opened(file) == "jats" else []
    if not beside:
        return take_in(objects, workspace, file)
    _measure([file], LARGEST, "Hand in the article without its supplements.")
    _measure(
        [file, *(path for _, path in beside)],
        LARGEST_WITH_FIGURES,
        "Hand in smaller figure files (PNG or JPEG), or the article without them.",
    )
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch, f"article{_ARCHIVE}")
        _pack([(_ARTICLE, file), *beside], archive)
        return _keep(objects, workspace, archive, _ARCHIVE, "application/x-tar")


def take_in_script(objects: Objects, workspace: str, file: Path) -> str:
    """Keep a script file, together with the pictures of the user's own that it names. Returns the key.

    Raises as `take_in` does, and the `ScriptError` that says what is wrong with the script.
    """
    from pipeline.script.by_hand import load_script, own_pictures

    pictures = own_pictures(load_script(file), file.parent)
    if not pictures:
        return take_in(objects, workspace, file)
    _measure([file, *pictures.values()], LARGEST, "Make the pictures smaller.")
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch, f"script{_ARCHIVE}")
        _pack([(_SCRIPT, file), *sorted(pictures.items())], archive)
        return _keep(objects, workspace, archive, _ARCHIVE, "application/x-tar")


def hand_out_script(objects: Objects, key: str, folder: Path) -> Path:
    """Fetch a script that was handed in, with its pictures, into `folder`; returns the script's file.

    Raises `ObjectMissingError`, also for an archive that is damaged, and the store's errors.
    """
    script = folder / _SCRIPT
    if not key.endswith(_ARCHIVE):
        _fetch(objects, key, script)
        return script
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch, "archive")
        _fetch(objects, key, archive)
        try:
            with tarfile.open(archive, "r:") as tar:
                tar.extractall(folder, filter="data")
        except tarfile.TarError as error:
            raise _damaged() from error
    return script


def hand_out(objects: Objects, key: str, file: Path) -> None:
    """Fetch what was handed in as `key` to `file`, and the pictures of an article beside it.

    Raises `ObjectMissingError`, also for an archive that is damaged, and the store's errors.
    """
    if not key.endswith(_ARCHIVE):
        _fetch(objects, key, file)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
        archive = Path(scratch, "archive")
        _fetch(objects, key, archive)
        _unpack(archive, file)


def kind_of(key: str, name: str) -> str:
    """The suffix (".pdf", ".xml") that tells how to read what was handed in as `key` and is called `name`."""
    suffix = PurePath(key).suffix
    return (".nxml" if name.lower().endswith(".nxml") else ".xml") if suffix == _ARCHIVE else suffix


def _opened(file: Path) -> FileKind:
    """The kind of a paper's file. Raises the `InputError` that says why a Word file can't be opened."""
    from pipeline.paper.docx_file import open_docx

    kind = kind_of_file(file)
    if kind == "docx" and file.stat().st_size <= LARGEST:
        with open_docx(file):
            pass
    return kind


def _beside(file: Path, figures: Path | None) -> list[tuple[str, Path]]:
    """What belongs to an article in JATS: (name in the archive, file)."""
    from pipeline.paper.figure_files import match_figures
    from pipeline.paper.jats import read_jats
    from pipeline.paper.markup import read_bytes

    article = read_jats(read_bytes(file), f"file:{file.name}")
    found = match_figures(article.hrefs, [figures if figures is not None else file.parent])
    beside = {f"{_FIGURES}{path.name}": path for path in found.values()}
    pdf = file.with_suffix(".pdf")
    if pdf.is_file() and any(figure.id not in found for figure in article.paper.figures):
        beside[_PDF] = pdf
    return sorted(beside.items())


def _measure(files: list[Path], most: int, advice: str) -> None:
    try:
        size = sum(path.stat().st_size for path in files)
    except OSError as error:
        raise InputError(f"{files[0].name} can't be read ({error.strerror}).", "Check its name.") from error
    if size > most:
        what = "The file has" if len(files) == 1 else "The article and its figures have"
        raise TooLargeError(f"{what} {size / 1e6:.0f} MB; {most / 1e6:.0f} MB are taken at most.", advice)


def _keep(objects: Objects, workspace: str, file: Path, suffix: str, content_type: str) -> str:
    key = f"uploads/{_safe(workspace)}/{digest_of(file)}{suffix}"
    # Put even if it is there: its age says to the sweeper that somebody may be about to order it.
    objects.put(key, file, content_type=content_type)
    return key


def _pack(files: list[tuple[str, Path]], archive: Path) -> None:
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in files:
            entry = tarfile.TarInfo(name)
            entry.size = path.stat().st_size
            with path.open("rb") as content:
                tar.addfile(entry, content)


def _unpack(archive: Path, article: Path) -> None:
    """The files of an archive of ours: its article as `article`, the others beside it."""
    own = {_ARTICLE: article.name, _PDF: article.with_suffix(".pdf").name}
    try:
        with tarfile.open(archive, "r:") as tar:
            for entry in tar:
                name = own.get(entry.name) or PurePath(entry.name).name
                content = tar.extractfile(entry) if entry.isreg() else None
                if content is None or not name:
                    continue
                with content, (article.parent / name).open("xb") as to:
                    shutil.copyfileobj(content, to)
                # Part of what the reading is known by: the same on every worker.
                os.utime(article.parent / name, (0, 0))
    except (tarfile.TarError, FileExistsError) as error:
        raise _damaged() from error


def _fetch(objects: Objects, key: str, to: Path) -> None:
    try:
        objects.get(key, to)
    except ObjectMissingError as error:
        raise ObjectMissingError(
            "What was handed in is not in the store any more.", "Hand it in again."
        ) from error


def _damaged() -> ObjectMissingError:
    return ObjectMissingError("What was handed in is damaged in the store.", "Hand it in again.")


def _safe(workspace: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.:-]", "-", workspace)
