"""A formula in TeX as a line of text that a person can read, as far as it is simple."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pipeline.paper.formula_line import grouped, index, limits, power

_PIECE: Final = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}^_&~]|\s+|[^\\{}^_&~\s]", re.DOTALL)
_DOCUMENT: Final = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)
_FENCES: Final = re.compile(r"^(?:\$\$?|\\\[|\\\()|(?:\$\$?|\\\]|\\\))$")
_SPACED: Final = frozenset("=<>≤≥≈≠±×→∼≡∝≪≫≲≳∈")
_SIGNS: Final = frozenset("+-−")


#: With more groups it is no formula that stands in a line.
_MOST_GROUPS: Final = 60


class _UnknownError(ValueError):
    """Raised for what can't be read."""


_GREEK: Final = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {letter}")
    for name, letter in (
        *(
            (word, word.upper())
            for word in "alpha beta gamma delta zeta eta theta iota kappa mu nu xi pi".split()
        ),
        *((word, word.upper()) for word in "rho sigma tau upsilon phi chi psi omega".split()),
        *(("epsilon", "EPSILON"), ("lambda", "LAMDA"), ("varepsilon", "EPSILON"), ("varphi", "PHI")),
        ("vartheta", "THETA"),
    )
} | {
    name.capitalize(): unicodedata.lookup(f"GREEK CAPITAL LETTER {letter}")
    for name, letter in (
        *((word, word.upper()) for word in "gamma delta theta xi pi sigma upsilon phi psi omega".split()),
        ("lambda", "LAMDA"),
    )
}
_SYMBOLS: Final = _GREEK | {
    "pm": "±", "mp": "∓", "times": "×", "cdot": "·", "div": "÷", "ast": "*", "le": "≤", "leq": "≤", "leqslant": "≤",
    "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "approx": "≈", "simeq": "≃",
    "sim": "∼", "cong": "≅", "equiv": "≡", "propto": "∝", "ll": "≪", "gg": "≫", "lesssim": "≲", "gtrsim": "≳",
    "infty": "∞", "partial": "∂", "nabla": "∇", "hbar": "ℏ", "ell": "ℓ", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "leftrightarrow": "↔", "longrightarrow": "→", "Rightarrow": "⇒", "in": "∈", "notin": "∉",
    "cup": "∪", "cap": "∩", "subset": "⊂", "subseteq": "⊆", "forall": "∀", "exists": "∃", "langle": "⟨", "rangle": "⟩",
    "circ": "°", "degree": "°", "textdegree": "°", "prime": "′", "dagger": "†", "cdots": "⋯", "ldots": "...",
    "dots": "...", "mid": "|", "vert": "|", "Vert": "‖", "colon": ":", "textmu": "µ", "micro": "µ", "angstrom": "Å",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "otimes": "⊗", "oplus": "⊕", "perp": "⊥",
    "parallel": "∥", "quad": " ", "qquad": " ", "textasciitilde": "~", "%": "%", "&": "&", "$": "$", "#": "#", "_": "_",
    "{": "{", "}": "}", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "/": "", "\\": " ", "-": "", "|": "‖",
}  # fmt: skip
_LARGE: Final = {"sum": "∑", "prod": "∏", "int": "∫", "oint": "∮"}
_NAMES: Final = frozenset(
    "log ln lg exp sin cos tan sinh cosh tanh arcsin arccos arctan max min sup inf lim det arg Pr deg".split()
)
#: What changes how its argument looks and not what it says.
_DRESS: Final = frozenset(
    "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr mathnormal boldsymbol bm pmb text textrm "
    "textit textbf textsf textnormal mbox hbox operatorname overrightarrow ensuremath".split()
)
#: What stands alone and says nothing: sizes, styles, fences that grow.
_NOTHING: Final = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle rm "
    "bf it sf limits nolimits hfill nonumber relax".split()
)
#: Accents, as the marks that combine with the letter before them.
_ACCENTS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
}  # fmt: skip


