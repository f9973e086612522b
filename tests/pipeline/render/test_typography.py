from __future__ import annotations

import pytest

from pipeline.render.typography import Face, break_lines, fit, font, measure, presentable

TITLE = (
    "Association between pre-operative immunohistochemical expression of hypoxia-inducible factors and "
    "long-term recurrence-free survival after neoadjuvant chemoradiotherapy in patients with locally "
    "advanced oesophageal adenocarcinoma: a retrospective, multicentre, propensity-score-matched cohort "
    "study of 4,312 cases with fifteen years of follow-up"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("TNF-α ≤ 5 µm²", "TNF-α ≤ 5 µm²"),
        ("∇f ∝ x ∈ S", "∇f ∝ x ∈ S"),
        ("the ﬁrst eﬀect", "the first effect"),
        ("co\u00adoperate\u2062 now", "cooperate now"),
        ("  a\n b ", "a b"),
        ("see \U000f1234 there", "see there"),
    ],
)
def test_only_what_can_be_drawn_is_shown(text: str, shown: str) -> None:
    assert presentable(text) == shown


def test_no_glyph_is_a_box_in_mathematical_text() -> None:
    missing = font(32, 400).getmask("\U000f1234").size
    assert measure("∝", Face(32, 400)) > 0
    assert measure("∝∈∇", Face(32, 400)) != pytest.approx(3 * missing[0])


@pytest.mark.parametrize("width", [865, 400, 216])
def test_a_title_of_four_hundred_characters_fits(width: int) -> None:
    setting = fit(
        TITLE, width=width, height=width * 0.6, sizes=(width // 8, max(width // 26, 5)), weight=800, lines=9
    )
    assert setting.width <= width
    assert setting.height <= width * 0.6
    assert len(setting.lines) <= 9


def test_short_words_are_set_large_and_long_ones_smaller() -> None:
    short, long = (
        fit(text, width=800, height=600, sizes=(112, 40), weight=800, lines=5)
        for text in ("Sleep", TITLE[:120])
    )
    assert short.face.size == 112
    assert long.face.size < 112


def test_a_word_wider_than_the_line_is_broken_where_it_has_a_hyphen() -> None:
    setting = fit(
        "1,1-dichloro-2,2-bis(p-chlorophenyl)ethylene-dehydrogenase",
        width=300,
        height=400,
        sizes=(40, 30),
        weight=700,
        lines=6,
    )
    assert setting.width <= 300
    assert all(line.endswith("-") for line in setting.lines[:-1])


def test_what_cannot_fit_ends_in_an_ellipsis() -> None:
    setting = fit(TITLE, width=200, height=60, sizes=(24, 24), weight=600, lines=2)
    assert setting.lines[-1].endswith("…")
    assert setting.width <= 200


def test_lines_are_broken_evenly() -> None:
    face = Face(40, 600)
    lines = break_lines(
        ["one", "two", "three", "four", "five", "six"], face, measure("one two three four five", face)
    )
    assert lines == ["one two three", "four five six"]


def test_nothing_to_set_takes_no_room() -> None:
    assert fit("", width=100, height=100, sizes=(20, 10), weight=400, lines=2).width == 0
