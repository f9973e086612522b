"""The writer that asks Gemini, and takes from its answer only what the paper says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from pipeline.errors import OddReplyError, ProviderError
from pipeline.gemini.bought import Bought
from pipeline.gemini.reply import Reply
from pipeline.model import Paper, Scene, Script
from pipeline.prices import token_price
from pipeline.providers import Brief
from pipeline.script import gemini_prompt as prompt
from pipeline.script.extractive import FASTEST, SLOWEST, ExtractiveWriter
from pipeline.script.gemini_draft import Draft, read_draft, scene_of, schema
from pipeline.script.gemini_edit import Edited, Editor
from pipeline.script.gemini_quotes import Quotes
from pipeline.script.gemini_review import Review
from pipeline.script.hook import title_hook

#: The model that is asked when nobody names another (https://ai.google.dev/gemini-api/docs/deprecations: stable
#: since 2026-09-02, no shutdown announced; looked up 2026-11-23).
MODEL: Final = "gemini-3.8-flash"
#: Tokens that are read at most: several times a usual paper. A longer one is told from what tells most.
MOST_READ: Final = 120_000
#: Tokens that are written at most, thinking included: a script has about 3,000.
MOST_WRITTEN: Final = 16_384
#: How often Gemini is asked for one script: to write it, and to mend it.
CALLS: Final = 2
#: What the checks of Gemini's scripts are worth: raise it when the same answer would give another script.
_VERSION: Final = "1"
#: The longest video that can be asked for (seconds).
LONGEST: Final = 120
#: How far from the length asked for a script may be before it is sent back (share of it).
_CHEAPER_TO_LEAVE: Final = 0.05

#: Mending scenes can bring others to fail; after so many rounds it is given up.
_ROUNDS: Final = 4

Turn = Mapping[str, Any]


@dataclass(frozen=True)
class _Answer:
    """A draft, made into scenes."""

    draft: Draft
    scenes: tuple[Scene, ...]
    faults: Mapping[int, Sequence[str]]

    @property
    def sound(self) -> int:
        """How many scenes have no fault."""
        return len(self.scenes) - len(self.faults)

    def wrong(self) -> list[str]:
        """Every fault, as it is told."""
        return [fault for faults in self.faults.values() for fault in faults]


def most_cents(model: str, *, most_read: int = MOST_READ) -> int:
    """US cents that one script costs at most today; by the dearest model that is known, where `model` is not."""
    price = token_price(model, "text", datetime.now(UTC).date())
    return CALLS * price.cents(most_read + MOST_WRITTEN, MOST_WRITTEN)


class GeminiWriter:
    """Writes with Gemini. Each claim's evidence is a passage that was found in the paper, by us.

    What fails the checks goes back once; what fails again is replaced by the paper's own sentences, or left
    out. Who wrote the paper, where and when is never Gemini's. Raises errors of `pipeline.errors` when Gemini
    fails, and when nothing that it wrote stands.
    """

    def __init__(self, bought: Bought, *, model: str = MODEL, most_read: int = MOST_READ) -> None:
        self.name = f"gemini/{model}"
        self.version = f"{_VERSION}.{prompt.VERSION}+{ExtractiveWriter.version}"
        self._bought = bought
        self._model = model
        self._most_read = most_read

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script:
        """See `pipeline.providers.Writer`."""
        spare = _spare(paper, brief, spoken_seconds)
        review = Review(paper, spare)
        editor = Editor(paper, review, spare, brief.seconds, spoken_seconds)
        words = prompt.words_wanted(paper, brief, spare[-1].narration, spoken_seconds)
        told, read, left_out = self._fitting(paper, brief, words)
        opening = _said("user", f"{told}\n\n{prompt.task(brief, words)}")
        answer = self._written(paper, review, editor, opening, read, words)
        failing = {number for number in answer.faults if number < len(answer.scenes)}
        edited = editor.edited(answer.scenes, failing)
        edited = self._safe(edited, editor, review)
        if not edited.own:
            raise ProviderError(
                "Nothing that Gemini wrote of this paper stood up to the checks and fitted.",
                "Retry, or take the embedded writer.",
            )
        return Script(
            scenes=edited.scenes,
            audience=brief.audience,
            seconds=brief.seconds,
            pace=round(edited.pace, 3),
            writer=f"{self.name} {self.version}",
            remarks=tuple(_remarks(edited, left_out)),
        )

    def _fitting(self, paper: Paper, brief: Brief, words: int) -> tuple[str, int, int]:
        """The paper as it is told, how many tokens it is, and how many of its sections were left out."""
        told = whole = prompt.pieces(paper)
        extra = f"{prompt.rules()}\n\n{prompt.task(brief, words)}"
        while True:
            text = prompt.fenced(told)
            count = self._bought.gemini.count(self._model, f"{extra}\n\n{text}")
            if count <= self._most_read:
                return text, count, len(whole) - len(told)
            share = self._most_read / count
            most_signs = share * len(text)
            while len(prompt.fenced(told)) > most_signs:
                less = prompt.without_least(told)
                if less is None:
                    raise ProviderError(
                        "The abstract of this paper is too long for Gemini.", "Use the embedded writer."
                    )
                told = less

    def _written(
        self, paper: Paper, review: Review, editor: Editor, opening: Turn, read: int, words: int
    ) -> _Answer:
        """Gemini's script, the better of two when the first had faults."""
        turns: list[Turn] = [opening]
        best: _Answer | None = None
        for _ in range(CALLS):
            reply = self._ask(turns, read)
            try:
                answer = _answer(reply, paper, review)
            except OddReplyError:
                turns = [_said("user", *_texts(opening), _again(reply))]
                continue
            if best is None or answer.sound >= best.sound:
                best = answer
            wrong = [*answer.wrong(), *_length(answer, editor, words)]
            if not wrong:
                break
            said = json.dumps(answer.draft.model_dump(), ensure_ascii=False)
            turns = [opening, _said("model", said), _said("user", prompt.complaint(wrong))]
        if best is None:
            raise ProviderError(
                "Gemini answered with no script, twice.", "Retry, or take the embedded writer."
            )
        return best

    def _ask(self, turns: Sequence[Turn], read: int) -> Reply:
        """One answer. Raises `ModerationError` when Google's rules withheld it."""
        price = token_price(self._model, "text", datetime.now(UTC).date())
        config = {
            "system_instruction": prompt.rules(),
            "response_mime_type": "application/json",
            "response_json_schema": schema(),
            "max_output_tokens": MOST_WRITTEN,
        }
        again = MOST_WRITTEN if len(turns) > 1 else 0
        most = price.cents(read + again, MOST_WRITTEN)
        return self._bought.reply(self._model, turns, config, most_cents=most).allowed()

    def _safe(self, edited: Edited, editor: Editor, review: Review) -> Edited:
        """The script without any scene that still fails: nothing that the checks refuse is ever said."""
        for _ in range(_ROUNDS):
            faults = review.faults(edited.scenes)
            if not faults:
                return edited
            again = editor.edited(edited.scenes[:-1], set(faults) - {len(edited.scenes) - 1})
            edited = replace(
                again,
                own=min(again.own, edited.own),
                replaced=edited.replaced + again.replaced,
                dropped=edited.dropped + again.dropped,
            )
        raise ProviderError("Gemini’s script could not be mended.", "Retry, or take the embedded writer.")


