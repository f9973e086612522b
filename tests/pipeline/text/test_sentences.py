from __future__ import annotations

import pytest

from pipeline.text.sentences import split


@pytest.mark.parametrize(
    ("paragraph", "pieces"),
    [
        ("Mice were fed. They grew.", ["Mice were fed.", "They grew."]),
        (
            "As shown by Smith et al. 2010, it grows. We agree.",
            ["As shown by Smith et al. 2010, it grows.", "We agree."],
        ),
        (
            "This was found by Smith et al. In mice it failed.",
            ["This was found by Smith et al.", "In mice it failed."],
        ),
        ("See Fig. 2 for details. It rose.", ["See Fig. 2 for details.", "It rose."]),
        ("Drugs, e.g. Aspirin, help. So does rest.", ["Drugs, e.g. Aspirin, help.", "So does rest."]),
        ("Wild type vs. Mutant cells differ.", ["Wild type vs. Mutant cells differ."]),
        (
            "Dr. Silva and J. Smith wrote it. Nobody read it.",
            ["Dr. Silva and J. Smith wrote it.", "Nobody read it."],
        ),
        ("Lactobacillus sp. K2 was grown. It died.", ["Lactobacillus sp. K2 was grown.", "It died."]),
        ("The mean was 3.5 mg. The range was wide.", ["The mean was 3.5 mg.", "The range was wide."]),
        ("It differed (p < 0.05). Others did not.", ["It differed (p < 0.05).", "Others did not."]),
        ("Growth rose, p < 0.05. Weight fell.", ["Growth rose, p < 0.05.", "Weight fell."]),
        ("It is common.[12,13] However, it is mild.", ["It is common.[12,13]", "However, it is mild."]),
        ("It is common.12,13 However, it is mild.", ["It is common.12,13", "However, it is mild."]),
        ("Cells (n = 3. See text) grew. They died.", ["Cells (n = 3. See text) grew.", "They died."]),
        ("On [t, t + Δ) it holds. The rest fails.", ["On [t, t + Δ) it holds.", "The rest fails."]),
        ("Who knows? Nobody does!", ["Who knows?", "Nobody does!"]),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("We measured expression. mRNA levels rose.", ["We measured expression.", "mRNA levels rose."]),
        (
            "Strains were grown.The media were changed daily.",
            ["Strains were grown.", "The media were changed daily."],
        ),
        (
            "It fell by half. https://doi.org/10.1289/EHP959",
            ["It fell by half.", "https://doi.org/10.1289/EHP959"],
        ),
        ("It took 231 ms. Captions came later.", ["It took 231 ms.", "Captions came later."]),
        ("It was built by Ms. Lee.", ["It was built by Ms. Lee."]),
        ("Vitamin C. The end.", ["Vitamin C.", "The end."]),
        ("2. Results were good.", ["2. Results were good."]),
        ("  spread \n over   lines. Twice. ", ["spread over lines.", "Twice."]),
        ("", []),
    ],
)
def test_a_paragraph_is_split_into_its_sentences(paragraph: str, pieces: list[str]) -> None:
    assert split(paragraph) == pieces
