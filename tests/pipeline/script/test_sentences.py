from __future__ import annotations

from pipeline.model import Figure, Paper, Section
from pipeline.script.sentences import sentences


def test_each_sentence_knows_where_it_stands() -> None:
    # Given a paper with an abstract, a section and a figure
    paper = Paper(
        title="T",
        abstract=("Aim: To know. It was done.",),
        abstract_labels=("Aim",),
        sections=(Section(title="Results", kind="results", paragraphs=("It rose. It fell.",), pages=(4,)),),
        figures=(Figure(id="f1", label="Figure 1", caption="A curve."),),
        source="test",
    )

    # If I ask for its sentences
    found = sentences(paper)

    # I expect them in reading order, each with its passage and place, and the label apart from the text
    assert [s.text for s in found] == ["To know.", "It was done.", "It rose.", "It fell.", "A curve."]
    assert [(s.passage.kind, s.position, s.count) for s in found][:3] == [
        ("abstract", 0, 2),
        ("abstract", 1, 2),
        ("results", 0, 2),
    ]
    assert found[0].passage.label == "Aim"
    assert found[2].passage.page == 4
    assert [s.paragraph for s in found] == [0, 0, 1, 1, 2]
