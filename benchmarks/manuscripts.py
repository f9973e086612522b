"""How well manuscripts are read: articles in JATS, written as Word files by pandoc, are read and held against the JATS.

Each twice: with Word's styles, and with bold lines instead of them, as many manuscripts are. Captions get their
labels, names lose their addresses, as pandoc would run them together. Needs `pandoc` on the PATH.

    python -m benchmarks.manuscripts [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Final

from lxml import etree

from benchmarks.corpus import papers_folder
from benchmarks.reading_tools import reading_of
from benchmarks.reading_truth import Score, score, truth_of
from pipeline.errors import InputError
from pipeline.paper.docx import read_docx

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE: Final = ("sub-article", "response", "object-id", "permissions", "supplementary-material", "fn-group")
#: Pandoc writes no pictures that it doesn't have: figures are not counted.
_COLUMNS: Final = ("f1", "whole", "title", "authors", "kinds")
_MATH: Final = "{http://www.w3.org/1998/Math/MathML}math"


def written(article: Path, file: Path) -> None:
    """The article as a Word file of pandoc's, in styles. Raises `CalledProcessError` where pandoc can't."""
    with tempfile.TemporaryDirectory() as folder:
        cleaned = Path(folder, "article.xml")
        cleaned.write_bytes(_as_an_author_would(article.read_bytes()))
        command = ["pandoc", "-f", "jats", "-t", "docx", str(cleaned), "-o", str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=200)


def _as_an_author_would(data: bytes) -> bytes:
    """JATS without what publishers add, its captions and references being paragraphs as a manuscript has them."""
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, huge_tree=True)
    text = re.sub(
        r"&(?!amp;|lt;|gt;|quot;|apos;)(?=[A-Za-z])\w+;", lambda name: html.unescape(name[0]), data.decode()
    )
    root = etree.fromstring(text.encode(), parser)
    article = root if root.tag == "article" else root.find(".//article")
    assert article is not None
    references = [" ".join(" ".join(map(str, one.itertext())).split()) for one in article.iter("ref")]
    front = article.find("front/article-meta")
    assert front is not None
    for element in [e for name in (*_GONE, "ref-list") for e in article.iter(name)]:
        _drop(element)
    for element in [e for name in ("author-notes", "aff") for e in front.iter(name)]:
        _drop(element)
    for contributor in front.findall("contrib-group/contrib"):
        for part in [part for part in contributor if part.tag not in ("name", "collab")]:
            contributor.remove(part)
    for formula in [*article.iter("disp-formula", "inline-formula")]:
        for form in [*formula.iter("tex-math", "inline-graphic", "graphic")]:
            _drop(form)
        if formula.find(f".//{_MATH}") is None and not "".join(map(str, formula.itertext())).strip():
            _drop(formula)
    for floating in [*article.iter("fig", "table-wrap")]:
        _as_paragraph(floating)
    body = article.find("body")
    if references and body is not None:
        section = etree.SubElement(body, "sec")
        etree.SubElement(section, "title").text = "References"
        for reference in references:
            etree.SubElement(section, "p").text = reference
    return etree.tostring(article)


def _drop(element: etree._Element) -> None:
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _as_paragraph(floating: etree._Element) -> None:
    """Put a figure's or table's caption behind the paragraph that it stands in, its label in bold; the table too."""
    host = floating
    while (above := host.getparent()) is not None and above.tag == "p":
        host = above
    parent = host.getparent()
    label, caption = floating.find("label"), floating.find("caption")
    if parent is None or label is None:
        _drop(floating)
        return
    paragraph = etree.Element("p")
    bold = etree.SubElement(paragraph, "bold")
    bold.text, bold.tail = f"{''.join(map(str, label.itertext())).strip().rstrip('.')}.", " "
    words = " ".join(map(str, caption.itertext())) if caption is not None else ""
    bold.tail += " ".join(words.split())
    at = parent.index(host) + 1
    parent.insert(at, paragraph)
    for number, table in enumerate(floating.findall(".//table"), 1):
        wrapped = etree.Element("table-wrap")
        wrapped.append(table)
        parent.insert(at + number, wrapped)
    _drop(floating)


def without_styles(file: Path, bare: Path) -> None:
    """The same manuscript as people type it: a large bold title, names in one line, bold headings, no style."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _unstyled(data) if name == "word/document.xml" else data)


