"""What Google's errors become, and what an answer costs."""

from __future__ import annotations

import logging

import pytest

from pipeline.errors import (
    BadKeyError,
    ModerationError,
    OutOfFundsError,
    ProviderError,
    TransientProviderError,
)
from pipeline.gemini.client import Gemini
from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused, Reply, Slow

MODEL = "gemini-3.8-flash"


def client(gemini: FakeGemini, *, key: str = KEY, patience: float = 20.0) -> Gemini:
    return Gemini(api_key=key, base_url=gemini.url, patience=patience)


@pytest.mark.parametrize(
    ("order", "kind", "wish"),
    [
        (Refused.bad_key(), BadKeyError, None),
        (Refused.forbidden(), BadKeyError, None),
        (Refused.too_many(retry=31), TransientProviderError, 31.0),
        (Refused.too_many(retry=None), TransientProviderError, None),
        (Refused.too_many(per="Day", retry=40), OutOfFundsError, 40.0),
        (Refused.no_funds(), OutOfFundsError, None),
        (Refused.broken(), TransientProviderError, None),
        (Refused.overloaded(), TransientProviderError, None),
        (Refused.unknown_model(), ProviderError, None),
        (Refused.invalid(), ProviderError, None),
    ],
)
def test_an_error_is_ours_and_says_that_nothing_was_bought(
    gemini: FakeGemini, order: Refused, kind: type[ProviderError], wish: float | None
) -> None:
    gemini.tell(order)
    with pytest.raises(ProviderError) as raised:
        client(gemini).generate(MODEL, "Hi", {})
    assert type(raised.value) is kind
    assert (raised.value.nothing_bought, raised.value.retry_after) == (True, wish)
    assert gemini.sold == []


@pytest.mark.parametrize("order", [Broken(), Broken(midway=True), Slow(60)])
def test_a_line_that_breaks_after_the_request_leaves_doubt(gemini: FakeGemini, order: Broken | Slow) -> None:
    gemini.tell(order)
    with pytest.raises(TransientProviderError) as raised:
        client(gemini, patience=1.5 if isinstance(order, Slow) else 20.0).generate(MODEL, "Hi", {})
    assert not raised.value.nothing_bought
    assert len(gemini.sold) == 1


def test_where_nobody_listens_nothing_is_bought() -> None:
    pytest.importorskip("google.genai")
    with pytest.raises(TransientProviderError) as raised:
        Gemini(api_key=KEY, base_url="http://127.0.0.1:9").generate(MODEL, "Hi", {})
    assert raised.value.nothing_bought


def test_without_a_key_nobody_is_asked(gemini: FakeGemini) -> None:
    with pytest.raises(BadKeyError):
        client(gemini, key="").count(MODEL, "Hi")
    assert gemini.requests == []


def test_nothing_is_asked_twice_by_itself(gemini: FakeGemini) -> None:
    gemini.tell(Refused.overloaded(), Refused.overloaded())
    with pytest.raises(TransientProviderError):
        client(gemini).generate(MODEL, "Hi", {})
    assert len(gemini.asked()) == 1


def test_the_key_is_in_no_message_and_no_log(gemini: FakeGemini, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = f"Permission denied: Consumer 'api_key:{KEY}' has been suspended."
    gemini.tell(Refused(403, "PERMISSION_DENIED", told))
    with pytest.raises(BadKeyError) as raised:
        client(gemini).generate(MODEL, "Hi", {})
    client(gemini).generate(MODEL, "Hi", {})
    said = [*raised.value.args, raised.value.sentence, raised.value.advice, repr(raised.value.__cause__)]
    assert KEY not in " ".join(said)
    ours = [record for record in caplog.records if record.name.startswith("pipeline")]
    assert KEY not in "".join(map(str, (vars(record) for record in ours)))
    assert KEY not in caplog.text
    assert [record.__dict__["request_id"] for record in ours] == ["reply-1", "reply-2"]


def test_an_answer_says_what_it_cost_rounded_up(gemini: FakeGemini) -> None:
    gemini.tell(Reply(text="word " * 8_000))
    reply = client(gemini).generate(MODEL, "x" * 40_000, {})
    assert reply.read > 10_000
    assert reply.written > 10_000  # what it thought is billed as well
    assert reply.cents >= 5
    assert client(gemini).generate(MODEL, "Hi", {}).cents == 1


@pytest.mark.parametrize("order", [Reply(block="PROHIBITED_CONTENT"), Reply(finish="SAFETY")])
def test_what_is_withheld_is_moderation_and_was_sold(gemini: FakeGemini, order: Reply) -> None:
    gemini.tell(order)
    reply = client(gemini).generate(MODEL, "Hi", {})
    with pytest.raises(ModerationError):
        reply.allowed()
    assert len(gemini.sold) == 1


def test_an_answer_without_a_candidate_is_empty(gemini: FakeGemini) -> None:
    gemini.tell(Reply(empty=True))
    reply = client(gemini).generate(MODEL, "Hi", {})
    assert (reply.finish, reply.text) == ("STOP", "")
    assert reply.allowed() is reply
