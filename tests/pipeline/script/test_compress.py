from __future__ import annotations

import pytest

from pipeline.model import Audience
from pipeline.script.compress import compress
from pipeline.script.numbers import numbers
from pipeline.script.shorten import shorten


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is common [12, 14–16].", "It is common."),
        ("It is common (Smith et al., 2010; Lee and Kim 2012).", "It is common."),
        ("It is common (see Smith 2010).", "It is common."),
        ("It is common.12,13", "It is common."),
        ("It is common in children12,13 and adults.", "It is common in children and adults."),
        ("It is common⁽10⁻12⁾.", "It is common."),
        ("Many suffer levels of pain ¹, ². ", "Many suffer levels of pain."),
        ("The ¹³C signal of 5 cm² rose.", "The ¹³C signal of 5 cm² rose."),
        ("It rose in all groups (Fig. 2A, B).", "It rose in all groups."),
        ("It rose (Supplementary Table S1).", "It rose."),
        ("As shown in Figure 2, weight rose.", "Weight rose."),
        ("Weight rose, as shown in Table 1.", "Weight rose."),
        ("The gains, listed in Table 1 and 2, were large.", "The gains were large."),
        ("The gains are shown in Fig. 2.", "The gains are shown in Fig. 2."),
        ("It was lower, b = −.02, .04, in men.", "It was lower, b = −.02, .04, in men."),
        ("However, weight rose.", "Weight rose."),
        ("In addition, weight rose.", "Weight rose."),
        ("But weight rose.", "Weight rose."),
        ("In this study, we show that weight rose.", "We show that weight rose."),
        ("In this review, the authors discuss a rise.", "The authors discuss a rise."),
        ("In this review, a rise is discussed.", "In this review, a rise is discussed."),
        ("Recently, weight rose.", "Weight rose."),
        ("Here we report a rise.", "We report a rise."),
        ("Results: Weight rose.", "Weight rose."),
        ("Weight rose (p < 0.05, n = 12).", "Weight rose."),
        ("Weight rose by 3.1 ± 0.4 kg.", "Weight rose by 3.1 kg."),
        ("Only ~89.5% were bound.", "Only about 89.5% were bound."),
        ("Three models were used: (1) bone; (2) nerve.", "Three models were used: bone; nerve."),
        ("It persisted. https://doi.org/10.1289/EHP959", "It persisted."),
        ("It grew (but not in mice).", "It grew (but not in mice)."),
        ("It grew (in mice).", "It grew (in mice)."),
        ("The Lassa virus (LASV) kills.", "The Lassa virus (LASV) kills."),
        ("The non-(white alone) group grew.", "The non-(white alone) group grew."),
        ("Cells grew (in a warm room, for days on end, with light).", "Cells grew."),
        ("mRNA levels rose.", "mRNA levels rose."),
        ("In contrast to mice, rats grew.", "In contrast to mice, rats grew."),
        ("Generally, weight rose.", "Generally, weight rose."),
    ],
)
def test_the_public_hears_no_asides(text: str, said: str) -> None:
    assert compress(text, "public", abbreviations={"LASV"}).text == said


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("public", "Weight rose after a week."),
        ("student", "Weight (of the body) rose after a week."),
        ("peer", "Weight (of the body) rose (p < 0.05) after a week (in the groups that were fed twice)."),
    ],
)
def test_each_audience_keeps_what_it_can_use(audience: Audience, said: str) -> None:
    text = "Weight (of the body) rose (p < 0.05) after a week (in the groups that were fed twice) [7]."
    assert compress(text, audience).text == said


def test_a_compressed_sentence_names_its_edits() -> None:
    assert compress("However, it rose [3].", "public").edits == ("brackets", "connective")
    assert compress("It rose.", "public").edits == ()


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        (
            "Levels of nitrogen dioxide fell for all of the groups, including a fall from 17.6 to 10.7 ppb.",
            "Levels of nitrogen dioxide fell for all of the groups.",
        ),
        (
            "The squat serve needs a strong drive of the legs, which coaches rarely train.",
            "The squat serve needs a strong drive of the legs.",
        ),
        (
            "Sensory neurons play a role in almost all pain, and have recently been sorted into kinds.",
            "Sensory neurons play a role in almost all pain.",
        ),
        (
            "In order to find the cause of the disease, we studied the genes of all the patients.",
            "We studied the genes of all the patients.",
        ),
        (
            "Although the gap fell from 5.0 to 2.9 ppb, levels were still 37% higher for the others in 2010.",
            "Levels were still 37% higher for the others in 2010.",
        ),
        (
            "The first group of animals lost weight quickly; the second group was fed at night.",
            "The first group of animals lost weight quickly.",
        ),
    ],
)
def test_a_sentence_can_be_told_without_its_last_clauses(text: str, shortest: str) -> None:
    forms = [compress(text, "public"), *shorten(compress(text, "public"))]
    assert forms[-1].text == shortest


@pytest.mark.parametrize(
    "text",
    [
        "Weight rose in all of the treated groups of rats, which was not significant.",
        "Weight rose in all of the treated groups of people, using a model that works only in mice.",
        "Although this was not significant at all, weight was higher in each of the treated groups.",
        "Leaf, stem and flower of the plant, such as those of the first kind, are eaten.",
        "The response of plants to flooding, the role of bacteria, and the effects on trees are discussed.",
        "Weight rose, which nobody expected.",
        "To date there are no studies in living animals of any kind, which have explored the link of drug to heart.",
        "Some of the growth promoting bacteria of the soil make an enzyme, which helps plants under stress.",
    ],
)
def test_no_clause_goes_that_turns_the_rest_or_carries_its_verb(text: str) -> None:
    assert shorten(compress(text, "public")) == []


def test_shortening_adds_no_number() -> None:
    text = "Weight rose by 12 % in all of the groups, and the height was 3 cm greater; food was 5 % less."
    whole = compress(text, "public")
    forms = shorten(whole)
    assert forms
    for form in forms:
        assert {n.text for n in numbers(form.text)} <= {n.text for n in numbers(whole.text)}
