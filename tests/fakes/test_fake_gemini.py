"""The fake Gemini, asked by Google's own client."""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Iterator

import numpy as np
import pytest

from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused, Reply, open_gemini

genai = pytest.importorskip("google.genai")
types = genai.types


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


def client(gemini: FakeGemini, key: str = KEY) -> genai.Client:
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=gemini.url, timeout=20_000))


def asked(gemini: FakeGemini, key: str = KEY) -> types.GenerateContentResponse:
    config = types.GenerateContentConfig(
        system_instruction="Be short.",
        max_output_tokens=100,
        response_mime_type="application/json",
        response_json_schema={"type": "object", "properties": {"said": {"type": "string"}}},
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW),
    )
    with client(gemini, key) as talking:
        return talking.models.generate_content(model="gemini-3.8-flash", contents="What?", config=config)


def spoken(gemini: FakeGemini, model: str) -> types.Blob:
    voice = types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name="Kore"))
    config = types.GenerateContentConfig(
        response_modalities=["AUDIO"], speech_config=types.SpeechConfig(voice_config=voice)
    )
    words = "Words appear.\n\nViewers read them."
    with client(gemini) as talking:
        reply = talking.models.generate_content(model=model, contents=words, config=config)
    blob = reply.candidates[0].content.parts[0].inline_data
    assert isinstance(blob, types.Blob)
    return blob


def test_text_by_a_schema_comes_with_its_usage(gemini: FakeGemini) -> None:
    gemini.author = lambda request: '{"said": "this"}'
    reply = asked(gemini)
    assert reply.text == '{"said": "this"}'
    assert reply.candidates[0].finish_reason == types.FinishReason.STOP
    assert reply.usage_metadata.prompt_token_count > 0
    (request,) = gemini.sold
    assert request.text == "What?"
    assert request.instruction == "Be short."
    assert request.config["responseJsonSchema"]["type"] == "object"


def test_newer_voices_send_a_wav_file_and_older_ones_bare_samples(gemini: FakeGemini) -> None:
    newer, older = spoken(gemini, "gemini-3.8-flash-tts"), spoken(gemini, "gemini-3.1-flash-tts-preview")
    assert newer.mime_type == "audio/wav"
    with wave.open(io.BytesIO(newer.data)) as sound:
        assert sound.getframerate() == 24_000
        frames = sound.readframes(sound.getnframes())
    assert older.mime_type == "audio/L16;codec=pcm;rate=24000"
    assert older.data == frames
    assert np.abs(np.frombuffer(frames, "<i2")).max() > 5_000


def test_tokens_are_counted_for_nothing(gemini: FakeGemini) -> None:
    with client(gemini) as talking:
        counted = talking.models.count_tokens(model="gemini-3.8-flash", contents="x" * 4000)
    assert 1000 <= counted.total_tokens < 1100
    assert gemini.sold == []


def test_a_model_tells_its_limit(gemini: FakeGemini) -> None:
    with client(gemini) as talking:
        assert talking.models.get(model="gemini-3.8-flash").input_token_limit == 1_048_576


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (Refused.bad_key(), 400),
        (Refused.forbidden(), 403),
        (Refused.unknown_model(), 404),
        (Refused.too_many(per="Day"), 429),
        (Refused.broken(), 500),
        (Refused.overloaded(), 503),
    ],
)
def test_errors_are_the_clients_own(gemini: FakeGemini, order: Refused, status: int) -> None:
    gemini.tell(order)
    with pytest.raises(genai.errors.APIError) as raised:
        asked(gemini)
    assert raised.value.code == status
    assert raised.value.status == order.reason
    assert gemini.sold == []


def test_a_wrong_key_is_refused(gemini: FakeGemini) -> None:
    with pytest.raises(genai.errors.ClientError, match="API_KEY_INVALID"):
        asked(gemini, key="another")


def test_a_blocked_prompt_and_withheld_content_have_no_text(gemini: FakeGemini) -> None:
    gemini.tell(Reply(block="PROHIBITED_CONTENT"), Reply(finish="SAFETY"), Reply(empty=True))
    blocked, withheld, empty = asked(gemini), asked(gemini), asked(gemini)
    assert blocked.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT
    assert withheld.candidates[0].finish_reason == types.FinishReason.SAFETY
    assert (blocked.text, withheld.text, empty.text) == (None, None, None)


@pytest.mark.parametrize("midway", [False, True])
def test_a_line_that_breaks_is_an_error_and_a_sale(gemini: FakeGemini, *, midway: bool) -> None:
    gemini.tell(Broken(midway=midway))
    with pytest.raises(Exception, match=r"disconnected|incomplete|peer closed"):
        asked(gemini)
    assert len(gemini.sold) == 1


def test_a_body_that_the_client_does_not_know_is_noticed() -> None:
    with open_gemini() as fake:
        fake.answer("generateContent", "gemini-3.8-flash", {"contents": [], "temprature": 1}, {})
        assert len(fake.off_contract()) == 2


def test_spoiled_sound_is_delivered_with_200(gemini: FakeGemini) -> None:
    model = "gemini-3.1-flash-tts-preview"
    gemini.tell(Reply(keep=0.5), Reply(silent=True), Reply(rate=16_000))
    half, silent, slow, whole = (spoken(gemini, model) for _ in range(4))
    assert len(half.data) == pytest.approx(len(whole.data) / 2, abs=4)
    assert not np.frombuffer(silent.data, "<i2").any()
    assert slow.mime_type.endswith("rate=16000")
    assert base64.b64encode(slow.data) == base64.b64encode(whole.data)
