from __future__ import annotations

import random

import pytest

from pipeline.paper.doi import doi_of, same, without_punctuation

PONE = "10.1371/journal.pone.0036880"
LANCET = "10.1016/s0140-6736(20)30183-5"
SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        (PONE, PONE),
        ("10.1371/JOURNAL.PONE.0036880", PONE),
        (f" doi:{PONE} ", PONE),
        (f"DOI: {PONE}", PONE),
        (f"doi {PONE}.", PONE),
        (f"info:doi/{PONE}", PONE),
        (f"https://doi.org/{PONE}", PONE),
        (f"http://dx.doi.org/{PONE}", PONE),
        (f"https://www.doi.org/{PONE}/", PONE),
        (f"doi.org/{PONE}", PONE),
        (f"doi: https://doi.org/{PONE}", PONE),
        (f"https://doi.org/doi:{PONE}", PONE),
        (f"<https://doi.org/{PONE}>", PONE),
        (f"<https://doi.org/{PONE}|doi.org/{PONE}>", PONE),
        (f"(https://doi.org/{PONE}).", PONE),
        (f"“{PONE}”,", PONE),
        (f"[{PONE}]", PONE),
        (f"https://doi.org/{PONE}?utm_source=x#abstract", PONE),
        ("https://doi.org/10.1371%2Fjournal.pone.0036880", PONE),
        ("10.1371%2fjournal.pone.0036880", PONE),
        (f"\u200e{PONE}\u200b", PONE),
        (f"https://doi.org/{PONE}%00%0a", PONE),
        ("10.1016/S0140-6736(20)30183-5", LANCET),
        ("(10.1016/S0140-6736(20)30183-5)", LANCET),
        ("https://doi.org/10.1016/S0140-6736(20)30183-5).", LANCET),
        ("https://doi.org/10.1016/S0140-6736%2820%2930183-5", LANCET),
        ("10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2", SICI),
        (
            "https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
            SICI,
        ),
        ("10.1000.10/123", "10.1000.10/123"),
    ],
)
def test_dois_are_read_as_people_paste_them(text: str, doi: str) -> None:
    assert doi_of(text) == doi


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.1371",
        "10.1371/",
        "10.12/too-short",
        f"https://example.org/{PONE}",
        f"https://doi.org.example.org/{PONE}",
        f"https://journals.example.org/doi/{PONE}",
        f"see {PONE}",
        f"{PONE} and another",
        '10.1371/a"b',
        "https://doi.org/10.1371/a%20b",
        "doi:",
        "32296183",
        "10.1371/" + "a" * 500,
    ],
)
def test_what_is_no_doi_is_none(text: str) -> None:
    assert doi_of(text) is None


def test_only_what_closes_nothing_is_punctuation() -> None:
    assert without_punctuation("10.1/a(b)c).,") == "10.1/a(b)c"
    assert without_punctuation("...") == ""


def test_case_does_not_count_in_dois() -> None:
    assert same(" 10.1371/ABC", "10.1371/abc")
    assert not same("10.1371/abd", "10.1371/abc")
    assert not same(None, "10.1371/abc")


def test_nothing_that_is_pasted_raises() -> None:
    chance = random.Random(7)
    pieces = [
        "10.1371",
        "/",
        "%2F",
        "%",
        "doi",
        ":",
        "doi.org",
        "https://",
        "<",
        ">",
        "(",
        ")",
        "|",
        "\x00",
        "é",
        " ",
    ]
    for _ in range(2_000):
        text = "".join(chance.choice(pieces) for _ in range(chance.randrange(9)))
        found = doi_of(text)
        assert found is None or doi_of(found) == found