def tex_line(source: str) -> str | None:
    """The formula on one line, set as `mathml.formula` sets it; `None` where it holds what is not known here."""
    body = _DOCUMENT.search(source)
    bare = (body.group(1) if body else source).strip()
    while (shorter := _FENCES.sub("", bare).strip()) != bare:
        bare = shorter
    if bare.count("{") > _MOST_GROUPS:
        return None
    pieces = _Pieces(bare)
    try:
        line = _row(pieces)
    except _UnknownError:
        return None
    return " ".join(line.split()) or None


class _Pieces:
    """The pieces that are left."""

    def __init__(self, source: str) -> None:
        self._left: Iterator[str] = iter(_PIECE.findall(source))
        self.next: str | None = None
        self.take()

    def take(self) -> str | None:
        """The next piece, taken away; `None` at the end."""
        taken, self.next = self.next, next(self._left, None)
        return taken

    def skip_space(self) -> None:
        while self.next is not None and self.next.isspace():
            self.take()


def _row(pieces: _Pieces, *, until: str | None = None) -> str:
    """Everything up to `until`, which is taken too."""
    parts: list[str] = []
    while (piece := pieces.next) != until:
        if piece is None or piece in {"}", "&"}:
            raise _UnknownError
        if piece.isspace() or piece == "~":
            pieces.take()
            continue
        parts.append(_operator(_scripted(pieces), parts))
    pieces.take()
    return "".join(parts)


def _scripted(pieces: _Pieces) -> str:
    """An atom with what is raised and lowered at it."""
    large = (pieces.next or "").lstrip("\\") in _LARGE
    base = "" if pieces.next in {"^", "_"} else _atom(pieces)
    under = over = ""
    pieces.skip_space()
    while pieces.next in {"^", "_", "'"}:
        mark = pieces.take()
        if mark == "'":
            base += "′"
            continue
        pieces.skip_space()
        script = _atom(pieces)
        under, over = (under, script) if mark == "^" else (script, over)
        pieces.skip_space()
    if large:
        return limits(base, under, over)
    lowered = base + (index(under) if under else "")
    return lowered + over if over in {"°", "′", "†", "*"} else power(lowered, over)


def _atom(pieces: _Pieces) -> str:
    piece = pieces.take()
    if piece is None or piece in {"}", "&", "^", "_"}:
        raise _UnknownError
    if piece == "{":
        return _row(pieces, until="}")
    if not piece.startswith("\\"):
        return "−" if piece == "-" else piece
    return _command(piece[1:].rstrip("*"), pieces)


def _command(name: str, pieces: _Pieces) -> str:
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if name in _LARGE or name in _NAMES:
        return _LARGE.get(name) or name
    if name in _NOTHING:
        if name in {"left", "right"} and pieces.next == ".":
            pieces.take()
        return ""
    if name in _DRESS:
        return _argument(pieces, words=name.startswith(("text", "mbox", "hbox")))
    if name in _ACCENTS:
        letter = _argument(pieces)
        return unicodedata.normalize("NFC", letter + _ACCENTS[name]) if len(letter) == 1 else letter
    if name in {"frac", "dfrac", "tfrac"}:
        return f"{grouped(_argument(pieces))}/{grouped(_argument(pieces))}"
    if name == "sqrt" and pieces.next != "[":
        return f"√{grouped(_argument(pieces))}"
    raise _UnknownError


def _argument(pieces: _Pieces, *, words: bool = False) -> str:
    """What a command takes; in `words` the spaces count."""
    pieces.skip_space()
    if not words or pieces.next != "{":
        return _atom(pieces)
    pieces.take()
    parts: list[str] = []
    while (piece := pieces.next) != "}":
        if piece is None or piece == "{" or (piece.startswith("\\") and piece[1:] not in _SYMBOLS):
            raise _UnknownError
        pieces.take()
        parts.append(
            " "
            if piece.isspace() or piece == "~"
            else _SYMBOLS.get(piece[1:], "")
            if len(piece) > 1
            else piece
        )
    pieces.take()
    return "".join(parts)


def _operator(symbol: str, before: list[str]) -> str:
    """Space around what relates two sides; a sign before a number has none."""
    binary = (
        symbol in _SIGNS
        and bool(before)
        and before[-1].strip()[-1:] not in (*_SPACED, "(", "[", "⟨", "", "−", "+", "/")
    )
    return f" {symbol} " if symbol in _SPACED or binary else symbol
