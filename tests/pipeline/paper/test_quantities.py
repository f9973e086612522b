from __future__ import annotations

import pytest

from pipeline.paper.quantities import read_quantities


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("It fell by 12.4% in 3 weeks.", [("12.4%", 12.4, "%"), ("3 weeks", 3, "weeks")]),
        ("We gave 75 mg/kg to 1,234 mice.", [("75 mg/kg", 75, "mg/kg"), ("1,234", 1234, "")]),
        ("From 5 to 10 μM.", [("5", 5, "μM"), ("10 μM", 10, "μM")]),
        ("It was 49.8 ± 0.4 μg/mL.", [("49.8", 49.8, "μg/mL"), ("0.4 μg/mL", 0.4, "μg/mL")]),
        ("A 2.5-fold rise (p < 0.001).", [("2.5-fold", 2.5, "fold"), ("0.001", 0.001, "")]),
        ("A charge of -27 mV.", [("-27 mV", -27, "mV")]),
        ("A share of 12%-29%.", [("12%", 12, "%"), ("29%", 29, "%")]),
        ("About 3 × 10⁵ cells at 37 °C.", [("3 × 10⁵", 3e5, ""), ("37 °C", 37, "°C")]),
        ("SARS-CoV-2, COX-2, p53 and H2O.", []),
        ("We (1) measured and (2) told it in Study 1.", []),
        ("On the 7th day.", []),
        ("See 10.1371/journal.pone.0036880.", []),
    ],
)
def test_the_numbers_of_an_abstract(text: str, quantities: list[tuple[str, float, str]]) -> None:
    found = read_quantities([text])
    assert [(one.text, pytest.approx(one.value), one.unit) for one in found] == quantities
    assert all(one.text in text for one in found)
