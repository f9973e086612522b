"""The words of a paragraph of a Word file, as they stand once all changes are accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from pipeline.paper.docx_fields import Fields, is_list, is_references
from pipeline.paper.docx_file import attribute
from pipeline.paper.docx_math import read_formula
from pipeline.paper.docx_styles import Styles, points_of, raising, switch
from pipeline.paper.docx_symbols import symbol, with_symbols
from pipeline.paper.jats_text import GAP
from pipeline.paper.shifted import lowered, raised

#: Wrappers whose content belongs to the paragraph. Deleted and moved-away text stands in others.
_WRAPPERS = frozenset(
    {"ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo", "ruby", "rubyBase"}
)
_BREAKS = {"tab": " ", "ptab": " ", "cr": "\n", "noBreakHyphen": "-"}
_EQUATION = re.compile(r"equation|mathtype", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|;)\s*(width|height):\s*([\d.]+)(pt|in|cm|mm|px)?", re.IGNORECASE)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75}
#: English metric units in a point (ECMA-376, 20.1.2.1).
_EMU = 12_700


@dataclass(frozen=True)
class Run:
    """A stretch of text that looks alike; line breaks are "\\n". `mark`: raised or lowered. `math`: a formula."""

    text: str
    bold: bool = False
    italic: bool = False
    size: float = 10.0
    mark: bool = False
    math: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture: the id of its reference, its width and height (points, 0 unknown), and what is cut off.

    `crop`: shares of the width and height that are cut off at the left, top, right and bottom.
    """

    reference: str
    width: float = 0.0
    height: float = 0.0
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass
class Words:
    """What a paragraph holds: its runs, its pictures, and the contents of text boxes anchored in it.

    `displayed`: a formula is set on a line of its own.
    """

    runs: list[Run] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    displayed: bool = False


@dataclass(frozen=True)
class _Looks:
    bold: bool
    italic: bool
    hidden: bool
    size: float
    raised: str | None


