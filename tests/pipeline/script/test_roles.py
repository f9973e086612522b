from __future__ import annotations

import pytest

from pipeline.model import Passage
from pipeline.script.roles import abstract_roles, announces_limitations, cue_score, without_label
from pipeline.script.sentences import Sentence


def told(*texts: str, label: str = "") -> list[Sentence]:
    passage = Passage(text=" ".join(texts), section="Abstract", kind="abstract", label=label)
    return [Sentence(text, passage, 0, position, len(texts)) for position, text in enumerate(texts)]


def test_an_unlabelled_abstract_is_divided_in_the_usual_order() -> None:
    roles = abstract_roles(
        told(
            "Pain is a major global problem.",
            "Little is known about its causes.",
            "In this study, mice were examined using microarrays.",
            "Expression was significantly higher in treated mice.",
            "These findings suggest that genes may matter.",
        )
    )
    assert roles == ["background", "background", "method", "finding", "takeaway"]


def test_labels_decide() -> None:
    methods = told("Weight was significantly higher in mice.", label="Methods")
    assert abstract_roles(methods) == ["method"]
    assert abstract_roles(told("Conclusions: Pain is a major global problem.")) == ["takeaway"]
    assert abstract_roles([]) == []


def test_a_label_left_in_the_text_is_taken_off() -> None:
    assert without_label("Results: It rose.") == "It rose."
    assert without_label("It rose: twice.") == "It rose: twice."


@pytest.mark.parametrize(
    "text",
    [
        "A limitation of this study is the small number of patients.",
        "Our study has several limitations.",
        "The main limitation is that only men took part.",
        "Our estimates were limited by the number of stations.",
        "These results should be interpreted with caution.",
        "We cannot exclude a role of diet, as this study could not determine it.",
        "We did not measure blood pressure.",
        "The small sample size weakens the conclusion.",
    ],
)
def test_authors_own_limits_are_heard(text: str) -> None:
    assert announces_limitations(text)


@pytest.mark.parametrize(
    "text",
    [
        "Access to clean water is limited in many countries.",
        "Conventional drugs have known limitations.",
        "The speed limit was 50.",
        "It was seen in small samples of soil.",
    ],
)
def test_limits_of_other_things_are_none(text: str) -> None:
    assert not announces_limitations(text)


def test_a_limitation_that_is_only_announced_is_none_yet() -> None:
    assert cue_score("A limitation of this study is that only men took part.", "limitation") > 0
    assert cue_score("Our study has several limitations.", "limitation") == 0
    assert cue_score("It rose.", "limitation") == 0
