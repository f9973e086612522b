"""What is refused before a word of a Word file is read, and that nothing of one is trusted."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import (
    DamagedFileError,
    EncryptedDocxError,
    InputError,
    NotADocxError,
    TooLargeToReadError,
)
from pipeline.paper import docx_file
from pipeline.paper.docx import read_docx
from pipeline.paper.file_kind import OLE, kind_of_file
from tests.pipeline.paper.docx_press import MAIN_TYPE, manuscript, para, picture, png, press

WORD = "application/vnd.openxmlformats-officedocument.{}.main+xml"
TYPES = f'<Types><Override PartName="/a.xml" ContentType="{WORD}"/></Types>'


def refusal(file: Path, error: type[InputError]) -> str:
    with pytest.raises(error) as refused:
        read_docx(file, file.parent, "file:x.docx")
    assert refused.value.advice
    return refused.value.sentence


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", DamagedFileError, "is empty"),
        (b"\0\0\0 \n", DamagedFileError, "is empty"),
        (b"Hello, this is a text.", NotADocxError, "not a Word file"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", NotADocxError, "web page"),
        (b"{\\rtf1\\ansi Hello}", NotADocxError, "RTF"),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), NotADocxError, "old Word format"),
        (
            OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            EncryptedDocxError,
            "asks for a password",
        ),
        (b"PK\x03\x04" + b"\0" * 40, DamagedFileError, "cut off or damaged"),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, data: bytes, error: type[InputError], words: str) -> None:
    file = tmp_path / "paper.docx"
    file.write_bytes(data)
    assert words in refusal(file, error)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("[Content_Types].xml", TYPES.format("spreadsheetml.sheet"), "an Excel workbook"),
        ("[Content_Types].xml", TYPES.format("presentationml.presentation"), "a PowerPoint presentation"),
        ("mimetype", "application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"),
        ("mimetype", "application/epub+zip", "an e-book"),
        ("META-INF/MANIFEST.MF", "Manifest-Version: 1.0", "holds no Word document"),
    ],
)  # fmt: skip
def test_other_archives_are_told_apart(tmp_path: Path, name: str, data: str, words: str) -> None:
    file = tmp_path / "paper.docx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    assert words in refusal(file, NotADocxError)


def test_a_file_that_is_cut_off_is_damaged(tmp_path: Path) -> None:
    file = press(tmp_path / "paper.docx", *manuscript())
    file.write_bytes(file.read_bytes()[:-200])
    assert "cut off or damaged" in refusal(file, DamagedFileError)


def test_more_than_fits_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = press(tmp_path / "paper.docx", *manuscript())
    monkeypatch.setattr(docx_file, "MAX_BYTES", 100)
    assert "larger than" in refusal(file, InputError)


def test_zip_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = press(tmp_path / "zeros.docx", *manuscript(), parts={"word/styles.xml": b" " * 40_000_000})
    assert "unpacks to far more" in refusal(zeros, TooLargeToReadError)
    many = press(tmp_path / "many.docx", *manuscript(), parts={f"a/{n}": b"" for n in range(5_001)})
    assert "5,000 packed files" in refusal(many, TooLargeToReadError)
    monkeypatch.setattr(docx_file, "MOST_UNPACKED", 400_000)
    wide = press(tmp_path / "wide.docx", *manuscript(), parts={f"a/{n}": b"\0" * 45_000 for n in range(9)})
    assert "unpacks to far more" in refusal(wide, TooLargeToReadError)


def test_an_archive_that_lies_about_its_sizes_is_damaged(tmp_path: Path) -> None:
    file = press(
        tmp_path / "paper.docx", *manuscript(), parts={"word/styles.xml": b"<styles/>" + b" " * 4_000_000}
    )
    true, claimed = (4_000_009).to_bytes(4, "little"), (900).to_bytes(4, "little")
    file.write_bytes(file.read_bytes().replace(true, claimed))
    assert "damaged" in refusal(file, DamagedFileError)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "boom"><!ENTITY file SYSTEM "file:///etc/hostname">{levels}]>'
    body = "".join(manuscript(para("A &e8; and &file; here.")))
    xml = f'{bomb}<w:document xmlns:w="w" xmlns:r="r" xmlns:m="m">{{}}</w:document>'
    file = press(tmp_path / "bomb.docx", parts={"word/document.xml": xml.format(f"<w:body>{body}</w:body>")})
    try:
        paper = read_docx(file, tmp_path, "file:bomb.docx")
    except DamagedFileError:
        return
    told = " ".join(passage.text for passage in paper.passages())
    assert "boom" not in told
    assert Path("/etc/hostname").read_text().strip() not in told


def test_deep_nesting_is_damaged(tmp_path: Path) -> None:
    deep = "<w:p><w:r>" + "<w:smartTag>" * 30_000 + "</w:smartTag>" * 30_000 + "</w:r></w:p>"
    assert "damaged" in refusal(press(tmp_path / "deep.docx", deep), DamagedFileError)


@pytest.mark.parametrize("levels", [60, 110, 125])
def test_a_formula_within_formulas_ends(tmp_path: Path, levels: int) -> None:
    math = "<m:f><m:num>" * levels + "<m:r><m:t>x</m:t></m:r>" + "</m:num></m:f>" * levels
    file = press(tmp_path / "deep.docx", *manuscript(para(f"<m:oMath>{math}</m:oMath>")))
    assert ended(file)


def test_nothing_outside_of_the_file_is_fetched_and_no_name_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "in"
    folder.mkdir(parents=True)
    (tmp_path / "work" / "secret.png").write_bytes(png())
    caption = para("Figure 1. A hill.", style="Beschriftung")
    file = press(
        tmp_path / "paper.docx",
        *manuscript(para(picture("web")), caption, para(picture("up")), caption.replace("1", "2")),
        parts={
            "../../secret.png": png("blue"),
            "word/_rels/document.xml.rels": '<Relationships><Relationship Id="web" TargetMode="External" '
            'Target="http://127.0.0.1:1/a.png"/><Relationship Id="up" Target="../../../secret.png"/></Relationships>',
        },
    )
    paper = read_docx(file, folder, "file:paper.docx")
    assert [figure.file for figure in paper.figures] == [None, "figures/02.png"]
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.png")] == ["figures/02.png"]
    assert (tmp_path / "work" / "secret.png").read_bytes() == png()


def test_macros_are_not_looked_at(tmp_path: Path) -> None:
    file = press(
        tmp_path / "paper.docm",
        *manuscript(),
        parts={"word/vbaProject.bin": OLE + b"Shell"},
        main_type="application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert kind_of_file(file) == "docx"
    assert read_docx(file, tmp_path, "file:paper.docm").title == "Hills grow"


@pytest.mark.parametrize("seed", range(40))
def test_damage_ends_in_a_sentence(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    caption = para("Figure 1. A hill.", style="Beschriftung")
    blocks = manuscript(para(picture("p")), caption)
    whole = press(tmp_path / "paper.docx", *blocks, pictures={"p": png()})
    if seed % 2:  # damage within the text, which the archive vouches for
        with zipfile.ZipFile(whole) as archive:
            text = bytearray(archive.read("word/document.xml"))
        for _ in range(dice.randint(1, 12)):
            text[dice.randrange(len(text))] = dice.randrange(256)
        press(whole, parts={"word/document.xml": bytes(text)}, pictures={"p": png()}, main_type=MAIN_TYPE)
    else:
        data = bytearray(whole.read_bytes())
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        whole.write_bytes(data)
    assert ended(whole)


def ended(file: Path) -> bool:
    """Whether reading came to a paper, or to an error of the file's own with its two sentences; else it raises."""
    try:
        return bool(read_docx(file, file.parent, "file:paper.docx").title)
    except InputError as error:
        return error.sentence.endswith(".") and error.advice.endswith(".")
