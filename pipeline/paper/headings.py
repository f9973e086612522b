"""What a section's heading says about its part in the paper."""

from __future__ import annotations

import re

from pipeline.model import SectionKind

_NUMBER = re.compile(
    r"^(?:(?:section|part)\s+)?(?:\d+(?:\.\d+)*|[IVX]+(?=[.):\s])|[A-Z](?=[.)]))[.):|\s]*", re.IGNORECASE
)


def _any_of(*openings: str) -> re.Pattern[str]:
    """Matches a lower-cased heading that begins with one of the openings, as whole words."""
    return re.compile(rf"(?:{'|'.join(openings)})(?!\w)")


#: Tried in order on the lower-cased heading without its number. A heading that names two kinds has
#: that of the first ("Results and discussion" is results).
_KINDS: dict[SectionKind, re.Pattern[str]] = {
    "methods": _any_of(
        r"(materials?|patients?|participants|subjects|animals|samples?|data) ?(and|&|,) ?([\w-]+ )*methods?",
        r"(star[ ★]*|online |study |statistical |research |general |our )?method(s|ology|ologies)?",
        r"experimental( (procedures?|section|methods?|design|setup|details))?$",
        r"study (design|population|area|protocol)",
        r"(data|statistical) analys[ei]s$",
        r"m[eé]todos?",
        r"metodolog[ií]a",
        r"procedim(e|ie)ntos metodol[oó]gicos",
        r"(materia(l|is|les)|pacientes|sujetos) (e|y) m[eé]todos?",
    ),
    "introduction": _any_of(
        r"(general )?introduction",
        r"background",
        r"introdu[cç][aã]o",
        r"introducci[oó]n",
        r"statement of need",
        r"(aims?|objectives?|rationale)( of the (study|paper))?$",
        r"antecedentes",
        r"literature review$",
    ),
    "results": _any_of(
        r"(main |key |experimental |principal |numerical |simulation )?(results?|findings)",
        r"resultados?",
        r"case (presentations?|reports?|descriptions?|study)$",
        r"relato (do|de) caso",
        r"presentaci[oó]n del caso",
    ),
    "discussion": _any_of(
        r"(general |overall )?(discussions?|conclusions?)",
        r"concluding remarks",
        r"summary (and|&) (conclusions?|outlook|discussion)",
        r"discuss([aã]o|ões)",
        r"discusi[oó]n(es)?",
        r"conclus(ão|ao|ões|oes|i[oó]n|iones)",
        r"considera(ções|coes) finais",
        r"consideraciones finales",
        r"final (remarks|considerations|thoughts)",
        r"((strengths|study) and )?(study )?limitations",
        r"limita(ções|ciones)",
        r"(future )?(perspectives|prospects|outlook|work|directions)( and conclusions?)?$",
    ),
}

_BACK_MATTER = _any_of(
    r"references?( and notes| cited)?$",
    r"(bibliography|literature cited|works cited|refer[eê]ncias|bibliograf[ií]a)",
    r"acknowledge?ments?",
    r"agradec[ií]mi?entos",
    r"(funding|financial (support|disclosures?)|grant support)",
    r"(declarations? of )?(potential |competing )?(conflicts? of |financial )?interests?( statement)?$",
    r"conflitos? de interesses?",
    r"conflictos? de inter[eé]s(es)?",
    r"(author )?disclosures?( statement)?$",
    r"declarations?$",
    r"(authors?['’]?s?['’]? contributions?|contributors|about the authors?)",
    r"contribui(ção|ções) d[oa]s autor(es|as)",
    r"author (information|details|notes?|statements?)",
    r"credit authorship",
    r"(data|code|software)( (and|&) (code|software|materials?))? (availability|accessibility)",
    r"(availability of|data sharing)",
    r"(ethics|ethical (approval|statement))",
    r"consent (for publication|to participate)",
    r"supplement(ary|al) (materials?|information|data|files?)",
    r"supporting information",
    r"appendi(x|ces)",
    r"additional (information|files?)",
    r"pre-publication history",
    r"publisher['’]?s note",
    r"(list of )?abbreviations( used)?$",
    r"(article )?(foot)?notes$",
    r"accession (numbers?|codes?)",
)


def _plain(title: str) -> str:
    return _NUMBER.sub("", " ".join(title.split())).strip(" .:*|").lower()


def kind_of(title: str) -> SectionKind:
    """The part that a section with this heading plays; "other" when the heading does not say.

    A subsection whose own heading says nothing is of the kind of the section it stands in: that is
    the caller's to know.
    """
    plain = _plain(title)
    return next((kind for kind, openings in _KINDS.items() if openings.match(plain)), "other")


def is_back_matter(title: str) -> bool:
    """Whether what stands under this heading (references, thanks, funding …) is no part of the story."""
    return _BACK_MATTER.match(_plain(title)) is not None
