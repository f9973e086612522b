"""Whether a figure was taken from elsewhere, read from the words of its caption or credit."""

from __future__ import annotations

import re

#: A name, as a reference begins with it: "Smith", "van der Berg".
_NAME = r"(?:(?:d[aeio]s?|del|l[ae]|v[ao]n|de[nr]|ter)\s)*[A-Z][\w'’-]+"
#: What is cited: "[12]", "ref. 12", "Smith et al.", "Smith and Hill (2010)".
_CITED = (
    r"(?:\[\s?\d|\(\s?\d{1,3}\s?[),]|[⁰¹²³⁴-⁹]|(?i:ref(?:s\.?|\.|erences?)?\s*[\[(]?\d)"
    rf"|{_NAME}[^.:;]{{0,60}}?(?:\bet al\b|[,(\[]\s?(?:1[89]|20)\d\d|\s?\[\d))"
)
_REFERENCE = rf"(?:{_CITED}|{_NAME}\s(?:1[89]|20)\d\d)"
#: Where a work is found that is not cited as one.
_WORK = r"(?i:(?:the|an?)\s(?:[\w-]+\s)?(?:paper|article|publication|book|atlas|website|web\s?page)|https?:|www\.)"
_PICTURE = r"(?i:image|photo(?:graph)?|picture|figure|fig\.|illustration|drawing|diagram|schem(?:e|atic)|artwork|map)"
#: Whose permission is one to show a person or a place; the picture may still be the authors' own.
_PERSON = (
    r"(?:patient|parent|famil|participant|guardian|subject|volunteer|relative|individual|child|mother|father"
    r"|land|ethic)"
)
_PERMISSION = (
    rf"(?i:\b(?:with|by|under)\s(?:(?!{_PERSON})[\w'’]+\s){{0,4}}permissions?\b"
    rf"(?!\s(?:of|from|by)\s(?:(?:the|both|all|h[ie][sr]|their|local)\s)*{_PERSON}))"
)
_SIGNS = (
    r"(?i:\b(?:reproduced|reprinted|republished|reused|re-used|adapted|modified|redrawn|excerpted)\b"
    r"(?:,?\s(?:and|or)\s\w+)?(?:,?\s(?:in\spart|here|under|with\sth|with\spermi)[^.;]{0,80}?)?,?\sfrom\b)",
    rf"(?i:\b(?:re-?drawn|drawn|adapted|modified|reproduced)\s)after\s{_REFERENCE}",
    _PERMISSION,
    r"(?i:\bpermissions?\s(?:(?:was|were|has\sbeen)\s)?(?:granted|obtained|received)\s(?:by|from)\s"
    rf"(?!(?:the\s)?{_PERSON}))",
    r"(?i:\bcourtesy\b)",
    rf"\b{_PICTURE}(?i:s?\s(?:credits?|sources?)\b|s?\scopyright\b)",
    r"(?:^|[.;(]\s?)(?i:credits?)\s?:",
    r"\b(?i:photo(?:graph)?s?)(?:\s(?i:taken\s)?(?i:by)|:)\s[A-Z]",
    rf"\b{_PICTURE}s?(?:\s(?i:by)|:)\s[A-Z](?:[\w'’-]+|\.)(?:\s?[A-Z]\.)*\s[A-Z][a-z]",
    r"(?i:(?:©|\bcopyright\b)(?!(?:\s|©|\(c\)|:|(?:19|20)\d\d|,|\bby\b|\bthe\b)*authors?\b))",
    r"(?i:\bnot\s(?:covered\sby|included\s(?:in|under))\s(?:the|this)\s(?:[\w-]+\s){0,4}licen[cs]e)",
    rf"(?:^|[.;(:]\s?)(?:[Aa]fter|[Ff]rom|(?i:source:))\s{_CITED}",
    r"(?i:\b(?:reprodu[zc]id|adaptad|modificad|redesenhad|tomad|extra[ií]d|retirad)[oa]s?"
    r"\s(?:de|do|da|del|dos|das)\b)",
    r"(?i:\bco[mn]\s(?:(?:la|a)\s)?(?:permiss[aã]o|permiso|autoriza[cç]i?[aã]o|autorizaci[oó]n)\b"
    r"|\bcortes[ií]a\s)",
    r"(?i:\bd['’]après\s|\badaptée?s?\sde\b|\bavec\s(?:l['’]aimable\s)?(?:permission|autorisation)\b)",
    r"(?i:\bmit\s(?:freundlicher\s)?genehmigung\b|\b(?:modifiziert|verändert)\snach\b)",
)
_FROM_ELSEWHERE = re.compile("|".join(_SIGNS))
#: "Taken from" is said of samples too: the clause must name a picture, or nothing at all.
_TAKEN = re.compile(
    rf"(?:(?:^|[.;:(]\s?)(?i:(?:is|was|and|\s)*)|\b{_PICTURE}s?\b[^.;:]{{0,60}}?\s)"
    rf"(?i:taken\sfrom)\s(?:{_REFERENCE}|{_WORK})"
)


def third_party(text: str) -> bool:
    """Whether the words say that someone else holds the rights in a figure: the paper's licence leaves it out.

    In doubt it is true: a figure that is missed costs less than one that is shown without right.
    """
    words = " ".join(text.split())
    return (_FROM_ELSEWHERE.search(words) or _TAKEN.search(words)) is not None
