"""Whether a stretch of words has a verb that makes it a statement."""

from __future__ import annotations

from pipeline.script.patterns import pattern

_FINITE = pattern(
    r"""
    \b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|do|does|did|became
    |found|led|made|gave|took|meant|grew|rose|fell|began|came|went|kept|held|knew|saw|said|lost|won
    |arose|arise|emerge|underwent|underlie|lie|lies|support|represent|contain|consist|constitute|occur
    |lack|seem|appear|need|contribute|help|offer|involve|converge|suffer|encode|exist|tend|belong|grow
    |live|know|hope|believe|produce|play|include|require|remain|show|suggest|provide|(?:remain|become
    |show|lead|make|give|take|mean|provide|suggest|include|require|cause|depend|follow|play|represent
    |contain|consist|occur|seem|appear|need|contribute|help|offer|involve|function|increase|decrease
    |reduce|improve|inhibit|enable|allow|explain|predict|support|affect|determine|form|bind|focus|focuse
    |aim|report|describe|present|discusse|serve|emerge|work|build|constrain|draw|encode|exist|indicate
    |exhibit|demonstrate|reveal|highlight|promote|regulate|control|drive|mediate|enhance|belong|produce
    |use|address|examine|investigate|explore|review|cover|compare|combine|incorporate|guide|facilitate
    |teache|target|range|differ|varie|relie|carrie|put|cost|account|reflect|constitute|extend)s|aims?
    |increased|decreased|showed|remained|resulted|suggested|revealed|demonstrated)\b
""",
    ignore_case=False,
)
_PAST = pattern(r"(?<=\s)[a-z]+ed\b", ignore_case=False)


def has_finite_verb(text: str, *, strictly: bool = False) -> bool:
    """Whether a known finite verb stands in `text`; unless `strictly`, any word in -ed counts as one."""
    return _FINITE.search(text) is not None or (not strictly and _PAST.search(text) is not None)
