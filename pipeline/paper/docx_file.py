"""Opening a Word file: what is refused before a word of it is read, and the parts that it is made of."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from pipeline.errors import (
    DamagedFileError,
    EncryptedDocxError,
    InputError,
    NotADocxError,
    TooLargeToReadError,
)
from pipeline.paper.file_kind import OLE, is_web_page
from pipeline.paper.markup import parse_xml

MAX_BYTES = 50_000_000
#: A manuscript has some dozens of parts; each costs memory before any is read.
MOST_PARTS = 5_000
#: What all parts may come to once unpacked (bytes), and what one part of XML may: 1,000 pages have some 20 MB.
MOST_UNPACKED = 400_000_000
MOST_XML = 30_000_000

#: What the main part's type says when it isn't Word's; the first that is found counts.
_OTHERS = (
    ("spreadsheetml", "an Excel workbook"),
    ("presentationml", "a PowerPoint presentation"),
    ("opendocument.text", "an OpenDocument text (.odt)"),
    ("opendocument", "an OpenDocument file"),
    ("epub", "an e-book"),
)
_WORD = re.compile(r"wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled")
_UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
_AGAIN = "Open it in Word, save it as .docx again, and hand that in."
_WORD_AS = "Open it in the program that made it and save it as .docx or PDF."


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of that local name: documents of the strict and of the usual kind differ in namespaces."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


@dataclass(frozen=True)
class DocxFile:
    """An opened Word file. `main` is the name of the part that holds the text."""

    archive: zipfile.ZipFile
    main: str

    def xml(self, name: str) -> etree._Element | None:
        """The root of a part, tags without namespaces; `None` where there is no such part.

        Raises `DamagedFileError` and `TooLargeToReadError`.
        """
        return _xml(self.archive, name)

    def beside(self, name: str) -> str:
        """The name of a part that lies in the folder of the main one ("styles.xml")."""
        return posixpath.join(posixpath.dirname(self.main), name)

    def related(self) -> dict[str, str]:
        """The names of the parts that the main one refers to, by the id of the reference.

        What lies outside of the file (a picture on the web, a template on a server) is left out: nothing is fetched.
        """
        return _related(self.archive, self.main)

    def picture(self, name: str) -> bytes | None:
        """The bytes of a part that is a picture; `None` where it is missing or can't be unpacked."""
        try:
            return _bytes(self.archive, name, MAX_BYTES)
        except InputError:
            return None


@contextmanager
def open_docx(path: Path) -> Iterator[DocxFile]:
    """The opened file, until the block ends; its parts are never written under names of its own.

    Raises `NotADocxError` (an old .doc, a workbook, a web page), `EncryptedDocxError`, `DamagedFileError`,
    and `TooLargeToReadError` above 50 MB, or 400 MB once unpacked.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLargeToReadError(
            f"This Word file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Hand in a version with smaller pictures.",
        )
    data = path.read_bytes()
    _refuse_other(data)
    # Each entry of the directory costs some 1,000 times its bytes' time and memory: counted before it is read.
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise TooLargeToReadError(f"This file holds more than {MOST_PARTS:,} packed files.", _AGAIN)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _UNPACKING as error:
        raise _damaged() from error
    with archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise _too_large()
        yield DocxFile(archive, _main(archive))


def _refuse_other(data: bytes) -> None:
    """Raises the error that says what a file is that is no archive."""
    if not data.strip(b"\0 \r\n\t"):
        raise DamagedFileError("This file is empty.", "Save it again, or download it again.")
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedDocxError(
                "This Word file asks for a password.", "Save a copy without a password and hand that in."
            )
        raise NotADocxError(
            "This is a file of the old Word format (.doc) or of another old Office program.", _WORD_AS
        )
    if is_web_page(data[:4096]):
        raise NotADocxError(
            "This file is a web page, not a Word file.",
            "Open the address in a browser and download the file itself.",
        )
    if data.startswith(b"{\\rtf"):
        raise NotADocxError("This is an RTF file, not a Word file.", _WORD_AS)
    if not data.startswith(b"PK"):
        raise NotADocxError("This file is not a Word file.", "Hand in the paper as PDF, DOCX or JATS XML.")


def _main(archive: zipfile.ZipFile) -> str:
    """The name of the part with the text. Raises `NotADocxError` for an archive of another sort."""
    types = _xml(archive, "[Content_Types].xml")
    kinds = {
        (attribute(override, "PartName") or "").lstrip("/"): attribute(override, "ContentType") or ""
        for override in (types.iter("Override") if types is not None else ())
    }
    main = next((name for name, kind in kinds.items() if _WORD.search(kind)), "")
    if main in archive.namelist():
        return main
    said = " ".join([*kinds.values(), (_bytes(archive, "mimetype", 200) or b"").decode("ascii", "replace")])
    other = next((name for sign, name in _OTHERS if sign in said), None)
    if other is not None:
        raise NotADocxError(
            f"This is {other}, not a Word file.", "Hand in the paper as PDF, DOCX or JATS XML."
        )
    raise NotADocxError(
        "This is a packed (ZIP) file that holds no Word document.",
        "Unpack it, and hand in the paper that is in it as PDF, DOCX or JATS XML.",
    )


def _related(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    folder, own = posixpath.split(name)
    relations = _xml(archive, posixpath.join(folder, "_rels", f"{own}.rels"))
    if relations is None:
        return {}
    found = {}
    for relation in relations.iter("Relationship"):
        target = unquote(attribute(relation, "Target") or "")
        if attribute(relation, "TargetMode") != "External" and target:
            part = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found[attribute(relation, "Id") or ""] = posixpath.normpath(part)
    return found


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    data = _bytes(archive, name, MOST_XML)
    if data is None:
        return None
    try:
        return parse_xml(data)
    except InputError as error:
        raise _damaged() from error


def _bytes(archive: zipfile.ZipFile, name: str, most: int) -> bytes | None:
    """A part, unpacked no further than `most` bytes, whatever size the archive claims for it."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        return None
    if part.file_size > most:
        raise _too_large()
    try:
        with archive.open(part) as file:
            data = file.read(most + 1)
    except _UNPACKING as error:
        raise _damaged() from error
    except RuntimeError as error:  # what zipfile raises for a member with a password
        raise EncryptedDocxError(
            "This Word file asks for a password.", "Save a copy without a password and hand that in."
        ) from error
    if len(data) > most:
        raise _too_large()
    return data


def _too_large() -> TooLargeToReadError:
    return TooLargeToReadError(
        "This Word file is small and unpacks to far more than a paper has.",
        "Hand in a version with smaller pictures, or the PDF.",
    )


def _damaged() -> DamagedFileError:
    return DamagedFileError("This Word file is cut off or damaged.", _AGAIN)
