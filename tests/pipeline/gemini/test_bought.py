"""An answer is paid for once, whatever happens to whoever asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import TransientProviderError
from pipeline.gemini.bought import KEPT, Bought
from pipeline.gemini.client import Gemini
from storage.artefacts import FolderArtefacts
from storage.errors import UnsurePurchaseError
from storage.folder_purchases import FolderPurchases
from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused

MODEL = "gemini-3.8-flash"


def buyer(gemini: FakeGemini, folder: Path) -> Bought:
    asking = Gemini(api_key=KEY, base_url=gemini.url)
    return Bought(asking, FolderArtefacts(folder / "work"), FolderPurchases(folder / "bought"))


def buy(gemini: FakeGemini, folder: Path, question: str = "Hi", **more: int) -> str:
    return buyer(gemini, folder).reply(MODEL, question, {}, most_cents=5, **more).id


def test_the_same_question_is_paid_once(gemini: FakeGemini, tmp_path: Path) -> None:
    assert buy(gemini, tmp_path) == buy(gemini, tmp_path)
    assert len(gemini.sold) == 1
    buy(gemini, tmp_path, "Another")
    buy(gemini, tmp_path, take=1)
    assert len(gemini.sold) == 3


def noted(folder: Path) -> list[dict[str, object]]:
    return [json.loads(file.read_bytes()) for file in sorted((folder / "bought").glob("*.json"))]


def test_what_it_cost_is_noted_and_not_what_it_might_have_cost(gemini: FakeGemini, tmp_path: Path) -> None:
    long = "word " * 40_000
    reply = buyer(gemini, tmp_path).reply(MODEL, long, {}, most_cents=50)
    assert 1 < reply.cents < 50
    assert [row["cents"] for row in noted(tmp_path)] == [reply.cents]


def test_killed_after_the_answer_was_kept_and_before_it_was_noted(gemini: FakeGemini, tmp_path: Path) -> None:
    class Killed(FolderPurchases):
        def _write(self, file: Path, row: dict[str, str]) -> None:
            if "task" in row:
                raise KeyboardInterrupt
            super()._write(file, row)

    asking = Gemini(api_key=KEY, base_url=gemini.url)
    killed = Bought(asking, FolderArtefacts(tmp_path / "work"), Killed(tmp_path / "bought"))
    with pytest.raises(KeyboardInterrupt):
        killed.reply(MODEL, "Hi", {}, most_cents=5)
    assert buy(gemini, tmp_path) == "reply-1"
    assert len(gemini.sold) == 1
    assert buy(gemini, tmp_path) == "reply-1"
    assert [(row["state"], row["cents"]) for row in noted(tmp_path)] == [("bought", 1)]


def test_killed_while_it_asked_nobody_knows_and_nobody_asks_again(gemini: FakeGemini, tmp_path: Path) -> None:
    asking = _Dying(api_key=KEY, base_url=gemini.url)
    killed = Bought(asking, FolderArtefacts(tmp_path / "work"), FolderPurchases(tmp_path / "bought"))
    with pytest.raises(KeyboardInterrupt):
        killed.reply(MODEL, "Hi", {}, most_cents=5)
    with pytest.raises(UnsurePurchaseError):
        buy(gemini, tmp_path)
    assert len(gemini.sold) == 1


class _Dying(Gemini):
    """Is killed when the answer has come."""

    def generate(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
        super().generate(*arguments, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("order", "error", "sold"),
    [(Refused.overloaded(), TransientProviderError, 1), (Broken(), UnsurePurchaseError, 1)],
)
def test_after_a_no_it_is_asked_again_after_silence_it_is_not(
    gemini: FakeGemini, tmp_path: Path, order: Refused | Broken, error: type[Exception], sold: int
) -> None:
    gemini.tell(order)
    with pytest.raises(error):
        buy(gemini, tmp_path)
    if error is TransientProviderError:
        buy(gemini, tmp_path)
    else:
        with pytest.raises(UnsurePurchaseError):
            buy(gemini, tmp_path)
    assert len(gemini.sold) == sold


def test_what_was_bought_and_is_gone_is_bought_anew(gemini: FakeGemini, tmp_path: Path) -> None:
    buy(gemini, tmp_path)
    artefacts = FolderArtefacts(tmp_path / "work")
    for key in [folder.name for folder in (tmp_path / "work" / KEPT).iterdir()]:
        artefacts.remove(KEPT, key)
    assert buy(gemini, tmp_path) == "reply-2"
