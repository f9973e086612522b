"""A DOI is searched at PubMed, then at PMC, and the paper that is found must be that of the DOI."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import NoticeError, PaperNotFoundError, TransientProviderError
from tests.fakes.eutils import FakeNcbi, composed_record, composed_search
from tests.pipeline.paper.asking import TOLD, asked_of, fetch
from tests.pipeline.paper.sample import article

LANCET = "10.1016/S0140-6736(20)30183-5"
SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"


def own(doi: str) -> str:
    return f'<article-id pub-id-type="doi">{doi}</article-id>'


@pytest.mark.parametrize(
    ("asked", "doi"),
    [
        ("10.5555/RECORD", "10.5555/record"),
        (f"https://doi.org/{LANCET}", LANCET),
        (SICI, SICI),
        ("doi:10.1000/a;b(c)", "10.1000/a;b(c)"),
    ],
)
def test_a_doi_leads_to_its_record(fake: FakeNcbi, tmp_path: Path, asked: str, doi: str) -> None:
    fake.record("6", composed_record("6", abstract=TOLD, doi="10.5555/another"))
    fake.record("7", composed_record("7", abstract=TOLD, doi=doi))
    paper = fetch(fake, asked, tmp_path)
    assert (paper.pmid, paper.doi) == ("7", doi)
    assert paper.source == f"doi:{doi.lower()}"
    assert asked_of(fake) == ["esearch", "efetch", "elink"]
    assert fake.requests[0][1]["term"] == f'"{doi.lower()}"[doi]'


def test_a_doi_leads_to_the_full_text(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.link("7", "PMC55")
    fake.full_text("PMC55", article())
    paper = fetch(fake, "10.5555/record", tmp_path)
    assert (paper.pmid, paper.pmcid, paper.abstract_only) == ("7", "PMC55", False)


def test_a_search_that_answers_with_other_papers_is_not_believed(fake: FakeNcbi, tmp_path: Path) -> None:
    # Given a search that finds two other papers (one a notice) before the one that is meant
    fake.record("5", composed_record("5", types="Published Erratum", doi="10.5555/notice"))
    fake.record("6", composed_record("6", abstract=TOLD, doi="10.5555/record.2"))
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.replies["esearch", "pubmed", '"10.5555/record"[doi]'] = composed_search("5", "6", "7")

    # I expect the one whose own DOI it is
    assert fetch(fake, "10.5555/record", tmp_path).pmid == "7"


def test_a_search_that_finds_only_other_papers_finds_none(fake: FakeNcbi, tmp_path: Path) -> None:
    for pmid in "3456":
        fake.record(pmid, composed_record(pmid, abstract=TOLD, doi=f"10.5555/{pmid}"))
    fake.full_text("PMC55", article(meta=own("10.5555/pmc")))
    fake.replies["esearch", "pubmed", '"10.5555/record"[doi]'] = composed_search("3", "4", "5", "6")
    fake.replies["esearch", "pmc", '"10.5555/record"[doi]'] = composed_search("55", "56")
    with pytest.raises(
        PaperNotFoundError, match="Neither PubMed nor PubMed Central knows this DOI"
    ) as refused:
        fetch(fake, "10.5555/record", tmp_path)
    assert "PDF" in refused.value.advice
    assert asked_of(fake).count("efetch") == 5


def test_a_search_that_left_the_doi_out_finds_none(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.replies["esearch", "pubmed", '"10.5555/record"[doi]'] = composed_search("7", "8", unknown="10.5555")
    with pytest.raises(PaperNotFoundError):
        fetch(fake, "10.5555/record", tmp_path)
    assert asked_of(fake) == ["esearch", "esearch"]


def test_a_recorded_search_for_something_unknown_finds_none(
    fake: FakeNcbi, tmp_path: Path, papers: Path
) -> None:
    for name in ("bp_esearch8.xml", "kl_esearch.error.xml"):
        fake.replies["esearch", "pubmed", '"10.5555/record"[doi]'] = (papers / "entrez" / name).read_bytes()
        with pytest.raises(PaperNotFoundError):
            fetch(fake, "10.5555/record", tmp_path)
    assert "efetch" not in asked_of(fake)


def test_what_pubmed_lacks_is_found_at_pmc(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", article(meta=own("10.5555/Only-At-PMC")))
    paper = fetch(fake, "10.5555/only-at-pmc", tmp_path)
    assert (paper.pmid, paper.pmcid, paper.doi) == (None, "PMC55", "10.5555/Only-At-PMC")
    assert paper.sections


def test_the_doi_of_a_notice_is_refused_as_one(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", types="Retraction Notice"))
    with pytest.raises(NoticeError):
        fetch(fake, "10.5555/record", tmp_path)


def test_a_search_that_is_down_is_a_passing_failure(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.replies["esearch", "pubmed", '"10.5555/record"[doi]'] = (
        b"<eSearchResult><ERROR>Search Backend failed: Exception</ERROR></eSearchResult>"
    )
    with pytest.raises(TransientProviderError):
        fetch(fake, "10.5555/record", tmp_path)


def test_every_recorded_paper_is_found_by_its_doi(fake: FakeNcbi, tmp_path: Path, papers: Path) -> None:
    fake.load_records(papers)
    assert fetch(fake, "10.1186/S12891-022-05070-w", tmp_path).pmid == "35123456"
    assert fetch(fake, "https://dx.doi.org/10.1088/1361-6560/ad70f0", tmp_path).pmid == "39159658"
    with pytest.raises(PaperNotFoundError):
        fetch(fake, "10.1186/s12891-022-05070", tmp_path)
