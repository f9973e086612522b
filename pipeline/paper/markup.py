"""XML from strangers, parsed without trusting it: no network, no DTD, no entity that expands."""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree

from pipeline.errors import DamagedFileError, NotAPaperError

#: The longest full text in PubMed Central is some 10 MB; more than this is not read.
MAX_BYTES = 50_000_000

HREF = "{http://www.w3.org/1999/xlink}href"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_OWN_TO_XML = {b"amp", b"lt", b"gt", b"quot", b"apos"}


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document, its tags without namespaces.

    Named entities of HTML (`&nbsp;`, `&alpha;`) become their characters although no DTD declares
    them. Raises `DamagedFileError` for what is empty, huge, cut off or no XML, and `NotAPaperError`
    for a web page.
    """
    if not data.strip():
        raise DamagedFileError("This file is empty.", "Download it again, or hand in the PDF instead.")
    if len(data) > MAX_BYTES:
        raise DamagedFileError(
            f"This XML file is larger than {MAX_BYTES // 1_000_000} MB.", "Hand in the PDF instead."
        )
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
        raise DamagedFileError(
            "This XML file is cut off or damaged.", "Download it again, or hand in the PDF instead."
        ) from error
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def _with_named_characters(data: bytes) -> bytes:
    def numeric(match: re.Match[bytes]) -> bytes:
        name = match[1]
        characters = html5.get(f"{name.decode('ascii')};")
        if name in _OWN_TO_XML or characters is None:
            return match[0]
        return b"".join(b"&#%d;" % ord(character) for character in characters)

    return re.sub(rb"&([A-Za-z][A-Za-z0-9]*);", numeric, data)
