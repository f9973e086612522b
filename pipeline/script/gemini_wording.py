"""What no narration may say, whoever wrote it: addresses, appeals, names, and words stronger than the paper's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.model import Paper, Scene
from pipeline.script.content_words import STOP_WORDS, stem
from pipeline.script.numbers import numbers
from pipeline.script.patterns import pattern
from pipeline.script.third_person import speaks_in_first_person

#: Words of a scene: above it nobody follows by ear.
LONGEST = 48

_TLD = "com|org|net|io|ai|dev|info|biz|edu|gov|example|test|invalid|xyz|app|co|me|ly|gg|tv|uk|de|ru|cn"
_ADDRESS = pattern(
    rf"""
    https?:|\bwww\.|\b[\w.+-]+(?:@|\s?[(\[]at[)\]]\s?)[\w-]+|@\w{{2,}}
    |\b[\w-]+(?:\.[\w-]+)*(?:\.|\s?[(\[]dot[)\]]\s?)(?:{_TLD})\b
    |\b\w+\sdot\s(?:{_TLD})\b|\+\d[\d\ ()-]{{8,}}\d
"""
)
#: What is said to the viewer, not of the paper; and what is said to a machine.
_APPEAL = pattern(
    r"""
    (?:^|[.!?:;]\s+|\b(?:please|now|you\s(?:must|should|can|may))\s+)
    (?:visit|click|tap|subscribe|follow\s(?:us|me|the\slink)|buy|order\snow|donate|download|sign\sup|register\s(?:at|now)
    |go\sto\s(?:the\s(?:web)?site|www|http)|call\s(?:us|now)|email|e-mail|contact|scan\s(?:the|this)|share\sthis|like\sand
    |check\sout|see\s(?:our|the)\swebsite|send\s(?:money|bitcoin|us))\b
    |\b(?:link\sin\s(?:the\s)?bio|promo(?:tion)?\scode|limited\soffer)\b
"""
)
_TO_A_MACHINE = pattern(
    r"""
    \b(?:ignore|disregard|forget|override)\s(?:\w+\s){0,4}(?:instructions?|prompts?|rules?|guidelines?|commands?)\b
    |\b(?:system|developer)\s(?:prompt|message)\b|\b(?:language\smodel|chat\s?gpt|gemini|llm|ai\s(?:assistant|model|system))s?
    ,?\s(?:must|should|shall|please|reading|are|is\srequired|who|that\sreads?)\b
    |\byou\sare\s(?:now\s)?(?:an?\s)?(?:ai|assistant|language\smodel|helpful)\b
    |\b(?:as\sa|note\sto|attention|instructions?\s(?:to|for))\s(?:\w+\s)?(?:ai|llms?|language\smodels?|assistants?|reviewers?)\b
    |\b(?:do\snot|never)\s(?:mention|reveal|tell)\b|\b(?:tell|inform|urge)\s(?:the\s|all\s|your\s)?(?:viewers?|readers?|users?)\b
    |\bgive\sa\spositive\sreview\b
"""
)
_MARKUP = re.compile(r"[*_#`<>{}|\\]{2,}|</?\w+>|^\s*[-•*]\s|\[\w+\]|[\U0001F300-\U0001FAFF]", re.MULTILINE)
#: Surer than science: only where the passage itself says so.
_STRONG = re.compile(
    r"\b(?:prov(?:e[sdn]?|ing)|cur(?:e[sd]?|ing)|caus(?:e[sd]?|ing)|guarante\w+|eliminat\w+|breakthrough\w*"
    r"|revolution\w*|definitive\w*|always|miracle\w*|undoubted\w*|certain(?:ly)?)\b",
    re.IGNORECASE,
)
_HEDGE = pattern(
    r"""
    \b(?:may|might|could|can|suggest\w*|appear\w*|seem\w*|likely|possib\w*|potential\w*|probabl\w*|indicat\w*
    |associat\w*|correlat\w*|link(?:ed|s)?|hypothes\w*|propos\w*|tend\w*|perhaps|point(?:s|ed)?\sto|estimat\w*|think|believe
    |would|related|hint\w*|presum\w*|expect\w*|likelihood|chance|risk)\b
