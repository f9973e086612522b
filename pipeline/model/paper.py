"""A paper as it was read: what all later stages know of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pipeline.model.value import Value

SectionKind = Literal["introduction", "methods", "results", "discussion", "other"]
RelationKind = Literal[
    "retraction",
    "withdrawal",
    "partial-retraction",
    "expression-of-concern",
    "correction",
    "republication",
    "update",
    "earlier-version",
    "preprint",
    "comment",
    "comment-on",
]
SummaryKind = Literal["author-summary", "digest", "highlights", "plain-language", "other"]


class Author(Value):
    """One author as the record names them: `name` is how it is printed, `surname` how it is cited."""

    name: str
    surname: str


class Section(Value):
    """A section of the body, subsections folded in. `pages[i]` is the page on which `paragraphs[i]` begins."""

    title: str
    kind: SectionKind
    paragraphs: tuple[str, ...]
    pages: tuple[int | None, ...] = ()


class Panel(Value):
    """A part of a figure that the caption marks ("(A) …"): its letter and what the caption says of it."""

    label: str
    caption: str


class Evidence(Value):
    """A verbatim passage of the paper: `quote` occurs in it once white space is collapsed."""

    quote: str
    section: str
    page: int | None = None


class Figure(Value):
    """A figure of the paper. `file` is `None` when its picture could not be had.

    `panels` are in the caption's order, empty where it marks none. `mentions` are the sentences of the body
    that name the figure. `third_party` marks a figure that the paper itself took from elsewhere
    ("reproduced with permission"): the paper's licence does not cover it.
    """

    id: str
    label: str
    caption: str
    panels: tuple[Panel, ...] = ()
    mentions: tuple[Evidence, ...] = ()
    file: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    page: int | None = None
    third_party: bool = False


class Table(Value):
    """A table: its rows from top to bottom, the heading's first; a cell that spans several stands in its first."""

    id: str
    label: str
    caption: str
    rows: tuple[tuple[str, ...], ...] = ()
    page: int | None = None


class Formula(Value):
    """A displayed formula: its number in the paper ("" without), a line that a person can read, its TeX if given.

    `text` is empty where the paper holds a picture of the formula only.
    """

    label: str = ""
    text: str = ""
    tex: str | None = None


class Summary(Value):
    """A further abstract that the paper prints beside its own: an author summary, a digest, highlights."""

    kind: SummaryKind
    title: str = ""
    paragraphs: tuple[str, ...]


class Quantity(Value):
    """A number of the abstract: as printed, its value, and its unit as printed ("" for a bare count)."""

    text: str
    value: float
    unit: str = ""


class Relation(Value):
    """Another record that is tied to the paper: a notice of its retraction or correction, a comment, a preprint.

    `citation` is as PubMed or the publisher cites it. "comment": somebody commented on the paper; "comment-on":
    the paper is a comment on that one.
    """

    kind: RelationKind
    citation: str = ""
    pmid: str | None = None


class English(Value):
    """What can be told in English of a paper in another language: its translated title and abstract."""

    title: str
    abstract: tuple[str, ...]
    abstract_labels: tuple[str, ...] = ()
    abstract_page: int | None = None


class Passage(Value):
    """A paragraph of the paper with where it stands: what evidence is searched in."""

    text: str
    section: str
    kind: SectionKind | Literal["abstract", "caption"]
    page: int | None = None
    label: str = ""


class Paper(Value):
    """A paper as it was read, in its own language; `told()` is what a video may tell of it.

    `abstract` holds its paragraphs; where the abstract is structured, `abstract_labels[i]` is the
    label of paragraph i and the paragraph reads "Label: text". `summaries` are abstracts of other sorts.
    `english` is set for a paper in another language (`language`, ISO 639-1, is that of the body).
    `quantities` are the numbers of the abstract. `licence` is an SPDX expression (`LicenseRef-…` for what
    SPDX does not list) or `None` when unknown. `retracted` covers papers that were withdrawn, which `withdrawn` tells
    apart. `concern` says that a notice of concern stands against the paper, `corrected` that a correction was
    published. `publication_types` are PubMed's. `notes` are sentences that a viewer is owed ("Told from the English
    abstract: the paper is in Portuguese."). `source` is what was asked for ("pmid:32296183", "doi:10.1371/x",
    "file:article.pdf"), never a path.
    """

    title: str
    authors: tuple[Author, ...] = ()
    abstract: tuple[str, ...] = ()
    abstract_labels: tuple[str, ...] = ()
    abstract_page: int | None = None
    summaries: tuple[Summary, ...] = ()
    english: English | None = None
    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    formulas: tuple[Formula, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    licence: str | None = None
    language: str = "en"
    article_type: str | None = None
    publication_types: tuple[str, ...] = ()
    related: tuple[Relation, ...] = ()
    retracted: bool = False
    withdrawn: bool = False
    concern: bool = False
    corrected: bool = False
    preprint: bool = False
    abstract_only: bool = False
    notes: tuple[str, ...] = ()
    source: str

    def told(self) -> Paper:
        """The paper as a video tells it: the same, or its English abstract alone where it is in another language.

        Figures stay; captions and all else in the other language go, since nobody could check a quote of them.
        """
        if self.english is None:
            return self
        figures = (
            figure.model_copy(update={"caption": "", "panels": (), "mentions": ()}) for figure in self.figures
        )
        kept = {
            "summaries": (),
            "sections": (),
            "tables": (),
            "quantities": (),
            "abstract_only": True,
            "english": None,
        }
        return self.model_copy(update={**dict(self.english), **kept, "figures": tuple(figures)})

    def passages(self) -> Iterator[Passage]:
        """Every paragraph that a quote may come from: abstract, body, captions, in reading order."""
        labels = self.abstract_labels or ("",) * len(self.abstract)
        for text, label in zip(self.abstract, labels, strict=True):
            body = text.removeprefix(f"{label}: ") if label else text
            yield Passage(
                text=body, section="Abstract", kind="abstract", page=self.abstract_page, label=label
            )
        for section in self.sections:
            pages = section.pages or (None,) * len(section.paragraphs)
            for text, page in zip(section.paragraphs, pages, strict=True):
                yield Passage(text=text, section=section.title, kind=section.kind, page=page)
        for figure in self.figures:
            if figure.caption:
                yield Passage(text=figure.caption, section=figure.label, kind="caption", page=figure.page)
