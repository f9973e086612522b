from __future__ import annotations

import pytest

from pipeline.model import SectionKind
from pipeline.paper.headings import is_back_matter, kind_of


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Introduction", "introduction"),
        ("1. Background and aims", "introduction"),
        ("Introdução", "introduction"),
        ("Introducción", "introduction"),
        ("2.1. Materials and Methods", "methods"),
        ("MATERIALS & METHODS", "methods"),
        ("Patients, samples and methods", "methods"),
        ("II. Experimental", "methods"),
        ("STAR★Methods", "methods"),
        ("Materiales y métodos", "methods"),
        ("Procedimientos Metodológicos", "methods"),
        ("3 Results and Discussion", "results"),
        ("Findings", "results"),
        ("Resultados e Discussão", "results"),
        ("2. Case Report", "results"),
        ("IV. DISCUSSION", "discussion"),
        ("Conclusions and outlook", "discussion"),
        ("Strengths and limitations", "discussion"),
        ("Considerações finais", "discussion"),
        ("Conclusiones", "discussion"),
        ("Identification of ATG genes", "other"),
        ("Experimental autoimmune disease in mice", "other"),
        ("Backgrounds of the survivors", "other"),
        ("Methodists of Ohio", "other"),
        ("", "other"),
    ],
)
def test_a_heading_tells_the_kind_of_its_section(heading: str, kind: SectionKind) -> None:
    assert kind_of(heading) == kind


@pytest.mark.parametrize(
    "heading",
    [
        "References",
        "Acknowledgments",
        "ACKNOWLEDGEMENTS",
        "Agradecimentos",
        "Funding sources",
        "Conflict of Interest",
        "Conflicts of interest statement",
        "Declaration of competing interest",
        "7. Competing interests",
        "Authors’ Contributions",
        "Data availability statement",
        "Supplementary Material",
        "Supporting Information",
        "Abbreviations",
        "Pre-publication history",
    ],
)
def test_back_matter_is_told_by_its_heading(heading: str) -> None:
    assert is_back_matter(heading)


@pytest.mark.parametrize(
    "heading", ["Results", "Reference values of the test", "Notes on the survey", "Fundamentals"]
)
def test_other_headings_are_no_back_matter(heading: str) -> None:
    assert not is_back_matter(heading)
