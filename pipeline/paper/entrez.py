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
    b"eSpellResult": b"eSpell.dtd",
}
#: What E-utilities say with status 200 when something behind them is down.
_PASSING = re.compile(r"backend|temporar|unavailable|time[d ]*out|try again", re.IGNORECASE)
_HEAD = re.compile(rb"\s*(<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>]*>\s*)?<(\w+)")


def read_entrez(data: bytes, kind: str = "") -> Any:
    """The reply as Biopython's lists, dictionaries and strings; markup inside strings stays XML.

    `kind` is the reply's outermost element, where only one will do. Elements that the DTD does not know are passed
    over. Raises `OddReplyError` for a reply that is cut off, of another kind or no XML, `ProviderError` for one that
    reports an error.
    """
    # Biopython makes a folder for DTDs in the home directory when its parser is first imported,
    # unless it is told of another: here, its own.
    Entrez.local_cache = str(Path(Bio.__path__[0]).parent)
    head = _HEAD.match(data)
    if head is None or head[2] not in _DTDS or (kind and head[2] != kind.encode()):
        raise OddReplyError("PubMed answered with something unexpected.", "Try again in a few minutes.")
    doctype = b'<!DOCTYPE %s SYSTEM "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/%s">' % (
        head[2],
        _DTDS[head[2]],
    )
    body = (head[1] or b'<?xml version="1.0" encoding="UTF-8"?>') + doctype + data[head.start(2) - 1 :]
    try:
        return Entrez.read(io.BytesIO(body), validate=False, escape=True)
    # Biopython raises ValueError for what is cut off or no XML, and for elements that stand where the DTD has none.
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise OddReplyError(
            "PubMed's answer was cut off or garbled.", "Try again in a few minutes."
        ) from error
    except RuntimeError as error:
        if _PASSING.search(str(error)):
            raise OddReplyError("PubMed's search is out of order.", "Try again in a few minutes.") from error
        raise ProviderError(
            "PubMed reported an error.", "Try again; if it stays, give the paper's PDF."
        ) from error


def found_ids(data: bytes) -> tuple[str, ...]:
    """The ids in a reply of esearch; none where it did not know a part of what was searched and looked for the rest.

    A quoted phrase that is in no index is searched without its quotes, so whoever wants one paper must look whether
    it is that. Raises as `read_entrez` does.
    """
    reply = read_entrez(data, "eSearchResult")
    unknown = reply.get("ErrorList", {})
    if unknown.get("PhraseNotFound") or unknown.get("FieldNotFound"):
        return ()
    return tuple(str(one) for one in reply.get("IdList", ()))