def _unstyled(data: bytes) -> bytes:
    document = etree.fromstring(data)
    names: list[etree._Element] = []
    abstract = False
    for paragraph in [*document.iter(f"{_W}p")]:
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = (named.get(f"{_W}val") or "") if named is not None else ""
        if named is not None:
            named.getparent().remove(named)  # type: ignore[union-attr]
        if style == "Author":
            names.append(paragraph)
        elif style == "Abstract" and not abstract:
            abstract = True
            before = paragraph.getprevious()
            labelled = (
                before is not None and before not in names and len("".join(map(str, before.itertext()))) < 30
            )
            (before if labelled and before is not None else paragraph).addprevious(
                _typed("Abstract", bold=True)
            )
        looks = {"Title": ("b", "sz"), "Heading1": ("b",), "Heading2": ("i",), "Heading3": ("i",)}.get(
            style, ()
        )
        for run in paragraph.iter(f"{_W}r"):
            properties = run.find(f"{_W}rPr")
            if properties is None:
                properties = etree.Element(f"{_W}rPr")
                run.insert(0, properties)
            for look in looks:
                etree.SubElement(properties, f"{_W}{look}").set(f"{_W}val", "28" if look == "sz" else "1")
    if names:
        listed = ["".join(map(str, name.itertext())) for name in names]
        names[0].addprevious(_typed(" and ".join(filter(None, [", ".join(listed[:-1]), listed[-1]]))))
        names[0].addprevious(_typed("Department of Hills, University of Nowhere, Valley 12345, Ruritania"))
        for name in names:
            _drop(name)
    return etree.tostring(document)


def _typed(text: str, *, bold: bool = False) -> etree._Element:
    paragraph = etree.Element(f"{_W}p")
    run = etree.SubElement(paragraph, f"{_W}r")
    if bold:
        etree.SubElement(etree.SubElement(run, f"{_W}rPr"), f"{_W}b")
    etree.SubElement(run, f"{_W}t").text = text
    return paragraph


def articles(folder: Path) -> Iterator[tuple[str, Path]]:
    """The articles in JATS of a folder of papers, by their names."""
    for file in sorted((folder / "jats").glob("*.xml")):
        yield file.stem, file
    for file in sorted((folder / "pairs").glob("*/article.xml")):
        yield file.parent.name, file


def main() -> int:
    """Print the means, and what was refused; the exit status is 0 whatever they are: there is no bar for them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="keep the Word files here")
    asked = parser.parse_args()
    if shutil.which("pandoc") is None:
        sys.exit("This needs pandoc on the PATH.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        rows: dict[str, list[Score]] = {"with styles": [], "bold lines instead": []}
        for name, article in articles(papers_folder()):
            files = dict(zip(rows, (folder / f"{name}.docx", folder / f"{name}-bare.docx"), strict=True))
            try:
                written(article, files["with styles"])
            except subprocess.CalledProcessError as error:
                print(f"{name}: pandoc refuses it: {error.stderr.decode(errors='replace')[:80]}")
                continue
            without_styles(files["with styles"], files["bold lines instead"])
            for form, file in files.items():
                try:
                    paper = read_docx(file, Path(scratch, "figures"), f"file:{file.name}")
                except InputError as error:
                    print(f"{name}, {form}: {error.sentence}")
                    continue
                rows[form].append(score(reading_of(paper), truth_of(article)))
    print(f"{'':22}{'papers':>9}" + "".join(f"{column:>9}" for column in _COLUMNS))
    for form, scores in rows.items():
        means = (_mean([getattr(one, column) for one in scores]) for column in _COLUMNS)
        print(f"{form:22}{len(scores):9}" + "".join(f"{value:9.3f}" for value in means))
    return 0


def _mean(values: list[float | None]) -> float:
    return mean([value for value in values if value is not None] or [0.0])


if __name__ == "__main__":
    sys.exit(main())
