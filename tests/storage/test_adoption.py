"""Videos of an older system, taken over."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storage import jobs
from storage.adoption import DamagedVideoError, Report, adopt, video_seconds
from storage.database import Database
from storage.legacy_paper import legacy_paper
from storage.links import Links
from storage.models import JobRow, User
from storage.objects import FolderObjects
from storage.reconcile import reconcile
from storage.records import Job, JobState, PaperCard
from storage.references import IMPORT_GONE
from tests.databases import FakeClock

MADE_AT = 1_750_000_000.0


def write_video(file: Path, *, seconds: int = 2, shade: int = 100) -> None:
    """A small real video, its index in front, so that a cut file opens all the same."""
    with av.open(str(file), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        noise = np.random.default_rng(shade)
        for _ in range(10 * seconds):
            picture = noise.integers(0, 255, (64, 64, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    os.utime(file, (MADE_AT, MADE_AT))


def add(old: Path, name: str, paper: Any = None, *, shade: int = 100) -> Path:
    (old / name).mkdir(parents=True)
    write_video(old / name / "final_video.mp4", shade=shade)
    if paper is not None:
        (old / name / "paper.json").write_text(json.dumps(paper))
    return old / name / "final_video.mp4"


class House:
    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.objects = db, FolderObjects(folder / "objects")
        self.links = Links(self.objects, None, "https://hill.example")
        self.user = db.do(
            lambda: User.create(workspace="lab", platform="local", platform_user="ada", created_at=0.0).id
        )

    def adopt(self, old: Path, *, workspace: str = "lab") -> Report:
        return adopt(self.db, self.objects, self.links, old, workspace=workspace, user=self.user)

    def read(self, job: str) -> Job:
        found = self.db.do(lambda: jobs.find(job))
        assert found is not None
        return found

    def count(self) -> int:
        return self.db.do(lambda: JobRow.select().count())


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def test_a_video_becomes_a_done_job_with_its_paper_and_a_link(house: House, old: Path) -> None:
    video = add(
        old, "32296183", {"title": "Sleep", "authors": ["A. Ross"], "year": "2020", "doi": "10.1000/x"}
    )
    (adopted,) = house.adopt(old).adopted
    job = house.read(adopted.job)
    assert (job.state, job.fraction, job.source) == (JobState.DONE, 1.0, "32296183")
    assert job.paper == PaperCard(
        title="Sleep", authors=("A. Ross",), year=2020, doi="10.1000/x", pmid="32296183"
    )
    assert (job.created_at, job.finished_at, job.seconds) == (MADE_AT, MADE_AT, pytest.approx(2.0, abs=0.11))
    assert job.link == adopted.link == f"https://hill.example/v/{job.token}"
    (file,) = job.files
    assert file.key == f"videos/2025-06-15-sleep-{job.token}/video.mp4"
    kept = house.objects.path(file.key)
    assert kept is not None
    assert kept.read_bytes() == video.read_bytes()
    assert house.links.works(job.link, file.key)
    assert (job.reserved_cents, job.spent_cents) == (0, 0)


def test_a_second_run_finds_nothing_new(house: House, old: Path) -> None:
    add(old, "32296183")
    house.adopt(old)
    add(old, "PMC7224658", shade=3)
    again = house.adopt(old)
    assert [one.folder for one in again.adopted] == ["PMC7224658"]
    assert [one.folder for one in again.known] == ["32296183"]
    last = house.adopt(old)
    assert [one.folder for one in last.known] == ["32296183", "PMC7224658"]
    assert last == Report(known=last.known)
    assert not any(one.other or one.brought_back for one in last.known)
    assert house.count() == 2
    assert house.adopt(old, workspace="other").known == ()


def test_a_known_video_under_another_paper_s_id_is_told_with_the_id_that_it_has(
    house: House, old: Path
) -> None:
    add(old, "pmid_32296183")
    (first,) = house.adopt(old).adopted
    add(old, "99")  # the same bytes
    report = house.adopt(old)
    assert report.adopted == ()
    assert [(one.folder, one.job, one.other) for one in report.known] == [
        ("99", first.job, "32296183"),
        ("pmid_32296183", first.job, None),
    ]


def test_the_lost_file_of_an_imported_video_is_put_back(house: House, old: Path) -> None:
    video = add(old, "32296183")
    (first,) = house.adopt(old).adopted
    key = house.read(first.job).files[0].key
    house.objects.delete(key)
    reconcile(house.db, house.objects, fix=True)
    assert house.read(first.job).message == IMPORT_GONE
    (known,) = house.adopt(old).known
    assert known.brought_back
    kept = house.objects.path(key)
    assert kept is not None
    assert kept.read_bytes() == video.read_bytes()
    assert house.read(first.job).message == ""
    assert not house.adopt(old).known[0].brought_back


def test_a_job_that_was_deleted_does_not_count_as_there(house: House, old: Path) -> None:
    add(old, "32296183")
    (first,) = house.adopt(old).adopted
    house.db.do(lambda: jobs.change(house.db, first.job, (JobState.DONE,), state=JobState.DELETED))
    assert len(house.adopt(old).adopted) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("32296183", "32296183"),
        ("pmid_32296183", "32296183"),
        ("PMC7224658", "PMC7224658"),
        ("pmc7224658", "PMC7224658"),
        ("123456789", "123456789"),
        ("my-manuscript-2024", "my-manuscript-2024"),
        ("32296183-v2", "32296183-v2"),
    ],
)
def test_only_a_folder_named_by_an_id_is_that_paper(house: House, old: Path, name: str, source: str) -> None:
    add(old, name)
    (adopted,) = house.adopt(old).adopted
    job = house.read(adopted.job)
    assert job.source == source
    assert json.loads(job.order) == {"source": source}
    is_id = source != name or name in {"32296183", "PMC7224658"}
    assert (job.paper.pmid or job.paper.pmcid or "").removeprefix("PMC") in (source if is_id else "")


def test_damaged_videos_are_told_and_not_taken(house: House, old: Path) -> None:
    add(old, "1").write_bytes(b"")
    add(old, "2").write_bytes(b"no video at all" * 1000)
    cut = add(old, "3")
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    add(old, "4", shade=4)
    (old / "5").mkdir()
    (old / "notes.txt").write_text("not a folder")
    report = house.adopt(old)
    assert [one.folder for one in report.adopted] == ["4"]
    assert [one.folder for one in report.damaged] == ["1", "2", "3"]
    assert report.without_video == ("5",)
    assert "breaks off" in report.damaged[2].why
    assert house.count() == 1


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    file = tmp_path / "voice.mp4"
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48000)
        silence = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        silence.sample_rate = 48000
        for plane in silence.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    with pytest.raises(DamagedVideoError, match="no picture"):
        video_seconds(file)


def test_a_video_from_the_future_is_as_old_as_today(house: House, old: Path, clock: FakeClock) -> None:
    video = add(old, "1")
    os.utime(video, (clock.now + 1e6, clock.now + 1e6))
    (adopted,) = house.adopt(old).adopted
    assert house.read(adopted.job).created_at == clock.now


def test_two_at_once_take_each_video_once(house: House, old: Path) -> None:
    for number in range(1, 4):
        add(old, str(number), shade=number)
    reports: list[Report] = []
    threads = [threading.Thread(target=lambda: reports.append(house.adopt(old))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(report.adopted) for report in reports) == house.count() == 3
    assert len(list(house.objects.list("videos/"))) == 3


def test_what_was_adopted_is_in_order(house: House, old: Path, clock: FakeClock) -> None:
    add(old, "32296183")
    house.adopt(old)
    clock.now = 2e9
    assert reconcile(house.db, house.objects, fix=True).clean


@pytest.mark.parametrize(
    ("said", "card"),
    [
        (
            {"Title": " A\n title ", "Journal": "J", "PubYear": 2021, "PMID": 123, "PMCID": "PMC9"},
            PaperCard(title="A title", journal="J", year=2021, pmid="123", pmcid="PMC9"),
        ),
        (
            {
                "paper": {
                    "article_title": "T",
                    "publication_date": "12 Mar 2019",
                    "doi": "https://doi.org/10.1/x",
                }
            },
            PaperCard(title="T", year=2019),
        ),
        (
            {"metadata": {"title": "Inner", "doi": "doi:10.1000/a(b)c"}, "title": ""},
            PaperCard(title="Inner", doi="10.1000/a(b)c"),
        ),
        (
            {"authors": [{"given": "Ada", "family": "Byron"}, {"name": "Bo Li"}, "C. Day", None, 3.5]},
            PaperCard(authors=("Ada Byron", "Bo Li", "C. Day")),
        ),
        ({"authors": "Byron A; Li B; Day C"}, PaperCard(authors=("Byron A", "Li B", "Day C"))),
        ({"authors": "A Byron, B Li and C Day"}, PaperCard(authors=("A Byron", "B Li", "C Day"))),
        (
            {"journal": {"title": "J"}, "year": {"value": "1999"}, "title": ["T"]},
            PaperCard(title="T", journal="J", year=1999),
        ),
        ({"title": None, "authors": None, "year": "soon", "pmid": [], "doi": 5}, PaperCard()),
        ([], PaperCard()),
        ("words", PaperCard()),
    ],
)
def test_a_paper_is_read_whatever_its_fields_are_called(tmp_path: Path, said: Any, card: PaperCard) -> None:
    (tmp_path / "paper.json").write_text(json.dumps(said))
    assert legacy_paper(tmp_path / "paper.json") == card


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_paper_that_can_not_be_read_is_no_paper(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "paper.json").write_bytes(content)
    assert legacy_paper(tmp_path / "paper.json") == PaperCard()
    assert legacy_paper(tmp_path / "none.json") == PaperCard()
