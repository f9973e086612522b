"""What a faithful model would write: it reads the paper out of the prompt, and quotes it to the letter."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from pipeline.model import Paper, Scene, Section
from pipeline.providers import Brief
from pipeline.script.extractive import ExtractiveWriter

_FENCE = re.compile(r"<<<PAPER (\w+)>>>\n(.*)\n<<<END \1>>>", re.DOTALL)
_WORDS = re.compile(r"with (\d+) words")
#: Words a second.
_RATE = 2.6


def paper_in(prompt: str) -> Paper | None:
    """The paper as the prompt tells it."""
    fence = _FENCE.search(prompt)
    if fence is None:
        return None
    title, sections = "", []
    abstract: tuple[str, ...] = ()
    for piece in re.split(r"\n\n(?=ABSTRACT\n|SECTION \(|CAPTION: )", fence[2]):
        head, _, body = piece.partition("\n")
        paragraphs = tuple(line for line in body.split("\n") if line.strip())
        if head == "TITLE":
            title = body
        elif head == "ABSTRACT":
            abstract = tuple(line for line in paragraphs if not re.fullmatch(r"\[[^\]]+\]", line))
        elif match := re.match(r"SECTION \((\w+)\): (.*)", head):
            sections.append(Section(title=match[2], kind=match[1], paragraphs=paragraphs))
    return Paper(title=title, abstract=abstract, sections=tuple(sections), source="file:prompt")


def drafted(scene: Scene) -> dict[str, Any]:
    """A scene as the schema has it."""
    claims = [{"text": c.text, "quotes": [e.quote for e in c.evidence]} for c in scene.claims]
    return {"kind": scene.kind, "narration": scene.narration, "claims": claims}


@cache
def script_for(prompt: str) -> str:
    """The JSON of a script in the paper's own words, about as long as the prompt asks; "{}" where it holds no paper."""
    paper, words = paper_in(prompt), _WORDS.search(prompt)
    if paper is None or words is None:
        return "{}"
    seconds = min(max(round(int(words[1]) / _RATE) + 14, 30), 120)
    script = ExtractiveWriter().write(
        paper, Brief(seconds, "public"), spoken_seconds=lambda text: len(text.split()) / _RATE
    )
    return json.dumps({"scenes": [drafted(scene) for scene in script.scenes if scene.kind != "source"]})
