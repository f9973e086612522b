from __future__ import annotations

import pytest

from pipeline.paper.provenance import third_party


@pytest.mark.parametrize(
    "words",
    [
        "Roots. Reproduced, with permission, from Smith 2001.",
        "Reproduced with the kind permission of Elsevier.",
        "Roots. By permission of Oxford University Press.",
        "Used by kind permission of the museum.",
        "Reprinted from [12].",
        "Reprinted by permission from Springer Nature.",
        "Reproduced in part from ref. 12.",
        "Reproduced under the terms of the CC BY licence from Hill et al.",
        "Adapted and modified from Smith et al. [3].",
        "Modified with permission.",
        "The model, adapted from earlier work.",
        "Redrawn after Smith (1999).",
        "Redrawn from Smith.",
        "Modified after [7].",
        "Permission was obtained from the publisher.",
        "Roots (taken from [12]).",
        "Roots. Taken from Smith et al.",
        "Taken from ref. 12.",
        "Image taken from van der Berg and Hill, 2010.",
        "The drawings were taken from Smith (1999).",
        "Photograph taken from the website of the town.",
        "Roots (from Smith et al. 2010).",
        "After Smith and Hill (1999).",
        "Source: Hill et al., 2010.",
        "Photo credit: Jane Hill.",
        "Image credits: NASA/JPL.",
        "Credit: NASA.",
        "Photo by Jane Hill.",
        "Photographs: J. Hill.",
        "Illustration by Jane Hill.",
        "Courtesy of the museum.",
        "A hill (courtesy J. Hill).",
        "Copyright 2010 Elsevier.",
        "© 2010 Elsevier",
        "Copyright © 2010, Elsevier.",
        "Map data © OpenStreetMap contributors.",
        "This image is not covered by the Creative Commons licence of the article.",
        "Adaptado de Silva (2010).",
        "Figura adaptada da norma.",
        "Modificado de García.",
        "Con permiso de la revista.",
        "Com a permissão da editora.",
        "D'après Dupont.",
        "Mit freundlicher Genehmigung des Museums.",
        "Roots. Reprinted\nfrom Smith 2001.",
    ],
)
def test_a_figure_from_elsewhere_is_told_by_its_words(words: str) -> None:
    assert third_party(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Roots of plants taken at noon.",
        "Samples were taken from [the] lake and from Smith County.",
        "Samples taken from Lake Victoria (2010) and the dam.",
        "Data taken from Hill et al. [12].",
        "Images were taken from three regions of each section.",
        "Photographs of roots taken from the upper layer.",
        "Images by confocal microscopy of cells.",
        "Photographs: left, control; right, treated.",
        "Surfaces modified with polyethylene glycol.",
        "Particles modified after washing, and reused after drying.",
        "The result was reproduced in three cultures from other donors.",
        "Mice modified to lack the gene from birth.",
        "Response after Bonferroni correction. After 24 h, cells were lysed.",
        "From left to right: control, treated.",
        "From Monday to Friday in 2010.",
        "Shown with permission of the patient.",
        "Shown with the patient's permission.",
        "Photograph published with written permission from the parents.",
        "Android permissions that the apps ask for.",
        "© The Authors 2019.",
        "Copyright: the author.",
        "© 2019 by the authors.",
        "Source: the authors.",
        "Plantas modificadas com nanopartículas.",
        "Credit risk by year.",
    ],
)
def test_a_figure_of_the_authors_own_is_left_alone(words: str) -> None:
    assert not third_party(words)
