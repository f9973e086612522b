"""The script in the thread: what is said, and which passages of the paper each scene rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bots.cards import buttons
from bots.cards.card import (
    Block,
    Buttons,
    Card,
    Paragraph,
    Quote,
    Rich,
    Small,
    Title,
    bold,
    italic,
    person,
    plain,
)
from bots.cards.job import View
from bots.cards.wording import count, is_abstract_only, kind_of, money, place_of, title_of, upon
from pipeline.model import LAST_TAIL, LEAD, TAIL, Evidence, Finding, Paper, Scene, Script
from storage.records import Job

#: A card of the script holds at most so many characters: a message of any platform takes it, markup and all.
LONGEST: Final = 3_000
#: Seconds that a word takes at the voice's own pace, on average.
_A_WORD: Final = 0.355


def script_cards(view: View, script: Script, paper: Paper, findings: Sequence[Finding]) -> list[Card]:
    """The script with its evidence, scene by scene, in as many cards as it takes. No scene is torn apart.

    `paper` tells which passages have pages; `findings` stand beneath the scene that they are about.
    """
    told = [
        tuple(_scene(number, scene, [one for one in findings if one.scene == number]))
        for number, scene in enumerate(script.scenes)
    ]
    parts = _packed(told)
    general = [Small(spans=(plain(f"⚠ {one.sentence}"),)) for one in findings if one.scene is None]
    cards = []
    for number, part in enumerate(parts, 1):
        which = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        head = Title(text=f"The script{which}")
        lead = Small(spans=(plain(_lead(script, paper)),))
        body = (head, *([lead] if number == 1 else []), *part, *(general if number == len(parts) else []))
        cards.append(Card(text=f"The script of “{title_of(view.job)}”{which}", blocks=body))
    return cards


def _lead(script: Script, paper: Paper) -> str:
    read = "the abstract" if paper.abstract_only else "the paper"
    return f"{count(len(script.scenes), 'scene')}. Under each, the passages of {read} that it rests on."


def _scene(number: int, scene: Scene, findings: Sequence[Finding]) -> Iterator[Block]:
    head = bold(f"{number + 1}  {kind_of(scene).capitalize()}")
    yield Paragraph(spans=(head, plain(f"\n{scene.narration}")))
    quotes = dict.fromkeys(evidence for claim in scene.claims for evidence in claim.evidence)
    for evidence in quotes:
        yield Quote(spans=_quoted(evidence, scene))
    for finding in findings:
        yield Small(spans=(plain(f"⚠ {finding.sentence}"),))


def _quoted(evidence: Evidence, scene: Scene) -> Rich:
    """The passage and where it stands; only where, if the scene says it word for word."""
    place = place_of(evidence)
    if " ".join(evidence.quote.split()) == " ".join(scene.narration.split()):
        return (italic(f"Word for word: {place}"),)
    return (plain(f"“{evidence.quote}”\n"), italic(place))


def _packed(scenes: Sequence[tuple[Block, ...]]) -> list[tuple[Block, ...]]:
    parts: list[tuple[Block, ...]] = []
    filled = 0
    for blocks in scenes:
        size = sum(_size(block) for block in blocks)
        if parts and filled + size <= LONGEST:
            parts[-1] = (*parts[-1], *blocks)
            filled += size
        else:
            parts.append(blocks)
            filled = size
    return parts


def _size(block: Block) -> int:
    spans = block.spans if isinstance(block, (Paragraph, Quote, Small)) else ()
    return sum(len(span.text) for span in spans)


def approval_card(view: View, script: Script, cents: int) -> Card:
    """Asks its requester, who is mentioned, whether the video is made from this script. `cents`: the estimate."""
    job = view.job
    cost = f"The video may cost up to {money(cents)}." if cents else "The video costs nothing."
    length = f"{count(len(script.scenes), 'scene')}, about {_seconds(script)} s."
    spans: Rich = (
        person(job.requester.user, job.requester.name),
        bold(" The script is ready. Shall the video be made?"),
        plain(f"\n{length} {cost}"),
    )
    blocks: list[Block] = [Paragraph(spans=spans)]
    if is_abstract_only(job.paper):
        blocks.append(Small(spans=(plain(_ABSTRACT_ONLY),)))
    row = (
        *buttons.approvals(job, view.script),
        *([buttons.attach(job)] if is_abstract_only(job.paper) else []),
    )
    blocks += [Buttons(buttons=row), Small(spans=_after(view))]
    return Card(
        text=f"The script of “{title_of(job)}” waits for your approval.", blocks=tuple(blocks), tone="asks"
    )


_ABSTRACT_ONLY: Final = (
    "Only the abstract is free to read, so the script is told from it. With the PDF it can tell more: "
    "attach it, and this job goes on with it."
)


def answered_card(job: Job, sentence: str) -> Card:
    """What the question becomes once somebody answered it: no buttons, and what was said."""
    text = f"The script of “{title_of(job)}”: {sentence}"
    return Card(text=text, blocks=(Paragraph(spans=(plain(sentence),)),))


def _after(view: View) -> Rich:
    waiting = view.job.waiting
    if waiting is None or waiting.until is None:
        return (plain("Shorter writes it anew, a fifth shorter."),)
    until = upon(waiting.until, view.now)
    return (
        plain("Shorter writes it anew, a fifth shorter. If nobody answers by "),
        until,
        plain(", it is cancelled."),
    )


def _seconds(script: Script) -> int:
    """How long the script is when spoken, to 5 seconds."""
    words = sum(len(scene.narration.split()) for scene in script.scenes)
    silence = len(script.scenes) * (LEAD + TAIL) + LAST_TAIL - TAIL
    return max(round((words * _A_WORD / script.pace + silence) / 5) * 5, 5)
