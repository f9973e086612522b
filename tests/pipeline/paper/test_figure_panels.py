from __future__ import annotations

import pytest

from pipeline.paper.figure_panels import read_panels


@pytest.mark.parametrize(
    ("caption", "panels"),
    [
        (
            "Sleep. (A) Hours of sleep. (B) Calcium, as in (A). (C) Both.",
            [("A", "Hours of sleep."), ("B", "Calcium, as in (A)."), ("C", "Both.")],
        ),
        ("Sleep. a, Hours. b, Calcium; c, both.", [("A", "Hours."), ("B", "Calcium"), ("C", "both.")]),
        ("A. Hours. B. Calcium.", [("A", "Hours."), ("B", "Calcium.")]),
        (
            "(A,B) Hours. (C–E) Calcium.",
            [(letter, "Hours.") for letter in "AB"] + [(x, "Calcium.") for x in "CDE"],
        ),
        ("(A and B) Hours. (C) Calcium.", [("A", "Hours."), ("B", "Hours."), ("C", "Calcium.")]),
        ("Sleep of controls (a) and of patients (b).", [("A", "Sleep of controls"), ("B", "of patients")]),
        ("Sleep of mice. Bars, means.", []),
        ("Sleep (A) alone.", []),
        ("Doses (B) and (C) alone.", []),
        ("A mouse sleeps. B cells do not.", []),
        ("Binding of vitamin A. B cells were counted.", []),
        ("", []),
    ],
)
def test_the_panels_that_a_caption_marks(caption: str, panels: list[tuple[str, str]]) -> None:
    assert [(panel.label, panel.caption) for panel in read_panels(caption)] == panels


def test_what_is_said_of_a_panel_stands_in_the_caption_word_for_word() -> None:
    caption = "Wings. (A) Left wing, and (B) right wing; bars: 5 mm. (C) Both."
    assert [panel.label for panel in read_panels(caption)] == ["A", "B", "C"]
    assert all(panel.caption in caption for panel in read_panels(caption))
