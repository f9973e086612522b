"""What a JATS article sets apart from its text: tables as rows, displayed formulas as lines."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.model import Formula, Table
from pipeline.paper.jats_text import GAP, paragraphs_of, text_of
from pipeline.paper.mathml import formula

#: A table with more cells is data, not something that is told.
MOST_CELLS = 5000


def read_tables(article: etree._Element) -> tuple[Table, ...]:
    """The tables of the article itself, body first, then those that float; those of translations are left out."""
    elements = [
        element
        for place in ("body", "floats-group", "floats-wrap")
        for container in article.findall(place)
        for element in container.iter("table-wrap")
    ]
    found: dict[str, Table] = {}
    for number, element in enumerate(elements, 1):
        id_ = element.get("id") or f"table-{number}"
        found.setdefault(id_, _table(element, id_, number))
    return tuple(found.values())


def _table(element: etree._Element, id_: str, number: int) -> Table:
    caption = element.find("caption")
    return Table(
        id=id_,
        label=text_of(element.find("label")).rstrip(" .:") or f"Table {number}",
        caption=" ".join(paragraphs_of(caption)) if caption is not None else "",
        rows=_rows(element),
    )


def _rows(element: etree._Element) -> tuple[tuple[str, ...], ...]:
    """The cells as a grid. What spans several columns or rows stands in the first, the others are empty."""
    rows: list[tuple[str, ...]] = []
    blocked: dict[int, int] = {}  # column → how many rows below are still covered by a cell above
    cells = 0
    for row in element.iter("tr"):
        line: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while blocked.get(len(line), 0) > 0:
                blocked[len(line)] -= 1
                line.append("")
            wide, deep = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(line), len(line) + wide):
                blocked[column] = deep - 1
            line += [text_of(cell), *[""] * (wide - 1)]
        for column in range(len(line), max(blocked, default=-1) + 1):
            if blocked.get(column, 0) > 0:
                blocked[column] -= 1
                line.append("")
        cells += len(line)
        if cells > MOST_CELLS:
            break
        if any(line):
            rows.append(tuple(line))
    return tuple(rows)


def _span(cell: etree._Element, name: str) -> int:
    said = (cell.get(name) or "1").strip()
    return min(int(said), 100) if said.isascii() and said.isdecimal() and int(said) else 1


def read_formulas(article: etree._Element) -> tuple[Formula, ...]:
    """The displayed formulas of the body, in reading order; those in a group one by one."""
    body = article.find("body")
    return tuple(_formulas(body)) if body is not None else ()


def _formulas(body: etree._Element) -> Iterator[Formula]:
    for element in body.iter("disp-formula"):
        math = next(element.iter("math"), None)
        tex = next(element.iter("tex-math"), None)
        text = formula(math) if math is not None else _words(element)
        yield Formula(
            label=text_of(element.find("label")),
            text=text,
            tex=_bare("".join(map(str, tex.itertext()))) if tex is not None else None,
        )


def _words(element: etree._Element) -> str:
    """A formula that is written in letters; empty where it is a picture or TeX only."""
    return text_of(element).replace(GAP, "").strip()


def _bare(tex: str) -> str:
    """The formula without the document that publishers wrap around it."""
    _, begun, rest = tex.partition(r"\begin{document}")
    inside = (rest if begun else tex).partition(r"\end{document}")[0]
    return " ".join(inside.split()).strip("$ ")
