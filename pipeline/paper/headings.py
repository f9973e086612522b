"""What a section's heading says about its part in the paper."""

from __future__ import annotations

import re

from pipeline.model import SectionKind

_NUMBER = re.compile(
    r"^(?:(?:section|part)\s+)?(?:\d+(?:\.\d+)*|[IVX]+(?=[.):\s])|[A-Z](?=[.)]))[.):|\s]*", re.I
)

#: Tried in order on the lower-cased heading without its number. A heading that names two kinds has
#: that of the first ("Results and discussion" is results).
_KINDS: tuple[tuple[SectionKind, re.Pattern[str]], ...] = (
    (
        "methods",
        re.compile(
            r"(background and )?(materials?|patients?|participants|subjects|animals|samples?|data|samplings?)"
            r" ?(and|&|,) ?[\w ]*methods?\b"
            r"|(star[ ★]*|online |study |statistical |research |general |our )?(methods?|methodology|methodologies)\b"
            r"|experimental( (procedures?|section|methods?|design|setup|details))?$|study (design|population|area|protocol)\b"
            r"|(data|statistical) analys[ei]s$|m[eé]todos?\b|metodolog[ií]a|procedimentos metodol[oó]gicos"
            r"|materia(l|is|les|l es)? (e|y) m[eé]todos"
        ),
    ),
    (
        "introduction",
        re.compile(
            r"(general )?introduction\b|background\b|introdu[cç][aã]o\b|introducci[oó]n\b|introduccion\b|statement of need\b"
            r"|(aims?|objectives?|rationale)( of the (study|paper))?$|antecedentes\b|literature review$"
        ),
    ),
    (
        "results",
        re.compile(
            r"(main |key |experimental |principal |numerical |simulation )?(results?|findings)\b|resultados?\b"
            r"|case (presentation|reports?|description|study)$|relato (do|de) caso|presentaci[oó]n del caso"
        ),
    ),
    (
        "discussion",
        re.compile(
            r"(general |overall )?(discussions?|conclusions?|conclusiones)\b|concluding remarks\b|summary\b|perspectives\b"
            r"|discuss[aãoõ]+(es)?\b|discusi[oó]n(es)?\b|conclus(ões|iones|ão|ao|ión|oes)\b|considera[cç](ões|oes|iones) finai?s\b"
            r"|consideraciones finales\b|final (remarks|considerations|thoughts)\b|outlook$"
            r"|((strengths|study) and )?(study )?limitations\b|limitações\b|limitaciones\b|future (work|directions)\b"
        ),
    ),
)

_BACK_MATTER = re.compile(
    r"(references?( and notes)?( cited)?|bibliography|literature cited|works cited|refer[eê]ncias|referencias|bibliograf[ií]a"
    r"|acknowledge?ments?|agradecimentos|agradecimientos|funding|financial (support|disclosures?)|grant support"
    r"|(declarations? of )?(potential )?(conflicts?|declarations?) of (competing )?interests?|(declaration of )?competing (financial )?interests?"
    r"|conflitos? de interesses?|conflictos? de inter[eé]s(es)?|(author )?disclosures?|disclosure statement|declarations?"
    r"|authors?['’]?s?['’]? contributions?|contributors|contribui[cç](ão|ões) d[oa]s autor(es|as)|author (information|details|note|statement)s?"
    r"|credit authorship contribution statement|about the authors?"
    r"|(data|code|software|materials?)( and (data|code|software|materials?))? (availability|accessibility|access)|availability of (supporting )?data"
    r"|data sharing|ethic(s|al) (approval|statement|considerations)|ethics|consent (for publication|to participate)"
    r"|institutional review board|informed consent|supplement(ary|al) (materials?|information|data|files?)|supporting information"
    r"|additional (information|files?)|pre-publication history|peer review|publisher['’]?s note|orcid|associated (data|content)"
    r"|abbreviations( used)?$|list of abbreviations|(article )?notes$|footnotes$|web resources|accession (numbers?|codes?)|open access)\b"
)


def _plain(title: str) -> str:
    bare = " ".join(title.split())
    return _NUMBER.sub("", bare).strip(" .:*|").lower()


def kind_of(title: str) -> SectionKind:
    """The part that a section with this heading plays; "other" when the heading does not say.

    A subsection whose own heading says nothing is of the kind of the section it stands in: that is
    the caller's to know.
    """
    plain = _plain(title)
    return next((kind for kind, pattern in _KINDS if pattern.match(plain)), "other")


def is_back_matter(title: str) -> bool:
    """Whether what stands under this heading (references, thanks, funding …) is no part of the story."""
    return _BACK_MATTER.match(_plain(title)) is not None
