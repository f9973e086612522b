"""The main job, from a paper on disk to the folder with the video."""

from __future__ import annotations

import json
import re
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import imageio_ffmpeg
import jsonschema
import pytest

from pipeline.model import Paper, Script
from tests.cli.making import Made, make

FILES = {
    "video.mp4",
    "preview.mp4",
    "cover.jpg",
    "captions.srt",
    "captions.vtt",
    "transcript.txt",
    "post.md",
    "index.html",
    "paper.json",
    "script.json",
    "manifest.json",
}
CLAIMING = {"background", "method", "finding", "limitation", "takeaway"}


@pytest.fixture(scope="module")
def made(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = make(example, tmp_path_factory.mktemp("make") / "out")
    assert made.status == 0, made.printed
    return made


def test_the_folder_holds_what_the_readme_promises(made: Made) -> None:
    assert {path.name for path in made.folder.iterdir()} == FILES | {".work"}


def test_the_manifest_follows_its_schema(made: Made) -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "manifest.schema.json").read_text())
    jsonschema.validate(json.loads((made.folder / "manifest.json").read_text()), schema)


def test_every_quote_stands_in_the_paper_and_every_scene_that_must_claims(made: Made) -> None:
    paper = Paper.model_validate_json((made.folder / "paper.json").read_bytes())
    passages = [" ".join(passage.text.split()) for passage in paper.passages()]
    for scene in made.manifest.scenes:
        assert bool(scene.claims) or scene.kind not in CLAIMING
        assert not (scene.kind == "source" and scene.claims)
        for evidence in (evidence for claim in scene.claims for evidence in claim.evidence):
            assert any(" ".join(evidence.quote.split()) in passage for passage in passages), evidence.quote


def test_the_story_runs_from_hook_to_source(made: Made) -> None:
    order = ["hook", "background", "method", "finding", "limitation", "takeaway", "source"]
    places = [order.index(scene.kind) for scene in made.manifest.scenes]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(order) - 1)


def test_scenes_and_words_follow_one_another_without_gaps_or_overlaps(made: Made) -> None:
    scenes = made.manifest.scenes
    assert scenes[0].start == 0
    assert all(one.end == following.start for one, following in pairwise(scenes))
    for scene in scenes:
        assert " ".join(word.shown for word in scene.words) == " ".join(scene.narration.split())
        starts = [word.start for word in scene.words]
        assert starts == sorted(set(starts))
        assert scene.start < starts[0]
        assert scene.words[-1].end <= scene.end


def test_the_length_is_within_ten_percent_of_what_was_asked(made: Made) -> None:
    assert 27 <= made.manifest.scenes[-1].end <= 33


def test_the_video_is_vertical_h264_with_aac_and_lasts_as_long_as_its_scenes(made: Made) -> None:
    with av.open(str(made.folder / "video.mp4")) as video:
        picture, sound = video.streams.video[0], video.streams.audio[0]
        assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert (picture.width, picture.height) == (270, 480)
        assert picture.average_rate == 30
        times = sorted(frame.pts * picture.time_base for frame in video.decode(picture))
    assert times == [Fraction(index, 30) for index in range(round(made.manifest.scenes[-1].end * 30))]


def test_the_index_stands_before_the_media_so_that_it_plays_while_it_loads(made: Made) -> None:
    content = (made.folder / "video.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_voice_is_as_loud_as_the_platforms_want(made: Made) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    arguments = [
        "-hide_banner",
        "-i",
        made.folder / "video.mp4",
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:") :]
    loudness = float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1])  # type: ignore[index]
    peak = float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1])  # type: ignore[index]
    assert abs(loudness + 14) <= 0.5
    assert peak <= -1.5


def test_the_captions_say_exactly_what_the_voice_says(made: Made) -> None:
    narration = " ".join(scene.narration for scene in made.manifest.scenes).split()
    srt = (made.folder / "captions.srt").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in srt.strip().split("\n\n")]
    assert [int(block[0]) for block in blocks] == list(range(1, len(blocks) + 1))
    assert " ".join(" ".join(block[2:]) for block in blocks).split() == narration
    vtt = (made.folder / "captions.vtt").read_text(encoding="utf-8")
    assert vtt.startswith("WEBVTT\n")
    times = [re.findall(r"\d\d:\d\d:\d\d,\d{3}", block[1]) for block in blocks]
    assert all(start < end for start, end in times)
    assert all(one[1] <= following[0] for one, following in pairwise(times))


