"""One stage of a job, done in this process, so that it can be looked into."""

from __future__ import annotations

import json
import pickle
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from jobs.kit import Bucket, Kit
from jobs.order import JobOrder
from jobs.stage_process import Outcome, StageTask, own_name, perform_here
from jobs.uploads import take_in
from pipeline.errors import UnknownSourceError
from pipeline.model import StageName
from storage.errors import ObjectMissingError
from storage.objects import FolderObjects
from storage.records import WHOLE

SIZE = (136, 240)


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(data=tmp_path / "data")


class Walk:
    """A job's stages one by one, each by a task of its own that knows the keys of those before."""

    def __init__(self, kit: Kit, example: Path, **more: Any) -> None:
        self.kit = kit
        key = take_in(kit.objects(), "lab", example.with_suffix(".pdf"))
        upload = {"source": "caption-times.pdf", "upload": key, "upload_name": "caption-times.pdf"}
        self.order = JobOrder(**{**upload, "seconds": 30, "width": SIZE[0], "height": SIZE[1], **more})
        self.known: dict[str, str] = {}
        self.private = False
        self.told: list[tuple[float, str]] = []

    def do(self, stage: StageName, scene: int = WHOLE) -> Outcome:
        task = StageTask(
            job="abcdefgh",
            workspace="lab",
            stage=stage,
            scene=scene,
            order=self.order,
            known=dict(self.known),
            token="t" * 32,
            created_at=1_794_819_600.0,
            private=self.private,
        )
        outcome = perform_here((self.kit, task), self.told.append)
        self.known[stage if scene == WHOLE else f"scene:{scene}"] = outcome.key
        return outcome

    def to_audio(self) -> Outcome:
        self.do("fetch-paper")
        self.do("generate-script")
        return self.do("generate-audio")

    def to_video(self) -> None:
        for scene in range(len(self.to_audio().scene_frames or ())):
            self.do("generate-videos", scene)
        self.do("add-captions")


def test_each_stage_says_what_came_of_it(kit: Kit, example: Path) -> None:
    walk = Walk(kit, example)
    paper = walk.do("fetch-paper")
    assert paper.paper is not None
    assert paper.paper.title.startswith("Captions timed by the voice")
    assert (paper.provider, paper.reused, paper.uses) == ("pdf", False, (("fetch-paper", paper.key),))
    script = walk.do("generate-script")
    assert script.checks is not None
    assert script.message.endswith("scenes")
    audio = walk.do("generate-audio")
    assert audio.scene_frames
    assert [stage for stage, _ in audio.uses] == ["generate-audio", *["speech"] * len(audio.scene_frames)]
    local = kit.local_artefacts("lab")
    assert all(local.find(stage, key) for stage, key in (*paper.uses, *script.uses, *audio.uses))
    assert all(0 <= fraction < 1 for fraction, _ in walk.told)
    assert walk.do("generate-audio").reused


def test_a_stage_makes_again_what_it_needs_and_is_gone(kit: Kit, example: Path) -> None:
    walk = Walk(kit, example)
    audio = walk.to_audio()
    first = walk.do("generate-videos", 0)
    shutil.rmtree(kit.data / "artefacts")
    again = walk.do("generate-videos", 0)
    assert (again.key, again.reused) == (first.key, False)
    assert walk.do("generate-audio").key == audio.key


def copies(kit: Kit) -> list[Path]:
    """Files of what was handed in, besides the store's own."""
    return [file for file in kit.data.rglob("*.pdf") if "objects" not in file.parts]


def test_an_upload_is_fetched_only_where_its_paper_is_not_known_and_no_copy_stays(
    kit: Kit, example: Path
) -> None:
    walk = Walk(kit, example)
    walk.do("fetch-paper")
    assert not copies(kit)
    kit.objects().delete(walk.order.upload or "")
    walk.do("generate-script")
    shutil.rmtree(kit.data / "artefacts")
    with pytest.raises(ObjectMissingError):
        walk.do("generate-audio")
    assert not copies(kit)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("My paper.PDF", "My paper.pdf"),
        ("../../../out.pdf", "out.pdf"),
        ("C:\\papers\\out.pdf", "out.pdf"),
        ("..", "paper.pdf"),
        ("", "paper.pdf"),
        ("article", "article.pdf"),
        ("article.xml", "article.xml.pdf"),
        ("ü" * 300 + ".pdf", "ü" * 80 + ".pdf"),
    ],
)
def test_a_file_keeps_the_name_that_its_owner_gave_it_as_far_as_that_is_a_name(said: str, name: str) -> None:
    assert own_name(said, ".pdf") == name


