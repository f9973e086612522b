"""What exceptions mean, in words and in what is done about them."""

from __future__ import annotations

import errno
from random import Random

import pytest

from jobs.failures import LONGEST_WISH, backoff, new_reference, verdict
from jobs.office import Rules
from pipeline.errors import (
    PaperNotFoundError,
    ProviderError,
    RetractedError,
    TransientProviderError,
    UncertainPurchaseError,
    WorkerProcessDiedError,
)
from storage.errors import PurchaseBusyError, StoreAwayError, StoreRefusedError


@pytest.mark.parametrize(
    ("exception", "code", "transient", "retryable"),
    [
        (PaperNotFoundError("No such paper."), "paper-not-found", False, False),
        (RetractedError("Retracted."), "retracted", False, False),
        (ProviderError("The key is wrong."), "provider", False, True),
        (TransientProviderError("Busy."), "provider-busy", True, True),
        (UncertainPurchaseError(), "purchase-uncertain", False, True),
        (StoreAwayError("Away."), "store-away", True, True),
        (StoreRefusedError("Wrong keys."), "store-refused", False, True),
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full", True, True),
        (MemoryError(), "out-of-memory", True, True),
        (ConnectionResetError(), "connection", True, True),
        (KeyError("secret"), "internal", True, True),
    ],
)
def test_verdicts(exception: Exception, code: str, transient: bool, retryable: bool) -> None:
    judged = verdict(exception, "generate-audio")
    assert (judged.code, judged.transient, judged.retryable) == (code, transient, retryable)
    assert judged.sentence.endswith(".")


@pytest.mark.parametrize(
    ("exception", "shared"),
    [
        (TransientProviderError("Busy."), True),
        (StoreAwayError("Away."), True),
        (ConnectionResetError(), True),
        (PurchaseBusyError("Another asks."), False),
        (StoreRefusedError("Wrong keys."), False),
        (WorkerProcessDiedError("Killed."), False),
        (MemoryError(), False),
        (KeyError("secret"), False),
    ],
)
def test_what_is_away_for_all_is_told_from_one_job_s_own_trouble(exception: Exception, shared: bool) -> None:
    assert verdict(exception, "generate-audio").shared is shared


def test_what_is_unforeseen_is_told_without_its_inside_and_tried_again_once() -> None:
    judged = verdict(KeyError("/srv/secret/token"), "generate-videos")
    assert "secret" not in judged.sentence + judged.advice
    assert judged.sentence == "Something unforeseen went wrong while drawing the scenes."
    assert judged.tries == 1


def test_a_wish_to_be_left_alone_is_heard_within_reason() -> None:
    assert verdict(TransientProviderError("Busy.", retry_after=17.0), "fetch-paper").retry_after == 17.0
    assert (
        verdict(TransientProviderError("Busy.", retry_after=1e9), "fetch-paper").retry_after == LONGEST_WISH
    )


def test_references_can_be_read_aloud() -> None:
    references = {new_reference() for _ in range(200)}
    assert len(references) > 150
    assert all(reference.startswith("HH-") and len(reference) == 7 for reference in references)
    assert not set("".join(references)[3:]) & set("ILOU")


def test_a_wish_is_waited_out_by_each_for_a_little_longer() -> None:
    pauses = [backoff(1, Rules(), Random(seed), wish=30.0) for seed in range(50)]
    assert all(30.0 <= pause <= 36.0 for pause in pauses)
    assert len(set(pauses)) > 10


def test_pauses_double_up_to_the_longest_and_differ_by_chance() -> None:
    rules = Rules(first_backoff=4.0, longest_backoff=60.0)
    pauses = [[backoff(attempt, rules, Random(seed)) for seed in range(50)] for attempt in range(1, 40)]
    for attempt, these in enumerate(pauses, 1):
        whole = min(4.0 * 2 ** (attempt - 1), 60.0)
        assert all(whole / 2 <= pause <= whole for pause in these)
        assert len(set(these)) > 10
