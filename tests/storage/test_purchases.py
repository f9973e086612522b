"""Purchases: nothing is bought twice, whoever is killed when, and however many ask at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import OverBudgetError, PurchaseBusyError, UnsurePurchaseError
from storage.ledger import Caps, of_job, release, reserve
from storage.models import Purchase
from storage.purchases import Purchases, allow_again
from storage.workspaces import Terms, set_terms
from tests.databases import FakeClock
from tests.storage.processes import together


class Killed(BaseException):
    """Stands for a process that is gone at once: nothing after it runs, not even what is for errors."""


class RefusedError(Exception):
    """A provider's clear no."""

    nothing_bought = True


class Shop:
    """A provider that knows an id it has seen."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @property
    def sold(self) -> int:
        return len(set(self.asked))

    def ask(self, purchase: str) -> str:
        self.asked.append(purchase)
        return f"task for {purchase}"

    def answers_with(self, error: BaseException) -> Callable[[str], str]:
        """An `ask` that takes the order and then fails."""

        def ask(purchase: str) -> str:
            self.asked.append(purchase)
            raise error

        return ask


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def purchases(database: Database) -> Purchases:
    """Those of job "j1", which has 500 cents reserved."""
    reserve(database, workspace="lab", user=1, job="j1", cents=500, caps=Caps())
    reserve(database, workspace="lab", user=1, job="j2", cents=500, caps=Caps())
    return Purchases(database, "lab", "j1")


def buy(
    purchases: Purchases, ask: Callable[[str], str], *, repeatable: bool = True, what: str = "clip"
) -> str:
    return purchases.once(what, provider="runway", cents=50, ask=ask, repeatable=repeatable)


def rows(db: Database) -> list[tuple[str, str]]:
    return db.do(
        lambda: [
            (row.what.split("#")[0], row.state) for row in Purchase.select().order_by(Purchase.created_at)
        ]
    )


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_thing_is_bought_once_and_charged_once(
    database: Database, purchases: Purchases, shop: Shop, repeatable: bool
) -> None:
    task = buy(purchases, shop.ask, repeatable=repeatable)
    assert task == f"task for {shop.asked[0]}"
    assert buy(purchases, shop.ask, repeatable=repeatable) == task
    assert buy(Purchases(database, "lab", "j2"), shop.ask, repeatable=repeatable) == task
    assert len(shop.asked) == 1
    assert (of_job(database, "j1"), of_job(database, "j2")) == ((450, 50), (500, 0))
    buy(Purchases(database, "lab", "j2"), shop.ask, what="another clip")
    assert of_job(database, "j2") == (450, 50)


@dataclass(frozen=True)
class Sold:
    """A provider's answer that says what it cost."""

    task: str
    cents: int


def test_what_the_answer_says_that_it_cost_is_charged(database: Database, purchases: Purchases) -> None:
    bought = purchases.once(
        "clip", provider="gemini", cents=50, ask=lambda _: Sold("task", 3), repeatable=False
    )
    assert bought == "task"
    assert of_job(database, "j1") == (497, 3)


@pytest.mark.parametrize("truth", [10, 50, 80])
def test_what_it_cost_in_truth_is_put_right_once(
    database: Database, purchases: Purchases, shop: Shop, truth: int
) -> None:
    task = buy(purchases, shop.ask)
    for _ in range(2):
        purchases.cost("clip", task, truth)
        assert of_job(database, "j1") == (500 - truth, truth)
    purchases.cost("clip", "another task", 1)
    assert of_job(database, "j1") == (500 - truth, truth)
    release(database, job="j1", give_back=False)
    assert of_job(database, "j1") == (0, truth)


def test_what_is_put_right_after_the_end_is_spent_and_nothing_else(
    database: Database, purchases: Purchases, shop: Shop
) -> None:
    task = buy(purchases, shop.ask)
    release(database, job="j1", give_back=False)
    purchases.cost("clip", task, 20)
    assert of_job(database, "j1") == (0, 20)
    purchases.cost("clip", task, 60)
    assert of_job(database, "j1") == (0, 60)


def test_workspaces_share_nothing(database: Database, purchases: Purchases, shop: Shop) -> None:
    reserve(database, workspace="b", user=9, job="j9", cents=500, caps=Caps())
    assert buy(purchases, shop.ask) != buy(Purchases(database, "b", "j9"), shop.ask)


def test_the_row_is_there_before_anybody_is_asked(database: Database, purchases: Purchases) -> None:
    seen = []

    def ask(purchase: str) -> str:
        seen.extend(rows(database))
        return "task"

    buy(purchases, ask)
    assert seen == [("clip", "asked")]


