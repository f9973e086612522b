"""The abbreviations that a paper defines, found the way of Schwartz and Hearst (2003)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Audience, Evidence, Paper
from pipeline.script.evidence import quote

#: Known to everybody by their letters alone; spelling them out helps nobody.
_KNOWN = "DNA RNA mRNA HIV AIDS COVID-19 COVID UV US USA UK EU UN TV CT pH GPS PhD IQ"
HOUSEHOLD = frozenset(_KNOWN.split())

#: What may hang on an abbreviation that is spelled out ("LASV-mediated").
_JOINED = (
    "mediated|dependent|positive|negative|induced|producing|based|treated|specific|infected|deficient|free"
)
#: Signs of a long form that can be said again and again.
_SHORT_ENOUGH = 30

#: Signs before a bracket in which a long form is looked for.
_REACH = 200
_INSIDE = re.compile(r"\((?P<inside>[^()]{2,80})\)")
_SHORT = re.compile(r"[A-Za-zΑ-Ωα-ω][\w/&+-]{1,9}")


@dataclass(frozen=True)
class Definition:
    """`long` is what `short` stands for; `evidence` is the place where the paper says so."""

    short: str
    long: str
    evidence: Evidence


def definitions(paper: Paper) -> dict[str, Definition]:
    """Every abbreviation of the paper by its short form; the first definition of each counts."""
    found: dict[str, Definition] = {}
    passages = list(paper.passages())
    everything = " ".join(passage.text for passage in passages)
    for passage in passages:
        text = " ".join(passage.text.split())
        for match in _INSIDE.finditer(text):
            before = re.split(r"[()\[\]]", text[max(0, match.start() - _REACH) : match.start()])[-1]
            pair = _pair(before, re.split(r"[;,]", match["inside"])[0].strip(), match["inside"])
            if pair is None or pair[0] in found:
                continue
            short, long, start = pair
            words = text[match.start() - len(before) + start : match.end()]
            found[short] = Definition(short, _as_inside_a_sentence(long, everything), quote(words, passage))
    return found


def _pair(before: str, short: str, inside: str) -> tuple[str, str, int] | None:
    """(short, long, where in `before` the quote starts) of "long (SHORT)" or "SHORT (long)", or `None`."""
    if _is_short(short):
        long = _long_form(before, short)
        return (short, long, before.rindex(long)) if long else None
    last = before.rsplit(maxsplit=1)[-1] if before.strip() else ""
    if inside == short and _is_short(last) and " " in short and _long_form(short, last) == short:
        return last, short, before.rindex(last)
    return None


def _is_short(text: str) -> bool:
    """2 to 10 signs without a blank, a letter to begin, and at least two capitals."""
    if not _SHORT.fullmatch(text) or re.fullmatch(r"(?i)figs?|tables?|ref|eq|vol|[ivx]+", text):
        return False
    return sum(letter.isupper() for letter in text) >= 2 or _is_binomial(text)


def _is_binomial(text: str) -> bool:
    """Whether it looks like the initials of a species (Cl for Curcuma longa)."""
    return len(text) == 2 and text.istitle() and text not in ("No", "St", "Dr", "vs")


def _long_form(before: str, short: str) -> str | None:
    """The fewest last words of `before` that hold the letters of `short` in order, initials before others."""
    letters = [sign.lower() for sign in short if sign.isalnum()]
    if short.endswith("s") and len(letters) > 2 and short[:-1].isupper():
        letters = letters[:-1]
    if len(letters) > 2 and letters[-1] == "x":  # TBBX: the x of biopsy and treatment stands for no letter
        letters = letters[:-1]
    words = before.split()
    limit = min(len(letters) + 5, len(letters) * 2, len(words))
    candidates = [" ".join(words[-count:]).strip("“”\"', ") for count in range(1, limit + 1)]
    initials = [text for text in candidates if _initials(text) == letters]
    fitting = (
        text
        for text in ([*initials] if _is_binomial(short) else [*initials, *candidates])
        if _holds(text, letters) and _is_phrase(text, short)
    )
    return next(fitting, None)


def _initials(text: str) -> list[str]:
    return [word[0].lower() for word in re.split(r"[\s-]", text) if word]


def _holds(candidate: str, letters: Sequence[str]) -> bool:
    text = candidate.lower().lstrip("0123456789,-′'")  # 1-aminocyclopropane
    position = len(text)
    if not text or text[0] != letters[0]:
        return False
    for letter in reversed(letters[1:]):
        position = text.rfind(letter, 1, position)
        if position < 0:
            return False
    return True


def _is_phrase(candidate: str, short: str) -> bool:
    """Whether the words can be a long form: longer than the short one, without it, and one phrase."""
    words = candidate.split()
    return (
        len(candidate) > len(short) + 1
        and short not in candidate
        and not re.search(r"[.;:!?]\s|,", candidate)
        and words[0].lower() not in {"a", "an", "the", "and", "or", "of", "in", "for", "to", "by", "with"}
    )


def _as_inside_a_sentence(long: str, everything: str) -> str:
    """`long` with a small first letter when the paper writes it so anywhere."""
    small = long[0].lower() + long[1:]
    return small if long[0].isupper() and re.search(rf"\b{re.escape(small)}", everything) else long


def spell_out(
    texts: Sequence[str], known: Mapping[str, Definition], audience: Audience
) -> list[tuple[str, tuple[Definition, ...]]]:
    """The texts, told in this order, with abbreviations as the audience needs them, and which were opened.

    public: long forms of up to three words always, longer ones at the first mention; student: at the first
    mention; peer: only where the text itself did. A short form follows in brackets when it comes again.
    """
    folded = [_fold(text, known) for text in texts]
    result = []
    introduced: set[str] = set()
    for index, (told, defined_here) in enumerate(folded):
        text, opened = told, list[Definition]()
        for short, definition in known.items():
            mention = _mention(short)
            if short in HOUSEHOLD or not mention.search(text):
                continue
            wanted = audience != "peer" or short in defined_here
            always = (
                audience == "public"
                and len(definition.long.split()) <= 3
                and len(definition.long) <= _SHORT_ENOUGH
            )
            if not wanted or (short in introduced and not always):
                continue
            later = " ".join(text for text, _ in folded[index + 1 :])
            again = len(mention.findall(text)) > 1 or mention.search(later) is not None
            text = _open(text, mention, definition, every=always, keep_short=again and not always)
            introduced.add(short)
            opened.append(definition)
        result.append((text, tuple(opened)))
    return result


def _mention(short: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w/-])(?P<article>[Aa]n? )?{re.escape(short)}(?P<plural>s)?(?![\w/]|-(?!(?:{_JOINED})\b)\w)"
    )


def _fold(text: str, known: Mapping[str, Definition]) -> tuple[str, frozenset[str]]:
    """`text` with each "long (SHORT)" and "SHORT (long)" as SHORT alone, and which those were."""
    defined = set()
    for short, definition in known.items():
        if short not in text:
            continue
        long, brief = re.escape(definition.long), re.escape(short)
        text, count = re.subn(rf"(?i:{long})\s?\({brief}\)|(?<!\w){brief}\s?\((?i:{long})\)", short, text)
        text = re.sub(rf"(?<=\w)\s?\({brief}\)", "", text)  # defined in other words than the paper's first
        if count:
            defined.add(short)
    return text, frozenset(defined)


def _open(
    text: str, mention: re.Pattern[str], definition: Definition, *, every: bool, keep_short: bool
) -> str:
    def opened(match: re.Match[str]) -> str:
        long = definition.long
        if match["plural"] and not long.endswith("s"):
            long += "s"
        if keep_short:
            long += f" ({definition.short}{match['plural'] or ''})"
        if match["article"]:
            article = "an" if long[0].lower() in "aeiou" else "a"
            long = f"{article.capitalize() if match['article'][0] == 'A' else article} {long}"
        return long[0].upper() + long[1:] if match.start() == 0 else long

    return mention.sub(opened, text, count=0 if every else 1)
