"""The parts of the share page, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipeline.citation import link, retraction
from pipeline.licences import licence_link, licence_name
from pipeline.model import Claim, Evidence, Finding, Narration, Paper, SceneKind, Script
from pipeline.publish.checked import checked
from pipeline.publish.manifest import ManifestScene
from pipeline.publish.page.bibtex import bibtex
from pipeline.publish.page.markup import foreign, tag, text
from pipeline.publish.page.markup import link as web_link
from pipeline.publish.page.places import link_to, place_of
from pipeline.publish.post import citation

_KINDS: Final[Mapping[SceneKind, str]] = {
    "hook": "Opening",
    "background": "Background",
    "method": "Method",
    "finding": "Finding",
    "limitation": "Limitation",
    "takeaway": "Takeaway",
    "source": "Source",
}
#: File → what a person gets with it; in the order in which they are offered.
_DOWNLOADS: Final = {
    "preview.mp4": "Small video, MP4",
    "captions.srt": "Captions, SRT",
    "captions.vtt": "Captions, WebVTT",
    "transcript.txt": "Transcript",
    "cover.jpg": "Cover, JPEG",
    "script.json": "Script with its passages, JSON",
}


def length(seconds: float) -> str:
    """ "67 seconds", "2 minutes"."""
    return f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"


def clock(seconds: float) -> str:
    """ "1:07"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def standing(paper: Paper) -> str:
    """What a viewer must know of the paper before anything else: badges and notes; "" where there is nothing."""
    notes = list(paper.notes)
    why = notes.pop(0) if paper.abstract_only and notes else "The full text was not at hand."
    doubt = next(
        (note for note in notes if "concern" in note), "A notice of concern stands against this paper."
    )
    notes = [note for note in notes if note != doubt]
    gone = retraction(paper)
    badges = [
        (bool(gone), "alarm", gone.capitalize(), f"This paper has been {gone}: its findings don’t stand."),
        (paper.concern, "alarm", "Expression of concern", doubt),
        (paper.preprint, "care", "Preprint", "Not yet peer reviewed."),
        (paper.abstract_only, "care", "Abstract only", why),
    ]
    lines = [
        tag("li", f"{tag('strong', name)} {text(sentence)}", class_=kind)
        for is_so, kind, name, sentence in badges
        if is_so
    ]
    lines += [foreign("li", note) for note in notes]
    return tag("ul", "".join(lines), class_="standing", aria_label="About this paper") if lines else ""


def watch(
    paper: Paper, seconds: float, files: Mapping[str, int], size: tuple[int, int], captions: str
) -> str:
    """The player, and under it what can be downloaded."""
    track = tag("track", "", kind="captions", src=captions, srclang="en", label="English captions")
    fallback = tag("p", tag("a", "Open the video", href="video.mp4"))
    player = tag(
        "video",
        f"{track.removesuffix('</track>')}{fallback}",
        controls=True,
        playsinline=True,
        preload="metadata",
        src="video.mp4",
        poster="cover.jpg" if "cover.jpg" in files else None,
        width=str(size[0]),
        height=str(size[1]),
        aria_label=f"Video about “{paper.title}”, {length(seconds)}, narrated, with captions in the picture",
    )
    weight = tag("small", f"MP4, {_mb(files['video.mp4'])}")
    button = tag("a", f"Download the video {weight}", href="video.mp4", download=True, class_="download")
    others = [
        tag("li", f"{tag('a', name, href=file, download=True)} {tag('small', _mb(files[file]))}")
        for file, name in _DOWNLOADS.items()
        if file in files
    ]
    more = tag("details", f"{tag('summary', 'Other files')}{tag('ul', ''.join(others))}") if others else ""
    return _section("watch", "Watch", f"{player}{button}{more}", hidden=True)


def story(paper: Paper, scenes: Sequence[ManifestScene]) -> str:
    """Every scene: when, what is said, and the passage of the paper behind each claim."""
    told = "".join(_scene(paper, scene) for scene in scenes)
    lead = tag("p", "Every claim of the video, with the words of the paper behind it.", class_="lead")
    return _section("story", "What it says, and where the paper says so", f"{lead}{tag('ol', told)}")


def _scene(paper: Paper, scene: ManifestScene) -> str:
    at = clock(scene.start)
    time = tag("a", at, href=f"video.mp4#t={scene.start:.2f}", class_="time", aria_label=f"Play from {at}")
    head = tag("p", f"{time} {tag('span', _KINDS[scene.kind], class_='kind')}", class_="when")
    said = tag("p", text(scene.narration), class_="said")
    claims = "".join(_claim(paper, scene, claim) for claim in scene.claims)
    shown = f"On screen: {scene.visual.credit}" if scene.visual.credit else ""
    credit = foreign("p", shown, class_="credit") if shown else ""
    times = {"data_start": f"{scene.start:.2f}", "data_end": f"{scene.end:.2f}"}
    return tag("li", f"{head}{said}{claims}{credit}", **times)


