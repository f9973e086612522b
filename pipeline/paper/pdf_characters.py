"""Characters as a font of a PDF names them, made those that a reader sees."""

from __future__ import annotations

from typing import Any

from pypdfium2 import raw

#: Stands for a character that can't be told: a sentence that holds it is not whole.
UNKNOWN = "\ufffd"
#: Characters that a reader never sees, or that only steer the layout.
INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
SPACES = dict.fromkeys([0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
#: What stands for a hyphen at a line's end: pdfium's own mark (U+FFFE, or U+0002), the soft hyphen.
HYPHENS = dict.fromkeys([0xFFFE, 0x02, 0xAD, 0x2010, 0x2011], "-")
CLEAN = {**INVISIBLE, **SPACES, **LIGATURES, **HYPHENS}
#: What TeX's own fonts hold below the space, where a file doesn't say (encodings OT1 and T1).
TEX_CONTROLS = {
    0x0B: "ff",
    0x0C: "fi",
    0x0D: "fl",
    0x0E: "ffi",
    0x0F: "ffl",
    0x10: "“",
    0x11: "”",
    0x15: "–",
    0x16: "—",
    0x1B: "ff",
    0x1C: "fi",
    0x1D: "fl",
    0x1E: "ffi",
    0x1F: "ffl",
}


def character_at(handle: Any, index: int) -> str:
    """The characters that stand for the one at an index of pdfium's text page; "" for what is not seen."""
    code = raw.FPDFText_GetUnicode(handle, index)
    if code in CLEAN:
        return CLEAN[code] or ""
    if code in TEX_CONTROLS and not raw.FPDFText_IsGenerated(handle, index):
        return TEX_CONTROLS[code]
    if code == 0:
        return UNKNOWN
    return "" if code < 0x20 or 0xD800 <= code <= 0xDFFF else chr(code)
