"""Papers for stories: the example paper under other titles, so that most of a second video is there already."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Final

from tests.fakes.eutils import FakeNcbi, composed_record
from tests.pipeline.paper.docx_press import pressed_from

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "caption-times.xml"
PDF: Final = EXAMPLE.with_suffix(".pdf")
_OWN_TITLE: Final = "Captions timed by the voice itself start within milliseconds of the sound"
_RECORD_TITLE: Final = "Growth of <i>Collis</i> at 10<sup>5</sup> Pa."
_ABSTRACT: Final = "".join(
    f"<AbstractText>{text}</AbstractText>"
    for text in re.findall(r"<p>(.*?)</p>", EXAMPLE.read_text(encoding="utf-8").partition("</abstract>")[0])
)
_IDS: Final = "<ArticleIdList>"


def jats(title: str) -> bytes:
    """The example paper as JATS, with another title."""
    whole = EXAMPLE.read_text(encoding="utf-8")
    assert whole.count(_OWN_TITLE) >= 1
    return whole.replace(_OWN_TITLE, escape(title)).encode()


def word(title: str, folder: Path) -> bytes:
    """The manuscript of the example paper, with another title."""
    return pressed_from(EXAMPLE, folder / "manuscript.docx", title=title).read_bytes()


def print_paper(ncbi: FakeNcbi, pmid: str, title: str, *, closed: bool = False) -> None:
    """From now on PubMed has a paper of that id and title; its full text is in PMC, unless it is `closed`."""
    pmcid = f"PMC{pmid}"
    record = composed_record(pmid, abstract=_ABSTRACT).decode().replace(_RECORD_TITLE, escape(title))
    if closed:
        ncbi.record(pmid, record.encode())
        return
    ncbi.record(pmid, record.replace(_IDS, f'{_IDS}<ArticleId IdType="pmc">{pmcid}</ArticleId>').encode())
    ncbi.full_text(pmcid, jats(title))
    for picture in EXAMPLE.parent.glob("*.png"):
        ncbi.files[f"{pmcid}/{picture.name}"] = picture.read_bytes()