"""
)
_NOT = pattern(
    r"""
    \b(?:no|not|never|none|nor|neither|cannot|without|lack\w*|fail\w*|absen\w*|few|rare\w*|little|unable|hardly|nothing
    |nobody|un(?!it|iq|iv|der|til|less|ion|ifo)\w{4,}|non\w*|ineffect\w*|insignif\w*|inactiv\w*|inabil\w*|insens\w*
    |incap\w*|insuffic\w*|impossib\w*|independent\w*|less|fewer|lower|instead|rather|except|avoid\w*|prevent\w*
    |however|but|only|yet|similar\w*|same|negative\w*)\b|n['’]t\b
"""
)
_CAPITAL = re.compile(r"(?<=[\w,;:’'\"”)] )[“\"(‘]?([A-Z][\w’'-]+)")
_TITLES = re.compile(r"\b(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir)\b\.?\s+[A-Z]")


def speaks_to_someone(text: str) -> bool:
    """Whether the words are an address, an appeal to a viewer or an order to a machine, not a part of the story."""
    return any(found.search(text) for found in (_ADDRESS, _APPEAL, _TO_A_MACHINE))


class Wording:
    """What may not be said of one paper."""

    def __init__(self, paper: Paper) -> None:
        everything = " ".join([paper.title, *(passage.text for passage in paper.passages())])
        self._words = {word.casefold() for word in re.findall(r"[^\W\d_]+", everything)}
        self._surnames = {author.surname.casefold() for author in paper.authors if len(author.surname) > 2}
        self._journal = (paper.journal or "").casefold()

    def faults(self, scene: Scene) -> Iterator[str]:
        """What is wrong with the words of a scene, each as in "Scene 3 …"; nothing for the last one, which is ours."""
        if scene.kind == "source":
            return
        said, quotes = scene.narration, [e.quote for claim in scene.claims for e in claim.evidence]
        for text in (said, *(claim.text for claim in scene.claims)):
            if speaks_to_someone(text):
                yield "holds an address, an appeal to the viewer or an instruction; a video about a paper has none."
                break
        if any(speaks_to_someone(quote) for quote in quotes):
            yield "quotes words of the paper that are no part of its story."
        if _MARKUP.search(said):
            yield "holds markup or signs that can't be read aloud."
        if len(said.split()) > LONGEST:
            yield f"has {len(said.split())} words; {LONGEST} are the most that can be followed."
        if speaks_in_first_person(said):
            yield "speaks in the first person; tell what the researchers did."
        if strangers := self._strangers(said, quotes):
            yield f"names {', '.join(strangers)}; name nobody and nothing that its passages don't."
        yield from _weight(scene, quotes)

    def _strangers(self, said: str, quotes: Sequence[str]) -> list[str]:
        """Names that the narration must not hold: of authors, of the journal, or that stand nowhere in the paper."""
        backed = {word.casefold() for quote in quotes for word in re.findall(r"[^\W\d_]+", quote)}
        found = (
            [self._journal]
            if self._journal and " " in self._journal and self._journal in said.casefold()
            else []
        )
        found += [match[0] for match in _TITLES.finditer(said)]
        for name in _CAPITAL.findall(said):
            parts = [part.casefold() for part in re.findall(r"[^\W\d_]+", name)]
            unknown = any(
                part not in self._words and part not in STOP_WORDS and len(part) > 1 for part in parts
            )
            if unknown or any(part in self._surnames and part not in backed for part in parts):
                found.append(name)
        return list(dict.fromkeys(found))


def _weight(scene: Scene, quotes: Sequence[str]) -> Iterator[str]:
    """Whether the scene is surer than its passages, or says the contrary."""
    if not quotes:
        return
    held = {stem(word) for quote in quotes for word in re.findall(r"\w+", quote)}
    strong = [match[0] for match in _STRONG.finditer(scene.narration) if stem(match[0]) not in held]
    if strong:
        yield f"is surer than its passages: they don't say “{strong[0]}”."
    if all(_HEDGE.search(quote) for quote in quotes) and not _HEDGE.search(scene.narration):
        yield "leaves out how unsure its passages are; keep their “may”, “suggests” or “associated”."
    if all(_plainly_not(quote) for quote in quotes) and not _NOT.search(scene.narration):
        yield "leaves out the “not” of its passages."
    if _plainly_not(scene.narration) and not any(_NOT.search(quote) for quote in quotes):
        yield "says “not” where its passages don't."
    for claim in scene.claims:
        backing = [number for one in claim.evidence for number in numbers(one.quote)]
        strange = [n.text for n in numbers(claim.text) if not any(n.equals(other) for other in backing)]
        if strange:
            yield f"claims {strange[0]}, which that claim's quotes don't."


_PLAINLY_NOT = re.compile(r"\b(?:no|not|never|none|nor|neither|cannot)\b|n['’]t\b", re.IGNORECASE)


def _plainly_not(text: str) -> bool:
    return _PLAINLY_NOT.search(text) is not None
