"""Where in the paper a quote stands."""

from __future__ import annotations

from pipeline.model import Claim, Evidence, Paper, Passage, Script
from pipeline.script.sentences import Sentence

#: Signs that look alike, by the plainest. Digits are not among them, however small they are printed.
_ALIKE = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚´`", "'"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe", ""),
    **dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", "ff fi fl ffi ffl st st".split(), strict=True)),
    "µ": "μ",
    "…": "...",
}


class PaperText:
    """The text of a paper, to be searched for quotes."""

    def __init__(self, paper: Paper) -> None:
        self._passages = [(passage, *_folded(passage.text)) for passage in paper.passages()]

    def locate(self, words: str) -> list[Evidence]:
        """Each passage that holds `words`, as evidence in the paper's own signs; none for an empty quote.

        White space and the kind of hyphens, quotation marks and ligatures may differ, nothing else. A
        quote that begins or ends within a word or number ("5 %" of "37.5 %") is not found.
        """
        wanted = _folded(words)[0].strip()
        found = []
        for passage, text, places in self._passages:
            start = _start(wanted, text)
            if start is not None:
                printed = passage.text[places[start] : places[start + len(wanted) - 1] + 1]
                found.append(quote(" ".join(printed.split()), passage))
        return found


def verbatim(script: Script, paper: Paper) -> Script:
    """The script with each quote that the paper holds in other signs ("-" for "–") as the paper prints it."""
    text = PaperText(paper)

    def printed(evidence: Evidence) -> Evidence:
        found = text.locate(evidence.quote)
        return evidence.model_copy(update={"quote": found[0].quote}) if found else evidence

    def backed(claim: Claim) -> Claim:
        return claim.model_copy(update={"evidence": tuple(printed(evidence) for evidence in claim.evidence)})

    scenes = (
        scene.model_copy(update={"claims": tuple(backed(claim) for claim in scene.claims)})
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": tuple(scenes)})


def evidence(sentence: Sentence) -> Evidence:
    """The sentence as a quote of the paper."""
    return quote(sentence.text, sentence.passage)


def quote(text: str, passage: Passage) -> Evidence:
    """`text` as a quote from `passage`; a passage without a heading is named by what it is."""
    section = passage.section or passage.kind.capitalize().replace("Other", "Text")
    return Evidence(quote=text, section=section, page=passage.page)


def plain(text: str) -> str:
    """`text` with the plainest of all signs that look alike, and single blanks."""
    return _folded(text)[0].strip()


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` with the plainest of all signs that look alike and single blanks, and where each sign came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in " " if sign.isspace() else _ALIKE.get(sign, sign):
            if plain != " " or (signs and signs[-1] != " "):
                signs.append(plain)
                places.append(place)
    return "".join(signs), places


def _start(wanted: str, text: str) -> int | None:
    """Where `wanted` first stands in `text` without parting a word or number at its ends."""
    start = text.find(wanted) if wanted else -1
    while start >= 0 and (_joined(text, start) or _joined(text, start + len(wanted))):
        start = text.find(wanted, start + 1)
    return start if start >= 0 else None


def _joined(text: str, cut: int) -> bool:
    """Whether a cut before `text[cut]` parts a word or a number, or a number from its sign."""
    before, after = text[max(cut - 2, 0) : cut].rjust(2), text[cut : cut + 2].ljust(2)
    if before[1].isalnum() and after[0].isalnum():
        return True
    decimal = before[0].isdigit() and before[1] in ".," and after[0].isdigit()
    fraction = before[1].isdigit() and after[0] in ".,·" and after[1].isdigit()
    signed = before[1] == "-" and after[0].isdigit() and not before[0].isalnum() and before[0] != ")"
    return decimal or fraction or signed
