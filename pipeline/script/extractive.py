"""The embedded writer: the paper's own sentences, chosen, shortened and put in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import TooLittleTextError
from pipeline.model import LAST_TAIL, LEAD, TAIL, CardVisual, Claim, Paper, Scene, SceneKind, Script, Visual
from pipeline.providers import Brief
from pipeline.script.abbreviations import Definition, definitions, spell_out
from pipeline.script.casting import told_sentences
from pipeline.script.credits import LONGEST, credits_line
from pipeline.script.display import headline, number_shown
from pipeline.script.evidence import evidence
from pipeline.script.hook import Hook, choose_hook
from pipeline.script.keyphrases import Keyphrases
from pipeline.script.lines import speaker
from pipeline.script.salience import candidates
from pipeline.script.sentences import Sentence
from pipeline.script.story import Beat, best_story

#: How far the voice may be slowed or hastened to meet the length asked for.
SLOWEST, FASTEST = 0.93, 1.12
#: A pace above this is answered with less to say, at most so many times.
_COMFORTABLE, _ATTEMPTS = 1.08, 3


class ExtractiveWriter:
    """Writes offline, from the paper's sentences alone. Fails only on a paper without a sentence.

    Every claim's evidence is the untouched sentence that was told, and the definition of each
    abbreviation that was spelled out in it.
    """

    name = "extractive"
    version = "1"

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script:
        """A script of 6 to 9 scenes, fewer for a short video or a short paper, as long as `brief` asks.

        Raises `TooLittleTextError` when abstract and body hold no sentence that can be told.
        """
        told, known = told_sentences(paper), definitions(paper)
        found = candidates(paper, told, audience=brief.audience, known=known, speaking=speaker(paper))
        hook = choose_hook(paper, told, found, seconds=brief.seconds)
        phrases = Keyphrases(paper)
        ending = credits_line(paper, spoken_seconds, longest=min(LONGEST, brief.seconds * 0.16))
        source = Scene(kind="source", narration=ending, visual=CardVisual())
        spare = spoken_seconds(hook.text) + spoken_seconds(ending) + 2 * LEAD + TAIL + LAST_TAIL
        scenes: list[Scene] = []
        for _ in range(_ATTEMPTS):
            beats = best_story(
                found, hook=hook.line, seconds=brief.seconds - spare, spoken_seconds=spoken_seconds
            )
            if not beats:
                break
            scenes = [*_scenes(_parts(hook, beats), known, brief, phrases), source]
            pace = pace_of([spoken_seconds(scene.narration) for scene in scenes], brief.seconds)
            if pace <= _COMFORTABLE:
                break
            spare += brief.seconds * (pace - 1)  # what spelling out abbreviations has cost
        if not scenes:
            raise TooLittleTextError(
                "The paper holds no sentence that a narrator could say.",
                "Try the publisher's PDF or XML of the full text, or write the script by hand.",
            )
        return Script(
            scenes=tuple(scenes),
            audience=brief.audience,
            seconds=brief.seconds,
            pace=min(max(pace, SLOWEST), FASTEST),
            writer=f"{self.name} {self.version}",
        )


@dataclass(frozen=True)
class _Part:
    """What one sentence of the paper gives to the scene with number `scene`."""

    scene: int
    kind: SceneKind
    text: str
    said_in: Sentence | None


def _parts(hook: Hook, beats: Sequence[Beat]) -> list[_Part]:
    spoken = [
        _Part(scene, beat.kind, line.text, line.sentence)
        for scene, beat in enumerate(beats, start=1)
        for line in beat.lines
    ]
    return [_Part(0, "hook", hook.text, hook.said_in), *spoken]


def _scenes(
    parts: Sequence[_Part], known: Mapping[str, Definition], brief: Brief, phrases: Keyphrases
) -> list[Scene]:
    told = spell_out([part.text for part in parts], known, brief.audience)
    scenes: list[Scene] = []
    for number in range(parts[-1].scene + 1):
        here = [(part, *spelled) for part, spelled in zip(parts, told, strict=True) if part.scene == number]
        claims = tuple(
            Claim(text=text, evidence=(evidence(part.said_in), *(d.evidence for d in opened)))
            for part, text, opened in here
            if part.said_in
        )
        narration = " ".join(text for _, text, _ in here)
        kind = here[0][0].kind
        visual = visual_of(kind, here[0][1], phrases, [scene.visual for scene in scenes])
        scenes.append(Scene(kind=kind, narration=narration, claims=claims, visual=visual))
    return scenes


def visual_of(kind: SceneKind, text: str, phrases: Keyphrases, shown: list[Visual]) -> Visual:
    """A number, a short sentence, or a topic that no scene before it shows.

    What asserts something (a finding, a limitation, the takeaway) gets no topic in place of its statement:
    its card stays without words of its own, and shows the passage.
    """
    number = number_shown(text) if kind in ("finding", "method") else None
    if number is not None and number not in shown:
        return number
    besides = [
        visual.headline.lower() for visual in shown if isinstance(visual, CardVisual) and visual.headline
    ]
    return headline(text, phrases if kind in ("background", "method") else None, besides=besides)


def pace_of(spoken: Sequence[float], seconds: int) -> float:
    """The pace at which scenes of `spoken` seconds (at pace 1) last `seconds`."""
    available = seconds - len(spoken) * LEAD - (len(spoken) - 1) * TAIL - LAST_TAIL
    return round(sum(spoken) / max(available, 1.0), 3)
