"""A paper from PubMed and PubMed Central, through NCBI's E-utilities."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

from pipeline.errors import (
    DamagedFileError,
    PaperNotFoundError,
    ProviderError,
    TransientProviderError,
)
from pipeline.model import Paper
from pipeline.paper.combining import combined
from pipeline.paper.doi import same
from pipeline.paper.entrez import found_ids, read_entrez
from pipeline.paper.figure_files import import_figures
from pipeline.paper.jats import JatsArticle
from pipeline.paper.licence import allows_figures
from pipeline.paper.markup import MAX_BYTES, parse_xml
from pipeline.paper.ncbi_http import NcbiHttp
from pipeline.paper.pace import Pace, ncbi_pace
from pipeline.paper.pmc_pictures import PmcPictures
from pipeline.paper.pubmed_record import Record, read_record
from pipeline.paper.source import Source

#: So many papers that a search for a DOI finds are looked at: whose DOI it is, is told by their records.
_MOST_HITS: Final = 3

#: An empty file of this name marks a paper whose pictures may yet be had: their server was busy or away.
INCOMPLETE: Final = "incomplete"


#: The record, the PMCID and the reply with the full text of a paper, as far as they are there.
_Found = tuple[Record | None, str | None, bytes | None]


class Ncbi:
    """PubMed and PubMed Central.

    `base_url` is that of the E-utilities, `pmc_base_url` that under which the files of a PMC paper
    lie (`{pmc_base_url}/{PMCID}/{file}`). NCBI asks for `email` and `tool`; `api_key` allows more
    requests a second. `first_wait` is the pause before a request is tried again, in seconds. `pace` gives the turns
    at NCBI; without one, all processes of this machine keep to it together.
    """

    def __init__(
        self,
        *,
        base_url: str,
        pmc_base_url: str,
        email: str = "",
        api_key: str = "",
        tool: str = "hidden-hill",
        first_wait: float = 1.0,
        pace: Pace | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._credentials = {
            name: value for name, value in (("tool", tool), ("email", email), ("api_key", api_key)) if value
        }
        self._http = NcbiHttp(
            setting="NCBI_BASE_URL",
            pace=pace or ncbi_pace(self._base_url, with_key=bool(api_key)),
            first_wait=first_wait,
        )
        self._pictures = PmcPictures(pmc_base_url, first_wait=first_wait)

    def fetch(self, source: Source, folder: Path, *, all_figures: bool = False) -> Paper:
        """The paper of a PMID, a PMCID or a DOI, its pictures written into `folder/figures`.

        Pictures are fetched where the paper's licence allows showing them, or all of them with
        `all_figures`; where their server was busy or away, `folder` holds a file named `INCOMPLETE`.
        Raises `PaperNotFoundError`, and what `read_jats` and `read_record` raise;
        `ProviderError` and `TransientProviderError` when NCBI refuses or is away.
        """
        match source.kind:
            case "pmid":
                record, pmcid, data = self._with_text(self._record(source.value))
            case "doi":
                record, pmcid, data = self._by_doi(source.value)
            case _:
                record, pmcid, data = self._with_record(source.value)
        article = combined(record, data, pmcid, source.label)
        return self._with_pictures(article, folder, all_figures=all_figures)

    def _by_doi(self, doi: str) -> _Found:
        """What PubMed has of the paper with this DOI, or else PMC, which holds some that PubMed does not."""
        for pmid in self._search("pubmed", doi):
            try:
                record = self._record(pmid, doi=doi)
            except PaperNotFoundError:
                continue
            return self._with_text(record)
        for number in self._search("pmc", doi):
            data = self.full_text(f"PMC{number}")
            if data is not None and same(_identifier(data, "doi"), doi):
                return self._with_record(f"PMC{number}", data)
        raise PaperNotFoundError(
            "Neither PubMed nor PubMed Central knows this DOI.", "Check the DOI, or give the paper's PDF."
        )

    def _search(self, database: str, doi: str) -> tuple[str, ...]:
        """The ids that the search names. Quotes keep brackets and semicolons from being taken for operators."""
        reply = self._ask("esearch", db=database, term=f'"{doi}"[doi]', retmax=str(_MOST_HITS), retmode="xml")
        return found_ids(reply)[:_MOST_HITS]

    def _with_text(self, record: Record) -> _Found:
        pmcid = record.pmcid or self._linked_pmcid(record.pmid)
        return record, pmcid, self.full_text(pmcid) if pmcid else None

    def _with_record(self, pmcid: str, data: bytes | None = None) -> _Found:
        data = data or self.full_text(pmcid)
        if data is None:
            raise PaperNotFoundError(f"PubMed Central has no paper {pmcid}.", "Check the PMCID.")
        pmid = _identifier(data, "pmid") or self._summarised_pmid(pmcid)
        try:
            return self._record(pmid) if pmid else None, pmcid, data
        except PaperNotFoundError:  # the text may be there before the record is
            return None, pmcid, data

    def greet(self) -> None:
        """Ask the smallest thing there is. Raises `ProviderError` and `TransientProviderError` as `fetch` does."""
        try:
            self._ask("efetch", db="pubmed", id="1", rettype="uilist", retmode="text")
        except PaperNotFoundError:
            raise ProviderError(
                "What answers at NCBI_BASE_URL is not NCBI.", "Check NCBI_BASE_URL."
            ) from None

    def _with_pictures(self, article: JatsArticle, folder: Path, *, all_figures: bool) -> Paper:
        paper = article.paper
        wanted = {
            figure.id: article.hrefs[figure.id]
            for figure in paper.figures
            if figure.id in article.hrefs
            and (all_figures or (allows_figures(paper.licence) and not figure.third_party))
        }
        if paper.pmcid is None or not wanted:
            return paper
        with tempfile.TemporaryDirectory() as downloads:
            pictures = self._pictures.download(paper.pmcid, wanted, Path(downloads))
            if not pictures.complete:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / INCOMPLETE).touch()
            return import_figures(paper, pictures.files, folder)

    def _ask(self, tool: str, **parameters: str) -> bytes:
        reply = self._http.get(
            f"{self._base_url}/{tool}.fcgi", {**parameters, **self._credentials}, most_bytes=MAX_BYTES
        )
        if reply is None:
            raise PaperNotFoundError("NCBI has nothing under this number.", "Check the PMID or PMCID.")
        return reply

    def _record(self, pmid: str, *, doi: str | None = None) -> Record:
        return read_record(self._ask("efetch", db="pubmed", id=pmid, retmode="xml"), doi=doi)

    def _linked_pmcid(self, pmid: str) -> str | None:
        """The paper's own full text; `pubmed_pmc_refs` are others that cite it."""
        reply = read_entrez(
            self._ask("elink", dbfrom="pubmed", db="pmc", id=pmid, linkname="pubmed_pmc", retmode="xml"),
            "eLinkResult",
        )
        for links in reply:
            for database in links["LinkSetDb"]:
                if database["LinkName"] == "pubmed_pmc" and database["Link"]:
                    return f"PMC{database['Link'][0]['Id']}"
        return None

    def _summarised_pmid(self, pmcid: str) -> str | None:
        """The PMID that the summary of a PMC paper names. The record is a gain, not a need."""
        try:
            reply = self._ask(
                "esummary", db="pmc", id=pmcid.removeprefix("PMC"), version="2.0", retmode="xml"
            )
            return summarised_pmid(reply)
        except TransientProviderError:
            raise
        except (ProviderError, PaperNotFoundError, DamagedFileError):
            return None

    def full_text(self, pmcid: str) -> bytes | None:
        """The reply with the JATS of a PMC paper, or `None` when PMC does not have it."""
        try:
            reply = self._ask("efetch", db="pmc", id=pmcid.removeprefix("PMC"), retmode="xml")
        except PaperNotFoundError:
            return None
        return reply if re.search(rb"<article[\s>]", reply) else None


def summarised_pmid(reply: bytes) -> str | None:
    """The PMID in a version 2.0 reply of esummary on PMC (which Biopython's DTDs do not cover)."""
    for identifier in parse_xml(reply).iter("ArticleId"):
        if identifier.findtext("IdType", "").strip() == "pmid":
            value = identifier.findtext("Value", "").strip()
            return value if value.isdecimal() and value != "0" else None
    return None


def _identifier(reply: bytes, kind: str) -> str | None:
    """An id that the JATS in the reply gives the paper."""
    article_id = parse_xml(reply).find(f".//article-meta/article-id[@pub-id-type='{kind}']")
    return (article_id.text or "").strip() or None if article_id is not None else None
