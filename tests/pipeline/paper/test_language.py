from __future__ import annotations

import pytest

from pipeline.paper.language import is_english_title, language_of, name_of, told_from_abstract, untold

_TEXTS = {
    "en": "The aim of this study was to measure how the height of the hills was changed by the rain.",
    "es": "El objetivo de este estudio fue medir cómo la altura de las colinas cambió por la lluvia.",
    "pt": "O objetivo deste estudo foi medir como a altura das colinas mudou com a chuva que caiu nos vales.",
    "fr": "Le but de cette étude est de mesurer comment la hauteur des collines a changé avec la pluie.",
    "de": "Das Ziel der Studie ist es zu messen, wie sich die Höhe der Hügel durch den Regen verändert.",
    "it": "Lo scopo dello studio è misurare come l'altezza delle colline è cambiata con la pioggia.",
    "nl": "Het doel van de studie is te meten hoe de hoogte van de heuvels door de regen is veranderd.",
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


def test_greek_letters_do_not_make_a_paper_greek() -> None:
    assert language_of(_TEXTS["en"] + " α β γ TNF-α σ μ") == "en"


def test_sentences_name_the_language() -> None:
    assert told_from_abstract("pt") == "Told from the English abstract: the paper is in Portuguese."
    assert "German" in untold("de").sentence
    assert name_of("xx") == "xx"


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
