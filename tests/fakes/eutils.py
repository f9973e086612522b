"""A loopback NCBI: E-utilities under `/eutils`, the files of PMC papers under `/pmc`.

It answers with the replies it was given (recorded ones where there are any, else composed ones, whose
makers say so in their names) and keeps the requests it got, and when (seconds of a clock that never goes back).
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

EMPTY_PUBMED = (
    b'<?xml version="1.0" ?>\n'
    b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    b' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet></PubmedArticleSet>'
)
_DOI = re.compile(
    rb'<(?:ELocationID[^>]*EIdType|ArticleId[^>]*IdType)="doi"[^>]*>([^<]+)<|"doi">([^<]+)</article-id>'
)
EMPTY_PMC = b'<?xml version="1.0" ?>\n<pmc-articleset><Reply Id="1" error="not found"/></pmc-articleset>'


class FakeNcbi:
    """Start it with `with`; `eutils` and `pmc` are its addresses.

    `failures` are answered first, one a request: a status, or seconds of silence before the real answer; 429 goes with
    `retry_after`. `refused` are PMCIDs with the status that efetch answers. With `key`, any other is refused in words
    that name it, as NCBI does.
    """

    def __init__(self) -> None:
        self.replies: dict[tuple[str, str, str], bytes] = {}
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.addresses: list[str] = []
        self.arrivals: list[float] = []
        self.key: str | None = None
        self.failures: deque[int | float] = deque()
        self.retry_after = "0"
        self.refused: dict[str, int] = {}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                self._answer(unquote(address.path), dict(parse_qsl(address.query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self._answer(unquote(self.path), dict(parse_qsl(body)))

            def _answer(self, path: str, parameters: dict[str, str]) -> None:
                fake.arrivals.append(time.monotonic())
                fake.addresses.append(self.path)
                fake.requests.append((path, parameters))
                status, body = fake.answer(path, parameters)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if status == 429:
                    self.send_header("Retry-After", fake.retry_after)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        root = f"http://127.0.0.1:{self._server.server_port}"
        self.eutils, self.pmc = f"{root}/eutils", f"{root}/pmc"

    def __enter__(self) -> FakeNcbi:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, parameters: dict[str, str]) -> tuple[int, bytes]:
        if self.failures:
            failure = self.failures.popleft()
            if isinstance(failure, int):
                return failure, b"busy"
            time.sleep(failure)
        if self.key is not None and parameters.get("api_key", self.key) != self.key:
            told = {"error": "API key invalid", "api-key": parameters["api_key"], "type": "api key"}
            return 400, json.dumps(told).encode()
        if path.startswith("/pmc/"):
            body = self.files.get(path.removeprefix("/pmc/"))
            return (200, body) if body is not None else (404, b"")
        tool = path.removeprefix("/eutils/").removesuffix(".fcgi")
        database = parameters.get("dbfrom") or parameters.get("db", "")
        if tool == "efetch" and database == "pmc" and f"PMC{parameters.get('id')}" in self.refused:
            return self.refused[f"PMC{parameters['id']}"], b""
        known = self.replies.get((tool, database, parameters.get("id") or parameters.get("term", "")))
        if known is not None:
            return 200, known
        if tool == "esearch":
            return 200, self._searched(database, parameters.get("term", ""))
        if tool == "elink":
            return 200, composed_links(parameters["id"], None)
        empty = {"pubmed": EMPTY_PUBMED, "pmc": EMPTY_PMC}.get(database)
        return (200, empty) if tool == "efetch" and empty is not None else (404, b"")

    def _searched(self, database: str, term: str) -> bytes:
        """Searches the DOIs of what efetch would answer. Brackets outside of quotes are operators, as at NCBI."""
        asked = re.fullmatch(r'"([^"]+)"\[doi\]|([^"()\s;]+)\[doi\]', term)
        doi = escape((asked[1] or asked[2]).lower()).encode() if asked else b""
        found = [
            number
            for (tool, where, number), reply in self.replies.items()
            if (tool, where) == ("efetch", database)
            and doi in {(one or other).lower() for one, other in _DOI.findall(reply)}
        ]
        return composed_search(*found, unknown="" if found else term)

    def most_within(self, seconds: float) -> int:
        """The most requests that arrived in any stretch of so many seconds."""
        times = sorted(self.arrivals)
        return max((sum(start <= time < start + seconds for time in times) for start in times), default=0)

    def record(self, pmid: str, reply: bytes) -> None:
        self.replies["efetch", "pubmed", pmid] = reply

    def full_text(self, pmcid: str, jats: bytes) -> None:
        self.replies["efetch", "pmc", pmcid.removeprefix("PMC")] = composed_pmc_reply(jats)

    def link(self, pmid: str, pmcid: str) -> None:
        self.replies["elink", "pubmed", pmid] = composed_links(pmid, pmcid)

    def load_records(self, papers: Path) -> None:
        """Every efetch reply that was recorded."""
        for file in sorted((papers / "entrez").glob("pubmed_*.xml")):
            self.record(file.stem.split("_")[1], file.read_bytes())


def composed_pmc_reply(jats: bytes) -> bytes:
    """What efetch on PMC would answer: the article inside `<pmc-articleset>`."""
    article = jats[re.search(rb"<article[\s>]", jats).start() :]  # type: ignore[union-attr]
    return b'<?xml version="1.0" ?>\n<pmc-articleset>' + article + b"</pmc-articleset>"


def composed_search(*ids: str, unknown: str = "") -> bytes:
    """What esearch would answer; `unknown` is a part of the term that it left out."""
    listed = "".join(f"<Id>{one}</Id>" for one in ids)
    errors = f"<ErrorList><PhraseNotFound>{escape(unknown)}</PhraseNotFound></ErrorList>" if unknown else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN"'
        ' "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
        f"<eSearchResult><Count>{len(ids)}</Count><RetMax>{len(ids)}</RetMax><RetStart>0</RetStart>"
        f"<IdList>{listed}</IdList><TranslationSet/><QueryTranslation/>{errors}</eSearchResult>"
    ).encode()


def composed_related(kind: str, citation: str, pmid: str = "9") -> str:
    """A list of comments and corrections with one entry: goes `inside` of a composed record."""
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>{citation}</RefSource>'
        f'<PMID Version="1">{pmid}</PMID></CommentsCorrections></CommentsCorrectionsList>'
    )


def composed_links(pmid: str, pmcid: str | None) -> bytes:
    """What elink from PubMed to PMC would answer: another paper that cites it, then its own full text."""
    own = (
        f"<LinkSetDb><DbTo>pmc</DbTo><LinkName>pubmed_pmc</LinkName>"
        f"<Link><Id>{pmcid.removeprefix('PMC')}</Id></Link></LinkSetDb>"
        if pmcid
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        '<!DOCTYPE eLinkResult PUBLIC "-//NLM//DTD elink 20101123//EN"'
        ' "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20101123/elink.dtd">\n'
        f"<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>{pmid}</Id></IdList>"
        "<LinkSetDb><DbTo>pmc</DbTo><LinkName>pubmed_pmc_refs</LinkName><Link><Id>999</Id></Link></LinkSetDb>"
        f"{own}</LinkSet></eLinkResult>"
    ).encode()


def composed_record(
    pmid: str,
    *,
    inside: str = "",
    abstract: str = "",
    types: str = "Journal Article",
    doi: str = "10.5555/record",
    title: str = "Growth of <i>Collis</i> at 10<sup>5</sup> Pa.",
) -> bytes:
    """What efetch on PubMed would answer for an invented paper; `inside` goes into the citation."""
    return f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print-Electronic"><Journal><JournalIssue CitedMedium="Internet"><PubDate>
<MedlineDate>2021 Jan-Feb</MedlineDate></PubDate></JournalIssue><Title>Annals of Hills</Title></Journal>
<ArticleTitle>{title}</ArticleTitle>
<ELocationID EIdType="doi" ValidYN="Y">{escape(doi)}</ELocationID>
<Abstract>{abstract}</Abstract>
<AuthorList><Author><LastName>Record</LastName><ForeName>Rita</ForeName><Suffix>Jr</Suffix></Author>
<Author><CollectiveName>Hill Group</CollectiveName></Author></AuthorList>
<Language>eng</Language>
<PublicationTypeList><PublicationType UI="D1">{types}</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2020</Year><Month>12</Month><Day>30</Day></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>Ann Hills</MedlineTA></MedlineJournalInfo>{inside}</MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle></PubmedArticleSet>""".encode()
