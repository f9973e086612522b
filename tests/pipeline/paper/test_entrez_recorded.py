"""Every recorded reply of E-utilities, read as the MANIFEST of the papers says."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import HiddenHillError, NoticeError, PaperNotFoundError, ProviderError
from pipeline.paper.entrez import found_ids, read_entrez
from pipeline.paper.pubmed import summarised_pmid
from pipeline.paper.pubmed_record import Record, read_record


def _links(data: bytes) -> str:
    (links,) = read_entrez(data, "eLinkResult")
    return str(links["LinkSetDb"][0]["LinkName"])


def _spelling(data: bytes) -> Any:
    return read_entrez(data, "eSpellResult")["CorrectedQuery"]


def _kinds(record: Record) -> list[str]:
    return [relation.kind for relation in record.standing.related]


#: By words of the column `why`: how such a reply is read, and what is to come of it.
DUE: list[tuple[str, Callable[[bytes], Any], Callable[[Any], bool]]] = [
    ("esearch hard error", found_ids, lambda said: isinstance(said, ProviderError) and not said.retryable),
    ("ErrorList/WarningList", found_ids, lambda ids: ids == ()),
    ("zero hits", found_ids, lambda ids: ids == ()),
    ("esearch", found_ids, lambda ids: len(ids) > 5 and all(one.isdecimal() for one in ids)),
    ("esummary", summarised_pmid, lambda pmid: pmid == "3029418"),
    ("elink pubmed", _links, lambda name: name == "pubmed_pubmed"),
    ("espell", _spelling, lambda word: word == "biopython"),
    ("EMPTY PubmedArticleSet", read_record, lambda said: isinstance(said, PaperNotFoundError)),
    ("Published Erratum", read_record, lambda said: isinstance(said, NoticeError)),
    (
        "RETRACTED",
        read_record,
        lambda r: r.standing.retracted and bool(r.pmcid) and _kinds(r) == ["retraction"],
    ),
    ("German", read_record, lambda r: r.language == "de" and "[" not in r.title and "soziale" in r.own_title),
    (
        "two CommentOn",
        read_record,
        lambda r: _kinds(r) == ["comment-on"] * 2 and "Comment" in r.publication_types,
    ),
    ("without abstract", read_record, lambda r: r.abstract.paragraphs == () and not r.standing.related),
    (
        "no abstract",
        read_record,
        lambda r: r.abstract.paragraphs == () and "Personal Narrative" in r.publication_types,
    ),
    ("4-part structured", read_record, lambda r: len(r.abstract.labels) == 4 and all(r.abstract.labels)),
    (
        "review abstract",
        read_record,
        lambda r: "Review" in r.publication_types and len(r.abstract.paragraphs) == 1,
    ),
]


def _rows(papers: Path) -> list[dict[str, str]]:
    with (papers / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "entrez"]


def _outcome(read: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return read(data)
    except HiddenHillError as error:
        return error


def test_every_recorded_reply_is_read_as_its_row_says(papers: Path) -> None:
    rows = _rows(papers)
    for row in rows:
        due = next(((read, fits) for words, read, fits in DUE if words in row["why"]), None)
        if due is None:  # a reply that this table does not know: any outcome but a crash
            _outcome(read_entrez, (papers / row["path"]).read_bytes())
            continue
        said = _outcome(due[0], (papers / row["path"]).read_bytes())
        assert due[1](said), f"{row['path']} ({row['why']}): {said!r}"
    if not rows:
        pytest.skip("there are no recorded replies among the papers")


def test_every_recorded_record_holds_its_facts(papers: Path) -> None:
    for row in _rows(papers):
        record = _outcome(read_record, (papers / row["path"]).read_bytes())
        if isinstance(record, Record):
            assert record.pmid in row["what"]
            assert record.title
            assert record.authors
            assert record.year
            assert record.publication_types
            assert record.doi or record.standing.retracted  # that one is of 1976
