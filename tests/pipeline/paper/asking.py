"""Papers asked of a loopback NCBI, without its pace."""

from __future__ import annotations

from pathlib import Path

from pipeline.model import Paper
from pipeline.paper.pace import AtOnce
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import parse_source
from tests.fakes.eutils import FakeNcbi
from tests.pipeline.paper.sample import WORDS

KEY = "s3cr3t-key"
TOLD = f"<AbstractText>{WORDS}</AbstractText>"


def fetch(fake: FakeNcbi, asked: str, folder: Path, *, all_figures: bool = False, key: str = KEY) -> Paper:
    ncbi = Ncbi(
        base_url=fake.eutils,
        pmc_base_url=fake.pmc,
        email="ada@example.org",
        api_key=key,
        first_wait=0.01,
        pace=AtOnce(),
    )
    return ncbi.fetch(parse_source(asked), folder, all_figures=all_figures)


def asked_of(fake: FakeNcbi) -> list[str]:
    """The tools that were asked, in order: "efetch", "elink"."""
    return [path.rsplit("/", 1)[-1].removesuffix(".fcgi") for path, _ in fake.requests]
