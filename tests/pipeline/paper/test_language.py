from __future__ import annotations

import pytest

from pipeline.paper.language import (
    UNKNOWN,
    is_english_title,
    language_of,
    name_of,
    told_from_abstract,
    untold,
)

_TEXTS = {
    "en": "The aim of this study was to measure how the height of the hills was changed by the rain.",
    "es": "El objetivo de este estudio fue medir cómo la altura de las colinas cambió por la lluvia.",
    "pt": "O objetivo deste estudo foi medir como a altura das colinas mudou com a chuva que caiu nos vales.",
    "fr": "Le but de cette étude est de mesurer comment la hauteur des collines a changé avec la pluie.",
    "de": "Das Ziel der Studie ist es zu messen, wie sich die Höhe der Hügel durch den Regen verändert.",
    "it": "Lo scopo dello studio è misurare come l'altezza delle colline è cambiata con la pioggia.",
    "nl": "Het doel van de studie is te meten hoe de hoogte van de heuvels door de regen is veranderd.",
    "pl": "Celem badania było zmierzenie, jak wysokość wzgórz zmieniła się po deszczu i jakie są tego skutki.",
    "cs": "Cílem studie bylo změřit, jak se výška kopců změnila po dešti a které kopce jsou nyní nižší.",
    "tr": "Bu çalışmanın amacı, tepelerin yüksekliğinin yağmur ile nasıl değiştiğini ve daha sonra ölçmek.",
    "sv": "Syftet med studien var att mäta hur höjden på kullarna har förändrats av regnet och det som följde.",
    "da": "Formålet med studiet var at måle, hvordan højden af bakkerne blev ændret af regnen, og hvad der skete.",
    "no": "Formålet med studien var å måle hvordan høyden av åsene ble endret av regnet, og hva som skjedde da.",
    "fi": "Tutkimuksen tarkoitus oli mitata, kuinka mäkien korkeus on muuttunut, ja myös se, että sade oli syy.",
    "hu": "A vizsgálat célja az volt, hogy megmérje, hogyan változott a dombok magassága az eső által és után.",
    "ro": "Scopul studiului a fost de a măsura cum înălțimea dealurilor s-a schimbat din cauza ploii și după ea.",
    "id": "Tujuan dari penelitian ini adalah untuk mengukur tinggi bukit yang berubah oleh hujan dan sebabnya.",
}


@pytest.mark.parametrize("code", sorted(_TEXTS))
def test_words_tell_the_language(code: str) -> None:
    assert language_of(f"{_TEXTS[code]} {_TEXTS[code]}") == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("zh", "本研究的目的是测量山丘的高度"),
        ("ja", "本研究の目的は丘の高さを測ることです"),
        ("ru", "Цель исследования"),
        ("uk", "Мета дослідження: зміни висоти пагорбів після дощів і їхні причини"),
        ("ar", "هدف الدراسة هو قياس ارتفاع التلال"),
        ("fa", "هدف این پژوهش اندازه‌گیری بلندی تپه‌ها و چگونگی دگرگونی آن است"),
    ],
)
def test_a_script_tells_the_language(code: str, text: str) -> None:
    assert language_of(text) == code


def test_words_win_over_a_tag_that_lies() -> None:
    assert language_of(_TEXTS["es"] * 2, tag="pt") == "es"


def test_the_tag_decides_where_words_are_few() -> None:
    assert language_of("Hepatitis B", tag="de-DE") == "de"
    assert language_of("") == "en"


def test_the_tag_decides_where_no_language_is_recognised() -> None:
    assert language_of("lorem ipsum dolor sit amet " * 10, tag="la") == "la"


def test_a_long_text_in_an_unknown_language_is_not_english() -> None:
    basque = (
        "Ikerketa honen helburua euriaren ondoren muinoen altuera nola aldatu den neurtzea izan da. " * 10
    )
    assert language_of(basque) == UNKNOWN
    assert language_of(basque, tag="eu") == "eu"
    assert untold(UNKNOWN).sentence.startswith("This paper is in a language other than English")


def test_greek_letters_do_not_make_a_paper_greek() -> None:
    assert language_of(_TEXTS["en"] + " α β γ TNF-α σ μ") == "en"


def test_sentences_name_the_language() -> None:
    assert told_from_abstract("pt") == "Told from the English abstract: the paper is in Portuguese."
    assert "German" in untold("de").sentence
    assert name_of("xx") == "a language other than English"


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Growth of E. coli in warm water", True),
        ("The bacteria of the plants in the water", True),
        ("Wachstum der Bakterien in warmem Wasser", False),
        ("Crecimiento de bacterias en el agua", False),
        ("Ada Lovelace, Mary Somerville", False),
        ("We measured the growth of plants in water. " * 10, False),
    ],
)
def test_an_english_title_is_told_from_other_lines(text: str, english: bool) -> None:
    assert is_english_title(text) is english
