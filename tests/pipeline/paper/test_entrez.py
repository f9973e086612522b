from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import (
    NotAPaperError,
    NoticeError,
    ProviderError,
    TransientProviderError,
)
from pipeline.paper.entrez import found_ids, read_entrez
from pipeline.paper.pubmed import summarised_pmid
from pipeline.paper.pubmed_record import read_record
from tests.fakes.eutils import (
    EMPTY_PUBMED,
    composed_links,
    composed_record,
    composed_related,
    composed_search,
)


def recorded(papers: Path, name: str) -> bytes:
    return (papers / "entrez" / name).read_bytes()


def test_a_summary_without_a_pmid_tells_none() -> None:
    summary = b"<eSummaryResult><ArticleId><IdType>pmid</IdType><Value>0</Value></ArticleId></eSummaryResult>"
    assert summarised_pmid(summary) is None
    assert summarised_pmid(b"<eSummaryResult/>") is None


def test_a_reply_without_declaration_or_doctype_is_read() -> None:
    start = composed_links("1", "PMC2").index(b"<eLinkResult>")
    (links,) = read_entrez(composed_links("1", "PMC2")[start:])
    assert links["IdList"] == ["1"]


def test_a_reply_cut_off_may_pass_later(papers: Path) -> None:
    for data in (EMPTY_PUBMED[:-5], b"", b"<html>Sorry</html>", recorded(papers, "kl_esummary.pmc.xml")):
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


def test_a_title_in_brackets_is_a_translation(papers: Path) -> None:
    record = read_record(recorded(papers, "pubmed_38048813.xml"))
    assert record.title == "A Broader Scope - Bio-Psycho-Social Medicine In Global Focus"
    assert record.language == "de"


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


def test_signs_that_xml_escapes_come_out_as_themselves() -> None:
    reply = composed_record(
        "7", doi="10.1002/(SICI)1<2::AID-3>4", inside=composed_related("ErratumIn", "Health &amp; Hills")
    )
    record = read_record(reply.replace(b"Annals of Hills", b"Hills &amp; Dales"))
    assert (record.doi, record.journal) == ("10.1002/(SICI)1<2::AID-3>4", "Hills & Dales")
    assert record.standing.related[0].citation == "Health & Hills"


@pytest.mark.parametrize("types", ["Published Erratum", "Retraction of Publication", "Expression of Concern"])
def test_notices_are_refused_by_their_type(types: str) -> None:
    with pytest.raises(NoticeError):
        read_record(composed_record("7", types=types))


def test_a_preprint_is_told_by_its_type() -> None:
    assert read_record(composed_record("7", types="Preprint")).preprint


@pytest.mark.parametrize("reply", [composed_links("1", None), composed_search("1")])
def test_a_reply_of_another_kind_may_be_another_next_time(reply: bytes) -> None:
    with pytest.raises(TransientProviderError):
        read_record(reply)


def test_a_search_that_left_something_out_found_nothing() -> None:
    assert found_ids(composed_search("1", "2")) == ("1", "2")
    assert found_ids(composed_search("1", "2", unknown="x[doi]")) == ()
    assert found_ids(composed_search()) == ()


@pytest.mark.parametrize(
    ("said", "passing"),
    [("Search Backend failed: Couldn't resolve #exLinkSrv2", True), ("Invalid db name specified: x", False)],
)
def test_a_search_that_failed_says_whether_it_may_pass_later(said: str, passing: bool) -> None:
    reply = b"<eSearchResult><ERROR>%s</ERROR></eSearchResult>" % said.encode()
    with pytest.raises(ProviderError) as failure:
        found_ids(reply)
    assert failure.value.retryable is passing


def test_a_chapter_of_a_book_is_no_paper() -> None:
    book = b"<PubmedBookArticle><BookDocument><PMID>1</PMID></BookDocument></PubmedBookArticle>"
    with pytest.raises(NotAPaperError):
        read_record(b"<PubmedArticleSet>" + book + b"</PubmedArticleSet>")
