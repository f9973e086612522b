from __future__ import annotations

import pytest

from pipeline.narration.spoken import sentences, spoken

WORDS = [
    # numbers
    ("12 mice", "twelve | mice"),
    ("1,234 cells", "one thousand two hundred thirty-four | cells"),
    ("12 345 people", "twelve thousand | three hundred forty-five | people"),
    ("12 000 people", "twelve thousand |  | people"),
    ("1 000 000 cells.", "one million |  |  | cells."),
    ("Table 1 234", "Table | one | two hundred thirty-four"),
    ("0.05 and .03", "zero point zero five | and | zero point zero three"),
    ("3rd, 21st", "third, | twenty-first"),
    ("3–5 and 1.5-2", "three to five | and | one point five to two"),
    ("3 – 5 days", "three | to | five | days"),
    ("−3 to -1.5", "minus three | to | minus one point five"),
    ("(−0.9, +0.2)", "(minus zero point nine, | plus zero point two)"),
    ("1/2 of 2/3, 3/4", "one half | of | two thirds, | three quarters"),
    ("12/15 mice at 120/80", "twelve out of fifteen | mice | at | one hundred twenty over eighty"),
    ("grade 3/4", "grade | three four"),
    ("a 2:1 ratio", "a | two to one | ratio"),
    ("TRCN0000029268", "TRCN zero zero zero zero zero two nine two six eight"),
    ("1234567890123456", "one two three four five six seven eight nine zero one two three four five six"),
    # years
    ("In 2019, 1500 patients", "In | twenty nineteen, | one thousand five hundred | patients"),
    ("from 1905 to 2003", "from | nineteen oh five | to | two thousand three"),
    ("since 1850", "since | eighteen fifty"),
    ("the 1990s and 80s", "the | nineteen nineties | and | eighties"),
    ("the 1900s", "the | nineteen hundreds"),
    ("1998–2004 (2015)", "nineteen ninety-eight to two thousand four | (twenty fifteen)"),
    ("Lee 2016b", "Lee | twenty sixteen b"),
    ("2000 cells", "two thousand | cells"),
    # percent, statistics
    ("37.5 % or 37.5%", "thirty-seven point five | percent | or | thirty-seven point five percent"),
    ("5–10% and 50%–60%", "five to ten percent | and | fifty percent to sixty percent"),
    ("p < 0.05, p<.001", "p | less than | zero point zero five, | p less than zero point zero zero one"),
    ("12 ± 3", "twelve | plus or minus | three"),
    ("≥ 65, ≤5, >10%", "at least | sixty-five, | at most five, | more than ten percent"),
    ("(n = 24)", "(n | equals | twenty-four)"),
    ("R² = 0.9, χ2", "R squared | equals | zero point nine, | chi squared"),
    ("95% CI: 1.2–3.4", "ninety-five percent | CI: | one point two to three point four"),
    ("F(2,34)", "F(two, thirty-four)"),
    ("+/- ~50", "plus or minus | about fifty"),
    # powers and products
    ("10⁻³ 10^-3", "ten to the minus three | ten to the minus three"),
    ("3 × 10^6 2 × 105", "three | times | ten to the six | two | times | ten to the five"),
    ("1.5 × 10−3", "one point five | times | ten to the minus three"),
    ("x² and y³", "x squared | and | y cubed"),
    ("5 × 100", "five | by | one hundred"),
    ("10 × 10 cm", "ten | by | ten | centimeters"),
    ("10,000 × g at 40× or 10x", "ten thousand | times | G | at | forty times | or | ten times"),
    # units
    ("10 mg/kg", "ten | milligrams per kilogram"),
    ("5 mg kg−1 day−1", "five | milligrams | per kilogram | per day"),
    ("3 s-1", "three | per second"),
    ("37 °C, 4°C", "thirty-seven | degrees Celsius, | four degrees Celsius"),
    ("1 mg, 0.5 mg", "one | milligram, | zero point five | milligrams"),
    ("4 µm and 4 μm", "four | micrometers | and | four | micrometers"),
    ("10 kg/m² and 5 m2", "ten | kilograms per square meter | and | five | square meters"),
    ("9.8 m/s²", "nine point eight | meters per second squared"),
    ("2 × 106 cells/mL", "two | times | ten to the six | cells per milliliter"),
    ("24 h, 24-h, 5-mg", "twenty-four | hours, | twenty-four-hour, | five-milligram"),
    ("120 mm Hg", "one hundred twenty | millimeters of | mercury"),
    ("10 mM of 40 kDa", "ten | millimolar | of | forty | kilodaltons"),
    ("5 T cells", "five | T | cells"),
    ("Fig. 2d and 3A", "Figure | two d | and | three A"),
    ("in mg/dL", "in | milligrams per deciliter"),
    # money
    ("$5 million, $3.5M, £20", "five | million dollars, | three point five million dollars, | twenty pounds"),
    # Greek, names of genes and cells
    ("TNF-α, IL-1β, IFNγ", "TNF-alpha, | IL one beta, | IFN gamma"),
    ("NF-κB and Aβ42", "N F kappa B | and | A-beta forty-two"),
    ("COVID-19, SARS-CoV-2, IL-6", "COVID nineteen, | SARS-CoV two, | IL six"),
    ("HEK293 p53 H1N1 M205", "HEK two ninety-three | p fifty-three | H one N one | M two oh five"),
    ("CD8+ CD4− Ca2+ Ca²⁺", "CD eight positive | CD four negative | calcium | calcium"),
    ("Apoe−/− and +/+", "Apoe minus minus | and | plus plus"),
    ("CO₂, CO2, 13C", "C O two, | C O two, | carbon thirteen"),
    ("PM2.5 NaV1.3 H100", "P M two point five | NaV one point three | H one hundred"),
    ("5-HT, 3D", "five-HT, | three D"),
    # abbreviations
    ("Lee et al. (2015) found", "Lee | et | al | (twenty fifteen) | found"),
    ("mice, e.g., these, i.e., all", "mice, | for example, | these, | that is, | all"),
    ("A vs. B vs C", "A | versus | B | versus | C"),
    ("(Figs. 3J–L)", "(Figures | three J to L)"),
    ("No. 5, no.", "number | five, | no."),
    ("E. coli and J. Smith", "E | coli | and | J | Smith"),
    ("by Smith et al.", "by | Smith | et | al."),
    # Roman numerals
    ("Phase II and III, type I, stage IIIb", "Phase | two | and | three, | type | one, | stage | three b"),
    ("phase I/II and stages III–IV", "phase | one two | and | stages | three to four"),
    ("type A and I", "type | A | and | I"),
    ("type IIII", "type | IIII"),
    # marks
    ("well-known dose–response", "well-known | dose-response"),
    ("and/or male/female", "and or | male female"),
    ("PI3K/AKT/IL-6", "P I three K AKT IL six"),
    ("pre- and post-treatment", "pre | and | post-treatment"),
    ("one — two mother—child", "one | — | two | mother—child"),
    ("patient(s) cells¹²", "patients | cells"),
    ("Müller’s naïve patient´s", "Muller’s | naive | patient’s"),
    ("a * 中文 b", "a |  |  | b"),
    ("https://doi.org/10.1/x", "doi dot org"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WORDS)
def test_a_text_is_said_in_words(text: str, said: str) -> None:
    assert " | ".join(word for _, word in spoken(text)) == said


@pytest.mark.parametrize("text", [text for text, _ in WORDS])
def test_the_words_shown_are_the_text(text: str) -> None:
    assert " ".join(shown for shown, _ in spoken(text)) == text


def test_sentences_end_where_a_reader_would_end_them() -> None:
    text = (
        "We saw E. coli. The U.S. has 5.2 %. Yes! See Fig. 3. Dr. No et al. were there, e.g. Now. (It is.) "
        "We gave vitamin C. The end etc. Then more. P was .03. x rose"
    )

    found = [" ".join(shown for shown, _ in sentence) for sentence in sentences(spoken(text))]

    assert found == [
        "We saw E. coli.",
        "The U.S. has 5.2 %.",
        "Yes!",
        "See Fig. 3.",
        "Dr. No et al. were there, e.g. Now.",
        "(It is.)",
        "We gave vitamin C.",
        "The end etc.",
        "Then more.",
        "P was .03. x rose",
    ]


def test_no_text_has_no_sentences() -> None:
    assert sentences(spoken("  ")) == []
