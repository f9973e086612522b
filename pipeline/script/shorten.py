"""Sentences told without a clause that they can do without."""

from __future__ import annotations

import re

from pipeline.script.compress import Compressed, tidy
from pipeline.script.patterns import pattern
from pipeline.script.verbs import has_finite_verb

#: Words that turn or narrow what stands before them: a clause that holds one stays.
_QUALIFIES = pattern(
    r"""
    \b(?:not?|nor|never|none|neither|without|only|except|unless|although|though|whereas|but|however|if
    |until|unlike|this|these|those|limited|excluding|(?:non-?|in)significant\w*|small|weak|modest|slight
    |trend|preliminary|borderline|marginal\w*|mice|mouse|rats?|murine|animals?|in vitro|cell lines?)\b
    |n['’]t\b
    """
)
#: What stands before a relative clause and needs it, whatever the comma says.
_LEFT_OPEN = pattern(
    r"\b(?:no|not|none|never|neither|nor|few|fewer|little|lacks?|lacking|without|there|some|certain|several|many|any"
    r"|one|another|those)\b"
)
_SUBJECT = r"(?:the|an?|these|it|they|we|there|all|both|our|most|some|[A-Z]?[a-z]+s)\s(?:[\w’-]+\s){0,6}?"
_VERB = (
    r"(?:is|are|was|were|has|have|had|can|could|may|might|will|show(?:s|ed)?|increased|decreased|remained)\b"
)
#: (name, clause, whether it may hold numbers): the last clauses that a sentence can do without.
_TRAILING = (
    ("relative clause", pattern(r",\s(?:which|whose|where|thereby|thus|hence)\s[^,;:]*[.]$"), False),
    ("examples", pattern(r",\s(?:including|such as|for example|for instance|e\.g\.,?)\s[^;:]*[.]$"), True),
    (
        "participle",
        pattern(r",\s(?:allowing|making|leading to|resulting in|using|followed by)\s[^;:]*[.]$"),
        False,
    ),
    ("second statement", pattern(r";\s[^;]*[.]$"), True),
    ("second statement", pattern(rf",\sand\s{_SUBJECT}{_VERB}[^;]*[.]$"), True),
    (
        "second predicate",
        pattern(rf",\sand\s(?:(?:also|thus|therefore|hence|thereby|\w+ly)\s)?{_VERB}[^,;]*[.]$"),
        True,
    ),
    ("addition", pattern(r",?\sas well as\s[^;]*[.]$"), True),
    ("purpose", pattern(r",?\sin order to\s[^,;:]*[.]$"), False),
)
_LISTS = ("examples", "participle", "addition")
#: Openings that a sentence can do without; what is conceded ("Although …,") leaves the statement as it is.
_LEADING = (
    (
        "purpose",
        pattern(r"(?:In order )?to [a-z]+ [^,;:\d]{10,140},\s(?=(?:we|the (?:authors|researchers))\b)"),
    ),
    (
        "concession",
        pattern(
            r"""
            (?:Although|Though|While|Whereas)\s[^,;()]{20,},\s(?!(?:it|they|its|their|this|these|and|but
            |or|which|who|as|though)\b)(?=[^,;]+(?:\bis|\bare|\bwas|\bwere|\bhas|\bhave|\bremain\w*
            |\bshow\w*)\b)
        """
        ),
    ),
)


def shorten(compressed: Compressed) -> list[Compressed]:
    """Ever shorter forms of the sentence, each without one more clause that turns nothing of the rest."""
    forms: list[Compressed] = []
    current = compressed
    while len(forms) < 3:
        shorter = _less_by_a_clause(current)
        if shorter is None:
            return forms
        forms.append(shorter)
        current = shorter
    return forms


def _less_by_a_clause(compressed: Compressed) -> Compressed | None:
    text = compressed.text
    for name, clause, numbers_too in _TRAILING:
        match = clause.search(text)
        if match and name in _LISTS and re.search(_VERB, match[0]):
            continue  # the main verb stands behind the list
        if match and name.startswith("second") and not has_finite_verb(text[: match.start()], strictly=True):
            continue  # the last member of a list and its verb
        if match and name == "relative clause" and _LEFT_OPEN.search(text[: match.start()]):
            continue  # "there are no studies, which …": the clause says which ones
        if match and _may_go(match[0], text[: match.start()], numbers_too=numbers_too):
            return Compressed(tidy(text[: match.start()] + "."), (*compressed.edits, name))
    for name, opening in _LEADING:
        match = opening.match(text)
        rest = text[match.end() :] if match else ""
        if match and len(rest.split()) >= 8 and not _QUALIFIES.search(match[0].partition(" ")[2]):
            return Compressed(tidy(rest), (*compressed.edits, name))
    return None


def _may_go(clause: str, rest: str, *, numbers_too: bool) -> bool:
    """Whether `rest` still says the same of its subject, and is a sentence, when `clause` is gone."""
    balanced = (
        rest.count("(") == rest.count(")") and rest.count('"') % 2 == 0 and rest.count("“") == rest.count("”")
    )
    return (
        balanced
        and len(rest.split()) >= 8
        and (numbers_too or not re.search(r"\d", clause))
        and not _QUALIFIES.search(clause[1:])
    )
