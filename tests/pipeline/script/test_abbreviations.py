from __future__ import annotations

import pytest

from pipeline.model import Audience, Paper
from pipeline.script.abbreviations import definitions, spell_out
from pipeline.script.evidence import PaperText


def paper_saying(*paragraphs: str) -> Paper:
    return Paper(title="T", abstract=paragraphs, source="test")


@pytest.mark.parametrize(
    ("sentence", "short", "long"),
    [
        ("Lassa virus (LASV) enters cells.", "LASV", "Lassa virus"),
        ("We gave mass drug administration (MDA) yearly.", "MDA", "mass drug administration"),
        ("The entrapment efficiency (EE) was high.", "EE", "entrapment efficiency"),
        ("Many differentially expressed genes (DEGs) were found.", "DEGs", "differentially expressed genes"),
        ("CT (computed tomography) was done.", "CT", "computed tomography"),
        ("A transbronchial lung biopsy (TBBX) was taken.", "TBBX", "transbronchial lung biopsy"),
        ("Rats got Curcuma longa (Cl) daily.", "Cl", "Curcuma longa"),
        (
            "The 1-aminocyclopropane-1-carboxylate (ACC) level fell.",
            "ACC",
            "1-aminocyclopropane-1-carboxylate",
        ),
        ("The World Health Organization (WHO; Geneva) says so.", "WHO", "World Health Organization"),
    ],
)
def test_a_definition_is_found(sentence: str, short: str, long: str) -> None:
    paper = paper_saying(sentence)

    found = definitions(paper)

    assert {key: definition.long for key, definition in found.items()} == {short: long}
    assert found[short].evidence in PaperText(paper).locate(found[short].evidence.quote)


@pytest.mark.parametrize(
    "sentence",
    [
        "Levels rose (Fig. 2).",
        "Cells (HEK293T) were grown.",
        "The model of MacArthur (MacArthur) holds.",
        "Some are eaten (No) by birds.",
        "This was mild (II).",
    ],
)
def test_other_brackets_define_nothing(sentence: str) -> None:
    assert definitions(paper_saying(sentence)) == {}


def test_a_long_form_loses_the_capital_of_its_sentence_when_the_paper_writes_it_small() -> None:
    paper = paper_saying("Heart rate (HR) rose.", "The heart rate fell.")
    assert definitions(paper)["HR"].long == "heart rate"


KNOWN = definitions(
    paper_saying(
        "The Lassa virus (LASV) spreads, an enveloped virus.",
        "The pre-transmission school assessment survey (PSAS) failed.",
        "Viral DNA (DNA) was found.",
    )
)


@pytest.mark.parametrize(
    ("audience", "texts", "told"),
    [
        ("public", ["LASV kills.", "An LASV is small."], ["Lassa virus kills.", "A Lassa virus is small."]),
        (
            "public",
            ["A PSAS failed.", "Two PSASs passed."],
            ["A pre-transmission school assessment survey (PSAS) failed.", "Two PSASs passed."],
        ),
        ("public", ["PSAS-based work."], ["Pre-transmission school assessment survey-based work."]),
        ("public", ["A pre-PSAS check.", "DNA is long."], ["A pre-PSAS check.", "DNA is long."]),
        ("public", ["The Lassa virus (LASV) kills."], ["The Lassa virus kills."]),
        ("public", ["The fever agent (LASV) kills."], ["The fever agent kills."]),
        ("student", ["LASV kills.", "LASV is small."], ["Lassa virus (LASV) kills.", "LASV is small."]),
        ("student", ["LASV kills."], ["Lassa virus kills."]),
        ("peer", ["LASV kills.", "LASV is small."], ["LASV kills.", "LASV is small."]),
        (
            "peer",
            ["The Lassa virus (LASV) kills.", "LASV is small."],
            ["The Lassa virus (LASV) kills.", "LASV is small."],
        ),
    ],
)
def test_an_audience_hears_the_long_form_where_it_needs_it(
    audience: Audience, texts: list[str], told: list[str]
) -> None:
    assert [text for text, _ in spell_out(texts, KNOWN, audience)] == told


def test_what_was_spelled_out_is_named_so_that_it_can_be_backed() -> None:
    (_, first), (_, second) = spell_out(["LASV kills.", "It is small."], KNOWN, "public")
    assert [definition.short for definition in first] == ["LASV"]
    assert second == ()
