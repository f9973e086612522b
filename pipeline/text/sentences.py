"""Where a sentence of a paper ends."""

from __future__ import annotations

import re

from pipeline.text.brackets import brackets

#: Words that end in a full stop without ending a sentence.
_ALWAYS_INSIDE = """
    e.g i.e eg ie cf vs viz fig figs eq eqs eqn ref refs tab suppl dr prof mr mrs ms st no nos vol pp ca
    approx resp subsp var cv ssp dept univ inc ltd co corp gen nov ed eds min max sec chap art jan feb mar
    apr jun jul aug sept oct dec ver a.k.a w.r.t incl
"""
_NEVER_LAST = frozenset(_ALWAYS_INSIDE.split())
#: Units that look like such a word: after a number they may end a sentence.
_UNITS = frozenset(("ms", "min", "sec", "h", "m"))
#: Words that end in a full stop and may end a sentence too: what follows decides.
_SOMETIMES_LAST = frozenset(
    ("al", "etc", "sp", "spp", "p.m", "a.m", "u.s", "u.k", "jr", "sr", "d.c", "i.v", "i.p")
)

_OPENERS = """
    The A An In We This These Those That It They Our Their There Here However Moreover Furthermore
    Additionally Although While When Where As At By For From If On To With Thus Therefore Hence Finally
    Overall Both Each Some Many Most All One Two Three No Not Such Since Because After Before During
    Despite But And Its Another Other Similarly Interestingly Notably Importantly Consequently Conversely
    Nevertheless What How Why
"""
_STARTERS = frozenset(_OPENERS.split())

#: Signs. What stands longer in brackets is more likely a bracket that was never closed.
_LONGEST_ASIDE = 400

_CLOSERS = "\"'”’)]»"
_BOUNDARY = re.compile(
    rf"""
    (?P<stop>[.!?…][{re.escape(_CLOSERS)}]*)
    (?P<citation>(?:\d{{1,3}}(?:[,–-]\s?\d{{1,3}})*(?=\s+[A-ZΑ-Ω“"]))?(?:\s*\[\d[\d,;\s–-]*\](?!\.))*)
    (?P<gap>\s+|(?=(?<=[a-z]{{3}}\.)[A-Z][a-z]+[\s,]))
    """,
    re.VERBOSE,
)
_OPENING = re.compile(r"""[“"‘'(\[¿¡]*(?:[^\W\d_a-z]|\d|[a-z]*[A-Z]|[a-z]\d|https?://|[α-ω]-)""")


def split(text: str) -> list[str]:
    """The sentences of a paragraph, in order; each is a stretch of it with white space collapsed."""
    text = " ".join(text.split())
    asides = [(b.start, b.end) for b in brackets(text) if b.end - b.start <= _LONGEST_ASIDE]
    pieces, start = [], 0
    for match in _BOUNDARY.finditer(text):
        end = match.end("citation")
        inside = any(opened < match.start() and match.end("stop") < closed for opened, closed in asides)
        if not inside and _ends_sentence(text, start, match):
            pieces.append(text[start:end].strip())
            start = match.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    rest = text[match.end() :]
    if not _OPENING.match(rest):
        return False
    before = text[start : match.end("stop")]
    if match["stop"][0] != ".":
        return True
    words = before.rstrip("." + _CLOSERS).split()
    last = words[-1].lstrip("([“\"'") if words else ""
    opener = re.match(r"[“\"(]*(\w+)", rest)
    starts_plainly = opener is not None and opener[1] in _STARTERS
    if last in _UNITS and len(words) > 1 and re.fullmatch(r"[\d.,]+", words[-2]):
        return True
    if last.lower() in _NEVER_LAST or (last.lower() in _SOMETIMES_LAST or re.fullmatch(r"[A-Z]", last)):
        return starts_plainly and last.lower() not in _NEVER_LAST
    # "1. Introduction" at the head of a paragraph is a number, not a sentence.
    return not (len(words) == 1 and re.fullmatch(r"[\dIVXivx.]+", last))