@pytest.mark.parametrize("was_sold", [False, True], ids=["before the ask", "between ask and note"])
def test_killed_and_repeatable_it_is_asked_again_with_the_same_id(
    database: Database, purchases: Purchases, shop: Shop, clock: FakeClock, was_sold: bool
) -> None:
    def die(purchase: str) -> str:
        if was_sold:
            shop.ask(purchase)
        raise Killed

    with pytest.raises(Killed):
        buy(purchases, die)
    clock.advance(60)
    task = buy(purchases, shop.ask)
    assert shop.sold == 1
    assert task == f"task for {shop.asked[0]}"
    assert of_job(database, "j1") == (450, 50)
    assert rows(database) == [("clip", "bought")]


def test_killed_and_not_repeatable_nobody_asks_again_until_a_person_says_so(
    database: Database, purchases: Purchases, shop: Shop, clock: FakeClock
) -> None:
    with pytest.raises(Killed):
        buy(purchases, shop.answers_with(Killed()), repeatable=False)
    clock.advance(60)
    for _ in range(3):
        with pytest.raises(UnsurePurchaseError) as caught:
            buy(purchases, shop.ask, repeatable=False)
    assert not caught.value.transient
    assert len(shop.asked) == 1
    assert of_job(database, "j1") == (450, 50)  # it may be spent
    assert allow_again(database, "j2") == 0
    assert allow_again(database, "j1") == 1
    assert buy(purchases, shop.ask, repeatable=False) == f"task for {shop.asked[1]}"
    assert shop.sold == 2
    assert of_job(database, "j1") == (400, 100)


def test_what_was_in_doubt_and_turns_up_costs_what_it_says(
    database: Database, purchases: Purchases, shop: Shop
) -> None:
    with pytest.raises(UnsurePurchaseError):
        buy(purchases, shop.answers_with(OSError()), repeatable=False)
    assert of_job(database, "j1") == (450, 50)
    purchases.once("clip", provider="runway", cents=60, ask=lambda _: Sold("task", 3), repeatable=True)
    assert of_job(database, "j1") == (497, 3)
    assert rows(database) == [("clip", "bought")]


def test_an_error_after_which_nobody_knows(database: Database, purchases: Purchases, shop: Shop) -> None:
    with pytest.raises(UnsurePurchaseError) as caught:
        buy(purchases, shop.answers_with(TimeoutError("no answer")), repeatable=False)
    assert isinstance(caught.value.__cause__, TimeoutError)
    with pytest.raises(UnsurePurchaseError):
        buy(purchases, shop.ask, repeatable=False)
    assert len(shop.asked) == 1


def test_an_error_of_a_repeatable_one_is_its_own_and_the_next_try_is_at_once(
    database: Database, purchases: Purchases, shop: Shop
) -> None:
    with pytest.raises(TimeoutError):
        buy(purchases, shop.answers_with(TimeoutError("no answer")))
    assert of_job(database, "j1") == (500, 0)
    buy(purchases, shop.ask)
    assert shop.sold == 1
    assert of_job(database, "j1") == (450, 50)


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_clear_no_costs_nothing_and_is_asked_anew(
    database: Database, purchases: Purchases, shop: Shop, repeatable: bool
) -> None:
    with pytest.raises(RefusedError):
        buy(purchases, shop.answers_with(RefusedError()), repeatable=repeatable)
    assert of_job(database, "j1") == (500, 0)
    buy(purchases, shop.ask, repeatable=repeatable)
    assert shop.asked[0] != shop.asked[1]
    assert sorted(rows(database)) == [("clip", "bought"), ("clip", "refused")]


def test_a_task_that_failed_is_set_aside_and_bought_anew(
    database: Database, purchases: Purchases, shop: Shop
) -> None:
    task = buy(purchases, shop.ask)
    purchases.set_aside("clip", "another task")
    assert buy(purchases, shop.ask) == task
    purchases.set_aside("clip", task)
    assert buy(purchases, shop.ask) != task
    assert of_job(database, "j1") == (400, 100)


def test_an_answer_that_comes_after_another_took_over_counts(
    database: Database, purchases: Purchases, shop: Shop, clock: FakeClock
) -> None:
    purchases = Purchases(database, "lab", "j1", lease=1_000)  # no sign of life during the test

    def slow(purchase: str) -> str:
        clock.advance(2_000)
        with pytest.raises(UnsurePurchaseError):
            buy(Purchases(database, "lab", "j2"), shop.ask, repeatable=False)
        return shop.ask(purchase)

    task = buy(purchases, slow, repeatable=False)
    assert buy(Purchases(database, "lab", "j2"), shop.ask, repeatable=False) == task
    assert len(shop.asked) == 1
    assert of_job(database, "j1") == (450, 50)


def test_a_call_that_takes_long_gives_signs_of_life(database: Database, clock: FakeClock) -> None:
    reserve(database, workspace="lab", user=1, job="j1", cents=500, caps=Caps())
    quick = Purchases(database, "lab", "j1", lease=0.3)

    def until() -> float:
        return float(database.do(lambda: Purchase.get().lease_until or 0.0))

    def slow(purchase: str) -> str:
        before = until()
        clock.advance(0.2)
        ending = time.monotonic() + 60
        while until() == before and time.monotonic() < ending:
            time.sleep(0.01)
        assert until() == before + 0.2
        return "task"

    assert buy(quick, slow) == "task"


