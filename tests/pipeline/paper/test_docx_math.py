"""Word's formulas as lines that a person can read."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from pipeline.paper.docx import read_docx
from pipeline.paper.docx_math import read_formula
from tests.pipeline.paper.docx_press import manuscript, para, press, run, table


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def e(name: str, *inside: str) -> str:
    return f"<m:{name}>{''.join(inside)}</m:{name}>"


SQUARE = e("sSup", e("e", r("x")), e("sup", r("2")))
SUM = e(
    "nary",
    '<m:naryPr><m:chr m:val="∑"/></m:naryPr>',
    e("sub", r("i=1")),
    e("sup", r("n")),
    e("e", e("sSub", e("e", r("x")), e("sub", r("i")))),
)
FRACTION = e("f", e("num", r("a+b")), e("den", r("2")))


@pytest.mark.parametrize(
    ("math", "line"),
    [
        (r("y=mx+b"), "y = mx + b"),
        (SQUARE, "x²"),
        (FRACTION, "(a + b)/2"),
        (SUM, "∑ᵢ₌₁ⁿxᵢ"),
        (e("rad", e("deg"), e("e", r("x"))), "√x"),
        (e("rad", e("deg", r("3")), e("e", r("x"))), "x^(1/3)"),
        (e("d", e("e", r("a")), e("e", r("b"))), "(a|b)"),
        (e("d", '<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>', e("e", r("a"))), "[a]"),
        (e("func", e("fName", r("sin")), e("e", r("x"))), "sin x"),
        (e("acc", '<m:accPr><m:chr m:val="̂"/></m:accPr>', e("e", r("p"))), "p̂"),
        (e("bar", e("e", r("x"))), "x̄"),
        (
            e("m", e("mr", e("e", r("a")), e("e", r("b"))), e("mr", e("e", r("c")), e("e", r("d")))),
            "a b ; c d",
        ),
        ("<w:del>" + r("z") + "</w:del><w:ins>" + r("y") + "</w:ins>", "y"),
        ("", ""),
    ],
)
def test_a_formula_reads_as_it_is_said(math: str, line: str) -> None:
    spaces = 'xmlns:m="m" xmlns:w="w"'
    element = etree.fromstring(f"<m:oMath {spaces}>{math}</m:oMath>")
    for node in element.iter():
        node.tag = etree.QName(node).localname
    assert read_formula(element) == line


def test_formulas_in_the_line_are_read_and_displayed_ones_set_apart(tmp_path: Path) -> None:
    inline, displayed = e("oMath", SQUARE), e("oMathPara", e("oMath", r("y=x")))
    blocks = manuscript(
        para(run("Here "), inline, run(" is the area.")),
        para(displayed),
        para(e("oMath", FRACTION), run("\t(2)")),
        table([f"<w:tc>{para(e('oMath', r('a=b')))}</w:tc>", "(3)"]),
        para(run("We put "), displayed, run(" where x is a length.")),
        para('<w:r><w:object><o:OLEObject ProgID="Equation.DSMT4"/></w:object></w:r>', run(" is the slope.")),
    )
    paper = read_docx(press(tmp_path / "paper.docx", *blocks), tmp_path, "file:paper.docx")
    results = next(section for section in paper.sections if section.kind == "results")
    assert results.paragraphs[1:] == (
        "Here x² is the area.",
        "We put … where x is a length.",
        "… is the slope.",
    )
    assert [(formula.label, formula.text) for formula in paper.formulas] == [
        ("", "y = x"),
        ("(2)", "(a + b)/2"),
        ("(3)", "a = b"),
        ("", "y = x"),
    ]
    assert not paper.tables
