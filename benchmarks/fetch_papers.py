"""Fetch open papers from PubMed Central, so that `make corpus` has something to run in any clone.

    python -m benchmarks.fetch_papers FOLDER

The list is open_papers.tsv: PMCIDs of papers under CC BY, CC0 or in the public domain, and what is due
for each. Every paper becomes FOLDER/PMCID/article.xml with its figure files beside it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pipeline.errors import HiddenHillError
from pipeline.paper.figure_files import EXTENSIONS, file_name
from pipeline.paper.jats import read_jats
from pipeline.paper.pmc_pictures import PmcPictures
from pipeline.paper.pubmed import Ncbi
from settings import Settings

LIST = Path(__file__).parent / "open_papers.tsv"


def fetch(folder: Path, settings: Settings, list_of_papers: Path = LIST) -> int:
    """Fetch every paper of the list and write FOLDER/MANIFEST.tsv; returns how many could not be had."""
    key = settings.ncbi_api_key
    ncbi = Ncbi(
        base_url=settings.ncbi_base_url,
        pmc_base_url=settings.pmc_base_url,
        email=settings.ncbi_email or "",
        api_key=key.get_secret_value() if key else "",
    )
    pictures = PmcPictures(settings.pmc_base_url, first_wait=1.0)
    with list_of_papers.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file, delimiter="\t"))
    rows, missing = [], 0
    for paper in wanted:
        try:
            found = _fetch_one(paper["pmcid"], folder / paper["pmcid"], ncbi, pictures)
        except HiddenHillError as error:
            missing += 1
            print(f"{paper['pmcid']}: {error.sentence} {error.advice}")
            continue
        print(f"{paper['pmcid']}: {found}")
        if not (folder / paper["pmcid"] / "article.xml").is_file():
            missing += 1
            continue
        rows.append({"path": f"{paper['pmcid']}/article.xml", "kind": "jats", "expect": paper["expect"]})
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "MANIFEST.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["path", "kind", "expect"], delimiter="\t")
        writer.writeheader()
        writer.writerows(rows)
    return missing


def _fetch_one(pmcid: str, folder: Path, ncbi: Ncbi, pictures: PmcPictures) -> str:
    data = ncbi.full_text(pmcid)
    if data is None:
        return "PubMed Central does not have it"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.xml").write_bytes(data)
    try:
        article = read_jats(data, f"pmcid:{pmcid}")
    except HiddenHillError as error:
        return error.sentence
    scratch = folder / "pictures"
    scratch.mkdir(exist_ok=True)
    files = pictures.download(pmcid, article.hrefs, scratch).files
    for figure, file in files.items():
        name = file_name(article.hrefs[figure])
        file.replace(folder / (name if Path(name).suffix.lower() in EXTENSIONS else f"{name}.jpg"))
    scratch.rmdir()
    return f"{len(files)} of {len(article.hrefs)} pictures"


def main() -> int:
    """Fetch into the folder that was named; the exit status is 1 when a paper could not be had."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out/papers")
    return 1 if fetch(folder, Settings()) else 0


if __name__ == "__main__":
    sys.exit(main())
