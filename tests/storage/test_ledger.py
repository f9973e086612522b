"""The ledger: what is reserved, spent and given back, and never more than the caps allow."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.ledger import Caps, Refusal, Span, afford, charge, of_job, release, reserve, usage
from storage.models import LedgerEntry
from storage.quotas import when
from tests.databases import START, FakeClock
from tests.storage.processes import together

ANN, BOB = 1, 2
FREE = Caps()


def ask(
    db: Database, job: str, *, user: int = ANN, cents: int = 0, videos: int = 1, caps: Caps = FREE
) -> Refusal | None:
    return reserve(db, workspace="lab", user=user, job=job, cents=cents, videos=videos, caps=caps)


def numbers(span: Span) -> tuple[int, int, int]:
    return span.videos, span.reserved_cents, span.spent_cents


def of_ann(db: Database) -> tuple[int, int, int]:
    return numbers(usage(db, "lab", ANN, FREE).user_day)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_a_job_reserves_spends_and_gives_the_rest_back(database: Database) -> None:
    assert ask(database, "j1", cents=300) is None
    assert of_job(database, "j1") == (300, 0)
    charge(database, job="j1", purchase="p1", cents=120)
    charge(database, job="j1", purchase="p1", cents=120)
    assert of_job(database, "j1") == (180, 120)
    release(database, job="j1", give_back=False)
    release(database, job="j1", give_back=False)
    assert of_job(database, "j1") == (0, 120)
    assert of_ann(database) == (1, 0, 120)


def test_a_failed_job_gives_its_video_back_and_not_what_it_spent(database: Database) -> None:
    ask(database, "j1", cents=300)
    charge(database, job="j1", purchase="p1", cents=120)
    for _ in range(2):
        release(database, job="j1", give_back=True)
    assert of_ann(database) == (0, 0, 120)


def test_more_than_was_reserved_is_simply_spent(database: Database) -> None:
    ask(database, "j1", cents=100)
    charge(database, job="j1", purchase="p1", cents=150)
    charge(database, job="j1", purchase="p2", cents=20)
    assert of_job(database, "j1") == (0, 170)
    release(database, job="j1", give_back=True)
    assert of_ann(database) == (0, 0, 170)


def test_a_retry_reserves_anew_and_a_closed_reservation_stays_closed(database: Database) -> None:
    ask(database, "j1", cents=100)
    release(database, job="j1", give_back=False)
    ask(database, "j1", cents=200)
    assert of_job(database, "j1") == (200, 0)
    for _ in range(2):
        release(database, job="j1", give_back=True)
    assert of_ann(database) == (1, 0, 0)


def test_a_purchase_noted_after_the_end_is_spent(database: Database, clock: FakeClock) -> None:
    ask(database, "j1", cents=100)
    release(database, job="j1", give_back=True)
    clock.advance(24 * 3600)
    charge(database, job="j1", purchase="p1", cents=60)
    assert of_job(database, "j1") == (0, 60)
    assert of_ann(database) == (0, 0, 60)


def test_what_counts_for_a_day_is_given_back_to_that_day(database: Database, clock: FakeClock) -> None:
    clock.now = at("2026-11-30 23:50")
    ask(database, "j1", cents=100)
    clock.now = at("2026-12-01 00:10")
    ask(database, "j2", cents=10)
    charge(database, job="j1", purchase="p1", cents=40)
    release(database, job="j1", give_back=True)
    today = usage(database, "lab", ANN, FREE)
    assert numbers(today.user_day) == numbers(today.user_month) == (1, 10, 0)
    clock.now = at("2026-11-30 23:59")
    before = usage(database, "lab", ANN, FREE)
    assert numbers(before.user_day) == numbers(before.workspace_month) == (0, 0, 40)


def test_a_job_that_nobody_knows(database: Database) -> None:
    release(database, job="nobody", give_back=True)
    assert of_job(database, "nobody") == (0, 0)
    with pytest.raises(LookupError):
        charge(database, job="nobody", purchase="p1", cents=1)


def test_people_and_workspaces_are_counted_apart(database: Database) -> None:
    ask(database, "j1", user=ANN, cents=10)
    ask(database, "j2", user=BOB, cents=20)
    reserve(database, workspace="another lab", user=3, job="j3", cents=40, caps=FREE)
    said = usage(database, "lab", BOB, Caps(videos_per_day=5, cents_per_user_month=900))
    assert numbers(said.user_day) == numbers(said.user_month) == (1, 20, 0)
    assert numbers(said.workspace_day) == numbers(said.workspace_month) == (2, 30, 0)
    assert (said.workspace_day.videos_cap, said.user_month.cents_cap) == (5, 900)
    assert said.user_day.videos_cap is None


REFUSED: list[tuple[Caps, int, str, str | None, str]] = [
    (
        Caps(videos_per_user_day=2, videos_per_user_month=50),
        0,
        "You have had 2 of 2 videos today. The next is possible from 00:00 UTC (in 3 h).",
        "2026-11-17",
        "videos_per_user_day",
    ),
    (
        Caps(videos_per_user_day=2, videos_per_month=2),
        0,
        "All of you together have had 2 of 2 videos this month."
        " The next is possible from 1 December, 00:00 UTC (in 14 days).",
        "2026-12-01",
        "videos_per_month",
    ),
    (
        Caps(cents_per_user_day=500),
        50,
        "You have used $4.80 of $5.00 today, and this video may cost $0.50. It is possible from 00:00 UTC (in 3 h).",
        "2026-11-17",
        "cents_per_user_day",
    ),
    (
        Caps(cents_per_day=500, cents_per_user_month=9_000),
        50,
        "All of you together have used $4.80 of $5.00 today, and this video may cost $0.50."
        " It is possible from 00:00 UTC (in 3 h).",
        "2026-11-17",
        "cents_per_day",
    ),
    (
        Caps(cents_per_user_day=500, videos_per_user_day=2),
        600,
        "This video may cost $6.00, and one person may spend $5.00 a day."
        " Waiting won’t help: ask whoever looks after the app for a higher limit.",
        None,
        "cents_per_user_day",
    ),
    (
        Caps(videos_per_day=0),
        0,
        "All of you together may have no videos a day."
        " Waiting won’t help: ask whoever looks after the app for a higher limit.",
        None,
        "videos_per_day",
    ),
]


@pytest.mark.parametrize(("caps", "cents", "sentence", "possible", "limit"), REFUSED)
def test_a_refusal_says_which_limit_and_until_when(
    database: Database,
    clock: FakeClock,
    caps: Caps,
    cents: int,
    sentence: str,
    possible: str | None,
    limit: str,
) -> None:
    clock.now = at("2026-11-16 21:00")
    ask(database, "j1", cents=240)
    ask(database, "j2", cents=240)
    charge(database, job="j2", purchase="p", cents=200)
    no = ask(database, "j3", cents=cents, caps=caps)
    assert no == Refusal(sentence=sentence, possible_at=possible and at(possible), limit=limit)
    assert of_job(database, "j3") == (0, 0)
    if possible:
        clock.now = at(possible)
        assert ask(database, "j3", cents=cents, caps=caps) is None


def test_what_costs_nothing_is_not_refused_for_money(database: Database) -> None:
    ask(database, "j1", cents=100)
    charge(database, job="j1", purchase="p", cents=700)
    caps = Caps(cents_per_user_day=500)
    assert ask(database, "j2", cents=0, caps=caps) is None
    assert ask(database, "j3", cents=1, caps=caps) is not None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "09:00 UTC (in 1 min)"),
        (59 * 60, "09:59 UTC (in 59 min)"),
        (5 * 3600, "14:00 UTC (in 5 h)"),
        (30 * 3600, "17 November, 15:00 UTC (in 1 day)"),
    ],
)
def test_times_to_come_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert when(START + seconds, START) == words


SEVEN = Caps(videos_per_user_day=7)
SEVEN_TIMES_30_CENTS = Caps(cents_per_day=7 * 30 + 29)


@pytest.mark.parametrize("caps", [SEVEN, SEVEN_TIMES_30_CENTS])
def test_fifty_threads_at_once_never_pass_a_cap(database: Database, caps: Caps) -> None:
    with ThreadPoolExecutor(50) as threads:
        tries = [threads.submit(ask, database, f"j{n}", cents=30, caps=caps) for n in range(50)]
        answers = [one.result() for one in tries]
    assert sum(answer is None for answer in answers) == 7
    assert of_ann(database) == (7, 7 * 30, 0)


def ask_for_ten(db: Database, number: int, caps: Caps) -> int:
    """How many of ten jobs may be made, asked for by four threads of this process."""
    with ThreadPoolExecutor(4) as threads:
        tries = [threads.submit(ask, db, f"j{number}-{n}", cents=30, caps=caps) for n in range(13)]
        return sum(one.result() is None for one in tries)


def ask_for_videos(db: Database, number: int) -> int:
    return ask_for_ten(db, number, SEVEN)


def ask_for_cents(db: Database, number: int) -> int:
    return ask_for_ten(db, number, SEVEN_TIMES_30_CENTS)


@pytest.mark.parametrize("work", [ask_for_videos, ask_for_cents])
def test_four_processes_at_once_never_pass_a_cap(
    database: Database,
    database_url: str | None,
    tmp_path: Path,
    clock: FakeClock,
    work: Callable[[Database, int], int],
) -> None:
    assert sum(together(4, work, database_url, tmp_path, clock.now)) == 7
    assert of_ann(database) == (7, 7 * 30, 0)


def random_life(db: Database, seed: int) -> None:
    """Sixty steps in the lives of some jobs that several threads share."""
    dice = random.Random(seed)
    for step in range(60):
        job = f"job{dice.randrange(6)}"
        match dice.randrange(5):
            case 0:
                ask(db, job, user=dice.choice([ANN, BOB]), cents=dice.randrange(200))
            case 1:
                ask(db, job, cents=dice.randrange(200), caps=Caps(videos_per_user_day=9))
            case 2 if of_job(db, job) != (0, 0):
                charge(db, job=job, purchase=f"p{dice.randrange(40)}", cents=dice.randrange(120))
            case 3:
                release(db, job=job, give_back=False)
            case 4:
                release(db, job=job, give_back=step % 2 == 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_in_whatever_order_the_sums_are_right(database: Database, seed: int) -> None:
    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(random_life, database, seed * 100 + n) for n in range(3)]:
            done.result()
    rows = database.do(lambda: list(LedgerEntry.select().order_by(LedgerEntry.id)))
    assert len(rows) > 20
    by_job: dict[tuple[str, int], list[int]] = {}
    for row in rows:  # at no moment is anything negative
        sums = by_job.setdefault((row.job, row.user), [0, 0, 0])
        for place, value in enumerate((row.videos, row.reserved_cents, row.spent_cents)):
            sums[place] += value
            assert sums[place] >= 0, row.kind
    bought = [row.purchase for row in rows if row.purchase]
    assert len(bought) == len(set(bought))
    lab = numbers(usage(database, "lab", ANN, FREE).workspace_day)
    assert lab == tuple(sum(sums[place] for sums in by_job.values()) for place in range(3))
    assert lab == tuple(
        sum(numbers(usage(database, "lab", user, FREE).user_day)[place] for user in (ANN, BOB))
        for place in range(3)
    )
    for job in {job for job, _ in by_job}:
        held = [sums for (its_job, _), sums in by_job.items() if its_job == job]
        spent = sum(sums[2] for sums in held)
        assert of_job(database, job) == (sum(sums[1] for sums in held), spent)
        release(database, job=job, give_back=True)
        after = database.do(lambda: LedgerEntry.select().count())
        release(database, job=job, give_back=False)
        assert database.do(lambda: LedgerEntry.select().count()) == after
        assert of_job(database, job) == (0, spent)


def test_one_job_may_not_cost_more_than_its_cap_however_it_goes_on(database: Database) -> None:
    """The first reservation, a purchase beyond it, and a retry all count into the same job."""
    caps = Caps(cents_per_job=200)
    no = ask(database, "j0", cents=201, caps=caps)
    assert no is not None
    assert (no.limit, no.most, no.possible_at) == ("cents_per_job", 200, None)
    assert no.sentence == "This video may cost $2.01, and one may cost $2.00 at most."
    assert of_job(database, "j0") == (0, 0)

    assert ask(database, "j1", cents=150, caps=caps) is None
    charge(database, job="j1", purchase="p1", cents=120)
    assert afford(database, job="j1", cents=50, under_way=30, caps=caps) is None
    no = afford(database, job="j1", cents=51, under_way=30, caps=caps)
    assert no is not None
    assert (
        no.sentence == "This video cost $1.50 already, and may take $0.51 more; one may cost $2.00 at most."
    )
    release(database, job="j1", give_back=True)
    assert ask(database, "j1", cents=81, caps=caps) is not None
    assert ask(database, "j1", cents=80, caps=caps) is None
    assert ask(database, "j2", cents=200, caps=caps) is None
