from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.corpus import cases, kind_of_video, outcomes_due, refusals_due
from benchmarks.fetch_papers import fetch
from pipeline.model import Paper
from settings import Settings
from tests.fakes.eutils import FakeNcbi


def test_papers_are_fetched_with_their_pictures_into_a_folder_that_the_corpus_reads(
    example: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.tsv").write_text("pmcid\texpect\nPMC1\tvideo\nPMC2\tvideo\n")
    with FakeNcbi() as ncbi:
        ncbi.full_text("PMC1", example.read_bytes())
        for picture in example.parent.glob("*.png"):
            ncbi.files[f"PMC1/{picture.name}"] = picture.read_bytes()
        settings = Settings(ncbi_base_url=ncbi.eutils, pmc_base_url=ncbi.pmc)
        fetch(tmp_path / "papers", settings, tmp_path / "list.tsv")
    assert {path.name for path in (tmp_path / "papers" / "PMC1").iterdir()} == {
        "article.xml",
        "caption-times-fig1.png",
        "caption-times-fig2.png",
    }
    with (tmp_path / "papers" / "MANIFEST.tsv").open() as file:
        assert [row["path"] for row in csv.DictReader(file, delimiter="\t")] == ["PMC1/article.xml"]
    assert cases(tmp_path / "papers") == [("PMC1/article.xml", "video")]


def test_what_is_due_is_read_from_the_manifests_words() -> None:
    assert refusals_due("refused: no text layer (or, with OCR, not a paper)") == {
        "pdf-without-text",
        "not-a-paper",
    }
    assert refusals_due("video") == set()
    both = "video from the English abstract, or refused: language"
    assert refusals_due(both) == {"language"}
    assert outcomes_due(both) == {"video from the English abstract", "refused: language"}
    assert "video" not in outcomes_due("abstract-only video")
    assert "video" in outcomes_due("refused: several papers in one file, or a video of the first")


def test_a_paper_told_from_its_translation_is_its_own_kind_of_video() -> None:
    paper = Paper(title="t", source="file:x", abstract_only=True, language="pt")
    assert kind_of_video(paper) == "video from the English abstract"
    assert kind_of_video(paper.model_copy(update={"language": "en"})) == "abstract-only video"
