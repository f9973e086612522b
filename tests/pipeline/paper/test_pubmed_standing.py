"""How a paper stands, told apart over HTTP: what PubMed's record and PMC's text say of retractions and the like."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import (
    LanguageError,
    NotAPaperError,
    NoticeError,
    PaperNotFoundError,
    RetractedError,
    TooLittleTextError,
    WithdrawnError,
)
from pipeline.model import Relation
from pipeline.paper.jats import ABSTRACT_ONLY
from tests.fakes.eutils import FakeNcbi, composed_record, composed_related
from tests.pipeline.paper.asking import TOLD, fetch
from tests.pipeline.paper.sample import WORDS, article

CITED = "Ann Hills. 2021 Mar 4;12(3):45-6. doi: 10.5555/notice."
BOOK = (
    b"<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>7</PMID></BookDocument></PubmedBookArticle>"
    b"</PubmedArticleSet>"
)


def linked(kind: str, **other: str) -> bytes:
    return composed_record("7", abstract=TOLD, inside=composed_related(kind, CITED), **other)


# Retracted, withdrawn


@pytest.mark.parametrize(
    "record",
    [
        composed_record("7", abstract=TOLD, types="Retracted Publication"),
        linked("RetractionIn"),
        linked("RetractedandRepublishedIn"),
        composed_record("7", abstract=TOLD, title="RETRACTED: Growth of hills"),
        composed_record("7", abstract=TOLD.replace(">", ">This article has been retracted. ", 1)),
    ],
)
def test_a_retraction_is_told_by_type_link_title_or_abstract(
    fake: FakeNcbi, tmp_path: Path, record: bytes
) -> None:
    fake.record("7", record)
    paper = fetch(fake, "7", tmp_path)
    assert (paper.retracted, paper.withdrawn, paper.concern, paper.corrected) == (True, False, False, False)
    assert paper.notes == (ABSTRACT_ONLY,)


@pytest.mark.parametrize(
    "record",
    [
        composed_record("7", abstract=TOLD, title="WITHDRAWN: Growth of hills."),
        composed_record("7", abstract=TOLD.replace(">", ">This article has been withdrawn. ", 1)),
        composed_record("7", abstract=TOLD.replace(">", ">The authors have withdrawn their manuscript. ", 1)),
        composed_record("7", abstract=TOLD, title="Withdrawn: Hills", types="Retracted Publication"),
    ],
)
def test_a_withdrawn_paper_is_told_from_a_retracted_one(
    fake: FakeNcbi, tmp_path: Path, record: bytes
) -> None:
    fake.record("7", record)
    paper = fetch(fake, "7", tmp_path)
    assert (paper.retracted, paper.withdrawn) == (True, True)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (composed_record("7", types="Retracted Publication"), RetractedError),
        (composed_record("7", title="WITHDRAWN: Growth of hills."), WithdrawnError),
        (
            composed_record("7", abstract="<AbstractText>This article has been withdrawn.</AbstractText>"),
            WithdrawnError,
        ),
        (composed_record("7", types="Retracted Publication").replace(b">eng", b">ger"), RetractedError),
        (composed_record("7"), TooLittleTextError),
    ],
)
def test_nothing_to_tell_is_said_with_its_reason(
    fake: FakeNcbi, tmp_path: Path, record: bytes, error: type[Exception]
) -> None:
    fake.record("7", record)
    with pytest.raises(error) as refused:
        fetch(fake, "7", tmp_path)
    assert type(refused.value) is error


@pytest.mark.parametrize(
    "title", ["Withdrawn into the hills: a study", "Retracted claws in cats", "On withdrawn hill"]
)
def test_a_paper_about_withdrawing_is_none_that_was(fake: FakeNcbi, tmp_path: Path, title: str) -> None:
    fake.record("7", composed_record("7", abstract=TOLD, title=title))
    assert not fetch(fake, "7", tmp_path).retracted


# Doubted, corrected, followed


@pytest.mark.parametrize(
    ("link", "kind", "note"),
    [
        ("ExpressionOfConcernIn", "expression-of-concern", "A notice of concern stands against this paper"),
        ("PartialRetractionIn", "partial-retraction", "A part of this paper was retracted"),
        ("ErratumIn", "correction", "This paper was corrected"),
        ("CorrectedandRepublishedIn", "correction", "This paper was corrected"),
        ("UpdateIn", "update", "This paper has a newer version"),
        ("RepublishedIn", "republication", None),
        ("CommentIn", "comment", None),
        ("CommentOn", "comment-on", None),
        ("CorrectedandRepublishedFrom", "earlier-version", None),
    ],
)
def test_a_link_says_what_a_viewer_is_owed(
    fake: FakeNcbi, tmp_path: Path, link: str, kind: str, note: str | None
) -> None:
    fake.record("7", linked(link))
    paper = fetch(fake, "7", tmp_path)
    assert paper.related == (Relation.model_validate({"kind": kind, "citation": CITED, "pmid": "9"}),)
    assert paper.concern == (kind == "expression-of-concern")
    assert paper.corrected == (kind == "correction")
    assert not paper.retracted
    assert paper.notes == (ABSTRACT_ONLY, *([f"{note} (Ann Hills. 2021 Mar 4)."] if note else []))


def test_a_preprint_behind_a_paper_is_told_from_an_earlier_version(fake: FakeNcbi, tmp_path: Path) -> None:
    for citation, kind in (
        ("medRxiv. 2020 Jan 1:", "preprint"),
        ("Cochrane Database. 2019;1", "earlier-version"),
    ):
        fake.record("7", composed_record("7", abstract=TOLD, inside=composed_related("UpdateOf", citation)))
        assert [one.kind for one in fetch(fake, "7", tmp_path).related] == [kind]


def test_references_and_data_sets_are_no_relations(fake: FakeNcbi, tmp_path: Path) -> None:
    for link in ("Cites", "AssociatedDataset", "SummaryForPatientsIn"):
        fake.record("7", linked(link))
        assert fetch(fake, "7", tmp_path).related == ()


def test_a_concern_is_told_by_its_type_where_there_is_a_paper_to_tell(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", composed_record("7", abstract=TOLD, types="Expression of Concern"))
    paper = fetch(fake, "7", tmp_path)
    assert paper.concern
    assert paper.publication_types == ("Expression of Concern",)
    assert paper.notes[-1] == "A notice of concern stands against this paper."


# Record and full text together


def test_what_record_and_text_say_is_joined(fake: FakeNcbi, tmp_path: Path) -> None:
    # Given a record that knows of a concern, and a text that knows of it too and of a correction
    both = (
        '<related-article related-article-type="concern-forward" ext-link-type="doi" xlink:href="10.5555/doubt"/>'
        '<related-article related-article-type="correction-forward" ext-link-type="pubmed" xlink:href="31"/>'
        '<related-article related-article-type="companion" xlink:href="10.5555/other"/>'
    )
    fake.record("7", linked("ExpressionOfConcernIn"))
    fake.link("7", "PMC55")
    fake.full_text("PMC55", article(meta=both))
    paper = fetch(fake, "7", tmp_path)

    # I expect each once, as the record cites it
    assert [(one.kind, one.citation, one.pmid) for one in paper.related] == [
        ("expression-of-concern", CITED, "9"),
        ("correction", "", "31"),
    ]
    assert (paper.concern, paper.corrected, paper.retracted) == (True, True, False)
    assert paper.notes == (
        "A notice of concern stands against this paper (Ann Hills. 2021 Mar 4).",
        "This paper was corrected.",
    )


@pytest.mark.parametrize(
    ("meta", "attributes", "told"),
    [
        ('<related-article related-article-type="retraction-forward"/>', "", (True, False, False, False)),
        ('<related-article related-article-type="withdrawal-forward"/>', "", (True, True, False, False)),
        ("", 'article-type="retracted-article"', (True, False, False, False)),
        ('<related-article related-article-type="expression-of-concern"/>', "", (False, False, True, False)),
        ('<related-article related-article-type="correction-forward"/>', "", (False, False, False, True)),
        ('<related-article related-article-type="corrected-article"/>', "", (False, False, False, False)),
    ],
)
def test_the_text_alone_tells_how_a_paper_stands(
    fake: FakeNcbi, tmp_path: Path, meta: str, attributes: str, told: tuple[bool, ...]
) -> None:
    fake.full_text("PMC55", article(meta=meta, attributes=attributes or 'article-type="research-article"'))
    paper = fetch(fake, "PMC55", tmp_path)
    assert (paper.retracted, paper.withdrawn, paper.concern, paper.corrected) == told


def test_a_withdrawn_article_at_pmc_is_told(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", article(title="Withdrawn: Hills grow"))
    paper = fetch(fake, "PMC55", tmp_path)
    assert (paper.retracted, paper.withdrawn) == (True, True)


# What is no paper, or not there


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (composed_record("7", types="Published Erratum"), NoticeError),
        (composed_record("7", types="Retraction of Publication"), NoticeError),
        (composed_record("7", types="Retraction Notice"), NoticeError),
        (composed_record("7", types="Expression of Concern"), NoticeError),
        (composed_record("7", inside=composed_related("RetractionOf", CITED)), NoticeError),
        (composed_record("7", inside=composed_related("ErratumFor", CITED)), NoticeError),
        (BOOK, NotAPaperError),
        (b"<PubmedArticleSet></PubmedArticleSet>", PaperNotFoundError),
        (composed_record("7").replace(b">eng", b">ger"), LanguageError),
    ],
)
def test_each_refusal_is_an_error_of_its_own(
    fake: FakeNcbi, tmp_path: Path, record: bytes, error: type[Exception]
) -> None:
    fake.record("7", record)
    with pytest.raises(error):
        fetch(fake, "7", tmp_path)


def test_a_paper_that_replaces_a_retracted_one_is_a_paper(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.record("7", linked("RetractionOf"))
    assert not fetch(fake, "7", tmp_path).retracted


def test_a_text_that_is_there_before_its_record_is_enough(fake: FakeNcbi, tmp_path: Path) -> None:
    fake.full_text("PMC55", article(meta='<article-id pub-id-type="pmid">7</article-id>'))
    assert fetch(fake, "PMC55", tmp_path).sections


@pytest.mark.parametrize("answer", [400, 404])
def test_a_record_that_is_there_before_its_text_is_told_from_the_abstract(
    fake: FakeNcbi, tmp_path: Path, answer: int
) -> None:
    fake.record("7", composed_record("7", abstract=TOLD))
    fake.link("7", "PMC55")
    fake.refused["PMC55"] = answer
    assert fetch(fake, "7", tmp_path).abstract_only
    assert fetch(fake, "10.5555/record", tmp_path).abstract_only


def test_an_unknown_pmcid_and_an_unknown_pmid_say_which(fake: FakeNcbi, tmp_path: Path) -> None:
    with pytest.raises(PaperNotFoundError, match="PubMed has no paper"):
        fetch(fake, "7", tmp_path)
    with pytest.raises(PaperNotFoundError, match="PubMed Central has no paper PMC55"):
        fetch(fake, "PMC55", tmp_path)
    fake.refused["PMC56"] = 400
    with pytest.raises(PaperNotFoundError, match="PubMed Central has no paper PMC56"):
        fetch(fake, "PMC56", tmp_path)


# Other languages


def test_a_record_in_german_keeps_its_own_words_beside_the_english(fake: FakeNcbi, tmp_path: Path) -> None:
    german = composed_record(
        "7",
        abstract=TOLD,
        title="[Growth of hills].",
        inside='<OtherAbstract Type="Publisher" Language="ger"><AbstractText>Hügel wachsen.</AbstractText>'
        "</OtherAbstract>",
    )
    german = german.replace(b"<Language>eng", b"<Language>ger").replace(
        b"<ArticleDate", "<VernacularTitle>Wachstum der Hügel.</VernacularTitle><ArticleDate".encode()
    )
    fake.record("7", german)
    paper = fetch(fake, "7", tmp_path)
    assert (paper.language, paper.title, paper.abstract) == ("de", "Wachstum der Hügel", ("Hügel wachsen.",))
    assert paper.notes == ("Told from the English abstract: the paper is in German.",)
    told = paper.told()
    assert (told.title, told.abstract, told.abstract_only) == ("Growth of hills", (WORDS.strip(),), True)


def test_a_summary_in_plain_words_is_kept_apart(fake: FakeNcbi, tmp_path: Path) -> None:
    plain = (
        '<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>Hills get taller.'
        "</AbstractText></OtherAbstract>"
    )
    fake.record("7", composed_record("7", abstract=TOLD, inside=plain))
    (summary,) = fetch(fake, "7", tmp_path).summaries
    assert (summary.kind, summary.paragraphs) == ("plain-language", ("Hills get taller.",))
