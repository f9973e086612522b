from __future__ import annotations

import pytest

from pipeline.licences import licence_link, licence_name
from pipeline.model import Author, Figure, Paper
from pipeline.visuals.credits import byline, figure_credit, source_facts

AUTHORS = tuple(
    Author(name=f"{given} {name}", surname=name)
    for given, name in (
        ("Ana", "Silva"),
        ("Kim", "Lee"),
        ("Jo", "Weber"),
        ("Max", "Roth"),
    )
)


def paper(**known: object) -> Paper:
    return Paper.model_validate({"title": "T", "source": "file:t.xml", **known})


@pytest.mark.parametrize(
    ("spdx", "shown"),
    [
        ("CC-BY-4.0", "CC BY 4.0"),
        ("CC-BY-NC-ND-3.0", "CC BY-NC-ND 3.0"),
        ("CC-BY-3.0-IGO", "CC BY 3.0 IGO"),
        ("CC0-1.0", "CC0"),
        ("LicenseRef-public-domain", "Public domain"),
        ("LicenseRef-CC-BY-NC", "CC BY-NC"),
        ("MIT", "MIT"),
        (None, ""),
    ],
)
def test_a_licence_is_shown_as_people_write_it(spdx: str | None, shown: str) -> None:
    assert licence_name(spdx) == shown


def test_a_licence_of_a_known_version_can_be_read() -> None:
    assert licence_link("CC-BY-NC-ND-3.0") == "https://creativecommons.org/licenses/by-nc-nd/3.0/"
    assert licence_link("CC-BY-3.0-IGO") == "https://creativecommons.org/licenses/by/3.0/igo/"
    assert licence_link("CC0-1.0") == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert licence_link("LicenseRef-CC-BY-NC") == licence_link("MIT") == licence_link(None) == ""


@pytest.mark.parametrize(
    ("authors", "who"),
    [(0, ""), (1, "Silva "), (2, "Silva & Lee "), (3, "Silva et al. "), (4, "Silva et al. ")],
)
def test_a_figure_is_credited_to_its_paper(authors: int, who: str) -> None:
    told = paper(authors=AUTHORS[:authors], year=2018, licence="CC-BY-4.0")
    assert (
        figure_credit(told, Figure(id="f2", label="Figure 2.", caption=""))
        == f"Figure 2 · {who}2018 · CC BY 4.0"
    )


def test_what_is_unknown_is_left_out_of_a_credit() -> None:
    assert figure_credit(paper(), Figure(id="f1", label="Figure 1", caption="")) == "Figure 1"


def test_a_third_partys_figure_does_not_carry_the_papers_licence() -> None:
    told = paper(year=2020, licence="CC-BY-4.0")
    assert "CC BY" not in figure_credit(told, Figure(id="f", label="Fig. 1", caption="", third_party=True))


def test_the_byline_names_three_authors_at_most() -> None:
    told = paper(authors=AUTHORS, journal="eLife", year=2013)
    assert byline(told) == "Ana Silva, Kim Lee, Jo Weber et al. · eLife, 2013"
    assert byline(paper()) == ""


def test_the_source_facts_prefer_the_doi_and_fall_back_to_other_ids() -> None:
    assert "doi.org/10.1/x" in source_facts(paper(doi="10.1/x", pmid="1"))
    assert source_facts(paper(pmid="123")) == ("PMID 123", "Licence: not stated")
    assert source_facts(paper(pmcid="PMC9", licence="CC0-1.0")) == ("PMC9", "Licence: CC0")
