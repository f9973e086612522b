"""What a person means by SOURCE: an id, an address of PubMed or of doi.org, or a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import UnknownSourceError
from pipeline.paper.doi import doi_of, without_punctuation
from pipeline.paper.file_kind import KINDS, OTHER_TEXTS

SourceKind = Literal["pmid", "pmcid", "doi", "file"]

_PMID = re.compile(r"(?:pmid[:\s]*)?0*([1-9]\d{0,7})", re.IGNORECASE | re.ASCII)
_PMCID = re.compile(r"(?:pmcid[:\s]*)?PMC[:\s]*0*([1-9]\d{0,8})(?:\.\d+)?", re.IGNORECASE | re.ASCII)
_PUBMED_ADDRESS = re.compile(
    r"(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/0*([1-9]\d{0,7})"
    r"(?:[/?#].*)?",
    re.IGNORECASE | re.ASCII,
)
_PMC_ADDRESS = re.compile(
    r"(?:https?://)?(?:pmc\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pmc)/articles/PMC0*([1-9]\d{0,8})"
    r"(?:\.\d+)?(?:[/?#].*)?",
    re.IGNORECASE | re.ASCII,
)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DOI_INSIDE = re.compile(r"\b10\.\d{4,9}/[^\s\"<>?#]+")
_FORMS = (
    "Give a PMID (32296183), a PMCID (PMC7224658), a DOI, their address at PubMed or doi.org, "
    "or a .pdf, .docx, .xml or .nxml file."
)


@dataclass(frozen=True)
class Source:
    """Where a paper comes from. `value` is the bare id ("32296183", "PMC7224658", "10.1/x") or the file's name."""

    kind: SourceKind
    value: str
    path: Path | None = None

    @property
    def label(self) -> str:
        """What becomes `Paper.source`: never a path."""
        return f"{self.kind}:{self.value}"


def parse_source(text: str) -> Source:
    """Read SOURCE. The name of a file is never taken for an id.

    Raises `UnknownSourceError` for a file that does not exist or is of another type, a folder, an address of
    another site, and anything else.
    """
    asked = text.strip()
    bare = without_punctuation(asked)
    for kind, forms in (("pmid", (_PMID, _PUBMED_ADDRESS)), ("pmcid", (_PMCID, _PMC_ADDRESS))):
        for form in forms:
            if match := form.fullmatch(bare):
                return Source("pmid", match[1]) if kind == "pmid" else Source("pmcid", f"PMC{match[1]}")
    if (doi := doi_of(asked)) is not None and not _is_there(asked):
        return Source("doi", doi)
    if _ADDRESS.match(asked):
        raise UnknownSourceError(
            "This address is not one of a paper at PubMed, PubMed Central or doi.org.", _advice(asked)
        )
    if not asked:
        raise UnknownSourceError("No paper was named.", _FORMS)
    return _file(asked)


def _is_there(name: str) -> bool:
    """Whether that is a file here: a folder may be called "10.1371"."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _file(asked: str) -> Source:
    try:
        path = Path(asked).expanduser()
        is_folder, is_file = path.is_dir(), path.is_file()
    except PermissionError as error:
        raise UnknownSourceError(
            f"{Path(asked).name} can't be read.", "Check that you may open the file."
        ) from error
    except (OSError, ValueError, RuntimeError) as error:  # a name too long for a file, the home of nobody
        raise _not_understood(asked) from error
    name = path.name or asked
    suffix = path.suffix.lower()
    if is_folder:
        raise UnknownSourceError(f"{name} is a folder, not a paper.", "Give the file of the paper in it.")
    if is_file:
        if suffix in KINDS:
            return Source("file", name, path)
        if suffix in OTHER_TEXTS:
            raise UnknownSourceError(
                f"{name}: {suffix} files can't be read.", "Save it as .docx or .pdf and give that."
            )
        raise UnknownSourceError(
            f"{name} is of a type that can't be read.", "Give a .pdf, .docx, .xml or .nxml file."
        )
    if suffix in KINDS.keys() | OTHER_TEXTS or ("/" in asked and not _DOI_INSIDE.search(asked)):
        raise UnknownSourceError(f"There is no file {name} here.", "Check the name and the folder.")
    raise _not_understood(asked)


def _not_understood(asked: str) -> UnknownSourceError:
    if re.fullmatch(r"\d{9,}", asked):
        return UnknownSourceError(f"{asked[:80]} is too long for a PMID, which has up to 8 digits.", _FORMS)
    return UnknownSourceError(
        f"“{asked[:80]}” is neither an id, an address of PubMed, nor a file.", _advice(asked)
    )


def _advice(asked: str) -> str:
    """The forms that are understood; first the DOI that the words seem to hold, which may be the paper's own."""
    inside = _DOI_INSIDE.search(asked)
    doi = doi_of(inside[0]) if inside else None
    return f"If its DOI is {doi}, give that. {_FORMS}" if doi else _FORMS
