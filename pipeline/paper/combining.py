"""One paper out of PubMed's record and PMC's full text, or out of the record alone."""

from __future__ import annotations

from pipeline.errors import LanguageError, RetractedError, TooLittleTextError, WithdrawnError
from pipeline.model import English, Paper
from pipeline.paper.jats import ABSTRACT_ONLY, LEAST_WORDS, JatsArticle, read_jats, word_count
from pipeline.paper.language import told_from_abstract, untold
from pipeline.paper.pubmed_record import Record
from pipeline.paper.standing import Standing


def combined(record: Record | None, jats: bytes | None, pmcid: str | None, label: str) -> JatsArticle:
    """The full text with the facts of the record; the record's abstract where there is no full text.

    One of `record` and `jats` is given. Raises what `read_jats` raises; `RetractedError` (`WithdrawnError`),
    `LanguageError` and `TooLittleTextError` where there is only a record and it holds nothing to tell.
    """
    article = None
    if jats is not None:
        try:
            article = read_jats(jats, label)
        except (TooLittleTextError, LanguageError):
            if record is None:
                raise
    if article is None:
        assert record is not None
        return JatsArticle(_from_record(record, pmcid, label), {})
    if record is None:
        return JatsArticle(article.paper.model_copy(update={"pmcid": pmcid}), article.hrefs)
    return JatsArticle(_with_facts(article.paper, record, pmcid), article.hrefs)


def _with_facts(paper: Paper, record: Record, pmcid: str | None) -> Paper:
    ours = _standing_of(paper)
    both = record.standing.and_also(ours)
    facts = {
        "authors": record.authors or paper.authors,
        "journal": record.journal or paper.journal,
        "year": record.year or paper.year,
        "doi": record.doi or paper.doi,
        "pmid": record.pmid,
        "pmcid": pmcid,
        "summaries": paper.summaries or record.summaries,
        "publication_types": record.publication_types,
        "preprint": record.preprint or paper.preprint,
        **both.facts(),
        "notes": (*(note for note in paper.notes if note not in ours.notes()), *both.notes()),
    }
    if not paper.abstract and paper.language == "en":
        facts |= {"abstract": record.abstract.paragraphs, "abstract_labels": record.abstract.labels}
    return paper.model_copy(update=facts)


def _standing_of(paper: Paper) -> Standing:
    return Standing(
        related=paper.related,
        retracted=paper.retracted,
        withdrawn=paper.withdrawn,
        concern=paper.concern,
        corrected=paper.corrected,
    )


def _from_record(record: Record, pmcid: str | None, label: str) -> Paper:
    """The paper as PubMed tells it: its abstract, beside its own title and abstract where it is in another language."""
    standing, english = record.standing, record.language == "en"
    if not standing.retracted and not english and not record.abstract.paragraphs:
        raise untold(record.language)
    if word_count(record.abstract.paragraphs) < LEAST_WORDS:
        raise _nothing_to_tell(standing)
    translated = English(
        title=record.title,
        abstract=record.abstract.paragraphs,
        abstract_labels=record.abstract.labels,
    )
    own = record.abstract if english else record.own_abstract
    return Paper(
        title=record.title if english else record.own_title or record.title,
        authors=record.authors,
        abstract=own.paragraphs,
        abstract_labels=own.labels,
        english=None if english else translated,
        summaries=record.summaries,
        journal=record.journal,
        year=record.year,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=pmcid,
        language=record.language,
        article_type=next(iter(record.publication_types), None),
        publication_types=record.publication_types,
        **standing.facts(),
        preprint=record.preprint,
        abstract_only=True,
        notes=(ABSTRACT_ONLY if english else told_from_abstract(record.language), *standing.notes()),
        source=label,
    )


def _nothing_to_tell(standing: Standing) -> RetractedError | TooLittleTextError:
    if standing.withdrawn:
        return WithdrawnError(
            "This paper was withdrawn, and PubMed has no abstract of it.", "Choose another paper."
        )
    if standing.retracted:
        return RetractedError(
            "This paper was retracted, and PubMed has no abstract of it.", "Choose another paper."
        )
    return TooLittleTextError(
        "PubMed has no abstract of this paper, and its full text is not open.", "Give the paper's PDF."
    )