def test_a_script_of_ones_own_takes_the_writer_s_place(kit: Kit, example: Path, tmp_path: Path) -> None:
    walk = Walk(kit, example)
    walk.do("fetch-paper")
    written = walk.do("generate-script")
    folder = kit.local_artefacts("lab").find("generate-script", written.key)
    assert folder is not None
    script = json.loads((folder / "script.json").read_text())
    script["scenes"] = script["scenes"][:3]
    (tmp_path / "mine.json").write_text(json.dumps(script))
    key = take_in(kit.objects(), "lab", tmp_path / "mine.json")
    walk.order = walk.order.model_copy(update={"script": key})
    by_hand = walk.do("generate-script")
    assert (by_hand.provider, by_hand.key != written.key) == ("by hand", True)
    assert len(walk.do("generate-audio").scene_frames or ()) == 3


def test_a_source_that_is_no_paper_is_refused(kit: Kit, example: Path) -> None:
    walk = Walk(kit, example, upload=None, source="what we found last week")
    with pytest.raises(UnknownSourceError):
        walk.do("fetch-paper")


@pytest.mark.parametrize("taken", [0, 2, -1])
def test_another_take_of_a_scene_changes_that_scene_alone(kit: Kit, example: Path, taken: int) -> None:
    walk = Walk(kit, example)
    scenes = range(len(walk.to_audio().scene_frames or ()))
    index = scenes[taken]
    before = [walk.do("generate-videos", scene).key for scene in scenes]
    known = dict(walk.known)
    walk.order = walk.order.model_copy(update={"takes": {index: 0}})
    assert [walk.do("generate-videos", scene).key for scene in scenes] == before
    walk.order = walk.order.model_copy(update={"takes": {index: 1}})
    after = {scene: walk.do("generate-videos", scene) for scene in scenes}
    assert [scene for scene in scenes if after[scene].key != before[scene]] == [index]
    assert [scene for scene in scenes if not after[scene].reused] == [index]
    again = [walk.do(stage).key for stage in ("fetch-paper", "generate-script", "generate-audio")]
    assert again == [known["fetch-paper"], known["generate-script"], known["generate-audio"]]


def test_what_is_published_is_what_is_shown_and_a_private_title_is_in_no_key(kit: Kit, example: Path) -> None:
    walk = Walk(kit, example, takes={1: 1})
    walk.to_video()
    walk.private = True
    published = walk.do("publish")
    assert published.files is not None
    assert {file.key.rpartition("/")[0] for file in published.files} == {
        f"videos/2026-11-16-paper-{'t' * 32}"
    }
    read = {file.name: kit.objects().path(file.key) for file in published.files}
    assert read["script.json"] is not None
    assert read["manifest.json"] is not None
    script = json.loads(read["script.json"].read_text())
    manifest = json.loads(read["manifest.json"].read_text())
    kinds = [scene["visual"]["kind"] for scene in manifest["scenes"]]
    assert [scene["visual"]["kind"] for scene in script["scenes"]] == kinds
    walk.order = walk.order.model_copy(update={"takes": {}})
    untaken = walk.do("publish")
    assert untaken.key != published.key


def test_a_kit_travels_and_shows_no_secret() -> None:
    bucket = Bucket(name="b", endpoint=None, access_key=SecretStr("AKIA"), secret_key=SecretStr("hush"))
    kit = Kit(data=Path("/nowhere"), bucket=bucket, database_url=SecretStr("postgres://u:hush@h/d"))
    assert kit.watching == {}
    same = pickle.loads(pickle.dumps(kit))
    assert same == kit
    assert "hush" not in repr(kit)
    assert isinstance(replace(kit, bucket=None).objects(), FolderObjects)
