"""Tables, displayed formulas and further abstracts of JATS articles."""

from __future__ import annotations

from pipeline.model import Formula, Paper, Summary
from pipeline.paper.jats import read_jats
from tests.pipeline.paper.sample import ABSTRACT, WORDS, article, in_body


def read(data: bytes) -> Paper:
    return read_jats(data, "file:t.xml").paper


TABLE = """
<table-wrap id="t1"><label>Table 1.</label><caption><title>Heights</title><p>In cm.</p></caption><table>
<thead><tr><th rowspan="2">Hill</th><th colspan="2">Height</th></tr><tr><th>before</th><th>after</th></tr></thead>
<tbody><tr><td>North</td><td>10<sup>2</sup></td><td><bold>12</bold></td></tr></tbody></table>
<table-wrap-foot><p>Measured twice.</p></table-wrap-foot></table-wrap>
"""


def test_a_table_is_its_rows_and_no_part_of_the_text() -> None:
    paper = read(in_body(TABLE))
    [table] = paper.tables
    assert (table.id, table.label, table.caption) == ("t1", "Table 1", "Heights In cm.")
    assert table.rows == (("Hill", "Height", ""), ("", "before", "after"), ("North", "10²", "12"))
    assert not any("North" in passage.text for passage in paper.passages())


def test_a_table_that_floats_is_read_once() -> None:
    floats = f"<floats-group>{TABLE}</floats-group>"
    assert [table.id for table in read(article(after=floats)).tables] == ["t1"]


def test_a_crafted_table_stays_small() -> None:
    row = '<tr><td colspan="99999999">x</td></tr>'
    [table] = read(in_body(f'<table-wrap id="t"><table>{row * 300}</table></table-wrap>')).tables
    assert sum(map(len, table.rows)) <= 5100


def test_displayed_formulas_are_kept_apart_with_their_numbers() -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>E</mi><mo>=</mo><mi>m</mi></math>'
    tex = r"<tex-math>\documentclass{minimal}\begin{document}$$E = mc^2$$\end{document}</tex-math>"
    formulas = (
        f"<p>Then <disp-formula><label>(1)</label>{math}</disp-formula> holds.</p>"
        f"<disp-formula><label>(2)</label>{tex}</disp-formula>"
        "<disp-formula><italic>a</italic> = 2<sup>3</sup></disp-formula>"
        "<disp-formula><graphic/></disp-formula>"
    )
    assert read(in_body(formulas)).formulas == (
        Formula(label="(1)", text="E = m"),
        Formula(label="(2)", tex="E = mc^2"),
        Formula(text="a = 2³"),
        Formula(),
    )


def test_an_author_summary_and_a_digest_are_no_abstract() -> None:
    further = (
        f'<abstract abstract-type="summary"><title>Author summary</title><p>For all. {WORDS}</p></abstract>'
        f'<abstract abstract-type="executive-summary"><title>Digest</title><p>In short. {WORDS}</p></abstract>'
        "<abstract><title>Highlights</title><list><list-item><p>It is high.</p></list-item></list></abstract>"
        f'<abstract abstract-type="graphical"><p>{WORDS}</p></abstract>'
    )
    paper = read(article(abstract=further + ABSTRACT))
    assert paper.abstract == (WORDS.strip(),)
    assert paper.summaries == (
        Summary(kind="author-summary", title="Author summary", paragraphs=(f"For all. {WORDS}".strip(),)),
        Summary(kind="digest", title="Digest", paragraphs=(f"In short. {WORDS}".strip(),)),
        Summary(kind="highlights", title="Highlights", paragraphs=("It is high.",)),
    )
    assert not any("For all" in passage.text for passage in paper.passages())
