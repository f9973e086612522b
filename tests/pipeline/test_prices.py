"""Prices: by model and day, rounded up, and the dearest for what nobody knows."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.prices import TOKEN_PRICES, known_price, token_price

AUTUMN, SPRING = date(2026, 11, 23), date(2027, 3, 1)


def test_a_price_changes_on_its_day() -> None:
    before, after = (token_price("gemini-3.8-flash", "text", day) for day in (AUTUMN, SPRING))
    assert before.cents(1_000_000, 1_000_000) == 450
    assert after.cents(1_000_000, 1_000_000) == 900
    assert token_price("gemini-3.8-flash", "text", date(2026, 12, 31)) == before


@pytest.mark.parametrize(("read", "written", "cents"), [(0, 0, 0), (1, 0, 1), (20_000, 3_000, 3)])
def test_a_fraction_is_rounded_up(read: int, written: int, cents: int) -> None:
    assert token_price("gemini-3.8-flash", "text", AUTUMN).cents(read, written) == cents


def test_a_long_request_costs_more_where_the_table_says_so() -> None:
    price = token_price("gemini-3.1-pro-preview", "text", AUTUMN)
    assert price.cents(200_000, 1_000) == 42
    assert price.cents(200_001, 1_000) == 82


def test_a_model_that_nobody_knows_costs_what_the_dearest_does() -> None:
    assert known_price("gemini-9", "text", AUTUMN) is None
    unknown = token_price("gemini-9", "text", AUTUMN).cents(10_000, 10_000)
    there = [
        price.cents(10_000, 10_000)
        for price in TOKEN_PRICES
        if price.ware == "text" and price.since <= AUTUMN
    ]
    assert unknown == max(there)


def test_every_price_names_its_source() -> None:
    assert all(
        price.source.startswith("https://") and price.read_on >= date(2026, 10, 1) for price in TOKEN_PRICES
    )
