"""The share page itself, put together from the values that the video was made of."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pipeline.citation import journal, link, retraction, writers, year
from pipeline.model import Finding, Narration, Paper, Script
from pipeline.publish.manifest import ManifestScene
from pipeline.publish.page import markup, sections
from pipeline.publish.page.policy import POLICY, SCRIPT, STYLE

#: Its name beside the video.
PAGE: Final = "index.html"

#: A hill at night, so that no browser asks the host for a picture of it.
_ICON: Final = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b1020"/>'
    '<circle cx="22" cy="10" r="3.5" fill="#ffd166"/><path d="M0 27 12 13l7 8 4-4 9 10z" fill="#2a6aa8"/></svg>'
)
_DOCUMENT: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="color-scheme" content="light dark">
<meta name="description" content="{description}">
<meta property="og:type" content="video.other">
<meta property="og:site_name" content="Hidden Hill">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<link rel="icon" href="{icon}">
<title>{title} – video</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#story">Skip to what is said</a>
{header}
<main>
{watch}
<div class="reading">
{reading}
</div>
</main>
{footer}
<p id="said" role="status"></p>
<script>{script}</script>
</body>
</html>
"""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page tells of: the paper, the script as the video shows it, its voice, and its scenes with their times.

    `files` are the sizes (bytes) of the files that lie beside the page, by name; only those are linked. `size` is the
    video's, in pixels. `captions` is the address of its WebVTT file: beside the page, or a data: address for a page
    that is opened from a disk, where browsers let no other file in.
    """

    paper: Paper
    script: Script
    narration: Narration
    scenes: Sequence[ManifestScene]
    findings: Sequence[Finding]
    files: Mapping[str, int]
    size: tuple[int, int]
    program: str
    captions: str = "captions.vtt"


def share_page(shown: Shown) -> str:
    """The HTML of the page, whole: it loads the video, its cover and its captions, and nothing else."""
    parts = (
        sections.story(shown.paper, shown.scenes),
        sections.checks(shown.script, shown.findings),
        sections.making(shown.paper, shown.script, shown.narration, shown.scenes, shown.program),
        sections.citing(shown.paper),
    )
    return _DOCUMENT.format(
        policy=POLICY,
        icon=_ICON,
        style=STYLE,
        script=SCRIPT,
        title=markup.text(shown.paper.title),
        description=markup.text(_description(shown)),
        header=_header(shown),
        watch=sections.watch(shown.paper, _seconds(shown), shown.files, shown.size, shown.captions),
        reading="\n".join(parts),
        footer=_footer(shown),
    )


def carried(captions: bytes) -> str:
    """A WebVTT file as an address that holds it whole."""
    return f"data:text/vtt;base64,{b64encode(captions).decode()}"


def _seconds(shown: Shown) -> float:
    return shown.scenes[-1].end


def _description(shown: Shown) -> str:
    told = [scene.narration for scene in shown.scenes if scene.kind in ("finding", "takeaway")]
    about = told[0] if told else shown.scenes[0].narration
    where = ", ".join(part for part in (journal(shown.paper), year(shown.paper)) if part)
    gone = retraction(shown.paper)
    warning = f"{gone.capitalize()}. " if gone else "Expression of concern. " if shown.paper.concern else ""
    return f"{warning}{about}{f' ({where})' if where else ''}"


def _header(shown: Shown) -> str:
    paper = shown.paper
    kicker = f"A paper, told in {sections.length(_seconds(shown))}"
    parts = (
        markup.tag("p", kicker, class_="kicker"),
        markup.tag("h1", markup.link(link(paper), markup.text(paper.title)), dir="auto"),
        _byline(paper),
        sections.standing(paper),
    )
    return markup.tag("header", "".join(parts))


def _byline(paper: Paper) -> str:
    """Who wrote it, in which journal, when; "" where the record says nothing of it."""
    authors = writers(paper, 8, first=8, more=" and others")
    name = journal(paper)
    where = [markup.foreign("cite", name) if name else "", year(paper)]
    parts = [markup.foreign("span", authors) if authors else "", ", ".join(part for part in where if part)]
    said = " · ".join(part for part in parts if part)
    return markup.tag("p", said, class_="byline") if said else ""


def _footer(shown: Shown) -> str:
    said = (
        f"Made by {markup.text(shown.program)} from the paper named above, and no substitute for it. "
        "The narration is AI-made. This page loads nothing from elsewhere and counts no visits."
    )
    return markup.tag("footer", markup.tag("p", said))
