"""What comes of an order for footage, on a Runway that does whatever it may do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import (
    BadKeyError,
    ModerationError,
    OutOfFundsError,
    ProviderError,
    TransientProviderError,
    UncertainPurchaseError,
)
from pipeline.keys import digest_of
from pipeline.providers import Pending
from pipeline.visuals.runway import filmer as filmer_room
from pipeline.visuals.runway.client import FilmRequest, FilmTask, RunwayClient, failure_of
from pipeline.visuals.runway.download import Allowed, NoVideoError, download
from storage.errors import UnsurePurchaseError
from storage.folder_purchases import FolderPurchases
from tests.fakes.runway.server import KEY, FakeRunway, Fate, Refusal, fake_runway
from tests.pipeline.visuals.filming import DONE, SHOT, Set, failed, other

REQUEST = FilmRequest(model="gen4.5", prompt="Hills.", duration=2, ratio="720:1280", silent=False, cents=24)


@pytest.fixture
def runway() -> Iterator[FakeRunway]:
    with fake_runway() as fake:
        fake.usual = DONE
        yield fake


@pytest.fixture
def place(runway: FakeRunway, tmp_path: Path) -> Set:
    return Set(runway, tmp_path)


def test_footage_is_ordered_waited_for_and_kept(runway: FakeRunway, place: Set) -> None:
    runway.usual = Fate(states=("PENDING", "THROTTLED", "RUNNING", "SUCCEEDED"))
    said = []
    for _ in range(3):
        with pytest.raises(Pending) as pending:
            place.filmer().film(SHOT, 3)
        said.append(pending.value.why)
    assert said == [
        "Runway is drawing scene 3",
        "Scene 3 stands in Runway’s line",
        "Runway is drawing scene 3 (75%)",
    ]
    filmed = place.filmer().film(SHOT, 3)
    footage = filmed.footage
    assert (footage.provider, footage.model, footage.remark) == ("Runway", "gen4.5", "")
    assert footage.file is not None
    assert digest_of(filmed.folder / footage.file) == footage.sha256
    assert footage.prompt == runway.sales[0].body["promptText"]
    assert runway.sales[0].body | {"promptText": "", "seed": 0} == {
        "model": "gen4.5",
        "promptText": "",
        "duration": 3,
        "ratio": "720:1280",
        "seed": 0,
    }
    assert place.filmer().film(SHOT, 5) == filmed
    assert place.filmer().filmed(SHOT) == filmed
    assert len(runway.sales) == 1


def test_nobody_is_asked_by_looking_for_what_was_filmed(runway: FakeRunway, place: Set) -> None:
    assert place.filmer().filmed(SHOT) is None
    assert not runway.requests


def test_another_length_of_the_same_shot_is_fitted_from_the_same_clip(runway: FakeRunway, place: Set) -> None:
    place.film()
    place.film(other(seconds=2.9))
    assert len(runway.sales) == 1
    place.film(other(take=1))
    assert len(runway.sales) == 2


def test_refused_words_are_softened_then_another_model_is_asked_then_none(
    runway: FakeRunway, place: Set
) -> None:
    runway.usual = failed("SAFETY.INPUT.TEXT")
    runway.fates += [failed("SAFETY.OUTPUT.VIDEO"), failed("INPUT_PREPROCESSING.SAFETY.TEXT")]
    footage = place.film().footage
    assert footage.file is None
    assert footage.remark == "No generated footage: Runway’s safety rules refused it."
    assert [sale.body["model"] for sale in runway.sales] == ["gen4.5", "gen4.5", "veo3.1_fast"]
    assert "gut bacteria" in runway.prompts()[0]
    assert not any("gut bacteria" in prompt for prompt in runway.prompts()[1:])
    assert runway.sales[2].body["audio"] is False
    place.now += 30 * 24 * 3600
    assert place.film().footage == footage
    assert len(runway.sales) == 3, "the same words are refused again, whenever"


def test_softened_words_that_pass_are_what_is_shown(runway: FakeRunway, place: Set) -> None:
    runway.fates += [failed("SAFETY.INPUT.TEXT")]
    footage = place.film().footage
    assert footage.file is not None
    assert footage.prompt == runway.prompts()[1]


def test_moderation_before_the_order_is_taken_climbs_the_ladder_too(runway: FakeRunway, place: Set) -> None:
    runway.refusals["order"].append(Refusal(400, {"error": "The prompt was rejected by content moderation."}))
    assert place.film().footage.file is not None
    assert len(runway.sales) == 1


@pytest.mark.parametrize(
    "code",
    ["INTERNAL.BAD_OUTPUT.CODE01", "INPUT_PREPROCESSING.INTERNAL", "THIRD_PARTY.UNAVAILABLE", "INTERNAL", ""],
)
def test_what_failed_in_passing_is_bought_anew_a_few_times(runway: FakeRunway, place: Set, code: str) -> None:
    runway.fates += [failed(code)]
    assert place.film().footage.file is not None
    assert len(runway.sales) == 2


def test_what_fails_every_time_goes_without_and_may_be_tried_another_day(
    runway: FakeRunway, place: Set
) -> None:
    runway.usual = failed("INTERNAL.BAD_OUTPUT.CODE01")
    footage = place.film().footage
    assert footage.remark == (
        "No generated footage: Runway failed 3 times to make the footage (INTERNAL.BAD_OUTPUT.CODE01)."
    )
    assert len(runway.sales) == filmer_room.TRIES
    place.film()
    assert len(runway.sales) == filmer_room.TRIES
    runway.usual = DONE
    place.now += 24 * 3600
    assert place.film().footage.file is not None


def test_an_asset_that_runway_cannot_use_and_a_cancelled_task_are_not_bought_again(
    runway: FakeRunway, place: Set
) -> None:
    runway.fates += [failed("ASSET.INVALID")]
    assert place.film().footage.model == "veo3.1_fast"
    assert [sale.body["model"] for sale in runway.sales] == ["gen4.5", "veo3.1_fast"]
    runway.usual = Fate(states=("CANCELLED",))
    assert "cancelled at Runway" in place.film(other(way=1)).footage.remark
    assert len(runway.sales) == 3


def test_a_model_that_runway_no_longer_has_gives_way_to_the_next(runway: FakeRunway, place: Set) -> None:
    footage = place.film(models=("gen9", "gen4.5")).footage
    assert (footage.model, len(runway.sales)) == ("gen4.5", 1)


@pytest.mark.parametrize(
    ("refusal", "error", "words"),
    [
        (Refusal(401, {"error": "Invalid API key."}), BadKeyError, "Runway refuses our key"),
        (Refusal(402, {"error": "Payment required."}), OutOfFundsError, "no credits left"),
        (
            Refusal(400, {"error": "You do not have enough credits to run this task."}),
            OutOfFundsError,
            "no credits left",
        ),
    ],
)
def test_without_a_key_or_credits_there_is_no_footage_and_it_says_why(
    runway: FakeRunway, place: Set, refusal: Refusal, error: type[ProviderError], words: str
) -> None:
    runway.refusals["order"] += [refusal, refusal]
    with pytest.raises(error):
        place.film(on_failure="fail")
    assert words in place.film().footage.remark
    assert not runway.sales
    place.now += 3600
    assert place.film().footage.file is not None, "nothing was bought, so it is asked for once more"


@pytest.mark.parametrize("kind", ["order", "look"])
def test_a_busy_runway_is_tried_again_when_it_says_and_given_up_after_a_while(
    runway: FakeRunway, place: Set, kind: str
) -> None:
    busy = Refusal(429, {"error": "Rate limited."}, {"Retry-After": "17"})
    runway.refusals[kind] += [busy] * 3
    with pytest.raises(TransientProviderError) as caught:
        place.film()
    assert caught.value.retry_after == 17
    place.now += filmer_room.AWAY / 2
    with pytest.raises(TransientProviderError):
        place.film()
    place.now += filmer_room.AWAY
    assert place.film().footage.remark == "No generated footage: Runway is busy (429)."
    assert place.filmer().filmed(SHOT) is not None


def test_an_answer_that_got_lost_leaves_a_purchase_that_nobody_repeats(
    runway: FakeRunway, place: Set, tmp_path: Path
) -> None:
    class Told(FolderPurchases):
        def once(self, *args: object, **more: object) -> str:
            try:
                return super().once(*args, **more)  # type: ignore[arg-type]
            except UnsurePurchaseError as error:
                raise UncertainPurchaseError(error.sentence, error.advice) from error

    runway.refusals["order"].append(Refusal(sells=True, breaks=True))
    for _ in range(3):
        footage = place.film(purchases=Told(tmp_path / "purchases")).footage
        assert "may have been bought" in footage.remark
        place.now += 24 * 3600
    assert len(runway.sales) == 1


def test_a_server_that_broke_over_an_order_may_have_taken_it_and_one_that_is_away_has_not(
    runway: FakeRunway, place: Set
) -> None:
    runway.refusals["order"] += [Refusal(503), Refusal(500, sells=True)]
    with pytest.raises(TransientProviderError):
        place.film()
    with pytest.raises(UnsurePurchaseError):
        place.film()
    assert len(runway.sales) == 1


def test_a_task_that_takes_too_long_is_cancelled_and_the_scene_goes_without(
    runway: FakeRunway, place: Set
) -> None:
    runway.usual = Fate(states=("THROTTLED",))
    with pytest.raises(Pending) as pending:
        place.filmer().film(SHOT, 3)
    assert pending.value.until is not None
    place.now += 31 * 60
    assert place.film().footage.remark == "No generated footage: Runway took longer than 30 minutes."
    assert runway.sales[0].cancelled
    assert len(runway.sales) == 1


@pytest.mark.parametrize("output", ["expired", "gone", "html", "garbage", "short", "oversized"])
def test_an_output_is_asked_for_again_and_bought_anew_only_when_it_is_worth_nothing(
    runway: FakeRunway, place: Set, output: str
) -> None:
    runway.fates.append(Fate(states=("SUCCEEDED",), output=output))  # type: ignore[arg-type]
    assert place.film().footage.file is not None
    assert len(runway.sales) == (1 if output == "expired" else 2)


def test_what_each_task_cost_in_the_end_is_booked(runway: FakeRunway, place: Set, tmp_path: Path) -> None:
    runway.fates += [
        Fate(states=("FAILED",), code="INTERNAL"),
        Fate(states=("FAILED",), code="INTERNAL", charged=5),
        Fate(states=("SUCCEEDED",), charged=30),
    ]
    assert place.film().footage.file is not None
    rows = [json.loads(file.read_bytes()) for file in (tmp_path / "purchases").iterdir()]
    assert {row["task"]: row["cents"] for row in rows} == dict(
        zip([sale.id for sale in runway.sales], [0, 5, 30], strict=True)
    )


def test_a_download_that_is_slow_or_has_no_end_is_left(runway: FakeRunway, tmp_path: Path) -> None:
    allowed = Allowed((), runway.url)
    runway.fates += [Fate(output="slow"), Fate(output="endless")]
    client = RunwayClient(base_url=runway.url, key=KEY)
    slow, endless = (
        f"{runway.url}/output/{client.order(request).task}.mp4" for request in (REQUEST, REQUEST)
    )
    with pytest.raises(TransientProviderError, match="too slowly"):
        download(slow, tmp_path / "slow.mp4", allowed, longest=0.3)
    with pytest.raises(NoVideoError, match="too large"):
        download(endless, tmp_path / "endless.mp4", allowed, most=2_000_000)


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (
            "SAFETY.INPUT.TEXT SAFETY.INPUT.IMAGE SAFETY.OUTPUT.VIDEO INPUT_PREPROCESSING.SAFETY.TEXT",
            ModerationError,
        ),
        (
            "INTERNAL INTERNAL.BAD_OUTPUT.CODE01 INPUT_PREPROCESSING.INTERNAL THIRD_PARTY.UNAVAILABLE NEW.ONE",
            TransientProviderError,
        ),
        ("ASSET.INVALID ASSET.TOO_LARGE", ProviderError),
    ],
)
def test_each_code_of_a_failure_has_its_class(codes: str, kind: type[ProviderError]) -> None:
    for code in codes.split():
        assert type(failure_of(FilmTask(task="t", status="failed", created=0, code=code))) is kind


def test_a_task_that_runway_forgot_is_bought_anew(runway: FakeRunway, place: Set) -> None:
    runway.fates.append(Fate(lost=True))
    assert place.film().footage.file is not None
    assert len(runway.sales) == 2


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        (Fate(states=("SUCCEEDED",), output="redirect"), "elsewhere.example, which is not among the allowed"),
        (
            Fate(states=("SUCCEEDED",), elsewhere="https://evil.example/clip.mp4"),
            "evil.example, which is not",
        ),
        (Fate(states=("SUCCEEDED",), elsewhere="http://a.cloudfront.net/x.mp4"), "not fetched from"),
        (Fate(states=("SUCCEEDED",), elsewhere="file:///etc/passwd"), "not fetched from"),
    ],
)
def test_nothing_is_fetched_from_hosts_that_are_not_runway_s(
    runway: FakeRunway, place: Set, fate: Fate, words: str
) -> None:
    runway.usual = fate
    assert words in place.film(hosts=("*.cloudfront.net",)).footage.remark
    assert len(runway.sales) == 1


def test_a_download_that_breaks_off_is_fetched_again(runway: FakeRunway, place: Set) -> None:
    runway.refusals["output"] += [Refusal(breaks=True), Refusal(502)]
    for _ in range(2):
        with pytest.raises(TransientProviderError):
            place.film()
    assert place.film().footage.file is not None
    assert len(runway.sales) == 1


def test_no_key_is_ever_in_an_order_s_body_or_a_file(runway: FakeRunway, place: Set, tmp_path: Path) -> None:
    place.film()
    runway.refusals["order"].append(Refusal(401))
    place.film(other(way=2))
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(b"that-no-log-shows" in file.read_bytes() for file in written)


_KILLED = """
import sys
from pathlib import Path
from storage.artefacts import FolderArtefacts
from storage.folder_purchases import FolderPurchases
from pipeline.visuals.runway.client import RunwayClient
from pipeline.visuals.runway.filmer import RunwayFilmer
from tests.fakes.runway.server import KEY
from tests.pipeline.visuals.filming import SHOT

folder = Path(sys.argv[2])
RunwayFilmer(
    RunwayClient(base_url=sys.argv[1], key=KEY),
    FolderArtefacts(folder / "artefacts"),
    FolderPurchases(folder / "purchases"),
).film(SHOT, 3)
"""


@pytest.mark.parametrize("moment", ["asked", "polled", "downloading"])
def test_whoever_is_killed_at_the_worst_moment_buys_nothing_twice(
    runway: FakeRunway, place: Set, tmp_path: Path, moment: str
) -> None:
    processes: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        while not processes:
            pass
        processes[0].kill()
        processes[0].wait()

    if moment == "asked":
        runway.before_answer = kill
    elif moment == "downloading":
        runway.before_output = kill
    else:
        runway.fates.append(Fate(states=("RUNNING", "SUCCEEDED")))
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", _KILLED, runway.url, str(tmp_path)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=quiet, stderr=quiet)
    processes.append(process)
    process.wait(60)
    assert len(runway.sales) == 1
    runway.before_answer = runway.before_output = None
    if moment == "asked":
        with pytest.raises(UnsurePurchaseError):
            place.film()
    else:
        place.now = runway.sales[0].created
        assert place.film().footage.file is not None
    assert len(runway.sales) == 1
