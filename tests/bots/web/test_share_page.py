"""The share page as people meet it: in headless Chromium, on a phone and on a desk, by eye, keyboard and ear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from jobs import control
from jobs.office import Office
from pipeline.model import Author, Claim, Evidence, Scene, Script
from pipeline.publish.page.page import PAGE, carried
from storage.database import Database
from storage.links import Links
from storage.s3 import S3Objects
from tests.bots.web.test_web import served
from tests.browser import Page, chromium
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server
from tests.jobs.offices import new_office
from tests.jobs.pages import delivered
from tests.pictures import samples
from tests.pipeline.publish.sharing import TYPES, published, shown

#: The browser begins within the first of them, on whatever else the machine does.
pytestmark = pytest.mark.timeout(300)

PHONE, SMALL_PHONE, DESK = (390, 844), (320, 568), (1440, 900)
#: Wider than any phone in one word, from right to left, and markup.
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
HOSTILE = f"</style><script>alert(1)</script> {LONG} תוצאות המחקר \u202eهذا نص عربي"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as page:
        yield page


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return published(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


@pytest.fixture
def database_url() -> None:
    """One kind of database is enough: what is looked at is the browser."""
    return


def in_bucket(database: Database, folder: Path, wire: str, bucket: str, *, public: str | None) -> Office:
    """An office whose store is a bucket; `public` is the address under which all can read it."""
    office = new_office(database, folder, web="https://hill.example")
    store = S3Objects(bucket, endpoint_url=wire, access_key=ACCESS_KEY, secret_key=SECRET_KEY, attempts=1)
    return replace(office, objects=store, links=Links(store, public, "https://hill.example"))


def plays(page: Page) -> tuple[int, int]:
    """Start the video in the middle; its width on screen and the number of its captions, once both are there."""
    page.run("document.querySelector('video').textTracks[0].mode = 'hidden'")
    page.until("document.querySelector('video').error || document.querySelector('video').readyState >= 2")
    assert page.run("document.querySelector('video').error?.message ?? ''") == ""
    page.until("document.querySelector('video').textTracks[0].cues?.length")
    page.run("document.querySelectorAll('.time')[3].click()")
    page.until("!document.querySelector('video').seeking && document.querySelector('video').currentTime >= 6")
    page.until("document.querySelectorAll('#story li')[3].hasAttribute('aria-current')")
    page.run("document.querySelector('video').pause()")
    width: int = page.run("document.querySelector('video').clientWidth")
    cues: int = page.run("document.querySelector('video').textTracks[0].cues.length")
    return width, cues


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    wider: int = page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def hosts(page: Page) -> set[str]:
    """Whom the page asked for anything; its player's own pictures are part of the browser."""
    return {urlsplit(address).netloc for address in page.requests if not address.startswith("data:")}


def tabbed(page: Page, until: str) -> list[str]:
    """What gets the focus, tab by tab, until the element `until` (a CSS selector) has it."""
    said: list[str] = []
    for _ in range(60):
        page.press("Tab")
        name = page.run(
            "(e => e.localName === 'video' ? 'video' : (e.getAttribute('aria-label') || e.textContent).trim())"
            "(document.activeElement)"
        )
        if not said or said[-1] != name:
            said.append(name)
        if page.run(f"document.activeElement.matches({until!r})"):
            return said
    raise AssertionError(said)


def test_without_a_public_domain_the_web_process_serves_page_and_signed_video(
    database: Database, tmp_path: Path, page: Page, files: dict[str, Path], s3: S3Server
) -> None:
    with s3.wire() as wire:
        office = in_bucket(database, tmp_path, wire.url, s3.bucket(), public=None)
        job = delivered(office, files, TYPES)
        assert job.link == f"https://hill.example/v/{job.token}"
        with served(office.database, office.objects) as client:
            here = str(client.base_url).rstrip("/")
            page.forget()
            for width, height in (PHONE, DESK):
                page.open(f"{here}/v/{job.token}", width=width, height=height)
                assert overflow(page) == 0
                across, cues = plays(page)
                assert 180 < across <= width
                assert cues == len(samples.script().scenes)
            assert page.run("location.pathname") == f"/v/{job.token}/"
            assert hosts(page) == {urlsplit(here).netloc, urlsplit(wire.url).netloc}
            assert page.complaints == []
            asked = [
                headers for method, path, headers in wire.requests if method == "GET" and "video.mp4" in path
            ]
            assert any(key.lower() == "range" for headers in asked for key in headers)

            answer = client.get(f"/v/{job.token}/")
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "private, no-cache"
            assert answer.headers["referrer-policy"] == "no-referrer"
            signed = client.get(f"/v/{job.token}/video.mp4?download")
            assert signed.status_code == 307
            saved = httpx.get(signed.headers["location"])
            assert saved.content == files["video.mp4"].read_bytes()
            assert "video.mp4" in saved.headers["content-disposition"]

            control.delete(office, job.id, by="Ada")
            for name in ("", "/", *(f"/{name}" for name in TYPES)):
                assert client.get(f"/v/{job.token}{name}").status_code == 404
            assert httpx.get(signed.headers["location"]).is_client_error