class WordsReader:
    """Reads paragraphs one after the other; fields may reach from one into the next."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._looks: dict[tuple[str | None, str | None], _Looks] = {}
        self.fields = Fields()

    def read(self, paragraph: etree._Element, style: str | None, into: Words) -> None:
        """Add what the paragraph holds to `into`."""
        self._inside(paragraph, style, into)
        self.fields.end_paragraph()

    def _inside(self, node: etree._Element, style: str | None, into: Words) -> None:
        for child in node.iterchildren(etree.Element):
            name = str(child.tag)
            if name == "r":
                self._run(child, style, into)
            elif name in _WRAPPERS:
                self._inside(child, style, into)
            elif name == "sdt":
                if (content := sdt_content(child)) is not None:
                    self._inside(content, style, into)
            elif name == "fldSimple":
                self._simple_field(child, style, into)
            elif name in {"oMath", "oMathPara"}:
                self._formula(child, into)
            elif name == "AlternateContent":
                self._inside(chosen(child), style, into)
            elif name in {"drawing", "pict", "object"}:
                self._drawing(child, into)

    def _simple_field(self, node: etree._Element, style: str | None, into: Words) -> None:
        code = attribute(node, "instr") or ""
        self.fields.references |= is_references(code)
        if not is_list(code):
            self._inside(node, style, into)

    def _formula(self, math: etree._Element, into: Words) -> None:
        if self.fields.shown:
            displayed = str(math.tag) == "oMathPara"
            into.displayed |= displayed
            text = read_formula(math) or GAP
            into.runs.append(Run(f" {text} " if displayed or text == GAP else text, math=True))

    def _run(self, run: etree._Element, style: str | None, into: Words) -> None:
        looks = run.find("rPr")
        chosen_style = looks.find("rStyle") if looks is not None else None
        own = attribute(chosen_style, "val") if chosen_style is not None else None
        usual = self._usual(own, style)
        hidden = switch(looks, "vanish")
        if usual.hidden if hidden is None else hidden:
            return
        text = self._text(run, style, into)
        if not text:
            return
        bold, italic = switch(looks, "b"), switch(looks, "i")
        shift = raising(looks) or usual.raised or "baseline"
        shifted = {"superscript": raised, "subscript": lowered}.get(shift)
        into.runs.append(
            Run(
                text=shifted(text) if shifted else text,
                bold=usual.bold if bold is None else bold,
                italic=usual.italic if italic is None else italic,
                size=points_of(looks) or usual.size,
                mark=shifted is not None,
            )
        )

    def _usual(self, own: str | None, style: str | None) -> _Looks:
        """How letters in a style of their own, in a paragraph of that style, look."""
        if (own, style) not in self._looks:
            self._looks[own, style] = _Looks(
                bold=self._styles.bold(own, style),
                italic=self._styles.italic(own, style),
                hidden=self._styles.hidden(own, style),
                size=self._styles.points(own, style),
                raised=self._styles.raised(own),
            )
        return self._looks[own, style]

    def _text(self, run: etree._Element, style: str | None, into: Words) -> str:
        parts: list[str] = []
        for child in run.iterchildren(etree.Element):
            name = str(child.tag)
            if name == "fldChar":
                self.fields.mark(attribute(child, "fldCharType"))
            elif name == "instrText":
                self.fields.code(child.text or "")
            elif not self.fields.shown:
                continue
            elif name in {"drawing", "pict", "object"}:
                parts.append(self._drawing(child, into))
            elif name == "AlternateContent":
                parts.append(self._text(chosen(child), style, into))
            elif name == "ruby":
                for base in child.findall("rubyBase"):
                    self._inside(base, style, into)
            else:
                parts.append(_letters(child))
        return "".join(parts)

    def _drawing(self, node: etree._Element, into: Words) -> str:
        """Note the pictures and text boxes of a drawing; returns what stands for it in the line."""
        kinds = [attribute(part, "ProgID") or "" for part in node.iter("OLEObject")]
        if any(_EQUATION.match(kind) for kind in kinds):
            return f" {GAP} "
        boxes = [box for box in node.iter("txbxContent") if not _in_a_box(box, node)]
        into.boxes += boxes
        extent = next(node.iter("extent"), None)
        for blip in node.iter("blip", "imagedata"):
            reference = attribute(blip, "embed") or attribute(blip, "id")
            if reference and not _in_a_box(blip, node):
                width, height = _size(extent, blip)
                into.pictures.append(Picture(reference, width, height, _crop(blip)))
        return ""


def _letters(element: etree._Element) -> str:
    """What stands in the line for an element of a run: its words, a break or a symbol; "" for notes and marks."""
    name = str(element.tag)
    if name == "t":
        return with_symbols(element.text or "")
    if name == "br":
        return "\n" if attribute(element, "type") in {None, "textWrapping"} else " "
    if name == "sym":
        return symbol(attribute(element, "font") or "", attribute(element, "char") or "")
    return _BREAKS.get(name, "")


def sdt_content(control: etree._Element) -> etree._Element | None:
    """What a content control holds; `None` for a list of contents or references, and where nobody filled it in."""
    properties = control.find("sdtPr")
    if properties is not None:
        gallery = next(properties.iter("docPartGallery"), None)
        listed = gallery is not None and re.search(
            r"contents|bibliograph|cover", attribute(gallery, "val") or "", re.IGNORECASE
        )
        if listed or any(properties.find(name) is not None for name in ("bibliography", "showingPlcHdr")):
            return None
    return control.find("sdtContent")


def chosen(alternatives: etree._Element) -> etree._Element:
    """The one of several forms that is read: the newer one where it holds anything that can be."""
    forms = [*alternatives.findall("Choice"), *alternatives.findall("Fallback")]
    for form in forms:
        if any(True for _ in form.iter("t", "blip", "imagedata", "txbxContent")):
            return form
    return forms[0] if forms else alternatives


def _in_a_box(element: etree._Element, drawing: etree._Element) -> bool:
    for above in element.iterancestors():
        if above is drawing:
            return False
        if above.tag == "txbxContent":
            return True
    return False


def _size(extent: etree._Element | None, blip: etree._Element) -> tuple[float, float]:
    """Width and height (points) of a picture as it is shown."""
    if extent is not None:
        sides = [attribute(extent, name) or "" for name in ("cx", "cy")]
        if all(side.isdecimal() and len(side) < 12 for side in sides):
            return int(sides[0]) / _EMU, int(sides[1]) / _EMU
    shape = blip.getparent()
    said = attribute(shape, "style") if shape is not None else None
    found = {
        name.lower(): float(number) * _POINTS[(unit or "pt").lower()]
        for name, number, unit in _WIDTH.findall(said or "")
        if re.fullmatch(r"\d{1,6}(\.\d+)?", number)
    }
    return found.get("width", 0.0), found.get("height", 0.0)


def _crop(blip: etree._Element) -> tuple[float, float, float, float]:
    """The shares cut off at the four sides. They stand beside a `blip`, in thousandths of a per cent."""
    fill = blip.getparent()
    cut = fill.find("srcRect") if fill is not None else None
    if cut is None:
        return 0.0, 0.0, 0.0, 0.0
    shares = [attribute(cut, side) or "0" for side in "ltrb"]
    left, top, right, bottom = (int(s) / 100_000 if re.fullmatch(r"\d{1,6}", s) else 0.0 for s in shares)
    return left, top, right, bottom
