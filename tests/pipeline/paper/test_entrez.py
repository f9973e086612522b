from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import (
    NotAPaperError,
    NoticeError,
    PaperNotFoundError,
    ProviderError,
    TransientProviderError,
)
from pipeline.paper.entrez import read_entrez
from pipeline.paper.pubmed import summarised_pmid
from pipeline.paper.pubmed_record import read_record
from tests.fakes.eutils import EMPTY_PUBMED, composed_links, composed_record


def recorded(papers: Path, name: str) -> bytes:
    return (papers / "entrez" / name).read_bytes()


def test_recorded_searches_are_read(papers: Path) -> None:
    assert list(read_entrez(recorded(papers, "bp_esearch3.xml"))["IdList"])[:2] == ["11121077", "11121076"]
    assert read_entrez(recorded(papers, "bp_esearch8.xml"))["IdList"] == []
    assert read_entrez(recorded(papers, "eut_esearch.xml"))["Count"] == "34"
    assert read_entrez(recorded(papers, "kl_esearch.error.xml"))["Count"] == "5163"


def test_an_error_in_a_recorded_search_is_reported(papers: Path) -> None:
    with pytest.raises(ProviderError):
        read_entrez(recorded(papers, "kl_esearch.baderror.xml"))


def test_recorded_links_are_read(papers: Path) -> None:
    for name in ("bp_elink4.xml", "eut_elink_pubmed_1234567.xml"):
        (links,) = read_entrez(recorded(papers, name))
        assert links["LinkSetDb"][0]["LinkName"] == "pubmed_pubmed"


def test_recorded_summaries_tell_the_pmid(papers: Path) -> None:
    assert summarised_pmid(recorded(papers, "kl_esummary.pmc.xml")) == "3029418"
    assert summarised_pmid(recorded(papers, "kl_esummary.pmcerror.xml")) == "3029418"


def test_a_summary_without_a_pmid_tells_none() -> None:
    summary = b"<eSummaryResult><ArticleId><IdType>pmid</IdType><Value>0</Value></ArticleId></eSummaryResult>"
    assert summarised_pmid(summary) is None
    assert summarised_pmid(b"<eSummaryResult/>") is None


def test_a_reply_without_declaration_or_doctype_is_read() -> None:
    start = composed_links("1", "PMC2").index(b"<eLinkResult>")
    (links,) = read_entrez(composed_links("1", "PMC2")[start:])
    assert links["IdList"] == ["1"]


def test_a_reply_cut_off_may_pass_later(papers: Path) -> None:
    for data in (EMPTY_PUBMED[:-5], b"", b"<html>Sorry</html>", recorded(papers, "bp_espell.xml")):
        with pytest.raises(TransientProviderError):
            read_entrez(data)


def test_a_structured_record_is_read(papers: Path) -> None:
    record = read_record(recorded(papers, "pubmed_35123456.xml"))
    assert (record.pmid, record.pmcid, record.doi) == ("35123456", "PMC8818254", "10.1186/s12891-022-05070-w")
    assert (record.journal, record.year) == ("BMC musculoskeletal disorders", 2022)
    assert record.title.endswith("arthrogryposis multiplex congenita")
    assert record.authors[0].name == "Jaclyn Megan Sions"
    assert record.abstract.labels == ("Background", "Methods", "Results", "Conclusions")
    assert record.abstract.paragraphs[1].startswith("Methods: This reliability study")


def test_every_recorded_paper_is_read(papers: Path) -> None:
    for pmid in ("32160763", "32894878", "35679569", "39159658"):
        record = read_record(recorded(papers, f"pubmed_{pmid}.xml"))
        assert (record.pmid, record.language, record.retracted) == (pmid, "en", False)
        assert record.title
        assert record.authors
        assert record.year
        assert record.doi


def test_a_title_in_brackets_is_a_translation(papers: Path) -> None:
    record = read_record(recorded(papers, "pubmed_38048813.xml"))
    assert record.title == "A Broader Scope - Bio-Psycho-Social Medicine In Global Focus"
    assert record.language == "de"


def test_a_recorded_retraction_is_noticed(papers: Path) -> None:
    record = read_record(recorded(papers, "pubmed_993_retracted_abstractremoved.xml"))
    assert record.retracted
    assert record.pmcid == "PMC1165577"


def test_a_recorded_correction_is_refused(papers: Path) -> None:
    with pytest.raises(NoticeError):
        read_record(recorded(papers, "pubmed_38962805.xml"))


def test_a_recorded_empty_set_is_no_paper(papers: Path) -> None:
    with pytest.raises(PaperNotFoundError):
        read_record(recorded(papers, "pubmed_37909814.xml"))


def test_the_facts_of_a_record_are_read() -> None:
    abstract = '<AbstractText Label="UNLABELLED">Hills <b>grow</b>.</AbstractText>'
    abstract += '<AbstractText Label="RESULTS">By 10<sup>5</sup>.</AbstractText>'
    record = read_record(composed_record("7", abstract=abstract))
    assert record.title == "Growth of Collis at 10⁵ Pa"
    assert [author.name for author in record.authors] == ["Rita Record Jr", "Hill Group"]
    assert record.abstract.paragraphs == ("Hills grow.", "Results: By 10⁵.")
    assert record.abstract.labels == ("", "Results")
    assert (record.year, record.doi, record.pmcid) == (2020, "10.5555/record", None)
    assert not record.preprint


@pytest.mark.parametrize("types", ["Published Erratum", "Retraction of Publication", "Expression of Concern"])
def test_notices_are_refused_by_their_type(types: str) -> None:
    with pytest.raises(NoticeError):
        read_record(composed_record("7", types=types))


def test_preprints_and_retractions_are_told_by_type_or_link() -> None:
    assert read_record(composed_record("7", types="Preprint")).preprint
    assert read_record(composed_record("7", types="Retracted Publication")).retracted
    link = '<CommentsCorrections RefType="RetractionIn"><RefSource>x</RefSource></CommentsCorrections>'
    assert read_record(
        composed_record("7", inside=f"<CommentsCorrectionsList>{link}</CommentsCorrectionsList>")
    ).retracted


def test_a_chapter_of_a_book_is_no_paper() -> None:
    book = b"<PubmedBookArticle><BookDocument><PMID>1</PMID></BookDocument></PubmedBookArticle>"
    with pytest.raises(NotAPaperError):
        read_record(b"<PubmedArticleSet>" + book + b"</PubmedArticleSet>")