def test_with_a_public_domain_the_page_lies_beside_the_video_and_goes_with_it(
    database: Database, tmp_path: Path, page: Page, files: dict[str, Path], s3: S3Server
) -> None:
    with s3.wire() as wire:
        bucket = s3.bucket(public=True)
        public = f"{wire.url}/{bucket}"
        office = in_bucket(database, tmp_path, wire.url, bucket, public=public)
        job = delivered(office, files, TYPES)
        assert job.link is not None
        assert job.link.startswith(f"{public}/videos/")
        assert job.link.endswith(f"-{job.token}/{PAGE}")
        assert len(bytes.fromhex(job.token)) == 16
        page.forget()
        page.open(job.link, width=DESK[0], height=DESK[1], dark=True)
        _, cues = plays(page)
        assert cues == len(samples.script().scenes)
        assert overflow(page) == 0
        assert hosts(page) == {urlsplit(wire.url).netloc}
        assert page.complaints == []
        beside = [job.link.replace(PAGE, name) for name in TYPES]
        assert {httpx.get(address).status_code for address in beside} == {200}
        control.delete(office, job.id, by="Ada")
        assert {httpx.get(address).status_code for address in beside} == {404}


def test_it_is_used_by_keyboard_and_read_aloud(page: Page, files: dict[str, Path]) -> None:
    page.open(files[PAGE].as_uri(), width=DESK[0], height=DESK[1])
    order = tabbed(page, "button[data-copies=cite-bibtex]")
    steps = [
        "Skip to what is said",
        samples.PAPER.title,
        "video",
        "Other files",
        "Play from 0:00",
        "Play from 0:02",
    ]
    assert [order.index(step) for step in steps] == sorted(order.index(step) for step in steps)
    assert order[-2:] == ["Copy Citation", "Copy BibTeX"]
    page.press("Enter")
    page.until("document.getElementById('said').textContent !== ''")
    assert "“" not in page.names("link")
    assert all(name for role in ("link", "button", "heading", "region", "Video") for name in page.names(role))
    assert samples.PAPER.title in page.names("heading")
    assert "Play from 0:06" in page.names("link")
    assert {
        "Watch",
        "What it says, and where the paper says so",
        "What the checks found",
        "How it was made",
    } < set(page.names("region"))
    assert "captions in the picture" in page.names("Video")[0]
    for landmark in ("banner", "main", "contentinfo"):
        assert len(page.names(landmark)) == 1
    assert page.run("document.documentElement.lang") == "en"


def test_hostile_words_neither_run_nor_burst_the_smallest_phone(page: Page, tmp_path: Path) -> None:
    paper = samples.paper().model_copy(
        update={"title": HOSTILE, "authors": (Author(name=LONG, surname=LONG),), "journal": HOSTILE}
    )
    evidence = Evidence(quote=HOSTILE, section=LONG, page=3)
    scene = Scene(kind="finding", narration=HOSTILE, claims=(Claim(text=LONG, evidence=(evidence,)),))
    told = shown(paper=paper, script=Script(scenes=(scene,)))
    folder = tmp_path / "hostile page"
    published(folder, told)
    alone = replace(told, captions=carried((folder / "captions.vtt").read_bytes()))
    files = published(folder, alone)
    page.forget()
    page.open(files[PAGE].as_uri(), width=SMALL_PHONE[0], height=SMALL_PHONE[1])
    assert overflow(page) == 0
    page.run("document.querySelector('video').textTracks[0].mode = 'hidden'")
    page.until("document.querySelector('video').textTracks[0].cues?.length === 1")
    assert hosts(page) == {""}
    assert page.complaints == []
    assert page.run("document.scripts.length") == 1
    right, left = page.run(
        "[...document.querySelectorAll('blockquote, h1')].map(e => e.getBoundingClientRect())"
        ".map(r => [r.right, r.left]).reduce((a, b) => [Math.max(a[0], b[0]), Math.min(a[1], b[1])])"
    )
    assert 0 <= left < right <= SMALL_PHONE[0]
