"""Entrez replies as Python values, read by Biopython without its reaching for the network."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import Bio
from Bio import Entrez

from pipeline.errors import OddReplyError, ProviderError

#: Biopython downloads a DTD that it does not carry: every reply is read by one that it does.
_DTDS = {
    b"PubmedArticleSet": b"pubmed_250101.dtd",
    b"eLinkResult": b"eLink_101123.dtd",
    b"eSearchResult": b"esearch.dtd",
}
_HEAD = re.compile(rb"\s*(<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>]*>\s*)?<(\w+)")


def read_entrez(data: bytes) -> Any:
    """The reply as Biopython's lists, dictionaries and strings; markup inside strings stays XML.

    Elements that the DTD does not know are passed over. Raises `OddReplyError` for a reply
    that is cut off or no XML, `ProviderError` for one that reports an error.
    """
    # Biopython makes a folder for DTDs in the home directory when its parser is first imported,
    # unless it is told of another: here, its own.
    Entrez.local_cache = str(Path(Bio.__path__[0]).parent)
    from Bio.Entrez.Parser import CorruptedXMLError, NotXMLError

    head = _HEAD.match(data)
    if head is None or head[2] not in _DTDS:
        raise OddReplyError("PubMed answered with something unexpected.", "Try again in a few minutes.")
    doctype = b'<!DOCTYPE %s SYSTEM "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/%s">' % (
        head[2],
        _DTDS[head[2]],
    )
    body = (head[1] or b'<?xml version="1.0" encoding="UTF-8"?>') + doctype + data[head.start(2) - 1 :]
    try:
        return Entrez.read(io.BytesIO(body), validate=False, escape=True)
    except (CorruptedXMLError, NotXMLError) as error:
        raise OddReplyError("PubMed's answer was cut off.", "Try again in a few minutes.") from error
    except RuntimeError as error:
        raise ProviderError(
            "PubMed reported an error.", "Try again; if it stays, give the paper's PDF."
        ) from error