def _answer(reply: Reply, paper: Paper, review: Review) -> _Answer:
    """The scenes of a reply. Raises `OddReplyError` when it holds none."""
    if reply.finish != "STOP":
        raise OddReplyError(f"Gemini ended its script early ({reply.finish or 'no answer'}).")
    draft = read_draft(reply.text)
    quotes = Quotes(paper)
    scenes: list[Scene] = []
    missing: dict[int, list[str]] = {}
    for drafted in draft.scenes:
        scene, lost = scene_of(drafted, quotes)
        if scene is None:
            continue
        if lost:
            missing[len(scenes)] = lost
        scenes.append(scene)
    if not scenes:
        raise OddReplyError("Gemini’s script has no words.")
    return _Answer(draft, tuple(scenes), review.faults(scenes, missing))


def _length(answer: _Answer, editor: Editor, words: int) -> list[str]:
    """Whether the script is so long or short that the voice can't make up for it."""
    pace = editor.pace(answer.scenes)
    if SLOWEST - _CHEAPER_TO_LEAVE <= pace <= FASTEST + _CHEAPER_TO_LEAVE:
        return []
    said = sum(len(scene.narration.split()) for scene in answer.scenes)
    return [f"The narration has {said} words; it must have about {words}."]


def _again(reply: Reply) -> str:
    """Asking anew after an answer that was none. What it quoted at length may have been what stopped it."""
    shorter = " Quote shorter passages." if reply.finish in ("RECITATION", "MAX_TOKENS") else ""
    return f"Answer with the whole script as JSON by the schema, and nothing else.{shorter}"


def _said(role: str, *texts: str) -> Turn:
    return {"role": role, "parts": [{"text": text} for text in texts]}


def _texts(turn: Turn) -> list[str]:
    return [part["text"] for part in turn["parts"]]


def _about(text: str) -> float:
    """How long `text` takes, near enough to choose by."""
    return len(text.split()) / prompt.USUAL_RATE


def _spare(paper: Paper, brief: Brief, spoken_seconds: Callable[[str], float]) -> list[Scene]:
    """What the embedded writer would tell, in a video of this length and in the longest; the source's scene last."""
    writer = ExtractiveWriter()
    wanted = writer.write(paper, brief, spoken_seconds=spoken_seconds).scenes
    longest = replace(brief, seconds=max(LONGEST, brief.seconds))
    more = writer.write(paper, longest, spoken_seconds=_about).scenes
    title = Scene(kind="hook", narration=title_hook(paper).text)
    return [*wanted[:-1], *more[:-1], title, wanted[-1]]


def _remarks(edited: Edited, left_out: int) -> list[str]:
    """What whoever orders the video is owed about how its script came to be."""
    found = []
    if edited.replaced:
        scenes = "One scene is" if edited.replaced == 1 else f"{edited.replaced} scenes are"
        found.append(
            f"{scenes} in the paper’s own words: Gemini’s did not stand up to the checks, or did not fit."
        )
    if edited.dropped:
        scenes = "One scene" if edited.dropped == 1 else f"{edited.dropped} scenes"
        found.append(f"{scenes} of Gemini’s did not stand up to the checks, and was left out.")
    if left_out:
        sections = "One section" if left_out == 1 else f"{left_out} sections"
        found.append(f"The paper is too long for Gemini: {sections} (the least telling) were not read.")
    return found
