"""XML from strangers, parsed without trusting it: no network, no DTD, no entity that expands."""

from __future__ import annotations

import re
from html.entities import html5
from pathlib import Path

from lxml import etree

from pipeline.errors import DamagedFileError, NotAPaperError, TooLargeToReadError

#: The longest full text in PubMed Central is some 10 MB; more than this is not read.
MAX_BYTES = 50_000_000

HREF = "{http://www.w3.org/1999/xlink}href"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: What libxml2 says of entities that multiply, elements deep in one another (256), and texts of 10 MB and more.
_BEYOND_MEASURE = frozenset(
    {etree.ErrorTypes.ERR_NO_MEMORY, etree.ErrorTypes.ERR_ENTITY_LOOP, etree.ErrorTypes.ERR_RESOURCE_LIMIT}
)
#: A named character, or a stretch in which none means anything.
_NAMED = re.compile(rb"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]*);", re.DOTALL)
_OWN_TO_XML = {b"amp", b"lt", b"gt", b"quot", b"apos"}


def read_bytes(path: Path) -> bytes:
    """What an XML file holds. Raises `TooLargeToReadError` above 50 MB, of which nothing is read then."""
    if path.stat().st_size > MAX_BYTES:
        raise _too_large()
    return path.read_bytes()


def _too_large() -> TooLargeToReadError:
    return TooLargeToReadError(
        f"This XML file is larger than {MAX_BYTES // 1_000_000} MB.", "Hand in the PDF instead."
    )


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document, its tags without namespaces.

    Named entities of HTML (`&nbsp;`, `&alpha;`) become their characters although no DTD declares
    them. Raises `DamagedFileError` for what is empty, cut off or no XML, `TooLargeToReadError` for what is
    huge, or would be once its entities are put in, and `NotAPaperError` for a web page.
    """
    if not data.strip():
        raise DamagedFileError("This file is empty.", "Download it again, or hand in the PDF instead.")
    if len(data) > MAX_BYTES:
        raise _too_large()
    if re.match(rb"\s*(?:<!doctype\s+html|<html)", data[:1000], re.IGNORECASE):
        raise NotAPaperError(
            "This file is a web page, not the XML of a paper.", "Download the JATS XML, or hand in the PDF."
        )
    parser = etree.XMLParser(
        load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(_with_named_characters(data), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) in _BEYOND_MEASURE:
            raise TooLargeToReadError(
                "This XML file is nested, or repeats itself, beyond what any paper does.",
                "Download it again, or hand in the PDF instead.",
            ) from error
        raise DamagedFileError(
            "This XML file is cut off or damaged.", "Download it again, or hand in the PDF instead."
        ) from error
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def _with_named_characters(data: bytes) -> bytes:
    def numeric(match: re.Match[bytes]) -> bytes:
        name = match[1] or b""  # none in a stretch that is taken as it stands
        characters = html5.get(f"{name.decode('ascii')};")
        if name in _OWN_TO_XML or characters is None:
            return match[0]
        return b"".join(b"&#%d;" % ord(character) for character in characters)

    return _NAMED.sub(numeric, data)
