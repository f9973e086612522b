"""What is wrong with a script of Gemini's, scene by scene, in sentences that it can mend it by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pipeline.model import Paper, Scene, Script
from pipeline.script.casting import cast, told_sentences
from pipeline.script.check import check
from pipeline.script.content_words import content_stems, says_the_same
from pipeline.script.gemini_wording import Wording, speaks_to_someone

#: Kinds that there is one of at most.
_SINGLE = ("hook", "background", "method", "limitation", "takeaway")
_MOST_FINDINGS = 4


class Review:
    """Looks through scripts of one paper.

    `told` are scenes of the embedded writer: the paper's own words, which need not be weighed against it.
    """

    def __init__(self, paper: Paper, told: Collection[Scene] = ()) -> None:
        self._paper = paper
        self._told = frozenset((scene.narration, scene.claims) for scene in told)
        self._wording = Wording(paper)
        confessions = (
            sentence.text
            for sentence, roles in cast(told_sentences(paper))
            if any(role == "limitation" for role, _ in roles)
        )
        self._confessed = " ".join(confessions)

    def faults(
        self, scenes: Sequence[Scene], missing: Mapping[int, Sequence[str]] | None = None
    ) -> dict[int, list[str]]:
        """For each scene (0-based) what is wrong with it, if anything; `missing` are quotes that are not there."""
        found: dict[int, list[str]] = {}
        for index, quotes in (missing or {}).items():
            found[index] = [
                f"Scene {index + 1} quotes what the paper does not hold: “{quote}”." for quote in quotes
            ]
        for finding in check(Script(scenes=tuple(scenes)), self._paper):
            if finding.scene is not None:
                found.setdefault(finding.scene, []).append(finding.sentence)
        for index, scene in enumerate(scenes):
            own = [*self._words(scene), *self._place(index, scenes)]
            if own:
                found.setdefault(index, []).extend(f"Scene {index + 1} {one}" for one in own)
        return {index: list(dict.fromkeys(said)) for index, said in sorted(found.items())}

    def _words(self, scene: Scene) -> list[str]:
        """What is wrong with the words."""
        if (scene.narration, scene.claims) not in self._told:
            return list(self._wording.faults(scene))
        quotes = [evidence.quote for claim in scene.claims for evidence in claim.evidence]
        spoken_to = scene.kind != "source" and any(map(speaks_to_someone, (scene.narration, *quotes)))
        return ["is no part of the paper's story."] if spoken_to else []

    def _place(self, index: int, scenes: Sequence[Scene]) -> list[str]:
        """What is wrong with its being where it is."""
        scene, before = scenes[index], scenes[:index]
        alike = sum(other.kind == scene.kind for other in before)
        if scene.kind in _SINGLE and alike:
            return [f"is a second {scene.kind}; there is one at most."]
        if scene.kind == "finding" and alike >= _MOST_FINDINGS:
            return [f"is one finding too many; {_MOST_FINDINGS} are the most."]
        if any(repeats(scene, other) for other in before):
            return ["says what another scene says."]
        if scene.kind == "limitation" and not self._is_stated(scene):
            return ["tells a limitation that the authors do not call one."]
        return []

    def _is_stated(self, scene: Scene) -> bool:
        """Whether a quote of the scene is of the sentences in which the authors state what limits their study."""
        there = " ".join(self._confessed.split())
        quotes = [" ".join(e.quote.split()) for claim in scene.claims for e in claim.evidence]
        return any(quote.rstrip(".") in there for quote in quotes)


def repeats(one: Scene, other: Scene) -> bool:
    """Whether a listener hears the same twice."""
    return "source" not in (one.kind, other.kind) and says_the_same(
        content_stems(one.narration), content_stems(other.narration)
    )