def _claim(paper: Paper, scene: ManifestScene, claim: Claim) -> str:
    words = "" if claim.text == scene.narration else tag("p", text(claim.text), class_="claim")
    return words + "".join(_passage(paper, evidence) for evidence in claim.evidence)


def _passage(paper: Paper, evidence: Evidence) -> str:
    address = link_to(paper, evidence)
    open_it = web_link(address, "Read it there", class_="there") if address else ""
    where = f"{tag('span', 'The paper', class_='aloud')} {foreign('span', place_of(evidence))}"
    quote = foreign("blockquote", evidence.quote)
    return tag("figure", f"{quote}{tag('figcaption', f'{where} {open_it}'.strip())}", class_="passage")


def checks(script: Script, findings: Sequence[Finding]) -> str:
    """What the checks found."""
    lines = []
    for line in checked(script, findings):
        mark, _, sentence = line.partition(" ")
        well = mark == "✓"
        sign = tag("span", mark, aria_hidden="true")
        aloud = tag("span", "Passed:" if well else "Note:", class_="aloud")
        lines.append(tag("li", f"{sign}{aloud} {text(sentence)}", class_="well" if well else "note"))
    return _section("checks", "What the checks found", tag("ul", "".join(lines)))


def making(
    paper: Paper, script: Script, narration: Narration, scenes: Sequence[ManifestScene], program: str
) -> str:
    """Who wrote, who spoke, what was generated, whose pictures they are, and under which licence the paper is."""
    rows = [
        ("Words", text(_written(script))),
        ("Voice", text(f"Computer-generated speech ({_tidy(narration.voice)}). Nobody is heard.")),
        ("Pictures", "<br>".join(_pictures(scenes))),
        ("Licence of the paper", _licence(paper)),
        ("Made with", text(program)),
    ]
    listed = "".join(f"<div>{tag('dt', name)}{tag('dd', said)}</div>" for name, said in rows)
    return _section("making", "How it was made", tag("dl", listed))


def _written(script: Script) -> str:
    own = [str(number) for number, scene in enumerate(script.scenes, 1) if scene.by_hand]
    by = _tidy(script.writer)
    if by.startswith("extractive"):
        said = "Sentences of the paper, chosen and shortened by rules, not by a language model."
    elif by == "by hand":
        said = "Written by a person."
    else:
        said = f"Written by a language model ({by}) from the paper; each claim was held to a passage of it."
    if own:
        which = f"Scene {own[0]} is" if len(own) == 1 else f"Scenes {', '.join(own[:-1])} and {own[-1]} are"
        said += f" {which} in a person’s own words."
    return said


def _pictures(scenes: Sequence[ManifestScene]) -> Iterator[str]:
    """One line for each source of pictures, as HTML."""
    footage: dict[str, list[str]] = {}
    credited: dict[str, None] = {}
    for number, scene in enumerate(scenes, 1):
        if (made := scene.visual.footage) is not None:
            footage.setdefault(f"{made.provider} ({made.model})", []).append(str(number))
        elif scene.visual.credit:
            credited[scene.visual.credit] = None
    for by, which in footage.items():
        numbers = (
            f"scene {which[0]}" if len(which) == 1 else f"scenes {', '.join(which[:-1])} and {which[-1]}"
        )
        yield text(f"The footage in {numbers} is AI-generated by {by}. It shows nothing that happened.")
    yield from (foreign("span", credit) for credit in credited)
    if not footage:
        yield "No footage is AI-generated: type and moving grounds are drawn by rules."


def _licence(paper: Paper) -> str:
    name = licence_name(paper.licence)
    if not name:
        return "Not stated: ask its publisher before you pass on its figures."
    return web_link(address, text(name)) if (address := licence_link(paper.licence)) else text(name)


def citing(paper: Paper) -> str:
    """The citation, in words and in BibTeX, each to be copied."""
    parts = [
        _copied("cite-text", "Citation", citation(paper)),
        _copied("cite-bibtex", "BibTeX", bibtex(paper)),
    ]
    address = link(paper)
    parts.append(tag("p", web_link(address, "Open the paper", class_="download quiet")) if address else "")
    return _section("cite", "Cite the paper", "".join(parts))


def _copied(name: str, title: str, words: str) -> str:
    button = tag("button", f"Copy {title}", type="button", hidden=True, data_copies=name)
    block = foreign("pre", words, id=name, class_="prose" if title == "Citation" else None)
    return tag("div", f"{tag('h3', title)}{button}{block}", class_="copied")


def _section(name: str, title: str, inner: str, *, hidden: bool = False) -> str:
    heading = tag("h2", title, id=f"{name}-title", class_="aloud" if hidden else None)
    return tag("section", f"{heading}{inner}", id=name, aria_labelledby=f"{name}-title")


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size / 1e3, 1):.0f} kB"


def _tidy(name: str) -> str:
    return name.replace("/", " ")
