"""The stage generate-audio with Gemini's voice: what is bought, what is refused, and who speaks in the end."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.audio_stage import generate_audio, known_narration, speech_keys
from pipeline.errors import ProviderError, TransientProviderError, UncertainPurchaseError
from pipeline.gemini.bought import KEPT, Bought
from pipeline.gemini.client import Gemini
from pipeline.model import LEAD, Narration, Scene, Script
from pipeline.narration.gemini_voice import TRIES, GeminiVoice, as_spoken
from pipeline.narration.hibari import HibariVoice
from pipeline.order import Tools
from pipeline.paper.pubmed import Ncbi
from pipeline.providers import Artefacts, Voice
from pipeline.script.extractive import ExtractiveWriter
from storage.artefacts import FolderArtefacts
from storage.errors import UnsurePurchaseError
from storage.folder_purchases import FolderPurchases
from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused, Reply, open_gemini

types = pytest.importorskip("google.genai.types")
pytest.importorskip("pocketsphinx")

#: Real speech is made and listened to, three times over where recordings are bad.
pytestmark = pytest.mark.timeout(400)

SCRIPT = Script(
    scenes=(
        Scene(kind="hook", narration="What happens to trained mice when they sleep too little?"),
        Scene(kind="finding", narration="The recall of the animals fell by 37.5 % (p < 0.05) within a week."),
        Scene(
            kind="takeaway", narration="Sleep may help the brain to keep what it has learned during the day."
        ),
    )
)
TEXTS = [scene.narration for scene in SCRIPT.scenes]
EMBEDDED = HibariVoice()
DIRECTION = "Please read this in a calm voice.\n\n"
BANANAS = (
    "Bananas grow in warm countries, and they are yellow when they are ripe enough to eat.\n\nSo they say."
)


class Bills(FolderPurchases):
    """Purchases with their errors as the pipeline knows them."""

    def once(
        self, what: str, *, provider: str, cents: int, ask: Callable[[str], str], repeatable: bool
    ) -> str:
        try:
            return super().once(what, provider=provider, cents=cents, ask=ask, repeatable=repeatable)
        except UnsurePurchaseError as error:
            raise UncertainPurchaseError(error.sentence, error.advice) from error


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


def spoken_by(
    gemini: FakeGemini, folder: Path, *, style: str = "", model: str = "gemini-3.8-flash-tts", **more: object
) -> Tools:
    artefacts = FolderArtefacts(folder / "work")
    bought = Bought(
        Gemini(api_key=KEY, base_url=gemini.url, patience=60), artefacts, Bills(folder / "bought")
    )
    voice = GeminiVoice(bought, estimate=EMBEDDED.seconds, model=model, style=style)
    tools = tools_with(voice, artefacts)
    return replace(tools, **more)  # type: ignore[arg-type]


def tools_with(voice: Voice, artefacts: Artefacts, spare: Voice | None = EMBEDDED) -> Tools:
    ncbi = Ncbi(base_url="http://localhost", pmc_base_url="http://localhost", email="", api_key="")
    return Tools(ncbi=ncbi, writer=ExtractiveWriter(), voice=voice, spare_voice=spare, artefacts=artefacts)


def narration_of(tools: Tools, script: Script = SCRIPT) -> Narration:
    return generate_audio(tools, script, lambda *_: None).value


def words(narration: Narration) -> list[str]:
    return [" ".join(word.shown for word in scene.words) for scene in narration.scenes]


def test_a_whole_narration_is_one_recording_taken_apart_at_its_pauses(
    gemini: FakeGemini, tmp_path: Path
) -> None:
    narration = narration_of(spoken_by(gemini, tmp_path))
    [request] = gemini.sold
    assert request.text == "\n\n".join(as_spoken(text) for text in TEXTS)
    assert "thirty-seven point five percent" in request.text
    assert words(narration) == TEXTS
    assert narration.voice.startswith("gemini/Kore gemini-3.8-flash-tts+")
    assert narration.remarks == ()
    for scene, speech in zip(narration.scenes, EMBEDDED.speak(TEXTS, pace=1.0), strict=True):
        assert scene.seconds == pytest.approx(LEAD + len(speech.samples) / speech.rate, abs=1.8)


def test_words_are_shown_when_they_are_said(gemini: FakeGemini, tmp_path: Path) -> None:
    plain = Script(scenes=(SCRIPT.scenes[0], SCRIPT.scenes[2]))
    narration = narration_of(spoken_by(gemini, tmp_path), plain)
    off = []
    for scene, text in zip(narration.scenes, [TEXTS[0], TEXTS[2]], strict=True):
        [speech] = EMBEDDED.speak([text], pace=1.0)
        known = [word.start for word in speech.words]
        heard = [word.start for word in scene.words]
        drift = np.median(np.array(heard) - known)  # where in its scene the speech begins
        assert abs(drift - LEAD) < 0.15
        off += list(np.abs(np.array(heard) - known - drift))
    assert np.median(off) < 0.045
    assert np.percentile(off, 90) < 0.110


def test_the_style_stands_beside_the_words_and_the_voice_is_named(gemini: FakeGemini, tmp_path: Path) -> None:
    tools = spoken_by(gemini, tmp_path, style="calm and clear")
    narration_of(tools, SCRIPT.model_copy(update={"pace": 1.2}))
    [request] = gemini.sold
    [part] = request.body["contents"][0]["parts"]
    assert part["speechMetadata"] == {"style": "calm and clear, faster than usual"}
    assert "calm" not in part["text"]
    asked = types.SpeechConfig.model_validate(request.config["speechConfig"])
    assert asked.voice_config is not None
    assert asked.voice_config.prebuilt_voice_config == types.PrebuiltVoiceConfig(voice_name="Kore")
    assert tools.voice.version.endswith("+calm-and-clear")
    assert " " not in tools.voice.version


def test_older_models_get_the_style_before_the_words_and_send_bare_samples(
    gemini: FakeGemini, tmp_path: Path
) -> None:
    narration = narration_of(spoken_by(gemini, tmp_path, model="gemini-3.1-flash-tts-preview"))
    [request] = gemini.sold
    assert request.text.startswith("Read this aloud, word for word, ")
    assert words(narration) == TEXTS
    assert narration.remarks == ()


def _of(value: object) -> str:
    """What is unusual about a reply."""
    if not isinstance(value, Reply):
        return ""
    usual = vars(Reply())
    return " ".join(f"{name}-{told}"[:20] for name, told in vars(value).items() if told != usual[name])


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (Reply(keep=0.55), "breaks off|lasts|other words"),
        (Reply(keep=0.93), "breaks off|other words"),
        (Reply(silent=True), "silent"),
        (Reply(clipped=True), "clipped"),
        (Reply(rate=48_000), "too fast|other words|lasts"),
        (Reply(rate=16_000), "too fast or too slow"),
        (Reply(finish="MAX_TOKENS"), r"not finished \(MAX_TOKENS\)"),
        (Reply(finish="OTHER"), r"not finished \(OTHER\)"),
        (Reply(empty=True), "no sound"),
        (Reply(mime="audio/mpeg"), "form"),
        (Reply(words=DIRECTION + "\n\n".join(map(as_spoken, TEXTS))), "other words|lasts"),
        (Reply(words=BANANAS), "other words|lasts"),
    ],
    ids=_of,
)  # fmt: skip
def test_a_bad_recording_is_bought_anew_and_after_three_the_embedded_voice_speaks_all_of_it(
    gemini: FakeGemini, tmp_path: Path, bad: Reply, why: str
) -> None:
    if bad.mime:  # a WAV file says itself what it is
        tools = spoken_by(gemini, tmp_path, model="gemini-3.1-flash-tts-preview")
    else:
        tools = spoken_by(gemini, tmp_path)
    gemini.tell(*[bad] * TRIES)
    narration = narration_of(tools)
    assert len(gemini.sold) == TRIES
    assert narration.voice == f"{EMBEDDED.name} {EMBEDDED.version}"
    [remark] = narration.remarks
    assert remark.startswith(f"Gemini’s voice failed {TRIES} times. The recording") or "no sound" in remark
    assert remark.endswith("The embedded voice speaks instead.")
    assert re.search(why, remark)
    narration_of(tools)
    assert len(gemini.sold) == TRIES, "what was bad was bought again"


def test_one_bad_recording_is_followed_by_a_good_one(gemini: FakeGemini, tmp_path: Path) -> None:
    gemini.tell(Reply(keep=0.6))
    narration = narration_of(spoken_by(gemini, tmp_path))
    assert len(gemini.sold) == 2
    assert narration.remarks == ()
    assert narration.voice.startswith("gemini/Kore")


@pytest.mark.parametrize("refused", [Refused.too_many(), Refused.broken(), Refused.overloaded()])
def test_what_may_pass_is_tried_again_later_and_the_spare_voice_waits_for_the_last_try(
    gemini: FakeGemini, tmp_path: Path, refused: Refused
) -> None:
    gemini.tell(refused)
    with pytest.raises(TransientProviderError) as failure:
        narration_of(spoken_by(gemini, tmp_path, last_try=False))
    if refused.status == 429:
        assert failure.value.retry_after == 31
    assert narration_of(spoken_by(gemini, tmp_path, last_try=False)).remarks == ()
    assert len(gemini.sold) == 1


def test_on_the_last_try_the_embedded_voice_speaks(gemini: FakeGemini, tmp_path: Path) -> None:
    gemini.tell(Refused.overloaded())
    narration = narration_of(spoken_by(gemini, tmp_path))
    assert narration.remarks == ("Gemini is overloaded or failed (503). The embedded voice speaks instead.",)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Reply(block="PROHIBITED_CONTENT"), "rules refused"),
        (Reply(finish="SAFETY"), "rules refused"),
        (Refused.bad_key(), "refuses our key"),
        (Refused.no_funds(), "used up"),
        (Refused.unknown_model("gemini-0-tts"), "has no model"),
    ],
)
def test_what_does_not_pass_is_not_asked_twice(
    gemini: FakeGemini, tmp_path: Path, told: Reply | Refused, why: str
) -> None:
    gemini.tell(told)
    narration = narration_of(spoken_by(gemini, tmp_path, last_try=False))
    assert len(gemini.asked()) == 1
    assert why in narration.remarks[0]
    assert KEY not in narration.remarks[0]
    assert narration.voice.startswith("hibari")


def test_without_a_spare_voice_the_stage_fails(gemini: FakeGemini, tmp_path: Path) -> None:
    gemini.tell(*[Reply(silent=True)] * TRIES)
    with pytest.raises(ProviderError, match="failed 3 times"):
        narration_of(spoken_by(gemini, tmp_path, spare_voice=None))


def test_a_line_that_breaks_while_it_is_sold_is_not_bought_twice(gemini: FakeGemini, tmp_path: Path) -> None:
    gemini.tell(Broken(midway=True))
    narration = narration_of(spoken_by(gemini, tmp_path))
    again = narration_of(spoken_by(gemini, tmp_path))
    assert len(gemini.sold) == 1
    assert narration == again
    assert narration.voice.startswith("hibari")
    assert "may have been bought" in narration.remarks[0]


def test_killed_after_the_recording_came_it_is_read_and_not_bought(
    gemini: FakeGemini, tmp_path: Path
) -> None:
    tools = spoken_by(gemini, tmp_path)
    first = narration_of(tools)
    for stage in ("speech", "generate-audio"):
        for folder in (tmp_path / "work" / stage).iterdir():
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
    assert narration_of(spoken_by(gemini, tmp_path)) == first
    assert len(gemini.sold) == 1
    assert len(list((tmp_path / "work" / KEPT).iterdir())) == 1


def test_a_scene_that_was_rewritten_is_bought_alone(gemini: FakeGemini, tmp_path: Path) -> None:
    tools = spoken_by(gemini, tmp_path)
    narration_of(tools)
    rewritten = Scene(kind="takeaway", narration="So sleep well, and you may remember more of it.")
    changed = SCRIPT.model_copy(update={"scenes": (*SCRIPT.scenes[:2], rewritten)})
    narration = narration_of(tools, changed)
    assert [request.text for request in gemini.sold][1:] == [as_spoken(rewritten.narration)]
    assert words(narration) == [*TEXTS[:2], rewritten.narration]


def test_the_stage_is_known_by_its_key_whoever_spoke(gemini: FakeGemini, tmp_path: Path) -> None:
    gemini.tell(Refused.bad_key())
    tools = spoken_by(gemini, tmp_path)
    made = generate_audio(tools, SCRIPT, lambda *_: None)
    known = known_narration(tools, made.key)
    assert known is not None
    assert (known.provider, known.version, known.value) == (EMBEDDED.name, EMBEDDED.version, made.value)
    keys = speech_keys(tools, SCRIPT, made.value)
    assert all(tools.artefacts.find("speech", key) for key in keys)


def test_the_voice_track_is_as_long_as_the_scenes(gemini: FakeGemini, tmp_path: Path) -> None:
    made = generate_audio(spoken_by(gemini, tmp_path), SCRIPT, lambda *_: None)
    with wave.open(io.BytesIO((made.folder / made.value.file).read_bytes())) as track:
        assert track.getnframes() == made.value.frames * 1600
    assert made.value.loudness == pytest.approx(-14, abs=0.5)
