"""A paper from PubMed and PubMed Central, through NCBI's E-utilities."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

from pipeline.errors import (
    DamagedFileError,
    LanguageError,
    PaperNotFoundError,
    ProviderError,
    RetractedError,
    TooLittleTextError,
    TransientProviderError,
)
from pipeline.model import Paper
from pipeline.paper.entrez import read_entrez
from pipeline.paper.figure_files import import_figures
from pipeline.paper.jats import ABSTRACT_ONLY, LEAST_WORDS, JatsArticle, read_jats, word_count
from pipeline.paper.language import told_from_abstract, untold
from pipeline.paper.licence import allows_figures
from pipeline.paper.markup import MAX_BYTES, parse_xml
from pipeline.paper.ncbi_http import SPACING, SPACING_WITH_KEY, NcbiHttp
from pipeline.paper.pmc_pictures import PmcPictures
from pipeline.paper.pubmed_record import Record, read_record
from pipeline.paper.source import Source

#: An empty file of this name marks a paper whose pictures may yet be had: their server was busy or away.
INCOMPLETE: Final = "incomplete"


class Ncbi:
    """PubMed and PubMed Central.

    `base_url` is that of the E-utilities, `pmc_base_url` that under which the files of a PMC paper
    lie (`{pmc_base_url}/{PMCID}/{file}`). NCBI asks for `email` and `tool`; `api_key` allows more
    requests a second. `first_wait` is the pause before a request is tried again, in seconds.
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
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._credentials = {
            name: value for name, value in (("tool", tool), ("email", email), ("api_key", api_key)) if value
        }
        self._http = NcbiHttp(
            setting="NCBI_BASE_URL",
            spacing=SPACING_WITH_KEY if api_key else SPACING,
            first_wait=first_wait,
        )
        self._pictures = PmcPictures(pmc_base_url, first_wait=first_wait)

    def fetch(self, source: Source, folder: Path, *, all_figures: bool = False) -> Paper:
        """The paper of a PMID or PMCID, its pictures written into `folder/figures`.

        Pictures are fetched where the paper's licence allows showing them, or all of them with
        `all_figures`; where their server was busy or away, `folder` holds a file named `INCOMPLETE`.
        Raises `PaperNotFoundError`, and what `read_jats` and `read_record` raise;
        `ProviderError` and `TransientProviderError` when NCBI refuses or is away.
        """
        if source.kind == "pmid":
            record = self._record(source.value)
            pmcid = record.pmcid or self._linked_pmcid(source.value)
            data = self.full_text(pmcid) if pmcid else None
        else:
            pmcid, record = source.value, None
            data = self.full_text(pmcid)
            if data is None:
                raise PaperNotFoundError(f"PubMed Central has no paper {pmcid}.", "Check the PMCID.")
            if pmid := _pmid_of(data) or self._summarised_pmid(pmcid):
                record = self._record(pmid)
        article = _combine(record, data, pmcid, source.label)
        return self._with_pictures(article, folder, all_figures=all_figures)

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

    def _record(self, pmid: str) -> Record:
        return read_record(self._ask("efetch", db="pubmed", id=pmid, retmode="xml"))

    def _linked_pmcid(self, pmid: str) -> str | None:
        """The paper's own full text; `pubmed_pmc_refs` are others that cite it."""
        reply = read_entrez(
            self._ask("elink", dbfrom="pubmed", db="pmc", id=pmid, linkname="pubmed_pmc", retmode="xml")
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
        reply = self._ask("efetch", db="pmc", id=pmcid.removeprefix("PMC"), retmode="xml")
        return reply if re.search(rb"<article[\s>]", reply) else None


def summarised_pmid(reply: bytes) -> str | None:
    """The PMID in a version 2.0 reply of esummary on PMC (which Biopython's DTDs do not cover)."""
    for identifier in parse_xml(reply).iter("ArticleId"):
        if identifier.findtext("IdType", "").strip() == "pmid":
            value = identifier.findtext("Value", "").strip()
            return value if value.isdecimal() and value != "0" else None
    return None


def _pmid_of(reply: bytes) -> str | None:
    article_id = parse_xml(reply).find(".//article-meta/article-id[@pub-id-type='pmid']")
    return (article_id.text or "").strip() or None if article_id is not None else None


def _combine(record: Record | None, jats: bytes | None, pmcid: str | None, label: str) -> JatsArticle:
    """The full text with the facts of the record; the record's abstract where there is no full text."""
    article = None
    if jats is not None:
        try:
            article = read_jats(jats, label)
        except (TooLittleTextError, LanguageError):
            if record is None:
                raise
    if article is None:
        assert record is not None
        return JatsArticle(_from_record(record, pmcid, label), {})
    if record is None:
        return JatsArticle(article.paper.model_copy(update={"pmcid": pmcid}), article.hrefs)
    paper = article.paper
    return JatsArticle(
        paper.model_copy(
            update={
                "authors": record.authors or paper.authors,
                "abstract": paper.abstract or record.abstract.paragraphs,
                "abstract_labels": paper.abstract_labels if paper.abstract else record.abstract.labels,
                "journal": record.journal or paper.journal,
                "year": record.year or paper.year,
                "doi": record.doi or paper.doi,
                "pmid": record.pmid,
                "pmcid": pmcid,
                "retracted": record.retracted or paper.retracted,
                "preprint": record.preprint or paper.preprint,
            }
        ),
        article.hrefs,
    )


def _from_record(record: Record, pmcid: str | None, label: str) -> Paper:
    if record.language != "en" and not record.abstract.paragraphs:
        raise untold(record.language)
    if word_count(record.abstract.paragraphs) < LEAST_WORDS:
        if record.retracted:
            raise RetractedError(
                "This paper was retracted, and PubMed has no abstract of it.", "Choose another paper."
            )
        raise TooLittleTextError(
            "PubMed has no abstract of this paper, and its full text is not open.", "Give the paper's PDF."
        )
    return Paper(
        title=record.title,
        authors=record.authors,
        abstract=record.abstract.paragraphs,
        abstract_labels=record.abstract.labels,
        journal=record.journal,
        year=record.year,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=pmcid,
        language=record.language,
        article_type=record.article_type,
        retracted=record.retracted,
        preprint=record.preprint,
        abstract_only=True,
        notes=(ABSTRACT_ONLY if record.language == "en" else told_from_abstract(record.language),),
        source=label,
    )
