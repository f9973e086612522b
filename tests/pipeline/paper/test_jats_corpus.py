"""Real papers of many publishers, as their manifest says what is due."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.errors import NoticeError
from pipeline.paper.figure_files import match_figures
from pipeline.paper.jats import read_jats


def articles(papers: Path) -> list[dict[str, str]]:
    with (papers / "MANIFEST.tsv").open(newline="") as table:
        return [
            row
            for row in csv.DictReader(table, delimiter="\t")
            if row["path"].endswith(".xml") and row["kind"] != "entrez"
        ]


def test_every_article_gives_what_its_manifest_says(papers: Path) -> None:
    rows = articles(papers)
    assert len(rows) > 30
    for row in rows:
        data = (papers / row["path"]).read_bytes()
        if row["expect"].startswith("refused"):
            with pytest.raises(NoticeError):
                read_jats(data, "x")
            continue
        paper = read_jats(data, "x").paper.told()
        told = (paper.abstract_only, paper.language == "en")
        expected = {
            "video": (False, True),
            "abstract-only video": (True, True),
            "video from the English abstract": (True, False),
        }
        assert told == expected[row["expect"]], row["path"]
        assert paper.title, row["path"]
        assert paper.authors, row["path"]
        assert paper.journal, row["path"]
        assert paper.year, row["path"]


def test_licences_are_those_of_the_manifest(papers: Path) -> None:
    names = {"CC-BY (no version given)": "LicenseRef-CC-BY", "public-domain": "LicenseRef-public-domain"}
    for row in articles(papers):
        if not row["expect"].startswith("refused"):
            licence = read_jats((papers / row["path"]).read_bytes(), "x").paper.licence
            assert licence == names.get(row["licence"], row["licence"]), row["path"]


def test_nothing_of_a_translation_or_review_is_read(papers: Path) -> None:
    paper = read_jats((papers / "jats" / "scielo_en_pt_es.xml").read_bytes(), "x").paper
    text = " ".join(passage.text for passage in paper.passages())
    assert "Conclusão" not in text
    assert "Conclusión" not in text


def test_captions_and_formulas_leave_no_markup(papers: Path) -> None:
    for row in articles(papers):
        if not row["expect"].startswith("refused"):
            for passage in read_jats((papers / row["path"]).read_bytes(), "x").paper.passages():
                assert not any(
                    mark in passage.text for mark in ("\\frac", "\\usepackage", "\\begin", "</", "&#")
                ), row["path"]
                assert passage.text == " ".join(passage.text.split())


def test_pictures_beside_a_paper_are_matched(papers: Path) -> None:
    for name, count in (("eLife_00353", 1), ("jose_00240", 1), ("jose_00259", 1), ("jose_00292", 1)):
        told = read_jats((papers / "pairs" / name / "article.xml").read_bytes(), "x")
        assert len(match_figures(told.hrefs, [papers / "figures" / name])) >= count
