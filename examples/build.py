"""Write the example paper anew: measure, draw, and set it as JATS and as PDF. `make examples` runs this."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from lxml import etree
from lxml.builder import ElementMaker

from examples.figures import draw_bars, draw_drift
from examples.measure import HERE, measure, save
from examples.text import AUTHOR, JOURNAL, TITLE, YEAR, Text, text_of

NAME = "caption-times"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
element = ElementMaker()
XLINK = "http://www.w3.org/1999/xlink"
FIGURES = tuple(HERE / f"{NAME}-fig{number}.png" for number in (1, 2))
#: The figure that stands after each section's paragraphs.
PLACED = {"Results": (0, 1)}


def main() -> None:
    """Measure, then write everything in this folder that is made."""
    measured = measure()
    save(measured)
    draw_bars(measured, FIGURES[0])
    draw_drift(measured, FIGURES[1])
    text = text_of(measured)
    write_jats(text, HERE / f"{NAME}.xml")
    write_pdf(text, HERE / f"{NAME}.pdf")


def write_jats(text: Text, file: Path) -> None:
    """The paper as JATS 1.3, figures by file name."""
    front = element.front(
        element("journal-meta", element("journal-title-group", element("journal-title", JOURNAL))),
        element(
            "article-meta",
            element("title-group", element("article-title", TITLE)),
            element("contrib-group", element.contrib(element.collab(AUTHOR), {"contrib-type": "author"})),
            element("pub-date", element.year(str(YEAR)), {"pub-type": "epub"}),
            element.permissions(
                element.license(
                    element(
                        "license-p", "The authors dedicate this work to the public domain under CC0 1.0."
                    ),
                    {f"{{{XLINK}}}href": CC0},
                )
            ),
            element.abstract(
                *(element.sec(element.title(label), element.p(part)) for label, part in text.abstract.items())
            ),
        ),
    )
    body = element.body()
    for heading, paragraphs in text.sections.items():
        section = element.sec(element.title(heading), *(element.p(paragraph) for paragraph in paragraphs))
        section.extend(_figure(number, text) for number in PLACED.get(heading, ()))
        body.append(section)
    article = etree.Element("article", {"article-type": "research-article"}, nsmap={"xlink": XLINK})
    article.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    article.extend([front, body])
    etree.indent(article)
    file.write_bytes(etree.tostring(article, xml_declaration=True, encoding="UTF-8") + b"\n")


def _figure(number: int, text: Text) -> etree._Element:
    figure: etree._Element = element.fig(
        element.label(f"Figure {number + 1}"),
        element.caption(element.p(text.captions[number])),
        element.graphic({f"{{{XLINK}}}href": FIGURES[number].name}),
        id=f"fig{number + 1}",
    )
    return figure


def write_pdf(text: Text, file: Path) -> None:
    """The same as PDF: one column, A4, the figures where they are told of."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(datetime(YEAR, 1, 1, tzinfo=UTC))
    pdf.set_title(TITLE)
    pdf.set_author(AUTHOR)
    pdf.set_margins(24, 22)
    pdf.set_auto_page_break(auto=True, margin=20)
    pdf.add_page()
    _set(pdf, f"{JOURNAL}, {YEAR}", size=9, style="I", after=6)
    _set(pdf, TITLE, size=20, style="B", after=3)
    _set(pdf, AUTHOR, size=12, after=4)
    _set(pdf, "Abstract", size=13, style="B", after=1)
    for label, part in text.abstract.items():
        _set(pdf, f"{label}: {part}", after=1.5)
    for heading, paragraphs in text.sections.items():
        pdf.ln(2)
        _set(pdf, heading, size=13, style="B", after=1)
        for paragraph in paragraphs:
            _set(pdf, paragraph, after=1.5)
        for number in PLACED.get(heading, ()):
            _place(pdf, number, text.captions[number])
    pdf.ln(2)
    _set(pdf, f"The authors dedicate this work to the public domain under CC0 1.0 ({CC0}).", size=9)
    pdf.output(str(file))


def _set(pdf: FPDF, text: str, *, size: float = 10.5, style: str = "", after: float = 0.0) -> None:
    pdf.set_font("Times", style, size)
    printable = text.replace("’", "'").replace("–", "-")
    pdf.multi_cell(0, size * 0.46, printable, new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(after)


def _place(pdf: FPDF, number: int, caption: str) -> None:
    height = pdf.epw * 1100 / 1600
    if pdf.will_page_break(height + 14):
        pdf.add_page()
    pdf.image(FIGURES[number], w=pdf.epw)
    _set(pdf, f"Figure {number + 1}. {caption}", size=9, after=4)


if __name__ == "__main__":
    main()
