from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UnknownSourceError
from pipeline.paper.source import parse_source


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("32296183", "pmid:32296183"),
        (" PMID: 993 ", "pmid:993"),
        ("PMID: 993.", "pmid:993"),
        ("pmid:00993", "pmid:993"),
        ("https://pubmed.ncbi.nlm.nih.gov/32296183/", "pmid:32296183"),
        ("pubmed.ncbi.nlm.nih.gov/32296183?dopt=Abstract", "pmid:32296183"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/32296183", "pmid:32296183"),
        ("PMC7224658", "pmcid:PMC7224658"),
        ("pmcid: pmc7224658.1", "pmcid:PMC7224658"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7224658/", "pmcid:PMC7224658"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7224658/pdf/main.pdf", "pmcid:PMC7224658"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC7224658/#S1", "pmcid:PMC7224658"),
        ("10.1371/journal.PONE.0036880", "doi:10.1371/journal.pone.0036880"),
        ("<https://doi.org/10.1371/journal.pone.0036880>,", "doi:10.1371/journal.pone.0036880"),
    ],
)
def test_ids_and_addresses_are_understood(text: str, label: str) -> None:
    assert parse_source(text).label == label


@pytest.mark.parametrize(
    "name",
    ["paper.pdf", "paper.PDF", "paper.xml", "paper.nxml", "paper.docx", "32296183.pdf", "PMC7224658.xml"],
)
def test_a_file_is_a_file_whatever_its_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"x")
    source = parse_source(str(file))
    assert (source.kind, source.label, source.path) == ("file", f"file:{name}", file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("32296183.pdf", "no file 32296183.pdf"),
        ("somewhere/else", "no file else"),
        ("https://doi.org/about", "not one of a paper at PubMed"),
        ("https://example.org/paper.pdf", "not one of a paper at PubMed"),
        ("https://pubmed.ncbi.nlm.nih.gov.example.org/123", "not one of a paper at PubMed"),
        ("123456789", "too long"),
        ("0", "neither"),
        ("growth of hills", "neither"),
        (" ", "No paper was named"),
        ("3２", "neither"),
        ("a" * 5000 + ".pdf", "neither"),
        ("~nobody-of-this-name/paper.pdf", "neither"),
        ("\0.pdf", "no file"),
    ],
)
def test_what_is_not_understood_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(UnknownSourceError, match=words) as refusal:
        parse_source(text)
    assert refusal.value.advice


def test_a_doi_in_the_address_of_another_site_is_advice(tmp_path: Path) -> None:
    with pytest.raises(UnknownSourceError) as refusal:
        parse_source("https://journals.example.org/doi/10.1371/journal.pone.0036880?x=1")
    assert refusal.value.advice.startswith("If its DOI is 10.1371/journal.pone.0036880, give that.")


def test_a_doi_among_other_words_is_advice() -> None:
    with pytest.raises(UnknownSourceError, match="neither an id") as refusal:
        parse_source("doi:10.1016/j.hill.2020.02.052 PMID: 32142651")
    assert refusal.value.advice.startswith("If its DOI is 10.1016/j.hill.2020.02.052, give that.")


def test_a_file_in_a_locked_folder_can_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", locked)
    with pytest.raises(UnknownSourceError, match=r"^paper.pdf can't be read"):
        parse_source("locked/paper.pdf")


def test_a_file_that_is_called_like_a_doi_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "10.1371").mkdir()
    (tmp_path / "10.1371" / "paper.pdf").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    assert parse_source("10.1371/paper.pdf").kind == "file"
    assert parse_source("10.1371/other.pdf").kind == "doi"


@pytest.mark.parametrize(
    ("name", "words"),
    [("paper.doc", ".doc files can't be read"), ("paper.odt", ".odt files"), ("paper.png", "of a type")],
)
def test_files_of_other_types_are_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(UnknownSourceError, match=words):
        parse_source(str(tmp_path / name))


def test_a_folder_is_refused_even_when_it_ends_in_pdf(tmp_path: Path) -> None:
    folder = tmp_path / "papers.pdf"
    folder.mkdir()
    with pytest.raises(UnknownSourceError, match="is a folder"):
        parse_source(str(folder))
