"""The limits of a provider: held by all workers together, in order of arrival, and by nobody for good."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from jobs import provider_limits
from jobs.provider_limits import LineWatcher, RedisLimits
from pipeline.errors import TransientProviderError
from pipeline.gemini.bought import Bought
from pipeline.gemini.client import Gemini
from pipeline.line import LINE, Limit, enter, place_at, read
from pipeline.providers import NotYet, Pending
from storage.artefacts import FolderArtefacts
from storage.folder_purchases import FolderPurchases
from tests.fakes.gemini import KEY, open_gemini

SECONDS = 60.0


def limits(url: str, *, at_once: int = 2, a_minute: int = 100) -> RedisLimits:
    return RedisLimits(url, {"Shop": Limit(at_once, a_minute)})


def ask(of: RedisLimits, *who: str) -> list[int]:
    return [of.enter("Shop", one, seconds=SECONDS) for one in who]


def test_those_who_find_no_place_stand_in_line_by_arrival(valkey_url: str) -> None:
    shop = limits(valkey_url)
    assert ask(shop, "a", "b", "c", "d") == [0, 0, 1, 2]
    assert ask(shop, "d", "c", "a") == [2, 1, 0], "asking again changes nothing"
    shop.leave("Shop", "a")
    assert ask(shop, "d", "c", "d") == [2, 0, 1], "the first in line is the first in"


def test_other_providers_and_those_without_a_limit_are_not_held_up(valkey_url: str) -> None:
    shop = RedisLimits(valkey_url, {"Shop": Limit(1, 100), "Mill": Limit(1, 100)})
    assert ask(shop, "a", "b") == [0, 1]
    assert shop.enter("Mill", "b", seconds=SECONDS) == 0
    assert [shop.enter("Meadow", str(n), seconds=SECONDS) for n in range(9)] == [0] * 9


def test_a_place_ends_with_its_time(valkey_url: str) -> None:
    shop = limits(valkey_url, at_once=1)
    assert shop.enter("Shop", "killed", seconds=0.2) == 0
    assert ask(shop, "next") == [1]
    time.sleep(0.25)
    assert ask(shop, "next") == [0]


def test_whoever_is_not_heard_any_more_is_passed_over_and_keeps_their_turn(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_limits, "SILENT", 0.2)
    shop = limits(valkey_url, at_once=1)
    assert ask(shop, "a", "silent", "c") == [0, 1, 2]
    time.sleep(0.25)
    assert ask(shop, "c") == [1]
    assert ask(shop, "silent", "c") == [1, 2], "back again, and still before the one who came later"


def test_no_more_begin_in_a_minute_than_may(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_limits, "_MINUTE", 0.3)
    shop = limits(valkey_url, at_once=9, a_minute=2)
    for who in ("a", "b"):
        assert ask(shop, who) == [0]
        shop.leave("Shop", who)
    assert ask(shop, "c") == [1]
    time.sleep(0.35)
    assert ask(shop, "c") == [0]


def test_many_workers_never_have_more_than_may_be(valkey_url: str) -> None:
    counter = redis.Redis.from_url(valkey_url)
    highest = []

    def work(name: str) -> None:
        shop = limits(valkey_url, at_once=3, a_minute=1000)
        while shop.enter("Shop", name, seconds=SECONDS):
            time.sleep(0.01)
        highest.append(int(counter.incr("inside")))
        time.sleep(0.02)
        counter.decr("inside")
        shop.leave("Shop", name)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, [f"job {n}" for n in range(20)]))
    assert len(highest) == 20
    assert max(highest) == 3


def test_twenty_jobs_at_once_are_never_more_than_three_at_gemini_and_all_get_their_answer(
    valkey_url: str, tmp_path: Path
) -> None:
    pytest.importorskip("google.genai")
    books = redis.Redis.from_url(valkey_url)
    served = []

    def serve(_: object) -> None:
        served.append(int(books.incr("inside")))
        time.sleep(0.02)
        books.decr("inside")

    with open_gemini() as gemini:
        gemini.before_answer = serve
        asking = Gemini(api_key=KEY, base_url=gemini.url)

        def work(number: int) -> str:
            lines = RedisLimits(valkey_url, {"Gemini": Limit(3, 1000)})
            purchases = FolderPurchases(tmp_path / f"bought-{number}")
            job = Bought(asking, FolderArtefacts(tmp_path / f"work-{number}"), purchases, lines, f"{number}")
            while True:
                try:
                    return job.reply("gemini-3.8-flash", "Hi", {}, most_cents=5).id
                except Pending:
                    time.sleep(0.02)

        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(work, range(20)))
    assert len(set(answers)) == len(gemini.sold) == len(served) == 20
    assert max(served) <= 3


def test_the_books_are_kept_by_the_server_and_not_by_a_process(valkey_url: str) -> None:
    code = (
        "import sys; from jobs.provider_limits import RedisLimits; from pipeline.line import Limit;"
        "print(RedisLimits(sys.argv[1], {'Shop': Limit(1, 9)}).enter('Shop', 'there', seconds=60))"
    )
    held = subprocess.run(
        [sys.executable, "-c", code, valkey_url], capture_output=True, text=True, check=True
    )
    assert held.stdout.strip() == "0"
    assert ask(limits(valkey_url, at_once=1), "here") == [1]


def test_a_stage_without_a_place_is_put_off_and_its_line_is_watched(valkey_url: str) -> None:
    shop = limits(valkey_url, at_once=1)
    with place_at(shop, "Shop", "a", seconds=SECONDS):
        with pytest.raises(Pending) as put_off:
            enter(shop, "Shop", "b", seconds=SECONDS)
        pending = put_off.value
        assert (pending.provider, pending.place) == (LINE, 1)
        assert read(pending.task) == ("Shop", "b", SECONDS)
        watcher = LineWatcher(shop)
        assert watcher.check(pending.task) == NotYet(pending.why, 1)
    assert watcher.check(pending.task) == "ready"
    enter(shop, "Shop", "b", seconds=SECONDS)
    enter(None, "Shop", "c", seconds=SECONDS)


def test_without_a_queue_it_is_tried_again() -> None:
    away = limits("redis://127.0.0.1:1")
    with pytest.raises(TransientProviderError, match="queue"):
        ask(away, "a")
    away.leave("Shop", "a")
