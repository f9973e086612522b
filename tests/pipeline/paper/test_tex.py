from __future__ import annotations

import pytest

from pipeline.paper.tex import tex_line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (r"$p < 0.05$", "p < 0.05"),
        (r"$p\lt 0.001$", "p < 0.001"),
        (r"$37.5\,\%$", "37.5 %"),
        (r"\(12.3 \pm 0.4\)", "12.3 ± 0.4"),
        (r"$\alpha_{1}=-2$", "α₁ = −2"),
        (r"$-3$", "−3"),
        (r"$a-b$", "a − b"),
        (r"$10^{-5}$", "10⁻⁵"),
        (r"$r^2=0.81$", "r² = 0.81"),
        (r"$\frac{1}{2}$", "1/2"),
        (r"$\dfrac{a+b}{c}$", "(a + b)/c"),
        (r"$\sqrt{n}$", "√n"),
        (r"$37\,^{\circ}\mathrm{C}$", "37 °C"),
        (r"$\mathrm{CO}_2$", "CO₂"),
        (r"$\bar{x}$", "x̄"),
        (r"$\text{mean of all}$", "mean of all"),
        (r"$\left(1.2, 3.4\right)$", "(1.2,3.4)"),
        (r"$\sum_{i=1}^{n} x_i$", "∑ᵢ₌₁ⁿxᵢ"),
        (r"$f'$", "f′"),
        (
            r"\documentclass[12pt]{minimal} \usepackage{amsmath} \begin{document}$$\mu \ge 3$$\end{document}",
            "μ ≥ 3",
        ),
    ],
)
def test_simple_formulas_are_lines(source: str, line: str) -> None:
    assert tex_line(source) == line


@pytest.mark.parametrize(
    "source",
    [
        r"$\begin{matrix}1&2\end{matrix}$",
        r"$\unknown{x}$",
        r"$\frac{1}$",
        r"${x$",
        r"$x}$",
        r"$x^$",
        r"$\input{/etc/passwd}$",
        r"$\sqrt[3]{x}$",
        "$$",
        "",
    ],
)
def test_what_is_not_known_is_no_line(source: str) -> None:
    assert tex_line(source) is None


def test_a_formula_nested_without_end_is_no_line() -> None:
    assert tex_line("$" + "{" * 100_000 + "}" * 100_000 + "$") is None
