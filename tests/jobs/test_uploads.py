"""What people hand in, and what a worker makes of it."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from PIL import Image

from jobs import uploads
from jobs.uploads import (
    TooLargeError,
    hand_out,
    hand_out_script,
    kind_of,
    take_in,
    take_in_article,
    take_in_script,
)
from pipeline.errors import EncryptedDocxError, InputError, ScriptError
from pipeline.model import CardVisual, ImageVisual, Scene, Script, Visual
from pipeline.paper.figure_files import match_figures
from pipeline.paper.file_kind import OLE
from pipeline.paper.jats import read_jats
from storage.errors import ObjectMissingError
from storage.objects import FolderObjects
from tests.pipeline.paper.docx_press import manuscript, press

WORKSPACE = "slack:T1"


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def article(example: Path, tmp_path: Path) -> Path:
    """The example paper under another name, in a folder of its own, without figures."""
    file = tmp_path / "handed" / "My paper.xml"
    file.parent.mkdir()
    file.write_bytes(example.read_bytes())
    return file


def figures_of(article: Path) -> list[str]:
    """What the article's figure files are called, without an extension."""
    hrefs = read_jats(article.read_bytes(), "file:x").hrefs
    return [Path(href).stem for href in hrefs.values()]


def draw(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        Image.new("RGB", (40 + number, 30), "red").save(folder / name)


def test_a_file_is_kept_under_its_content(objects: FolderObjects, tmp_path: Path) -> None:
    paper = tmp_path / "Paper.PDF"
    paper.write_bytes(b"%PDF-1.7")
    key = take_in(objects, WORKSPACE, paper)
    assert key.startswith("uploads/slack:T1/")
    assert key.endswith(".pdf")
    assert take_in_article(objects, WORKSPACE, paper) == key
    hand_out(objects, key, tmp_path / "there" / "x.pdf")
    assert (tmp_path / "there" / "x.pdf").read_bytes() == b"%PDF-1.7"


def test_a_word_file_is_opened_before_it_is_kept(objects: FolderObjects, tmp_path: Path) -> None:
    file = press(tmp_path / "Paper.docx", *manuscript())
    key = take_in_article(objects, WORKSPACE, file)
    assert (key.rpartition(".")[2], kind_of(key, file.name)) == ("docx", ".docx")
    hand_out(objects, key, tmp_path / "there" / "x.docx")
    assert (tmp_path / "there" / "x.docx").read_bytes() == file.read_bytes()
    file.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(EncryptedDocxError):
        take_in_article(objects, WORKSPACE, file)


@pytest.mark.parametrize("workspace", ["..", "../../etc", "a/b"])
def test_no_workspace_leads_out_of_the_uploads(
    objects: FolderObjects, tmp_path: Path, workspace: str
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7")
    try:
        key = take_in(objects, workspace, paper)
    except ValueError:
        return
    assert key.count("/") == 2
    assert (tmp_path / "objects" / key).is_file()


def test_an_article_alone_is_handed_in_alone(objects: FolderObjects, article: Path) -> None:
    key = take_in_article(objects, WORKSPACE, article)
    assert key == take_in(objects, WORKSPACE, article)
    assert kind_of(key, article.name) == ".xml"


def test_an_article_goes_with_the_figures_that_it_names(
    objects: FolderObjects, article: Path, tmp_path: Path
) -> None:
    first, *_ = figures_of(article)
    draw(article.parent, f"{first}.png", "holiday.png")
    key = take_in_article(objects, WORKSPACE, article)
    assert key.endswith(".tar")
    assert kind_of(key, article.name) == ".xml"
    assert kind_of(key, "paper.NXML") == ".nxml"
    there = tmp_path / "there" / "My paper.xml"
    hand_out(objects, key, there)
    assert sorted(path.name for path in there.parent.iterdir()) == sorted(["My paper.xml", f"{first}.png"])
    assert there.read_bytes() == article.read_bytes()


def test_the_same_article_and_figures_make_the_same_archive(
    objects: FolderObjects, article: Path, tmp_path: Path
) -> None:
    names = [f"{name}.png" for name in figures_of(article)]
    draw(article.parent, *names)
    draw(tmp_path / "elsewhere", *names)
    key = take_in_article(objects, WORKSPACE, article)
    copy = tmp_path / "copy.xml"
    copy.write_bytes(article.read_bytes())
    os.utime(copy, (1, 1))
    assert take_in_article(objects, WORKSPACE, copy, tmp_path / "elsewhere") == key
    times = set()
    for folder in ("one", "two"):
        hand_out(objects, key, tmp_path / folder / "a.xml")
        times |= {path.stat().st_mtime_ns for path in (tmp_path / folder).iterdir()}
    assert len(times) == 1


def test_of_two_files_for_a_figure_the_same_is_chosen(
    objects: FolderObjects, article: Path, tmp_path: Path
) -> None:
    first, *_ = figures_of(article)
    draw(article.parent, f"{first}.png", f"{first}.jpg", f"{first}.tif")
    hrefs = read_jats(article.read_bytes(), "file:x").hrefs
    there = tmp_path / "there" / "a.xml"
    hand_out(objects, take_in_article(objects, WORKSPACE, article), there)
    chosen, again = (match_figures(hrefs, [folder]) for folder in (article.parent, there.parent))
    assert {key: path.name for key, path in chosen.items()} == {key: path.name for key, path in again.items()}


def test_a_pdf_of_the_same_name_goes_along_while_figures_are_missing(
    objects: FolderObjects, article: Path, tmp_path: Path
) -> None:
    article.with_suffix(".pdf").write_bytes(b"%PDF-1.7")
    key = take_in_article(objects, WORKSPACE, article)
    hand_out(objects, key, tmp_path / "there" / "a.xml")
    assert (tmp_path / "there" / "a.pdf").read_bytes() == b"%PDF-1.7"
    draw(article.parent, *(f"{name}.png" for name in figures_of(article)))
    hand_out(objects, take_in_article(objects, WORKSPACE, article), tmp_path / "whole" / "a.xml")
    assert not (tmp_path / "whole" / "a.pdf").exists()


def test_what_is_too_large_or_no_paper_is_refused(
    objects: FolderObjects, article: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(uploads.LARGEST + 1)
    with pytest.raises(TooLargeError, match="52 MB; 52 MB are taken at most"):
        take_in(objects, WORKSPACE, large)
    for name in figures_of(article):
        with (article.parent / f"{name}.tif").open("wb") as file:
            file.truncate(uploads.LARGEST_WITH_FIGURES)
    with pytest.raises(TooLargeError, match="and its figures have"):
        take_in_article(objects, WORKSPACE, article)
    with pytest.raises(InputError, match=r"A \.tar file can't be read"):
        take_in(objects, WORKSPACE, tmp_path / "archive.tar")
    with pytest.raises(InputError, match="can't be read"):
        take_in(objects, WORKSPACE, tmp_path / "missing.pdf")
    article.write_text("<html>")
    with pytest.raises(InputError):
        take_in_article(objects, WORKSPACE, article)
    assert not list(objects.list("uploads/"))


@pytest.mark.parametrize("entry", ["../../out.png", "/out.png", "figures/../../out.png"])
def test_an_archive_writes_nowhere_else(objects: FolderObjects, tmp_path: Path, entry: str) -> None:
    archive = tmp_path / "archive"
    with tarfile.open(archive, "w") as tar:
        tar.addfile(tarfile.TarInfo("article.xml"))
        tar.addfile(tarfile.TarInfo(entry))
        link = tarfile.TarInfo("figures/link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    objects.put("uploads/lab/1.tar", archive, content_type="application/x-tar")
    before = set(tmp_path.rglob("*"))
    hand_out(objects, "uploads/lab/1.tar", tmp_path / "there" / "deep" / "a.xml")
    assert {path.name for path in set(tmp_path.rglob("*")) - before} == {"there", "deep", "a.xml", "out.png"}
    assert (tmp_path / "there" / "deep" / "out.png").is_file()


@pytest.mark.parametrize("suffix", [".xml", ".tar"])
def test_what_was_deleted_meanwhile_is_to_be_handed_in_again(
    objects: FolderObjects, tmp_path: Path, suffix: str
) -> None:
    for fetch in (
        lambda key: hand_out(objects, key, tmp_path / "there" / "a.xml"),
        lambda key: hand_out_script(objects, key, tmp_path / "there"),
    ):
        with pytest.raises(ObjectMissingError, match="handed in") as told:
            fetch(f"uploads/lab/1{suffix}")
        assert told.value.advice == "Hand it in again."


def test_a_damaged_archive_is_a_sentence(objects: FolderObjects, tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"no tar at all" * 100)
    objects.put("uploads/lab/1.tar", tmp_path / "damaged", content_type="application/x-tar")
    with pytest.raises(ObjectMissingError, match="damaged"):
        hand_out(objects, "uploads/lab/1.tar", tmp_path / "there" / "a.xml")


def script_in(folder: Path, *pictures: str) -> Path:
    """A script that shows these pictures, without them."""
    shown: list[Visual] = [ImageVisual(file=picture) for picture in pictures]
    visuals = shown or [CardVisual(headline="Words")]
    scenes = tuple(Scene(kind="source", narration="Words.", visual=visual) for visual in visuals)
    file = folder / "mine.json"
    file.write_text(Script(scenes=scenes).model_dump_json())
    return file


def test_a_script_goes_with_the_pictures_that_it_names(objects: FolderObjects, tmp_path: Path) -> None:
    file = script_in(tmp_path, "mine.png", "more/other.png")
    draw(tmp_path, "mine.png")
    draw(tmp_path / "more", "other.png", "not named.png")
    key = take_in_script(objects, WORKSPACE, file)
    got = hand_out_script(objects, key, tmp_path / "worker")
    there = {path.relative_to(got.parent).as_posix() for path in got.parent.rglob("*") if path.is_file()}
    assert there == {got.name, "mine.png", "more/other.png"}
    assert got.read_bytes() == file.read_bytes()
    assert (got.parent / "more" / "other.png").read_bytes() == (tmp_path / "more" / "other.png").read_bytes()
    assert take_in_script(objects, WORKSPACE, file) == key


def test_a_script_without_pictures_is_handed_in_alone(objects: FolderObjects, tmp_path: Path) -> None:
    file = script_in(tmp_path)
    key = take_in_script(objects, WORKSPACE, file)
    assert key.endswith(".json")
    assert hand_out_script(objects, key, tmp_path / "worker").read_bytes() == file.read_bytes()


def test_a_script_that_names_a_picture_elsewhere_is_refused(objects: FolderObjects, tmp_path: Path) -> None:
    draw(tmp_path, "secret.png")
    (tmp_path / "scripts").mkdir()
    with pytest.raises(ScriptError):
        take_in_script(objects, WORKSPACE, script_in(tmp_path / "scripts", "../secret.png"))
    assert list(objects.list("uploads/")) == []


def test_a_script_archive_writes_nowhere_else(objects: FolderObjects, tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.addfile(tarfile.TarInfo("../out.png"))
    objects.put("uploads/x/evil.tar", evil, content_type="application/x-tar")
    with pytest.raises(ObjectMissingError):
        hand_out_script(objects, "uploads/x/evil.tar", tmp_path / "worker" / "in")
    assert not (tmp_path / "worker" / "out.png").exists()
