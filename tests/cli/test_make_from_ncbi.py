"""`hidden-hill make PMID`: through E-utilities, over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.making import Made, make
from tests.fakes.eutils import FakeNcbi, composed_record

KEY = "s3cr3t-ncbi-key"
PMCID = '<ArticleIdList><ArticleId IdType="pmc">PMC7654321</ArticleId>'


@pytest.fixture
def ncbi(example: Path) -> Iterator[FakeNcbi]:
    with FakeNcbi() as server:
        record = composed_record("32296183", types="Journal Article").decode()
        server.record("32296183", record.replace("<ArticleIdList>", PMCID).encode())
        server.full_text("PMC7654321", example.read_bytes())
        for picture in example.parent.glob("*.png"):
            server.files[f"PMC7654321/{picture.name}"] = picture.read_bytes()
        yield server


def asked(server: FakeNcbi, source: str, folder: Path, *options: str) -> Made:
    addresses = {"NCBI_BASE_URL": server.eutils, "PMC_BASE_URL": server.pmc}
    return make(source, folder, *options, **addresses, NCBI_API_KEY=KEY, NCBI_EMAIL="ada@example.org")


@pytest.mark.parametrize(
    "source",
    ["32296183", "https://pubmed.ncbi.nlm.nih.gov/32296183/", "PMC7654321", "https://doi.org/10.5555/Record"],
    ids=["pmid", "address", "pmcid", "doi"],
)
def test_an_id_gives_record_full_text_and_figures(ncbi: FakeNcbi, tmp_path: Path, source: str) -> None:
    made = asked(ncbi, source, tmp_path / "out", "--until", "fetch-paper")
    assert made.status == 0, made.printed
    paper = json.loads((tmp_path / "out" / "paper.json").read_text())
    assert len(paper["sections"]) >= 4
    assert all(figure["file"] for figure in paper["figures"])
    assert paper["pmcid"] == "PMC7654321"


def test_asking_again_asks_ncbi_nothing(ncbi: FakeNcbi, tmp_path: Path) -> None:
    asked(ncbi, "32296183", tmp_path / "out", "--until", "fetch-paper")
    before = len(ncbi.requests)
    again = asked(ncbi, "32296183", tmp_path / "out", "--until", "fetch-paper")
    assert again.reused() == {"fetch-paper": True}
    assert len(ncbi.requests) == before


def test_an_unknown_pmid_is_told_from_a_failure(ncbi: FakeNcbi, tmp_path: Path) -> None:
    refused = asked(ncbi, "99999999", tmp_path / "out")
    assert (refused.status, refused.events[-1]["code"]) == (3, "paper-not-found")


def test_the_key_is_sent_to_ncbi_and_appears_nowhere_else(ncbi: FakeNcbi, tmp_path: Path) -> None:
    made = asked(ncbi, "32296183", tmp_path / "out", "--debug")
    assert made.status == 0, made.printed
    assert any(parameters.get("api_key") == KEY for _, parameters in ncbi.requests)
    ncbi.failures.extend([403])
    failed = asked(ncbi, "11111111", tmp_path / "other", "--debug")
    assert failed.status == 4, failed.printed
    for told in (made.printed, made.logged, failed.printed, failed.logged):
        assert KEY not in told
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert not [path for path in written if KEY.encode() in path.read_bytes()]
