from __future__ import annotations

import pytest

from pipeline.text.figure_names import named_in, number_of


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("as Fig. 2 shows", {"2"}),
        ("as Figure 2A and Figure 12 show", {"2", "12"}),
        ("(Figs. 1–3)", {"1", "2", "3"}),
        ("(Figures 1, 4 and 6)", {"1", "4", "6"}),
        ("(Fig 2a, b and 5c–e)", {"2", "5"}),
        ("(fig. S1)", {"S1"}),
        ("(Supplementary Figure 3)", {"S3"}),
        ("(Fig. 1A, Fig. 2B)", {"1", "2"}),
        ("in 3 figures of 2019", set()),
        ("a configuration 5", set()),
        ("(Figures 1–900)", {"1", "900"}),
    ],
)
def test_the_figures_that_a_text_names(text: str, numbers: set[str]) -> None:
    assert named_in(text) == numbers


@pytest.mark.parametrize(("label", "number"), [("Fig. 2", "2"), ("Figure S1", "S1"), ("Graph", "")])
def test_the_number_of_a_label(label: str, number: str) -> None:
    assert number_of(label) == number
