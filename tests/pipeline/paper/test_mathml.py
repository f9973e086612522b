from __future__ import annotations

import pytest
from lxml import etree

from pipeline.paper.mathml import formula


@pytest.mark.parametrize(
    ("inside", "line"),
    [
        ("<mi>p</mi><mo>&lt;</mo><mn>0.05</mn>", "p < 0.05"),
        ("<mo>−</mo><mn>3</mn>", "−3"),
        ("<mi>a</mi><mo>−</mo><mn>3</mn>", "a − 3"),
        ("<msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup>", "10⁻³"),
        ("<msup><mi>e</mi><mrow><mi>k</mi><mi>t</mi></mrow></msup>", "e^kt"),
        ("<msup><mi>e</mi><mrow><mi>k</mi><mo>+</mo><mi>t</mi></mrow></msup>", "e^(k + t)"),
        ("<msub><mi>x</mi><mi>i</mi></msub>", "xᵢ"),
        ("<msub><mi>N</mi><mtext>tot</mtext></msub>", "Nₜₒₜ"),
        ("<msub><mi>V</mi><mtext>C</mtext></msub>", "VC"),
        ("<msubsup><mi>σ</mi><mn>0</mn><mn>2</mn></msubsup>", "σ₀²"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "(x, y)"),
        ("<mi>f</mi><mo>\u2061</mo><mi>x</mi>", "fx"),
        ("<mn>5</mn><mspace/><mtext>mm</mtext>", "5 mm"),
        ("<semantics><mi>x</mi><annotation>TeX</annotation></semantics>", "x"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "1 2"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>x</mi>",
            "∑ᵢ₌₁ⁿx",
        ),
        (
            "<munder><mo>lim</mo><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder><mi>y</mi>",
            "lim_(x → 0)y",
        ),
        ("<msup><mi>x</mi></msup>", "x"),
        ("<msup><mi>x</mi><mrow/></msup>", "x"),
    ],
)
def test_a_formula_becomes_a_line_of_text(inside: str, line: str) -> None:
    assert formula(etree.fromstring(f"<math>{inside}</math>")) == line
