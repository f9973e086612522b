from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import (
    LanguageError,
    NoticeError,
    PaperNotFoundError,
    ProviderError,
    RetractedError,
    TooLittleTextError,
    TransientProviderError,
)
from pipeline.paper import ncbi_http, pmc_pictures
from pipeline.paper.jats import ABSTRACT_ONLY
from pipeline.paper.pace import AtOnce
from pipeline.paper.pubmed import INCOMPLETE, Ncbi
from pipeline.paper.source import parse_source
from tests.fakes.eutils import FakeNcbi, composed_record
from tests.pipeline.paper.asking import KEY, TOLD, asked_of, fetch
from tests.pipeline.paper.sample import BODY, OPEN, WORDS, article

FIGURE = '<fig id="f{n}"><caption><p>{caption}</p></caption><graphic xlink:href="{href}"/></fig>'


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, kind)
    return file.getvalue()


def with_figures(*hrefs: str, licence: str = OPEN, captions: tuple[str, ...] = ()) -> bytes:
    figures = "".join(
        FIGURE.format(n=n, href=href, caption=captions[n - 1] if captions else "A hill.")
        for n, href in enumerate(hrefs, 1)
    )
    return article(meta=licence, body=BODY.replace("</sec>", f"{figures}</sec>"))


# From a PMID


def test_a_pmid_leads_to_the_full_text_with_the_facts_of_the_record(fake: FakeNcbi, tmp_path: Path) -> None:
    meta = '<article-id pub-id-type="doi">10.5555/jats</article-id>'
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.link("7", "PMC55")
    fake.full_text("PMC55", article(meta=meta))
    paper = fetch(fake, "7", tmp_path)
    assert (paper.title, paper.sections[0].kind, paper.abstract_only) == ("Hills grow", "results", False)
    assert [author.surname for author in paper.authors] == ["Record", "Hill Group"]
    assert (paper.pmid, paper.pmcid, paper.doi, paper.year) == ("7", "PMC55", "10.5555/record", 2020)
    assert paper.source == "pmid:7"
    assert asked_of(fake) == ["efetch", "elink", "efetch"]