def test_the_second_of_two_waits_for_the_first(database: Database, purchases: Purchases, shop: Shop) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(purchase: str) -> str:
        asked.set()
        assert answer.wait(60)
        return shop.ask(purchase)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(buy, purchases, slow)
        assert asked.wait(60)
        with pytest.raises(PurchaseBusyError):
            buy(Purchases(database, "lab", "j2", patience=0.0), shop.ask)
        second = threads.submit(buy, Purchases(database, "lab", "j2"), shop.ask)
        answer.set()
        assert first.result() == second.result()
    assert len(shop.asked) == 1


def test_what_comes_after_the_end_is_still_charged(
    database: Database, purchases: Purchases, shop: Shop
) -> None:
    def cancelled_meanwhile(purchase: str) -> str:
        release(database, job="j1", give_back=True)
        return shop.ask(purchase)

    buy(purchases, cancelled_meanwhile)
    assert of_job(database, "j1") == (0, 50)


def test_what_passes_reservation_and_quota_is_not_asked_for(
    database: Database, shop: Shop, clock: FakeClock
) -> None:
    set_terms(database, "lab", Terms(cents_per_user_day=200))
    reserve(database, workspace="lab", user=1, job="j1", cents=100, caps=Caps())
    purchases = Purchases(database, "lab", "j1")
    for number in range(4):
        buy(purchases, shop.ask, what=f"clip {number}")
    with pytest.raises(OverBudgetError, match="today") as caught:
        buy(purchases, shop.ask, what="clip 4")
    assert not caught.value.transient
    assert len(shop.asked) == 4
    assert of_job(database, "j1") == (0, 200)
    clock.advance(24 * 3600)
    buy(purchases, shop.ask, what="clip 4")
    assert of_job(database, "j1") == (0, 250)


def test_two_at_once_do_not_spend_one_reservation_twice(database: Database, shop: Shop) -> None:
    set_terms(database, "lab", Terms(cents_per_user_day=60))
    reserve(database, workspace="lab", user=1, job="j1", cents=60, caps=Caps())

    def ask(purchase: str) -> str:
        with pytest.raises(OverBudgetError):
            buy(Purchases(database, "lab", "j1"), shop.ask, what="another clip")
        return shop.ask(purchase)

    buy(Purchases(database, "lab", "j1"), ask)
    assert len(shop.asked) == 1


def test_a_name_that_is_too_long_is_our_mistake(purchases: Purchases, shop: Shop) -> None:
    with pytest.raises(ValueError, match="160"):
        buy(purchases, shop.ask, what="x" * 161)


def test_nothing_is_bought_that_takes_a_job_beyond_its_cap(
    database: Database, purchases: Purchases, shop: Shop
) -> None:
    """Whatever it has reserved, and whatever the quotas leave; another job has its own."""
    set_terms(database, "lab", Terms(cents_per_job=120))
    buy(purchases, shop.ask, what="clip 1")
    purchases.set_aside("clip 1", buy(purchases, shop.ask, what="clip 1"))
    buy(purchases, shop.ask, what="clip 1")
    with pytest.raises(OverBudgetError, match=r"one may cost \$1.20 at most") as caught:
        buy(purchases, shop.ask, what="clip 2")
    assert "higher limit" in caught.value.advice
    assert (len(shop.asked), of_job(database, "j1")) == (2, (400, 100))
    buy(Purchases(database, "lab", "j2"), shop.ask, what="clip 2")


def buy_in_process(db: Database, number: int) -> list[str]:
    """Four threads of one process want two things; the tasks, and a line in a file for each that was asked."""
    folder = Path(db.do(lambda: str(Purchase.get(Purchase.what == "folder").task)))

    def ask(purchase: str) -> str:
        with (folder / "asked").open("a") as asked:
            asked.write(purchase + "\n")
        return f"task for {purchase}"

    with ThreadPoolExecutor(4) as threads:
        tries = [
            threads.submit(
                buy, Purchases(db, "lab", "j1"), ask, what=f"clip {n % 2}", repeatable=number % 2 == 0
            )
            for n in range(4)
        ]
        return [one.result() for one in tries]


def test_of_many_processes_and_threads_one_asks(
    database: Database,
    purchases: Purchases,
    database_url: str | None,
    tmp_path: Path,
    clock: FakeClock,
) -> None:
    purchases.once("folder", provider="test", cents=0, ask=lambda _: str(tmp_path), repeatable=True)
    tasks = together(3, buy_in_process, database_url, tmp_path, clock.now)
    assert len({task for some in tasks for task in some}) == 2
    assert len((tmp_path / "asked").read_text().split()) == 2
    assert of_job(database, "j1") == (400, 100)
