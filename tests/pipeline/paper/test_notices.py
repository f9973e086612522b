from __future__ import annotations

import pytest

from pipeline.errors import NoticeError
from pipeline.paper.notices import refuse_notice, says_retracted, says_withdrawn


@pytest.mark.parametrize(
    "title",
    [
        "Retraction: New insights into virulence",
        "RETRACTION NOTE: Hills",
        "Correction to: Hills grow",
        "Correction to “Hills grow”",
        "Author Correction: Hills grow",
        "Publisher’s Erratum: Hills grow",
        "Corrigendum: Hills",
        "Expression of Concern: Hills grow",
        "Retraction for Hill et al., “Hills grow”",
        "Correction for Hill et al., Hills grow by rain",
        "Statement of Retraction: Hills grow",
        "Notice of Retraction",
        "Retraction Statement: Hills grow",
        "Correction",
        "Correction.",
    ],
)
def test_notices_are_told_by_their_titles(title: str) -> None:
    with pytest.raises(NoticeError):
        refuse_notice(title)


@pytest.mark.parametrize("kind", ["retraction", "correction", "expression-of-concern", "addendum"])
def test_notices_are_told_by_their_type(kind: str) -> None:
    with pytest.raises(NoticeError):
        refuse_notice("Hills grow", kind)


@pytest.mark.parametrize(
    "title",
    [
        "Correction of scoliosis in children",
        "Retractions in cancer research",
        "Correction for multiple testing in genome-wide studies",
        "Withdrawal of treatment in intensive care",
        "Errata in maps of hills: a survey",
        "Hills",
    ],
)
def test_papers_about_corrections_are_papers(title: str) -> None:
    refuse_notice(title, "research-article")


def test_titles_of_retracted_papers_are_marked() -> None:
    assert says_retracted("RETRACTED: Hills grow")
    assert says_retracted("[Retracted] Hills grow")
    assert says_retracted("Retracted Article: Hills grow")
    assert says_retracted("Hills grow (Retracted)")
    assert says_withdrawn("WITHDRAWN: Hills grow")
    assert says_withdrawn("TEMPORARY REMOVAL: Hills grow")
    assert says_withdrawn("REMOVED: Hills grow")
    assert says_withdrawn("Hills grow", ["This article has been removed at the request of the authors."])
    assert not says_withdrawn("Removed hills and what became of them")
    assert not says_retracted("Retracted papers and their citations")
