"""What of a Word file's paragraph is read: its words as they stand once all changes are accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import Paper
from pipeline.paper.docx import read_docx
from tests.pipeline.paper.docx_press import field, manuscript, para, press, run, table


def read(folder: Path, *blocks: str) -> Paper:
    """A manuscript with these blocks in its results."""
    return read_docx(press(folder / "paper.docx", *manuscript(*blocks)), folder, "file:paper.docx")


def results(folder: Path, *blocks: str) -> list[str]:
    """What is read of blocks that stand in the results, behind their first paragraph."""
    section = next(section for section in read(folder, *blocks).sections if section.kind == "results")
    return list(section.paragraphs[1:])


RAISED, LOWERED = (f'<w:vertAlign w:val="{shift}script"/>' for shift in ("super", "sub"))
CITED = field("ADDIN ZOTERO_ITEM CSL_CITATION {&quot;title&quot;:1}", "(Smith 2001)")
NOTES = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ([run("Hills "), f"<w:ins>{run('tall ')}</w:ins>", run("grow.")], "Hills tall grow."),
        ([run("Hills "), f"<w:del>{run('never ')}</w:del>", run("grow.")], "Hills grow."),
        ([run("Hills "), f"<w:moveFrom>{run('here ')}</w:moveFrom>", run("grow.")], "Hills grow."),
        ([run("Hills "), f"<w:moveTo>{run('there ')}</w:moveTo>", run("grow.")], "Hills there grow."),
        ([run("Hills ", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"), "grow."], "Hills grow."),
        ([run("Hills "), run("secretly ", "<w:vanish/>"), run("grow.")], "Hills grow."),
        ([run("Hills "), run("secretly ", '<w:rStyle w:val="Verborgen"/>'), run("grow.")], "Hills grow."),
        ([run("Hills "), run("openly ", '<w:vanish w:val="0"/>'), run("grow.")], "Hills openly grow."),
        (["10", run("−5", RAISED), " m of CO", run("2", LOWERED)], "10⁻⁵ m of CO₂"),
        (["TNF-", '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>', " rises"], "TNF-α rises"),
        ([run("5 \uf06dg of it", '<w:rFonts w:ascii="Symbol"/>')], "5 μg of it"),
        (
            ['<w:hyperlink r:id="rId9">' + run("the valley") + "</w:hyperlink>", " is deep"],
            "the valley is deep",
        ),
        (["As shown ", CITED, "."], "As shown (Smith 2001)."),
        (
            ["As in ", f'<w:fldSimple w:instr=" REF _Ref1 ">{run("Figure 1")}</w:fldSimple>', "."],
            "As in Figure 1.",
        ),
        (["One", field("ADDIN EN.CITE", field("ADDIN EN.CITE.DATA", "") + run("[3]")), " two"], "One[3] two"),
        (["A word", NOTES, " on"], "A word on"),
        (["Line one", "<w:r><w:br/></w:r>", "and two"], "Line one and two"),
        (
            ["non", "<w:r><w:noBreakHyphen/></w:r>", "stop so", "<w:r><w:softHyphen/></w:r>", "on"],
            "non-stop soon",
        ),
        ([f"<w:sdt><w:sdtContent>{run('A field of a form')}</w:sdtContent></w:sdt>"], "A field of a form"),
    ],
)
def test_the_words_are_those_of_the_accepted_text(tmp_path: Path, inside: list[str], words: str) -> None:
    assert results(tmp_path, para(*inside)) == [words]


def test_placeholders_contents_and_lists_of_references_are_no_text(tmp_path: Path) -> None:
    control = (
        "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>" + para("Not to be told.") + "</w:sdtContent></w:sdt>"
    )
    paper = read(
        tmp_path,
        control.format("<w:showingPlcHdr/>"),
        control.format('<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'),
        para(field("TOC \\o 1-3", "Not to be told 3")),
        para('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>ADDIN ZOTERO_BIBL {}</w:instrText></w:r>'
             '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "Not to be told (2001)."),
        para("Not to be told either.", '<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
        para("This is told again."),
    )  # fmt: skip
    told = " ".join(passage.text for passage in paper.passages())
    assert "This is told again." in told
    assert "Not to be told" not in told


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(tmp_path: Path) -> None:
    deleted = "<w:rPr><w:del/></w:rPr>"
    gone = para(f"<w:del>{run('All of this goes.')}</w:del>", properties=deleted)
    assert results(tmp_path, para("Hills ", properties=deleted), para("grow."), gone, para("They do.")) == [
        "Hills grow.",
        "They do.",
    ]


def test_rows_that_were_deleted_are_gone(tmp_path: Path) -> None:
    kept, gone = (
        table(["hill", "height"], ["Low", "12"]),
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc>{}</w:tc></w:tr>",
    )
    paper = read(
        tmp_path, para("Table 1. Heights."), kept.replace("</w:tbl>", gone.format(para("old")) + "</w:tbl>")
    )
    assert paper.tables[0].rows == (("hill", "height"), ("Low", "12"))


def test_a_text_box_is_read_once_behind_its_paragraph(tmp_path: Path) -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    ).format(para("A box beside the text."))
    assert results(tmp_path, para("Before.", box, "After.")) == ["Before.After.", "A box beside the text."]


def test_a_list_is_paragraphs_of_their_own(tmp_path: Path) -> None:
    numbering = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    items = [para(f"The {word} hill grows.", properties=numbering) for word in ("first", "second")]
    assert results(tmp_path, *items) == ["The first hill grows.", "The second hill grows."]


def test_strict_documents_are_read_alike(tmp_path: Path) -> None:
    usual = read(tmp_path, para("Hills grow.")).model_dump()
    file = press(tmp_path / "strict.docx", *manuscript(para("Hills grow.")))
    strict = tmp_path / "strict2.docx"
    import zipfile

    with zipfile.ZipFile(file) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            new.writestr(
                name,
                data.replace(
                    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                    "http://purl.oclc.org/ooxml/wordprocessingml/main",
                ),
            )
    assert read_docx(strict, tmp_path, "file:paper.docx").model_dump() == usual
