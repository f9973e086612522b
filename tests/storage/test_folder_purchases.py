"""Purchases of a run in a folder: asked for once, whatever happens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.errors import UnsurePurchaseError
from storage.folder_purchases import FolderPurchases


class Seller:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def sell(self, purchase: str) -> str:
        self.asked.append(purchase)
        return f"task-{len(self.asked)}"


def buy(folder: Path, ask: object, *, repeatable: bool = False) -> str:
    return FolderPurchases(folder).once("a film", provider="p", cents=3, ask=ask, repeatable=repeatable)  # type: ignore[arg-type]


def test_what_was_bought_is_not_asked_for_again(tmp_path: Path) -> None:
    seller = Seller()
    assert [buy(tmp_path, seller.sell) for _ in range(2)] == ["task-1", "task-1"]
    assert len(seller.asked) == 1


def test_a_run_that_was_killed_while_it_asked_leaves_doubt(tmp_path: Path) -> None:
    def killed(_: str) -> str:
        raise KeyboardInterrupt

    seller = Seller()
    with pytest.raises(KeyboardInterrupt):
        buy(tmp_path, killed)
    with pytest.raises(UnsurePurchaseError):
        buy(tmp_path, seller.sell)
    assert buy(tmp_path, seller.sell, repeatable=True) == "task-1"


def test_a_repeatable_purchase_is_asked_for_again_with_the_same_id(tmp_path: Path) -> None:
    seen: list[str] = []

    def broken(purchase: str) -> str:
        seen.append(purchase)
        raise ConnectionError

    seller = Seller()
    with pytest.raises(ConnectionError):
        buy(tmp_path, broken, repeatable=True)
    buy(tmp_path, seller.sell, repeatable=True)
    assert seller.asked == seen


def test_a_failure_after_which_nobody_knows_is_doubt_at_once(tmp_path: Path) -> None:
    def broken(_: str) -> str:
        raise ConnectionError

    with pytest.raises(UnsurePurchaseError):
        buy(tmp_path, broken)


def test_a_no_leaves_nothing_behind(tmp_path: Path) -> None:
    class NoError(Exception):
        nothing_bought = True

    def no(_: str) -> str:
        raise NoError

    with pytest.raises(NoError):
        buy(tmp_path, no)
    assert buy(tmp_path, Seller().sell) == "task-1"


def test_what_was_set_aside_is_bought_anew(tmp_path: Path) -> None:
    seller = Seller()
    task = buy(tmp_path, seller.sell)
    FolderPurchases(tmp_path).set_aside("a film", "another")
    assert buy(tmp_path, seller.sell) == task
    FolderPurchases(tmp_path).set_aside("a film", task)
    assert buy(tmp_path, seller.sell) == "task-2"


@dataclass(frozen=True)
class _Receipt:
    task: str
    cents: int


def _noted(folder: Path) -> int:
    (file,) = folder.glob("*.json")
    return int(json.loads(file.read_bytes())["cents"])


def test_it_costs_what_the_provider_says(tmp_path: Path) -> None:
    assert FolderPurchases(tmp_path).once(
        "a film", provider="Studio", cents=120, ask=lambda _: _Receipt("task-9", 7), repeatable=False
    ) == "task-9"  # fmt: skip
    assert _noted(tmp_path) == 7
    FolderPurchases(tmp_path).cost("a film", "another", 99)
    assert _noted(tmp_path) == 7
    FolderPurchases(tmp_path).cost("a film", "task-9", 5)
    assert _noted(tmp_path) == 5
    assert FolderPurchases(tmp_path).spent() == {"Studio": 5}


def test_what_was_set_aside_stays_spent(tmp_path: Path) -> None:
    assert FolderPurchases(tmp_path / "none").spent() == {}
    for number in (1, 2):
        task = FolderPurchases(tmp_path).once(
            "a film", provider="Studio", cents=120, ask=lambda _, n=number: f"task-{n}", repeatable=False
        )
        FolderPurchases(tmp_path).set_aside("a film", task)
    assert FolderPurchases(tmp_path).spent() == {"Studio": 240}
