from __future__ import annotations

import pytest

from pipeline.paper.licence import allows_figures, spdx

_BY = "distributed under the terms of the Creative Commons Attribution License"


@pytest.mark.parametrize(
    ("href", "text", "expected"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "", "CC-BY-NC-ND-4.0"),
        ("https://creativecommons.org/licenses/by/3.0/igo/", "", "CC-BY-3.0-IGO"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "", "CC0-1.0"),
        (None, f"{_BY}, which permits unrestricted use", "LicenseRef-CC-BY"),
        (None, "licensed under a Creative Commons Attribution 4.0 International License.", "CC-BY-4.0"),
        (None, "under the Creative Commons Attribution License (CC BY 4.0), which permits", "CC-BY-4.0"),
        (None, "an open access article under the CC BY-NC-ND license", "LicenseRef-CC-BY-NC-ND"),
        (
            None,
            "Creative Commons Attribution-NonCommercial-ShareAlike 3.0 Unported License",
            "CC-BY-NC-SA-3.0",
        ),
        (None, "Licença Creative Commons Atribuição 4.0 Internacional", "CC-BY-4.0"),
        (None, "All content is public domain unless otherwise noted.", "LicenseRef-public-domain"),
        (None, "This is a U.S. Government work.", "LicenseRef-public-domain"),
        (None, "made available under the Creative Commons CC0 public domain dedication", "CC0-1.0"),
        (None, "© 2020 The Authors. All rights reserved.", None),
        (None, "This is an open access article which permits unrestricted use in any medium.", None),
        (None, "Este artigo está sob uma licença Creative Commons", None),
        (None, "", None),
    ],
)
def test_a_licence_is_read_from_address_and_words(href: str | None, text: str, expected: str | None) -> None:
    assert spdx(href, text) == expected


def test_words_restrict_what_the_address_leaves_open() -> None:
    by = "https://creativecommons.org/licenses/by/4.0/"
    assert spdx(by, f"{_BY}, for non-commercial use only") == "CC-BY-NC-4.0"
    assert spdx(by, f"{_BY}, provided no modifications or adaptations are made") == "CC-BY-ND-4.0"


def test_commercial_and_non_commercial_use_is_no_restriction() -> None:
    assert spdx(None, f"{_BY}, for commercial and non-commercial purposes") == "LicenseRef-CC-BY"


def test_a_waiver_for_the_data_is_not_the_licence_of_the_article() -> None:
    waiver = "The waiver (http://creativecommons.org/publicdomain/zero/1.0/) applies to the data"
    assert spdx(None, waiver) is None
    assert spdx("https://creativecommons.org/licenses/by/4.0/", waiver) == "CC-BY-4.0"


@pytest.mark.parametrize(
    "licence",
    [
        "CC0-1.0",
        "LicenseRef-public-domain",
        "CC-BY-4.0",
        "CC-BY-2.0",
        "CC-BY-SA-3.0",
        "LicenseRef-CC-BY",
        "CC-BY-3.0-IGO",
    ],
)
def test_open_licences_allow_figures(licence: str) -> None:
    assert allows_figures(licence)


@pytest.mark.parametrize(
    "licence",
    ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0", "LicenseRef-CC-BY-NC", "CC-BY-NC-SA-4.0", None],
)
def test_restricted_and_unknown_licences_do_not(licence: str | None) -> None:
    assert not allows_figures(licence)