def test_the_link_to_papers_that_cite_it_is_not_followed(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.full_text("PMC999", article(title="Another paper"))
    paper = fetch(fake, "7", tmp_path)
    assert paper.title == "Growth of Collis at 10⁵ Pa"
    assert paper.abstract_only
    assert paper.notes == (ABSTRACT_ONLY,)


def test_a_pmcid_in_the_record_spares_the_link(fake: FakeNcbi, tmp_path: Path) -> None:
    record = composed_record("7", abstract=TOLD).replace(
        b"</ArticleIdList>", b'<ArticleId IdType="pmc">PMC55</ArticleId></ArticleIdList>'
    )
    fake.record("7", record)
    fake.full_text("PMC55", article())
    assert fetch(fake, "7", tmp_path).pmcid == "PMC55"
    assert asked_of(fake) == ["efetch", "efetch"]


def test_every_request_names_tool_email_and_key(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fetch(fake, "7", tmp_path)
    assert all(
        (asked["tool"], asked["email"], asked["api_key"]) == ("hidden-hill", "ada@example.org", KEY)
        for _, asked in fake.requests
    )


def test_a_closed_paper_is_told_from_its_abstract(fake: FakeNcbi, tmp_path: Path) -> None:
    closed = article(abstract="", body="<!--The publisher does not allow downloading of the full text.-->")
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.link("7", "PMC55")
    fake.full_text("PMC55", closed)
    paper = fetch(fake, "7", tmp_path)
    assert paper.abstract_only
    assert paper.abstract == (WORDS.strip(),)
    assert paper.pmcid == "PMC55"


def test_a_body_without_an_abstract_takes_that_of_the_record(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.link("7", "PMC55")
    fake.full_text("PMC55", article(abstract=""))
    paper = fetch(fake, "7", tmp_path)
    assert paper.abstract == (WORDS.strip(),)
    assert not paper.abstract_only


def test_a_retraction_known_to_pubmed_only_is_noted(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", types="Retracted Publication", abstract=TOLD))
    fake.link("7", "PMC55")
    fake.full_text("PMC55", article())
    assert fetch(fake, "7", tmp_path).retracted


def test_a_paper_in_german_is_told_from_its_english_abstract(fake: FakeNcbi, tmp_path: Path) -> None:
    german = composed_record("7", abstract=TOLD).replace(b"<Language>eng", b"<Language>ger")
    fake.record("7", german)
    paper = fetch(fake, "7", tmp_path)
    assert paper.language == "de"
    assert paper.notes == ("Told from the English abstract: the paper is in German.",)


def test_what_pubmed_can_not_tell_is_refused(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("8", composed_record("8").replace(b"<Language>eng", b"<Language>ger"))
    fake.record("9", composed_record("9"))
    fake.record("10", composed_record("10", types="Published Erratum"))
    for pmid, error in (
        ("8", LanguageError),
        ("9", TooLittleTextError),
        ("10", NoticeError),
        ("11", PaperNotFoundError),
    ):
        with pytest.raises(error):
            fetch(fake, pmid, tmp_path)


def test_recorded_papers_come_through(fake: FakeNcbi, tmp_path: Path, papers: Path) -> None:
    fake.load_records(papers)
    told = fetch(fake, "https://pubmed.ncbi.nlm.nih.gov/35123456/", tmp_path)
    assert (told.pmid, told.pmcid, told.abstract_only) == ("35123456", "PMC8818254", True)
    assert told.abstract_labels == ("Background", "Methods", "Results", "Conclusions")
    with pytest.raises(RetractedError):
        fetch(fake, "993", tmp_path)
    with pytest.raises(PaperNotFoundError):
        fetch(fake, "37909814", tmp_path)
    with pytest.raises(NoticeError):
        fetch(fake, "38962805", tmp_path)
    with pytest.raises(LanguageError, match="German"):
        fetch(fake, "38048813", tmp_path)


def test_a_recorded_full_text_comes_through(fake: FakeNcbi, tmp_path: Path, papers: Path) -> None:
    fake.full_text("PMC6303781", (papers / "jats" / "PMC6303781_royalsoc_review.xml").read_bytes())
    fake.record("30518637", composed_record("30518637", abstract=TOLD))
    paper = fetch(fake, "PMC6303781", tmp_path)
    assert (paper.pmid, paper.pmcid, paper.journal) == ("30518637", "PMC6303781", "Annals of Hills")
    assert paper.title.startswith("Autophagy in crop plants")
    assert len(paper.sections) > 5


# From a PMCID


def test_a_pmcid_leads_to_text_and_record(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.full_text("PMC55", article(meta='<article-id pub-id-type="pmid">7</article-id>'))
    paper = fetch(fake, "PMC55", tmp_path)
    assert (paper.title, paper.pmid, paper.journal) == ("Hills grow", "7", "Annals of Hills")
    assert paper.source == "pmcid:PMC55"
    assert asked_of(fake) == ["efetch", "efetch"]


def test_the_summary_tells_a_pmid_that_the_text_does_not(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.full_text("PMC55", article())
    fake.replies["esummary", "pmc", "55"] = (
        b"<eSummaryResult><ArticleId><IdType>pmid</IdType><Value>7</Value></ArticleId></eSummaryResult>"
    )
    assert fetch(fake, "PMC55", tmp_path).pmid == "7"


def test_a_text_without_a_record_is_enough(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", article())
    paper = fetch(fake, "PMC55", tmp_path)
    assert (paper.pmid, paper.pmcid) == (None, "PMC55")


def test_a_pmcid_that_is_not_there_is_not_found(fake: FakeNcbi, tmp_path: Path) -> None:
    with pytest.raises(PaperNotFoundError, match="PMC56"):
        fetch(fake, "PMC56", tmp_path)


def test_a_pmcid_with_nothing_to_tell_is_refused(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", article(abstract="", body=""))
    with pytest.raises(TooLittleTextError):
        fetch(fake, "PMC55", tmp_path)


# Pictures


@pytest.mark.parametrize(
    ("href", "stored"),
    [
        ("hill-1.png", "PMC55/hill-1.png"),
        ("hill-1", "PMC55/hill-1.jpg"),
        ("hill-1.tif", "PMC55/hill-1.jpg"),
        ("hill-1", "PMC55.1/hill-1.gif"),
        ("hill 1.png", "PMC55/hill 1.png"),
    ],
)
def test_pictures_are_found_as_pmc_names_them(fake: FakeNcbi, tmp_path: Path, href: str, stored: str) -> None:
    fake.full_text("PMC55", with_figures(href))
    fake.files[stored] = picture()
    (figure,) = fetch(fake, "PMC55", tmp_path).figures
    assert figure.file is not None
    assert Image.open(tmp_path / figure.file).size == (30, 20)


def test_pictures_are_fetched_only_where_the_licence_allows(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", with_figures("a.png", licence=""))
    fake.files["PMC55/a.png"] = picture()
    assert fetch(fake, "PMC55", tmp_path).figures[0].file is None
    assert not any(path.startswith("/pmc") for path, _ in fake.requests)
    assert fetch(fake, "PMC55", tmp_path, all_figures=True).figures[0].file is not None


def test_a_figure_from_elsewhere_is_not_fetched(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text(
        "PMC55", with_figures("a.png", "b.png", captions=("A hill.", "Reproduced from Hill (1999)."))
    )
    fake.files |= {"PMC55/a.png": picture(), "PMC55/b.png": picture()}
    assert [bool(figure.file) for figure in fetch(fake, "PMC55", tmp_path).figures] == [True, False]


def test_the_layout_that_served_is_tried_first(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", with_figures("a", "b", "c"))
    fake.files |= {f"PMC55.1/{name}.jpg": picture("JPEG") for name in "abc"}
    assert all(figure.file for figure in fetch(fake, "PMC55", tmp_path).figures)
    tried = [path for path, _ in fake.requests if path.startswith("/pmc")]
    assert tried[-2:] == ["/pmc/PMC55.1/b.jpg", "/pmc/PMC55.1/c.jpg"]


def test_missing_pictures_are_no_error_and_soon_given_up(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", with_figures("a", "b", "c"))
    paper = fetch(fake, "PMC55", tmp_path)
    assert [figure.file for figure in paper.figures] == [None, None, None]
    assert not any("/c" in path for path, _ in fake.requests if path.startswith("/pmc"))


def test_a_picture_too_large_is_left_out(
    fake: FakeNcbi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pmc_pictures, "MOST_BYTES", 50)
    fake.full_text("PMC55", with_figures("a.png"))
    fake.files["PMC55/a.png"] = picture()
    assert fetch(fake, "PMC55", tmp_path).figures[0].file is None


@pytest.mark.parametrize("status", [403, 503])
def test_a_server_that_keeps_its_pictures_costs_no_paper(fake: FakeNcbi, tmp_path: Path, status: int) -> None:
    fake.full_text("PMC55", with_figures("a.png", "b.png"))
    fake.replies["esummary", "pmc", "55"] = b"<eSummaryResult/>"
    ncbi = Ncbi(base_url=fake.eutils, pmc_base_url=f"{fake.eutils}/pmc", first_wait=0, pace=AtOnce())
    answer = fake.answer
    fake.answer = lambda path, asked: (status, b"") if "/pmc/" in path else answer(path, asked)  # type: ignore[method-assign]
    assert [figure.file for figure in ncbi.fetch(parse_source("PMC55"), tmp_path).figures] == [None, None]
    assert (tmp_path / INCOMPLETE).exists() == (status == 503)


def test_a_paper_keeps_the_pictures_that_came_before_their_server_went_away(
    fake: FakeNcbi, tmp_path: Path
) -> None:
    fake.full_text("PMC55", with_figures("a.png", "b.png"))
    fake.files |= {"PMC55/a.png": picture(), "PMC55/b.png": picture()}
    answer = fake.answer
    fake.answer = lambda path, asked: (503, b"") if "b.png" in path else answer(path, asked)  # type: ignore[method-assign]
    assert [bool(figure.file) for figure in fetch(fake, "PMC55", tmp_path).figures] == [True, False]
    assert (tmp_path / INCOMPLETE).read_bytes() == b""


def test_a_paper_with_all_that_there_is_to_have_is_complete(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", with_figures("a.png", "b.png"))
    fake.files["PMC55/a.png"] = picture()
    fetch(fake, "PMC55", tmp_path)
    assert not (tmp_path / INCOMPLETE).exists()


# A server that is busy


def test_a_busy_server_is_asked_again(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.failures.extend([429, 500, 503])
    assert fetch(fake, "7", tmp_path).pmid == "7"


def test_a_server_that_stays_busy_is_a_passing_failure(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.failures.extend([503] * ncbi_http.TRIES)
    with pytest.raises(TransientProviderError, match="503") as failure:
        fetch(fake, "7", tmp_path)
    assert failure.value.retryable
    assert len(fake.requests) == ncbi_http.TRIES


def test_a_refusal_is_not_tried_again(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.failures.append(403)
    with pytest.raises(ProviderError, match="403"):
        fetch(fake, "7", tmp_path)
    assert len(fake.requests) == 1


def test_an_id_that_ncbi_calls_bad_is_not_found(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.failures.append(400)
    with pytest.raises(PaperNotFoundError):
        fetch(fake, "7", tmp_path)


def test_a_server_that_is_away_is_a_passing_failure(tmp_path: Path) -> None:
    with FakeNcbi() as gone:
        pass
    with pytest.raises(TransientProviderError, match="the connection failed"):
        fetch(gone, "7", tmp_path)


@pytest.mark.parametrize("wrong", ["NCBI_BASE_URL", "PMC_BASE_URL"])
def test_the_setting_that_holds_no_address_is_named(fake: FakeNcbi, tmp_path: Path, wrong: str) -> None:
    fake.full_text("PMC55", with_figures("a.png"))
    ncbi = Ncbi(
        base_url="example.org/eutils" if wrong == "NCBI_BASE_URL" else fake.eutils,
        pmc_base_url="http://[::1/pmc",
        first_wait=0,
        pace=AtOnce(),
    )
    with pytest.raises(ProviderError, match="no web address") as failure:
        ncbi.fetch(parse_source("PMC55"), tmp_path)
    assert failure.value.advice == f"Check {wrong}."


def test_the_key_is_in_no_message_and_no_log(
    fake: FakeNcbi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake.failures.extend([503] * ncbi_http.TRIES)
    with caplog.at_level(logging.DEBUG), pytest.raises(TransientProviderError) as failure:
        fetch(fake, "7", tmp_path)
    assert "efetch" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in str(failure.value) + failure.value.advice