def test_the_post_text_carries_citation_and_says_that_the_voice_is_made(made: Made) -> None:
    post = (made.folder / "post.md").read_text(encoding="utf-8")
    assert "Captions timed by the voice itself start within milliseconds of the sound." in post
    assert "AI-made narration" in post
    assert len(post) <= 2_200


def test_json_events_follow_every_stage_to_the_end(made: Made) -> None:
    keys = {"event", "stage", "fraction", "message", "elapsed", "remaining", "reused", "code", "advice"}
    assert all(event.keys() == keys for event in made.events)
    assert list(made.reused()) == [record.name for record in made.manifest.stages]
    assert made.events[-1]["event"] == "done"
    for name in made.reused():
        fractions = [e["fraction"] for e in made.events if e["stage"] == name]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1.0


def test_the_manifests_digests_are_those_of_the_files(made: Made) -> None:
    import hashlib

    files = made.manifest.files
    assert set(files) == FILES - {"manifest.json"}
    for name, record in files.items():
        content = (made.folder / name).read_bytes()
        assert (record.sha256, record.bytes) == (hashlib.sha256(content).hexdigest(), len(content))


def test_running_again_reuses_every_stage(made: Made, example: Path) -> None:
    video = (made.folder / "video.mp4").read_bytes()
    again = make(example, made.folder)
    assert all(again.reused().values())
    assert (made.folder / "video.mp4").read_bytes() == video


def test_the_same_paper_in_another_folder_gives_the_same_bytes(
    made: Made, example: Path, tmp_path: Path
) -> None:
    other = make(example, tmp_path / "other")
    for name in FILES - {"manifest.json"}:
        assert (other.folder / name).read_bytes() == (made.folder / name).read_bytes(), name


def test_an_edited_scene_is_the_only_one_spoken_and_drawn_anew(
    made: Made, example: Path, tmp_path: Path
) -> None:
    script = Script.model_validate_json((made.folder / "script.json").read_bytes())
    scenes = list(script.scenes)
    shorter = scenes[1].narration.rstrip(".").rsplit(" ", 2)[0] + "."
    scenes[1] = scenes[1].model_copy(update={"narration": shorter})
    edited = tmp_path / "edited.json"
    edited.write_text(script.model_copy(update={"scenes": tuple(scenes)}).model_dump_json())
    before = {stage: set((made.folder / ".work" / stage).iterdir()) for stage in ("scene", "speech")}
    again = make(example, made.folder, "--script", str(edited))
    assert again.status == 0, again.printed
    new = {stage: set((made.folder / ".work" / stage).iterdir()) - before[stage] for stage in before}
    assert {stage: len(folders) for stage, folders in new.items()} == {"scene": 1, "speech": 1}
    assert again.manifest.scenes[1].narration == shorter


def test_a_users_own_picture_takes_the_place_of_a_scenes_visual(
    made: Made, example: Path, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("RGB", (640, 480), (200, 30, 30)).save(tmp_path / "mine.png")
    script = json.loads((made.folder / "script.json").read_text())
    script["scenes"][1]["visual"] = {"kind": "image", "file": "mine.png", "credit": "Photo: us"}
    (tmp_path / "edited.json").write_text(json.dumps(script))
    again = make(example, made.folder, "--script", str(tmp_path / "edited.json"))
    assert again.status == 0, again.printed
    visual = again.manifest.scenes[1].visual
    assert (visual.kind, visual.credit) == ("image", "Photo: us")
    frame = _frame(again.folder / "video.mp4", again.manifest.scenes[1].start + 1.5)
    red = (frame[..., 0] > 150) & (frame[..., 1] < 80)
    assert red.mean() > 0.1
    published = json.loads((made.folder / "script.json").read_text())["scenes"][1]["visual"]["file"]
    assert (made.folder / published).is_file()


def test_a_script_that_says_another_number_is_refused(example: Path, tmp_path: Path) -> None:
    make(example, tmp_path / "out", "--until", "generate-script")
    script = json.loads((tmp_path / "out" / "script.json").read_text())
    script["scenes"][1]["narration"] += " It took 987 days."
    (tmp_path / "edited.json").write_text(json.dumps(script))
    refused = make(example, tmp_path / "out", "--script", str(tmp_path / "edited.json"))
    assert (refused.status, refused.events[-1]["code"]) == (3, "script")
    assert "987" in refused.events[-1]["message"]


def _frame(video: Path, seconds: float):  # type: ignore[no-untyped-def]
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            if float(frame.pts * frame.time_base) >= seconds:
                return frame.to_ndarray(format="rgb24")
    raise AssertionError(f"{video} ends before {seconds} s")
