"""Characters that a font names wrongly or not at all, made readable where that is safe."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.paper.pdf_characters import UNKNOWN
from pipeline.paper.pdf_layout import Page
from pipeline.paper.pdf_lines import Line, Run

#: Adobe's Symbol encoding, which such fonts also use at U+F000 (Symbol encoding, Adobe 1996).
_SYMBOL = {
    **dict(zip(map(ord, "abcdefghijklmnopqrstuwxyz"), "αβχδεφγηιϕκλμνοπθρστυωξψζ", strict=True)),
    **dict(zip(map(ord, "ABCDEFGHIKLMNOPQRSTUWXYZ"), "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖ", strict=True)),
    **dict(zip(map(ord, "%()+,./0123456789:;<=>[]{|}~-"), "%()+,./0123456789:;<=>[]{|}∼−", strict=True)),
    0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±",
    0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD2: "®", 0xD3: "©",
    0xD4: "™", 0xD6: "√", 0xD7: "⋅", 0xE5: "∑",
}  # fmt: skip
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_DINGBATS = re.compile(r"wingdings|dingbats|webdings", re.IGNORECASE)
_SYMBOL_FONT = re.compile(r"symbol(mt|ps|std|neu)?\b", re.IGNORECASE)
_TEX_SYMBOLS = re.compile(r"(cm|tx|px|m)sy\d*", re.IGNORECASE)
#: What "Th" begins most often: where some other character stands before these, it is the ligature. What
#: opens a bracket, a quotation or a list stands before words as well ("(e.g.", "“is").
_AFTER_TH = re.compile(
    r"(?<!\S)([^\w\s(\[{<“”‘’\"'«»„.,;:/\\–—−~≈§-]|[\d\ue000-\uf8ff])"
    r"(e|is|ese|at|ere|erefore|us|ey|eir|en|an|ree|rough|ose|ough)(?![\w’'.])"
)
#: So many different words, and so often in all, and a character is taken for "Th".
_TH_WORDS, _TH_TIMES = 2, 4
#: Ligatures told from their neighbours, the first that fits: a sign that is lost inside a word is one of them.
_LIGATURES = (
    (re.compile(rf"(?<![^\W_])(e|su|o|di|coe|a|ine|insu){UNKNOWN}(?=[cn])", re.IGNORECASE), "ffi"),
    (re.compile(rf"(?<![^\W_])(e|su|o|di|a|bu|co|indi|sti|sta){UNKNOWN}(?=[aeiou])", re.IGNORECASE), "ff"),
    (re.compile(rf"(){UNKNOWN}(?=[aouiy]|ex|ect|ew)"), "fl"),
    (re.compile(rf"(){UNKNOWN}(?=[a-z])"), "fi"),
)


def mend_glyphs(pages: Sequence[Page]) -> list[Page]:
    """The pages with Greek letters and signs of symbol fonts, primes and lost "Th" ligatures put right.

    A character of a private use area that stays unknown becomes `UNKNOWN`, so that nobody takes what
    is left for the whole.
    """
    ligatures = _ligatures(pages)
    return [replace(page, lines=tuple(_mended(line, ligatures) for line in page.lines)) for page in pages]


def _ligatures(pages: Sequence[Page]) -> frozenset[str]:
    """The characters that stand for "Th" in this document: before words like "e", "is", "ese", often."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for line in page.lines:
            for character, word in _AFTER_TH.findall(line.text):
                seen[character][word] += 1
    return frozenset(
        character
        for character, words in seen.items()
        if words.total() >= _TH_TIMES and len(words) >= _TH_WORDS
    )


def _mended(line: Line, ligatures: frozenset[str]) -> Line:
    runs = tuple(replace(run, text=_read(run)) for run in line.runs)
    if ligatures:
        marks = "".join(map(re.escape, ligatures))
        begins = re.compile(rf"(?<![^\s(“\"\[])[{marks}](?=[a-z]{{1,}})")
        runs = tuple(replace(run, text=begins.sub("Th", run.text)) for run in runs)
    if UNKNOWN in line.text:
        runs = tuple(replace(run, text=_with_ligatures(run.text)) for run in runs)
    runs = tuple(replace(run, text=_PRIVATE.sub(UNKNOWN, run.text)) for run in runs)
    return line if runs == line.runs else replace(line, runs=runs)


def _with_ligatures(text: str) -> str:
    for pattern, letters in _LIGATURES:
        text = pattern.sub(rf"\g<1>{letters}", text)
    return text


def _read(run: Run) -> str:
    text, font = run.text, run.face.font
    if _DINGBATS.search(font):
        return re.sub(r"\S", "•", text)
    if _SYMBOL_FONT.match(font):
        text = "".join(_SYMBOL.get(ord(character), character) for character in text)
    if _TEX_SYMBOLS.match(font):
        text = text.replace("0", "′")
    return re.sub(r"[\uf020-\uf0ff]", lambda match: _SYMBOL.get(ord(match[0]) - 0xF000, match[0]), text)
