"""How the paragraphs of a Word file look: what its styles say, each built upon another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from pipeline.paper.docx_file import attribute

#: Word's size of text (points) where a file names none.
USUAL_SIZE = 10.0
#: How deep styles may be built upon each other; Word refuses more than 11.
_DEEPEST = 20
_HEADING = re.compile(
    r"(?:heading|überschrift|berschrift|titre|t[ií]tulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|"
    r"заголовок|標題|标题|見出し)\s*([1-9])",
    re.IGNORECASE,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Style:
    """A style as the file has it; what is `None` is as in the style that it is built upon."""

    name: str
    based_on: str | None
    level: int | None
    bold: bool | None
    italic: bool | None
    size: float | None
    hidden: bool | None
    raised: str | None


@dataclass(frozen=True)
class Styles:
    """The styles of a file by their ids. `language` is the tag of its text ("pt-BR"), "en" where none is given."""

    by_id: dict[str, Style] = field(default_factory=dict)
    usual: str | None = None
    size: float = USUAL_SIZE
    language: str = "en"

    def name(self, style: str | None) -> str:
        """The style's name in lower case, its words apart ("heading 1", "mdpi 1 2 title"); "" without one."""
        found = self.by_id.get(style or "")
        name = found.name if found is not None else style or ""
        return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().lower()

    def level(self, style: str | None) -> int | None:
        """The level of the headings set in that style, 0 the highest; `None` for text."""
        level = self._first(style, lambda found: found.level)
        if level is not None:
            return level if level < 9 else None
        named = _HEADING.fullmatch(self.name(style)) or _HEADING.fullmatch(style or "")
        return int(named[1]) - 1 if named else None

    def bold(self, *styles: str | None) -> bool:
        return any(self._first(style, lambda found: found.bold) for style in styles)

    def italic(self, *styles: str | None) -> bool:
        return any(self._first(style, lambda found: found.italic) for style in styles)

    def hidden(self, *styles: str | None) -> bool:
        return any(self._first(style, lambda found: found.hidden) for style in styles)

    def raised(self, style: str | None) -> str | None:
        """ "superscript" or "subscript" where the style sets letters so."""
        return self._first(style, lambda found: found.raised)

    def points(self, *styles: str | None) -> float:
        """The size of letters (points); the first style that names one counts."""
        sizes = (self._first(style, lambda found: found.size) for style in styles)
        return next((size for size in sizes if size is not None), self.size)

    def _first(self, style: str | None, what: Callable[[Style], T | None]) -> T | None:
        """What the style says, else the one that it is built upon."""
        for _ in range(_DEEPEST):
            found = self.by_id.get(style or "")
            if found is None:
                return None
            value = what(found)
            if value is not None:
                return value
            style = found.based_on
        return None


def read_styles(root: etree._Element | None) -> Styles:
    """The styles of `styles.xml`; none where a file has no such part."""
    if root is None:
        return Styles()
    by_id = {attribute(style, "styleId") or "": _style(style) for style in root.iter("style")}
    usual = next(
        (
            attribute(style, "styleId")
            for style in root.iter("style")
            if attribute(style, "type") == "paragraph" and is_on(attribute(style, "default") or "0")
        ),
        None,
    )
    defaults = root.find("docDefaults/rPrDefault/rPr")
    size = points_of(defaults) if defaults is not None else None
    language = defaults.find("lang") if defaults is not None else None
    tag = attribute(language, "val") if language is not None else None
    return Styles(by_id, usual, size or USUAL_SIZE, tag or "en")


def _style(style: etree._Element) -> Style:
    looks = style.find("rPr")
    return Style(
        name=_value(style, "name") or attribute(style, "styleId") or "",
        based_on=_value(style, "basedOn"),
        level=outline_level(style.find("pPr")),
        bold=switch(looks, "b"),
        italic=switch(looks, "i"),
        size=points_of(looks),
        hidden=switch(looks, "vanish"),
        raised=raising(looks),
    )


def _value(element: etree._Element | None, name: str) -> str | None:
    child = element.find(name) if element is not None else None
    return attribute(child, "val") if child is not None else None


def outline_level(properties: etree._Element | None) -> int | None:
    """The outline level that a paragraph's properties name: 0 to 8 for headings, 9 for text."""
    value = _value(properties, "outlineLvl")
    return int(value) if value is not None and value.isdecimal() and len(value) < 3 else None


def is_on(value: str) -> bool:
    return value.lower() not in {"0", "false", "off", "none"}


def switch(looks: etree._Element | None, name: str) -> bool | None:
    """Whether the looks of letters switch something on or off; `None` where they don't speak of it."""
    child = looks.find(name) if looks is not None else None
    return None if child is None else is_on(attribute(child, "val") or "1")


def raising(looks: etree._Element | None) -> str | None:
    """ "superscript", "subscript" or "baseline"; `None` where nothing is said."""
    return _value(looks, "vertAlign")


def points_of(looks: etree._Element | None) -> float | None:
    """The size that the looks of letters name (points)."""
    value = _value(looks, "sz")
    try:
        return float(value) / 2 if value is not None and len(value) < 8 else None
    except ValueError:
        return None
