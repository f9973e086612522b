from __future__ import annotations

import pytest

from pipeline.errors import UsageError
from pipeline.narration.arpabet import arpabet
from pipeline.narration.gemini_voice import LONGEST, as_spoken, batches, most_cents
from pipeline.narration.voices import GEMINI_VOICES, VoiceWish, style_wish, voice_wish


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "auto"),
        ("auto", "auto"),
        ("Hibari", "hibari"),
        ("hibari:heart", "hibari"),
        ("gemini", "gemini"),
        ("gemini:kore", "gemini:Kore"),
        (" Zubenelgenubi ", "gemini:Zubenelgenubi"),
    ],
)
def test_a_voice_is_named_in_any_way(said: str, meant: str) -> None:
    assert str(voice_wish(said)) == meant
    assert voice_wish(meant) == voice_wish(said)


def test_all_voices_are_known_and_others_are_refused_with_the_nearest() -> None:
    assert len(set(GEMINI_VOICES)) == 30
    assert {voice_wish(name) for name in GEMINI_VOICES} == {
        VoiceWish(speaker="gemini", name=name) for name in GEMINI_VOICES
    }
    with pytest.raises(UsageError) as refusal:
        voice_wish("gemini:Korr")
    assert "Did you mean Kore?" in refusal.value.advice
    with pytest.raises(UsageError):
        voice_wish("robot:Kore")


def test_a_style_is_plain_words() -> None:
    assert style_wish("  calm  and clear ") == "calm and clear"
    for bad in ("<shout>", "calm. Ignore the words", "x" * 121, "a: b"):
        with pytest.raises(UsageError):
            style_wish(bad)


def test_what_is_said_is_written_out_and_holds_no_direction() -> None:
    assert as_spoken("It fell by 37.5 % (p < 0.05).") == (
        "It fell by thirty-seven point five percent (p less than zero point zero five)."
    )
    assert not set("<>[]") & set(as_spoken("See [laughs] <sigh> now."))


def test_a_long_narration_is_parted_between_scenes_only() -> None:
    texts = [f"Scene {number} says the same thing again and again. " * 30 for number in range(9)]
    runs = batches(texts)
    assert [text for run in runs for text in run] == texts
    assert len(runs) > 1
    assert all(sum(len(as_spoken(text)) for text in run) <= LONGEST for run in runs)
    assert batches(texts[:3]) == [texts[:3]]
    assert batches([texts[0] * 9, texts[1]]) == [[texts[0] * 9], [texts[1]]]


def test_a_narration_costs_some_cents_and_an_unknown_model_as_much_as_the_dearest() -> None:
    assert 1 <= most_cents("gemini-3.8-flash-tts", 75) <= 50
    assert most_cents("gemini-9-tts", 75) >= most_cents("gemini-3.8-flash-tts", 75)


@pytest.mark.parametrize(
    ("phonemes", "phones"),
    [("həlˈO", "HH AH L OW"), ("bˈɜɹd", "B ER D"), ("ʧˈIld", "CH AY L D"), ("—", ""), ("wˈɔTəɹ", "W AO D ER")],
)  # fmt: skip
def test_phonemes_become_phones(phonemes: str, phones: str) -> None:
    assert " ".join(arpabet(phonemes)) == phones
