"""The letters of Word's symbol fonts, which stand under numbers of the fonts' own."""

from __future__ import annotations

#: Adobe's Symbol encoding from 0x20 to 0x7E and from 0xA0 to 0xFE.
_SYMBOL = {
    **dict(enumerate(" !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_", 0x20)),
    **dict(enumerate("‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼", 0x60)),
    **dict(enumerate("€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉", 0xA0)),
    **dict(enumerate("∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭", 0xD0)),
}
#: Signs of Wingdings that carry a meaning in a paper.
_WINGDINGS = {0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xFC: "✓", 0xFB: "✗", 0x9F: "•", 0xA7: "▪"}
#: Where fonts of symbols put their letters in Unicode's private area.
_PRIVATE = 0xF000


def symbol(font: str, code: str) -> str:
    """The letter that a `w:sym` stands for: `code` in hexadecimal; "" where nobody can say."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    inside = number - _PRIVATE if number >= _PRIVATE else number
    if "wingdings" in font.lower():
        return _WINGDINGS.get(inside, "")
    if "symbol" in font.lower() or _PRIVATE <= number < _PRIVATE + 0x100:
        return _SYMBOL.get(inside, "")
    return chr(number) if 0x20 <= number < 0xE000 else ""


def with_symbols(text: str) -> str:
    """`text` with letters of the private area, as the font Symbol has them, made readable."""
    if not any(_PRIVATE <= ord(c) < _PRIVATE + 0x100 for c in text):
        return text
    return "".join(_SYMBOL.get(ord(c) - _PRIVATE, c) if ord(c) >= _PRIVATE else c for c in text)
