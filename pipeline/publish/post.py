"""The text to post beside the video, and the transcript."""

from __future__ import annotations

import re

from pipeline.citation import journal, link, writers, year
from pipeline.model import Paper, Script

#: What Instagram takes, the least of the platforms these videos are made for (characters).
LONGEST_POST = 2_200

_COMMON = frozenset(
    "about above across after again against among amongst analysis another approach based before being below "
    "between beyond cases clinical could during effect effects either evaluation evidence every first from "
    "human impact insights itself large model models never novel often other others paper patients perspective "
    "report reports results review role several should since small start still studies study systematic their "
    "themselves there these those though through timed toward towards under unique until update upon using "
    "various versus very what when where whether which while whose with within without would "
    "comparing comparison different early general improving increase investigating investigation "
    "understanding assessing assessment exploring revealing".split()
)
_ADVERB_OR_PARTICIPLE = re.compile(r".+(?:ly|[^e]ed)")
#: What the authors did, as opposed to what came of it.
_PROCEDURE = re.compile(
    r"\b(?:(?:researchers?|authors?|we) (?:\w+ly )?|(?:was|were) (?:\w+ly )?)"
    r"(?:analy[sz]ed|applied|asked|assessed|carried out|collected|compared|conducted|considered|described?|"
    r"discuss(?:ed)?|enrolled|evaluated|examined?|explored?|focus(?:ed)?|included|investigated?|measured|obtained|performed"
    r"|present(?:ed)?|recorded|recruited|review(?:ed)?|sampled|selected|studied|study|tested|treated|used?)\b"
)
_OUTCOME = re.compile(
    r"\b(?:than|increase[ds]?|decrease[ds]?|reduced|improved|associated|correlated|significant(?:ly)?"
    r"|higher|lower|better|worse|showed|shown|found|revealed)\b|%"
)


def citation(paper: Paper) -> str:
    """The paper in one line, from its record alone: authors (year). Title. Journal. DOI link."""
    when = f"({year(paper)})" if paper.year else ""
    lead = " ".join(part for part in (writers(paper, 3), when) if part)
    sentences = (_ended(part) for part in (lead, paper.title, journal(paper)) if part)
    return " ".join([*sentences, link(paper)]).strip()


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def hashtags(paper: Paper) -> str:
    """Up to three words of the title, in its order, and #science."""
    words = (word.lower() for word in re.findall(r"[^\W\d_]{5,}", paper.title))
    topics = dict.fromkeys(
        word for word in words if word not in _COMMON and not _ADVERB_OR_PARTICIPLE.fullmatch(word)
    )
    return " ".join(f"#{topic}" for topic in [*list(topics)[:3], "science"])


def post_text(paper: Paper, script: Script) -> str:
    """Hook, finding, what a reader is owed, citation, hashtags; at most `LONGEST_POST` characters.

    What does not fit is taken from hook and finding, then from the paper's notes; the rest stays whole.
    """
    standing = [
        *(["This paper has been retracted."] if paper.retracted else []),
        *(["Preprint: not yet peer reviewed."] if paper.preprint else []),
    ]
    ending = [citation(paper), "AI-made narration.", hashtags(paper)]
    room = LONGEST_POST - len("\n\n".join(["", *standing, *ending])) - len("\n")
    notes = _shortened("\n\n".join(paper.notes), room)
    room -= len(f"\n\n{notes}") if notes else 0
    story = _shortened("\n\n".join(dict.fromkeys((*_first(script, "hook"), *_finding(script)))), room)
    return "\n\n".join(part for part in (story, *standing, notes, *ending) if part) + "\n"


def _shortened(text: str, longest: int) -> str:
    """`text` in at most `longest` characters, cut between words."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rsplit(maxsplit=1)[0]}…" if longest > 1 else ""


def _finding(script: Script) -> list[str]:
    """The first finding that tells an outcome and not only what was done; else the first, or a takeaway."""
    findings = [scene.narration for scene in script.scenes if scene.kind == "finding"]
    outcomes = [text for text in findings if _OUTCOME.search(text) or not _PROCEDURE.search(text)]
    return (outcomes or findings or _first(script, "takeaway"))[:1]


def _first(script: Script, kind: str) -> list[str]:
    return [scene.narration for scene in script.scenes if scene.kind == kind][:1]


def transcript(script: Script) -> str:
    """What is said, a paragraph a scene."""
    return "\n\n".join(scene.narration for scene in script.scenes) + "\n"
