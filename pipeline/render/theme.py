"""The colours of a paper: one accent hue a paper, chosen by the paper itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Colour = tuple[int, int, int]
ThemeName = Literal["amber", "mint", "coral", "azure", "lilac"]

#: The dark that every scene stands on, and the two text colours that hold on it (17.6:1 and 8.9:1).
NIGHT: Colour = (11, 16, 32)
TEXT: Colour = (245, 247, 250)
MUTED: Colour = (168, 179, 196)
#: The red of RETRACTED, 5.9:1 on NIGHT.
ALARM: Colour = (255, 107, 107)
PAPER_WHITE: Colour = (250, 250, 250)


@dataclass(frozen=True)
class Theme:
    """`accent` marks, `second` supports (both ≥ 8:1 on NIGHT); `hill` is the hue of land, `glow` of light."""

    accent: Colour
    second: Colour
    hill: Colour
    glow: Colour


THEMES: dict[ThemeName, Theme] = {
    "amber": Theme((255, 209, 102), (76, 201, 240), (38, 70, 132), (232, 143, 76)),
    "mint": Theme((124, 227, 177), (255, 209, 102), (20, 92, 98), (72, 190, 160)),
    "coral": Theme((255, 158, 128), (142, 197, 255), (92, 44, 100), (236, 110, 100)),
    "azure": Theme((124, 200, 255), (255, 179, 199), (24, 82, 128), (80, 160, 235)),
    "lilac": Theme((201, 177, 255), (140, 232, 208), (66, 56, 140), (158, 112, 226)),
}


def choose_theme(identity: str) -> ThemeName:
    """The theme of the paper that `identity` (its DOI, else its title) names: same paper, same theme."""
    names = list(THEMES)
    return names[seed_of(identity) % len(names)]


def seed_of(identity: str) -> int:
    """A number that stays the same for the same paper (32 bit)."""
    return int.from_bytes(hashlib.sha256(identity.strip().lower().encode()).digest()[:4], "big")


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` (0 to 1) of `b` in it."""
    r, g, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return r, g, blue


def luminance(colour: Colour) -> float:
    """Relative luminance by WCAG 2.1."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    """Contrast ratio by WCAG 2.1, 1 to 21."""
    bright, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
