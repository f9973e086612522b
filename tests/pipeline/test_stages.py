from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ScriptError
from pipeline.keys import Unusable, key_of, once
from pipeline.model import Figure, Paper, Scene, Script
from pipeline.script_stage import showable_figures
from storage.artefacts import FolderArtefacts


def test_a_key_says_everything_it_was_made_of_and_nothing_of_the_order_of_names() -> None:
    scene = Scene(kind="hook", narration="Why?")
    assert key_of("a", {"x": 1, "y": 2}) == key_of("a", {"y": 2, "x": 1})
    different = [key_of("a", 1), key_of("a", "1"), key_of("b", 1), key_of("a", [1]), key_of(scene), key_of()]
    assert len(set(different)) == len(different)
    with pytest.raises(TypeError, match="Path"):
        key_of(Path("/somewhere/on/this/machine"))


def test_what_is_there_is_not_built_again(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    built: list[Path] = []

    def build(folder: Path) -> None:
        built.append(folder)
        (folder / "value").write_text(str(len(built)))

    first, folder, first_reused = once(artefacts, "stage", "key", build, value)
    second, same, second_reused = once(artefacts, "stage", "key", build, value)
    assert (first, folder, first_reused) == ("1", same, False)
    assert (second, second_reused, len(built)) == ("1", True, 1)


def value(folder: Path) -> str:
    return (folder / "value").read_text()


def test_what_cannot_be_read_or_may_not_be_used_is_built_again(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)

    def build(folder: Path) -> None:
        (folder / "value").write_text("new")

    once(artefacts, "stage", "key", lambda folder: None, lambda folder: "")
    assert once(artefacts, "stage", "key", build, value)[::2] == ("new", False)
    refused: list[Path] = []

    def refuse_once(folder: Path) -> str:
        if not refused:
            refused.append(folder)
            raise Unusable
        return value(folder)

    assert once(artefacts, "stage", "key", build, refuse_once)[::2] == ("new", False)


def test_a_build_that_fails_is_built_again_next_time(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)

    def fail(_: Path) -> None:
        raise ScriptError("No.")

    with pytest.raises(ScriptError):
        once(artefacts, "stage", "key", fail, value)
    assert once(artefacts, "stage", "key", lambda folder: (folder / "value").touch(), value)[2] is False


def test_only_figures_with_a_picture_that_may_be_used_are_showable() -> None:
    def figure(name: str, **more: object) -> Figure:
        return Figure.model_validate({"id": name, "label": name, "caption": "", **more})

    figures = (
        figure("own", file="f1.png"),
        figure("borrowed", file="f2.png", third_party=True),
        figure("missing"),
    )
    paper = Paper(title="t", source="file:x", figures=figures, licence="CC-BY-4.0")
    closed = paper.model_copy(update={"licence": "CC-BY-NC-4.0"})
    shown = {
        (name, policy): [f.id for f in showable_figures(p, policy)]
        for name, p in {"open": paper, "closed": closed}.items()
        for policy in ("auto", "off", "all")
    }
    assert shown == {
        ("open", "auto"): ["own"],
        ("open", "off"): [],
        ("open", "all"): ["own", "borrowed"],
        ("closed", "auto"): [],
        ("closed", "off"): [],
        ("closed", "all"): ["own", "borrowed"],
    }


def test_a_scene_that_is_misspelt_in_a_script_is_refused() -> None:
    with pytest.raises(ValueError, match="narrattion"):
        Script.model_validate({"scenes": [{"kind": "hook", "narrattion": "Why?"}]})
