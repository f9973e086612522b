"""What sort of file a paper was handed in as, told by its first bytes rather than by its name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

FileKind = Literal["pdf", "docx", "jats"]

#: The kinds of files that are taken, by the endings of their names (.docm: its macros are never looked at).
KINDS: Final[dict[str, FileKind]] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".xml": "jats",
    ".nxml": "jats",
}
#: Files of word processors that aren't read; who has one can save it as DOCX or PDF.
OTHER_TEXTS: Final = frozenset({".doc", ".dot", ".dotx", ".odt", ".rtf", ".pages", ".tex"})

#: How far into a file the header of a PDF may stand (PDF 1.7, implementation note 13).
_HEADER_WITHIN: Final = 1024
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
#: The header of old Office files, and of new ones with a password ([MS-CFB], 2.2).
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_JATS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!doctype\s+article|<article|<pmc-)", re.IGNORECASE
)
_WEB_PAGE: Final = re.compile(rb"<!doctype\s+html|<html", re.IGNORECASE)


def kind_of_file(path: Path) -> FileKind:
    """How the file is to be read: by what it holds, else by its name.

    A file whose bytes don't say, or that isn't there any more, is of the kind that it is called: who reads that
    kind says what is wrong. Raises `OSError` where the file may not be read.
    """
    return kind_held(path) or KINDS.get(path.suffix.lower(), "jats")


def kind_held(path: Path) -> FileKind | None:
    """The kind that a file's first bytes tell; `None` where they don't, or where there is no such file."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_WITHIN)
    except FileNotFoundError:
        return None
    if head.startswith((*_ZIP, OLE)):
        return "docx"
    if b"%PDF-" in head:
        return "pdf"
    if _JATS.match(head) and not is_web_page(head):
        return "jats"
    return None


def is_web_page(head: bytes) -> bool:
    """Whether a file begins as a web page, which is what a log-in form is saved as."""
    return _WEB_PAGE.search(head) is not None
