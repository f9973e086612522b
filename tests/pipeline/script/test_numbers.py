from __future__ import annotations

import pytest

from pipeline.script.numbers import numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("37.5 %", [(0.375, "share")]),
        ("37.5%", [(0.375, "share")]),
        ("forty percent", [(0.4, "share")]),
        ("93–96 % similar", [(0.93, "share"), (0.96, "share")]),
        ("10, 20 and 30 %", [(0.1, "share"), (0.2, "share"), (0.3, "share")]),
        (
            "from 3.50 ± 0.40 to 9.80 ± 0.50%",
            [(0.035, "share"), (0.004, "share"), (0.098, "share"), (0.005, "share")],
        ),
        ("10 mice and 30 %", [(10, ""), (0.3, "share")]),
        ("one in five", [(0.2, "share")]),
        ("1 out of 5 people", [(0.2, "share")]),
        ("15 in 2010", [(15, ""), (2010, "")]),
        ("5 in 3 trials", [(5, "")]),
        ("a third of them", [(1 / 3, "share")]),
        ("two-thirds", [(2 / 3, "share")]),
        ("half of the plants", [(0.5, "share")]),
        ("its half-life", []),
        ("it halved", [(0.5, "share")]),
        ("it doubled", [(2, "fold")]),
        ("three-fold", [(3, "fold")]),
        ("3.2-fold", [(3.2, "fold")]),
        ("2.5 times more", [(2.5, "fold")]),
        ("p < 0.05", [(0.05, "")]),
        ("n = 212", [(212, "")]),
        ("10² cells", [(100, "")]),
        ("3 × 10⁻³", [(3, ""), (0.001, "")]),
        ("½ of them", [(0.5, "share")]),
        ("2½ years", [(2.5, "")]),
        ("12,5 mg", [(12.5, "")]),
        ("12,345 people", [(12345, "")]),
        ("1,234,567.5", [(1234567.5, "")]),
        ("5 million", [(5_000_000, "")]),
        ("twenty-five", [(25, "")]),
        ("two hundred and six mice", [(206, "")]),
        ("three thousand and two", [(3002, "")]),
        ("a change of −6.9 ppb", [(-6.9, "")]),
        ("2000-2010", [(2000, ""), (2010, "")]),
        ("one of the first studies", []),
        ("82-year-old", [(82, "")]),
        ("COX-2 and Lamp1", [(0, "name"), (0, "name")]),
        ("no number at all", []),
    ],
)
def test_the_numbers_of_a_text_are_read_with_their_units(text: str, values: list[tuple[float, str]]) -> None:
    found = [(quantity.value, quantity.unit) for quantity in numbers(text)]
    assert [unit for _, unit in found] == [unit for _, unit in values]
    assert [value for value, _ in found] == pytest.approx([value for value, _ in values])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("20 %", "one in five", True),
        ("twenty percent", "20%", True),
        ("it doubled", "a two-fold rise", True),
        ("half", "50 %", True),
        ("COX-2", "COX2", True),
        ("COX-2", "COX-1", False),
        ("37.5 %", "37.4 %", False),
        ("40 %", "40 mice", False),
        ("3 times", "3 mice", False),
        ("−6.9", "6.9", False),
        ("COX-2", "2 mice", False),
    ],
)
def test_numbers_are_equal_when_value_and_unit_are(one: str, other: str, same: bool) -> None:
    (first,), (second,) = numbers(one), numbers(other)
    assert first.equals(second) is same
    assert second.equals(first) is same
