"""Where in the paper a quote stands."""

from __future__ import annotations

import re
import unicodedata

from pipeline.model import Evidence, Paper, Passage
from pipeline.script.sentences import Sentence

_HYPHENS = re.compile(r"[‐‑‒–—―−]")
_DOUBLE_QUOTES = re.compile(r"[“”„«»]")
_SINGLE_QUOTES = re.compile(r"[‘’‚´`]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\ufffe]")


def normalised(text: str) -> str:
    """`text` with white space collapsed and one spelling of hyphens, quotes and ligatures."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = _SINGLE_QUOTES.sub("'", _DOUBLE_QUOTES.sub('"', _HYPHENS.sub("-", text)))
    return " ".join(text.split())


def locate(quote: str, paper: Paper) -> Passage | None:
    """The first passage of `paper` that holds `quote`, or `None`. An empty quote stands nowhere."""
    wanted = normalised(quote)
    if not wanted:
        return None
    return next((passage for passage in paper.passages() if wanted in normalised(passage.text)), None)


def evidence(sentence: Sentence) -> Evidence:
    """The sentence as a quote of the paper."""
    return quote(sentence.text, sentence.passage)


def quote(text: str, passage: Passage) -> Evidence:
    """`text` as a quote from `passage`; a passage without a heading is named by what it is."""
    section = passage.section or passage.kind.capitalize().replace("Other", "Text")
    return Evidence(quote=text, section=section, page=passage.page)
