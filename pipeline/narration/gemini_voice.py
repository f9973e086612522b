"""Gemini's voice: a whole narration in one recording, bought once, judged, and taken apart into its scenes."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from pipeline.gemini.bought import Bought
from pipeline.gemini.reply import Reply
from pipeline.narration.forced import EARLY, Aligned, MisfitError, align
from pipeline.narration.recording import BadRecordingError, Recording, check_recording, recording
from pipeline.narration.scenes_apart import scenes_apart
from pipeline.narration.spoken import VERSION, spoken
from pipeline.narration.voices import GEMINI_VOICE, STYLE, VOICE_MODEL
from pipeline.prices import token_price
from pipeline.providers import Speech

_log = logging.getLogger(__name__)

#: Part of the version: raise it when the same words are asked for, judged or taken apart in another way.
PROMPT: Final = "1"
#: How often a recording is bought until one is good.
TRIES: Final = 3
#: Letters that one recording says at most. A model reads 8,192 tokens and makes 16,384, 25 a second
#: (https://vercel.com/ai-gateway/models/gemini-3.8-flash-lite-tts.md, 2026-11-23): this is some 7 minutes.
LONGEST: Final = 6_000
#: Tokens that a recording is at most (the model's limit, see above); those of the words that take a second.
_MOST_TOKENS, _READ_TOKENS = 16_384, 10
#: Letters that take a second at least: how many recordings a narration is.
_LETTERS: Final = 20
#: The time that the words take against what was due with its breaths. The embedded voice's own take 0.75; a slow
#: narrator a third more. Beyond that rate or speed are wrong.
_FASTEST, _SLOWEST = 0.5, 1.08
#: Scores (`forced.Aligned`), measured by benchmarks/alignment.py: of a voice that can't be understood; and how far
#: a stretch of three words, or one word, may lie below the usual word (times its score, and so much more).
#: Right recordings stay within 3 and 4.9 times; words left out, put in or exchanged begin at 3.1 and 6.
_UNCLEAR, _STRETCH, _WORD, _SLACK = -75.0, 3.0, 6.0, 10.0
#: The longest that is spoken outside of the words (seconds). Measured: 0 in right recordings, 0.15 for one word.
_MORE: Final = 0.12
#: Models up to 3.1 read a direction before the words; later ones take the text word for word.
_DIRECTED: Final = re.compile(r"(?:models/)?gemini-(?:2|3\.[01])\b")
#: What a model would take for a direction within the text.
_BRACKETS: Final = str.maketrans({"<": " ", ">": " ", "[": "(", "]": ")"})


class GeminiVoice:
    """Speaks with one of Gemini's prebuilt voices. `estimate` says how long a text takes at pace 1 (seconds).

    The same words in the same voice are bought once. A recording that is no good is bought anew, up to `TRIES`
    in all; then `speak` raises `BadRecordingError`. The pace is a wish: the video follows the voice.
    """

    def __init__(
        self,
        bought: Bought,
        *,
        estimate: Callable[[str], float],
        model: str = VOICE_MODEL,
        voice: str = GEMINI_VOICE,
        style: str = "",
    ) -> None:
        self._bought = bought
        self._estimate = estimate
        self._model = model
        self._voice = voice
        self._style = style or STYLE
        self.name = f"gemini/{voice}"
        self.version = "+".join([model, PROMPT, VERSION, *([style.replace(" ", "-")] if style else [])])

    def speak(self, texts: Sequence[str], *, pace: float) -> Iterator[Speech]:
        """Say the texts in one recording, or in as few as their length allows, parted between texts."""
        for batch in batches(texts):
            yield from self._speech(batch, pace)

    def seconds(self, text: str) -> float:
        """How long `text` will take, roughly: nothing is asked."""
        return self._estimate(text)

    def _speech(self, texts: Sequence[str], pace: float) -> list[Speech]:
        due = sum(self._estimate(text) for text in texts) / pace
        bad: BadRecordingError | None = None
        for take in range(TRIES):
            reply = self._reply(texts, pace, due, take).allowed()
            try:
                return _judged(reply, texts, due)
            except BadRecordingError as error:
                bad = error
                _log.warning(
                    "Recording %d of %d is no good: %s", take + 1, TRIES, bad, extra={"request_id": reply.id}
                )
        assert bad is not None
        raise BadRecordingError(f"Gemini’s voice failed {TRIES} times. {bad.sentence}") from bad

    def _reply(self, texts: Sequence[str], pace: float, due: float, take: int) -> Reply:
        contents, config = self.request(texts, pace)
        most = _cents(self._model, due)
        return self._bought.reply(self._model, contents, config, most_cents=most, ware="speech", take=take)

    def request(self, texts: Sequence[str], pace: float) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
        """What Gemini is asked: the words as they are said, a blank line between scenes, the style beside them."""
        words = "\n\n".join(as_spoken(text) for text in texts)
        style = f"{self._style}{_tempo(pace)}"
        part: dict[str, Any] = {"text": words, "speech_metadata": {"style": style}}
        if _DIRECTED.match(self._model):
            part = {"text": f"Read this aloud, word for word, {style}:\n{words}"}
        voice = {"prebuilt_voice_config": {"voice_name": self._voice}}
        config = {"response_modalities": ["AUDIO"], "speech_config": {"voice_config": voice}}
        return [{"role": "user", "parts": [part]}], config


def most_cents(model: str, seconds: float) -> int:
    """US cents for a narration of `seconds` in the dearest case: every recording but the last is no good."""
    recordings = max(1, math.ceil(seconds * _LETTERS / LONGEST))
    return TRIES * recordings * _cents(model, seconds)


def _cents(model: str, seconds: float) -> int:
    """US cents for one recording at most: a voice that doesn't stop is counted up to the model's limit."""
    price = token_price(model, "speech", datetime.now(UTC).date())
    return price.cents(round(_READ_TOKENS * seconds) + 200, _MOST_TOKENS)


def as_spoken(text: str) -> str:
    """The words as a voice says them, numbers and units written out; nothing in them is a direction."""
    said = " ".join(said for _, said in spoken(text) if said)
    return " ".join(said.translate(_BRACKETS).split())


def batches(texts: Sequence[str]) -> list[list[str]]:
    """The texts in runs of at most `LONGEST` letters; a text is never cut."""
    runs: list[list[str]] = []
    length = 0
    for text in texts:
        letters = len(as_spoken(text))
        if not runs or length + letters > LONGEST:
            runs.append([])
            length = 0
        runs[-1].append(text)
        length += letters
    return runs


def _tempo(pace: float) -> str:
    """The pace in words: a model takes no number."""
    if abs(pace - 1) < 0.03:
        return ""
    much = "a little " if abs(pace - 1) < 0.12 else ""
    return f", {much}{'faster' if pace > 1 else 'slower'} than usual"


def _judged(reply: Reply, texts: Sequence[str], due: float) -> list[Speech]:
    """The speech of each text. Raises `BadRecordingError` when the recording is not what was asked for."""
    if reply.finish != "STOP":
        raise BadRecordingError(f"The recording was not finished ({reply.finish or 'no answer'}).")
    if not reply.sound:
        raise BadRecordingError("There was no sound in the answer.")
    heard = recording(reply.sound, reply.mime)
    check_recording(heard, seconds=due)
    aligned = align(heard.samples, heard.rate, texts)
    check_words(aligned, heard, due)
    return scenes_apart(heard, aligned)


def check_words(aligned: Aligned, heard: Recording, due: float) -> None:
    """Raise `MisfitError` when the words are not those asked for, or said at a speed that nobody speaks at.

    `due` is how long they should take (seconds).
    """
    fit = aligned.fit
    strange = aligned.worst < _STRETCH * fit - _SLACK or aligned.worst_word < _WORD * fit - _SLACK
    if fit < _UNCLEAR or strange:
        raise MisfitError("The recording says other words than those that were asked for.")
    words = [(word.start - EARLY, word.end) for text in aligned.texts for word in text]
    if heard.voice_outside(words) > _MORE:
        raise MisfitError("The recording says more than the words that were asked for.")
    said = sum(word.end - word.start for text in aligned.texts for word in text)
    if not _FASTEST * due < said < _SLOWEST * due:
        raise MisfitError("The recording is far too fast or too slow: its rate is not what it says.")
