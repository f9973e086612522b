"""The authors' "we" told by somebody else."""

from __future__ import annotations

import re

from pipeline.script.patterns import pattern

#: What authors say they do: after "we", it is them and not mankind.
_ACTS = """
    show find found report propose present demonstrate describe discuss review use apply conclude suggest
    argue provide introduce develop explore examine investigate study observe identify analyse analyze
    compare estimate hypothesize hypothesise assess evaluate test measure focus highlight address aim
    built build chose choose take took saw gave give ran run made make did began begin sought seek set
    drew draw think thought believe expect infer derive recommend assume speculate interpret outline
    summarize summarise consider note emphasize combine extend illustrate obtain perform offer call reveal
    confirm characterize characterise establish were was had do could grew left kept held put wrote
    undertook simulate model compute calculate reason claim contend hope detail discover adopt employ
    define denote include postulate
"""
#: What they did, beside the past of the above.
_DID = """
    acquired added administered adjusted analysed asked assayed assigned attempted calibrated captured
    chosen cloned coded collected conducted confirmed constructed controlled corrected correlated counted
    created cultured defined designed detected determined devised digested discussed enrolled exposed
    extracted fed fitted fixed followed generated grouped harvested implemented imaged immunized incubated
    included infected injected interviewed invited isolated knocked labelled labeled localized mapped
    matched mated mixed modelled modeled monitored mutated normalized noticed obtained optimized planted
    plotted predicted prepared processed profiled purified quantified randomized recorded recruited
    removed repeated replaced replicated resolved restricted reviewed sampled scanned scored screened
    searched selected sequenced solved sorted stained stimulated subjected surveyed synthesized tracked
    trained transfected transformed treated tried validated varied verified visited visualized weighed
    employed divided postulated categorized delineated prioritized failed reformulated segmented retrieved
    adapted
"""


def _past(verb: str) -> str:
    return f"{verb}d" if verb.endswith("e") else f"{verb[:-1]}ied" if verb.endswith("y") else f"{verb}ed"


_DEEDS = frozenset(_ACTS.split())
_PAST_DEEDS = frozenset((*_DID.split(), *(_past(verb) for verb in _ACTS.split())))
_ADVERB = (
    r"(?:also|then|further|furthermore|next|here|first|therefore|thus|hence|now|not|did not|do not"
    r"|have|have also|\w+ly)"
)
_WE = re.compile(rf"\b(?P<we>[Ww]e)\s(?P<adverbs>(?:{_ADVERB}\s)*)(?P<verb>[a-z]+)\b")
_WORKS = r"(?:study|review|paper|work|article|report|survey|trial|case|research|tutorial|course)"
_RESULTS = (
    r"(?:\w+\s)?(?:studies|results?|findings?|data|analys[ei]s|observations?|experiments?|conclusions?"
    r"|hypothes[ie]s)"
)
_OUR_WORK = re.compile(rf"\b(?P<our>[Oo])ur\s(?P<noun>{_WORKS})\b")
_OUR_RESULTS = re.compile(rf"\bour\s(?P<noun>{_RESULTS})\b")
_OUR_RESULTS_FIRST = re.compile(rf"^Our\s(?P<noun>{_RESULTS})\b")
_OUR_OWN = pattern(
    r"""
    \bour\s(?P<noun>(?:[\w-]+\s){0,3}(?:models?|approach|methods?|samples?|cohort|framework|estimates?
    |measurements?|simulations?|theory|predictions?|knowledge|hospital|laborator(?:y|ies)|group|lessons?
    |software|package|protocol|interpretation|aim|goal|objective|patients?|design|view|opinion
    |target audience|country))\b
"""
)
#: "I" as a person, not as a numeral ("type I collagen") or an initial.
_I = re.compile(
    r"(?<![Tt]ype )(?<![Cc]lass )(?<![Pp]hase )(?<![Gg]roup )(?<![Ss]tage )(?<![Gg]rade )(?<![Pp]art )"
    r"(?<![Cc]omplex )(?<![Ll]evel )"
    r"\bI(?:\s(?=[a-z])|['’](?:m|ve|d|ll)\b)|\b(?:[Mm]y|[Mm]e|[Mm]yself)\b(?![.-])"
)
_WE_ALL = re.compile(r"\b(?:[Ww]e|us|[Oo]urs?|[Oo]urselves)\b(?![.-])")


def third_person(text: str, *, by: str, alone: bool = False) -> str:
    """`text` with "we found" as "`by` found" and "our results" as "the results"; mankind's "we" stays.

    `by` is "the researchers" or the like. With `alone` it is one person, and only verbs whose form does
    not change with the number are carried over.
    """
    text = _WE.sub(lambda match: _deed(match, by, alone=alone), text)
    text = _OUR_WORK.sub(lambda match: f"{'T' if match['our'] == 'O' else 't'}his {match['noun']}", text)
    text = _OUR_RESULTS_FIRST.sub(r"The \g<noun>", text)
    text = _OUR_RESULTS.sub(r"the paper’s \g<noun>", text)
    owner = f"{by}’s" if alone else f"{by}’"
    text = _OUR_OWN.sub(lambda match: f"{_cased(owner, match[0])} {match['noun']}", text)
    return re.sub(r"\b(allow(?:s|ed)?|enable[sd]?|le[at]d|let|help(?:s|ed)?)\sus\b", rf"\1 {by}", text)


def _deed(match: re.Match[str], by: str, *, alone: bool) -> str:
    verb, adverbs = match["verb"], match["adverbs"]
    if verb not in _PAST_DEEDS and (alone or verb not in _DEEDS):
        return match[0]
    if alone and ("have" in adverbs or "do not" in adverbs):
        return match[0]
    return f"{_cased(by, match['we'])} {adverbs}{verb}"


def _cased(words: str, like: str) -> str:
    return words[0].upper() + words[1:] if like[0].isupper() else words


def speaks_in_first_person(text: str) -> bool:
    """Whether "we", "our", "I" or the like is left in `text`."""
    return _WE_ALL.search(text) is not None or speaks_alone(text)


def speaks_alone(text: str) -> bool:
    """Whether "I", "my" or "me" is in `text`."""
    return _I.search(text) is not None
