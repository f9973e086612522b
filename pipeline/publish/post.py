"""The text to post beside the video, and the transcript."""

from __future__ import annotations

import re

from pipeline.model import Paper, Scene, Script

#: What Instagram takes, the least of the platforms these videos are made for (characters).
LONGEST_POST = 2_200

_COMMON = frozenset(
    "about above after again against among analysis approach based between cases clinical comparing effect "
    "effects evaluation evidence first from human impact into large model models novel other over paper patients "
    "report results review role small start studies study systematic their these through timed toward towards "
    "under upon using versus what when where which with within without".split()
)


def citation(paper: Paper) -> str:
    """The paper in one line, from its record alone: authors (year). Title. Journal. DOI link."""
    parts = []
    names = [author.name for author in paper.authors]
    who = f"{names[0]} et al." if len(names) > 3 else ", ".join(names)
    year = f"({paper.year})" if paper.year else ""
    if lead := " ".join(part for part in (who, year) if part):
        parts.append(lead if lead.endswith(".") else f"{lead}.")
    parts.append(paper.title if paper.title.endswith((".", "?", "!")) else f"{paper.title}.")
    if paper.journal:
        parts.append(f"{paper.journal.rstrip('.')}.")
    if paper.doi:
        parts.append(f"https://doi.org/{paper.doi}")
    elif paper.pmid:
        parts.append(f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}/")
    return " ".join(parts)


def hashtags(paper: Paper) -> str:
    """Up to three words of the title, in its order, and #science."""
    words = re.findall(r"[A-Za-z]{5,}", paper.title)
    topics = dict.fromkeys(word.lower() for word in words if word.lower() not in _COMMON)
    return " ".join(f"#{topic}" for topic in [*list(topics)[:3], "science"])


def post_text(paper: Paper, script: Script) -> str:
    """Hook, finding, what a reader is owed, citation, hashtags; at most `LONGEST_POST` characters."""
    hook = _first(script, "hook")
    finding = _first(script, "finding") or _first(script, "takeaway")
    lines = [scene.narration for scene in (hook, finding) if scene is not None]
    caveats = list(paper.notes)
    if paper.retracted:
        caveats.insert(0, "This paper has been retracted.")
    if paper.preprint:
        caveats.append("Preprint: not yet peer reviewed.")
    tail = [*caveats, citation(paper), "AI-made narration.", hashtags(paper)]
    room = LONGEST_POST - len("\n\n".join(tail)) - 2
    head = "\n\n".join(dict.fromkeys(lines))
    if len(head) > room:
        head = head[: max(0, room - 1)].rsplit(" ", 1)[0] + "…"
    return "\n\n".join([head, *tail])[:LONGEST_POST] + "\n"


def transcript(script: Script) -> str:
    """What is said, a paragraph a scene."""
    return "\n\n".join(scene.narration for scene in script.scenes) + "\n"


def _first(script: Script, kind: str) -> Scene | None:
    return next((scene for scene in script.scenes if scene.kind == kind), None)
