"""Options, refusals and interruptions of `hidden-hill make`."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from cli.make import slug
from pipeline.paper.file_kind import OLE
from pipeline.paper.source import parse_source
from tests.cli.making import make, start
from tests.pipeline.paper.docx_press import pressed_from


def jats(example: Path, folder: Path, **changes: str) -> Path:
    """The example paper with words of its XML exchanged, its figures beside it."""
    text = example.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    for picture in example.parent.glob("*.png"):
        (folder / picture.name).write_bytes(picture.read_bytes())
    file = folder / "paper.xml"
    file.write_text(text, encoding="utf-8")
    return file


def test_until_fetch_paper_leaves_the_paper_and_nothing_else(example: Path, tmp_path: Path) -> None:
    made = make(example, tmp_path / "out", "--until", "fetch-paper")
    assert made.status == 0
    assert [p.name for p in (tmp_path / "out").iterdir() if p.name != ".work"] == ["paper.json"]
    paper = json.loads((tmp_path / "out" / "paper.json").read_text())
    assert paper["sections"][0].keys() >= {"title", "kind", "paragraphs"}
    assert made.events[-1]["event"] == "done"


def test_figures_are_shown_where_the_licence_allows(example: Path, tmp_path: Path) -> None:
    made = make(example, tmp_path / "out", "--until", "generate-script", "--seconds", "67")
    assert "figure" in kinds(made.folder)


@pytest.mark.parametrize(("policy", "shown"), [("auto", False), ("off", False), ("all", True)])
def test_a_licence_that_forbids_changes_keeps_figures_out_unless_the_user_may(
    example: Path, tmp_path: Path, policy: str, shown: bool
) -> None:
    closed = {
        "https://creativecommons.org/publicdomain/zero/1.0/": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        "The authors dedicate this work to the public domain under CC0 1.0.": "CC BY-NC-ND 4.0.",
    }
    options = ("--until", "generate-script", "--seconds", "67", "--figures", policy)
    made = make(jats(example, tmp_path, **closed), tmp_path / "out", *options)
    assert made.status == 0
    assert ("figure" in kinds(made.folder)) is shown


def kinds(folder: Path) -> list[str]:
    return [scene["visual"]["kind"] for scene in json.loads((folder / "script.json").read_text())["scenes"]]


def test_figure_files_may_be_in_a_folder_of_their_own(example: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for picture in example.parent.glob("*.png"):
        (tmp_path / "pictures" / picture.name).write_bytes(picture.read_bytes())
    (tmp_path / "alone.xml").write_bytes(example.read_bytes())
    without = make(tmp_path / "alone.xml", tmp_path / "a", "--until", "fetch-paper")
    assert any("no picture files found" in event["message"] for event in without.events)
    named = make(
        tmp_path / "alone.xml",
        tmp_path / "b",
        "--until",
        "fetch-paper",
        "--figures-dir",
        str(tmp_path / "pictures"),
    )
    assert any("2 of 2 figures with pictures" in event["message"] for event in named.events)


def test_without_figure_files_a_pdf_of_the_same_name_gives_the_pictures(
    example: Path, tmp_path: Path
) -> None:
    (tmp_path / "paper.xml").write_bytes(example.read_bytes())
    (tmp_path / "paper.pdf").write_bytes(example.with_suffix(".pdf").read_bytes())
    made = make(tmp_path / "paper.xml", tmp_path / "out", "--until", "fetch-paper")
    assert any("2 of 2 figures with pictures" in event["message"] for event in made.events)


def test_a_word_file_is_made_like_any_other(example: Path, tmp_path: Path) -> None:
    file = pressed_from(example, tmp_path / "manuscript.docx")
    made = make(file, tmp_path / "out", "--until", "generate-script")
    assert made.status == 0
    assert any("2 of 2 figures with pictures" in event["message"] for event in made.events)
    paper = json.loads((tmp_path / "out" / "paper.json").read_text())
    assert (paper["source"], paper["abstract_only"]) == ("file:manuscript.docx", False)


@pytest.mark.parametrize("word", ["retracted", "withdrawn"])
def test_a_paper_that_was_taken_back_is_refused_unless_one_insists(
    example: Path, tmp_path: Path, word: str
) -> None:
    marked = {"Captions timed by the voice": f"{word.upper()}: Captions timed by the voice"}
    file = jats(example, tmp_path, **marked)
    refused = make(file, tmp_path / "out")
    assert (refused.status, refused.events[-1]["code"]) == (3, word)
    insisted = make(file, tmp_path / "out", "--force", "--until", "generate-script")
    assert insisted.status == 0
    scenes = json.loads((tmp_path / "out" / "script.json").read_text())["scenes"]
    assert word in scenes[-1]["narration"].lower()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.pdf", b"<!DOCTYPE html><html><body>Please log in</body></html>", "not-a-pdf"),
        ("empty.pdf", b"", "file-damaged"),
        ("cut.xml", b"<article><front>", "file-damaged"),
        ("old.docx", OLE + b"\0" * 600, "not-a-docx"),
        ("cut.docx", b"PK\x03\x04", "file-damaged"),
        ("other.xml", b"<note><to>you</to></note>", "not-a-paper"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    refused = make(tmp_path / name, tmp_path / "out")
    last = refused.events[-1]
    assert (refused.status, last["event"], last["code"]) == (3, "failed", code)
    assert last["message"].endswith((".", "!"))
    assert last["advice"]
    assert "Traceback" not in refused.printed + refused.logged


def test_a_files_name_is_never_taken_for_an_id(tmp_path: Path) -> None:
    refused = make(tmp_path / "32296183.pdf", tmp_path / "out")
    assert (refused.status, refused.events[-1]["code"]) == (3, "unknown-source")


@pytest.mark.parametrize("options", [("--seconds", "20"), ("--audience", "dogs"), ("--until", "lunch")])
def test_an_option_out_of_range_is_a_usage_error(
    example: Path, tmp_path: Path, options: tuple[str, str]
) -> None:
    refused = make(example, tmp_path / "out", *options)
    assert refused.status == 2
    assert options[0] in refused.logged


def test_a_figures_folder_that_is_not_there_is_a_usage_error(example: Path, tmp_path: Path) -> None:
    refused = make(example, tmp_path / "out", "--figures-dir", str(tmp_path / "nowhere"))
    assert (refused.status, refused.events[-1]["code"]) == (2, "usage")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "malformed"),
        ('{"scenes": []}', "malformed"),
        ('{"scenes": [{"kind": "song", "narration": "la"}]}', "kind"),
    ],
)
def test_a_malformed_script_is_refused_with_the_place(
    example: Path, tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "s.json").write_text(content)
    refused = make(example, tmp_path / "out", "--script", str(tmp_path / "s.json"))
    assert (refused.status, refused.events[-1]["code"]) == (3, "script")
    assert said in refused.events[-1]["message"]


def test_ncbi_out_of_reach_is_a_providers_failure(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:9"
    refused = make("32296183", tmp_path / "out", NCBI_BASE_URL=closed, PMC_BASE_URL=closed)
    assert refused.status == 4
    assert refused.events[-1]["code"] == "provider-busy"


def test_a_second_run_in_the_same_folder_says_so_and_stops(example: Path, tmp_path: Path) -> None:
    first = start(example, tmp_path / "out", "--seconds", "30")
    assert first.stdout is not None
    first.stdout.readline()
    second = make(example, tmp_path / "out")
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    assert (second.status, second.events[-1]["code"]) == (2, "folder-busy")


def test_an_interrupted_run_goes_on_where_it_was(example: Path, tmp_path: Path) -> None:
    first = start(example, tmp_path / "out", "--seconds", "30")
    assert first.stdout is not None
    for line in first.stdout:
        event = json.loads(line)
        if event["stage"] == "generate-videos" and event["fraction"] > 0:
            break
    asked = time.monotonic()
    first.send_signal(signal.SIGINT)
    printed, _ = first.communicate(timeout=60)
    assert time.monotonic() - asked < 30
    assert first.returncode == 130
    assert json.loads(printed.splitlines()[-1])["code"] == "interrupted"
    assert not (tmp_path / "out" / "video.mp4").exists()
    again = make(example, tmp_path / "out")
    assert again.status == 0
    assert again.reused()["generate-audio"]
    assert not list((tmp_path / "out" / ".work" / "tmp").iterdir())


def test_fresh_reuses_nothing(example: Path, tmp_path: Path) -> None:
    make(example, tmp_path / "out", "--until", "generate-script")
    again = make(example, tmp_path / "out", "--until", "generate-script", "--fresh")
    assert again.reused() == {"fetch-paper": False, "generate-script": False}


def edited(example: Path, folder: Path, visual: dict[str, str]) -> dict[str, object]:
    """The last event of a run whose second scene shows `visual`, on a paper whose licence forbids figures."""
    file = jats(
        example,
        folder,
        **{"publicdomain/zero/1.0/": "licenses/by-nd/4.0/", "under CC0 1.0": "under CC BY-ND"},
    )
    make(file, folder / "out", "--until", "generate-script")
    script = json.loads((folder / "out" / "script.json").read_text())
    script["scenes"][1]["visual"] = visual
    (folder / "scripts").mkdir()
    (folder / "scripts" / "mine.json").write_text(json.dumps(script))
    mine = str(folder / "scripts" / "mine.json")
    return make(file, folder / "out", "--until", "generate-script", "--script", mine).events[-1]


def test_a_script_cannot_show_a_figure_that_the_licence_forbids(example: Path, tmp_path: Path) -> None:
    last = edited(example, tmp_path, {"kind": "figure", "figure": "fig1", "credit": "mine"})
    assert (last["event"], last["code"]) == ("failed", "script")
    assert "fig1" in str(last["message"])


def test_a_figure_in_a_script_is_credited_by_the_papers_record(example: Path, tmp_path: Path) -> None:
    make(example, tmp_path / "out", "--until", "generate-script")
    script = json.loads((tmp_path / "out" / "script.json").read_text())
    script["scenes"][1]["visual"] = {"kind": "figure", "figure": "fig1", "credit": "by me"}
    (tmp_path / "mine.json").write_text(json.dumps(script))
    mine = str(tmp_path / "mine.json")
    assert make(example, tmp_path / "out", "--until", "generate-script", "--script", mine).status == 0
    published = json.loads((tmp_path / "out" / "script.json").read_text())
    assert published["scenes"][1]["visual"]["credit"] == "Figure 1 · The Hidden Hill authors 2026 · CC0"


@pytest.mark.parametrize("name", ["../secret.png", "missing.png"])
def test_a_script_reaches_no_file_outside_its_folder(example: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes((example.parent / "caption-times-fig1.png").read_bytes())
    last = edited(example, tmp_path, {"kind": "image", "file": name})
    assert (last["event"], last["code"]) == ("failed", "script")
    assert name in str(last["message"])


def test_a_script_that_was_edited_in_place_is_not_lost(example: Path, tmp_path: Path) -> None:
    make(example, tmp_path / "out", "--until", "generate-script")
    written = (tmp_path / "out" / "script.json").read_text()
    (tmp_path / "out" / "script.json").write_text(written + "\n")
    again = make(example, tmp_path / "out", "--until", "generate-script")
    assert "script.yours.json" in again.events[-1]["message"]
    assert (tmp_path / "out" / "script.yours.json").read_text() == written + "\n"


def test_a_setting_that_makes_no_sense_is_a_usage_error(example: Path, tmp_path: Path) -> None:
    refused = make(example, tmp_path / "out", HIDDEN_HILL_HEIGHT="tall")
    assert (refused.status, refused.events[-1]["code"]) == (2, "usage")
    assert "HIDDEN_HILL_HEIGHT" in refused.events[-1]["message"]


def test_a_broken_link_beside_the_paper_is_passed_over(example: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.xml").write_bytes(example.read_bytes())
    (tmp_path / "a.png").symlink_to(tmp_path / "nowhere.png")
    assert make(tmp_path / "paper.xml", tmp_path / "out", "--until", "fetch-paper").status == 0


def test_files_of_the_same_name_get_folders_of_their_own(example: Path, tmp_path: Path) -> None:
    (tmp_path / "記事.xml").write_bytes(example.read_bytes())
    (tmp_path / "article.xml").write_text("<article/>")
    named = [slug(parse_source(str(tmp_path / name))) for name in ("記事.xml", "article.xml")]
    assert named[0].startswith("paper-")
    assert named[1].startswith("article-")
    assert slug(parse_source("PMC7654321")) == "pmcid-pmc7654321"
    assert slug(parse_source("doi:10.1016/S0140-6736(20)30183-5")).startswith(
        "doi-10.1016-s0140-6736-20-30183-5-"
    )
    assert len({slug(parse_source(f"10.1016/{x}")) for x in ("a(b", "a)b", "a-b", "../b")}) == 4


def test_stopping_early_with_another_paper_leaves_nothing_of_the_one_before(
    example: Path, tmp_path: Path
) -> None:
    make(example, tmp_path / "out", "--until", "generate-script")
    make(example.with_suffix(".pdf"), tmp_path / "out", "--until", "fetch-paper")
    assert [p.name for p in (tmp_path / "out").iterdir() if p.name != ".work"] == ["paper.json"]


def test_a_refused_paper_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"<html></html>")
    make(tmp_path / "page.pdf", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_a_usage_error(example: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = make(example, tmp_path / "file" / "out")
    assert (refused.status, refused.events[-1]["code"]) == (2, "usage")
