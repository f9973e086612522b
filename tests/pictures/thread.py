"""`python -m tests.pictures.thread docs/slack.gif`: a thread from the dropped PDF to the video, as it happens.

The paper is our example (CC0), read and told by the real reader and writer; the cards are the real ones; the
times are made up, and Slack is a stand-in, which the picture says.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from bots.cards.card import Card
from bots.cards.job import job_card
from bots.cards.results import offer_card, result_card
from bots.cards.story import script_cards
from bots.slack.blocks import blocks
from pipeline.publish.post import post_text
from pipeline.script.check import check
from storage.records import Job, JobState, PaperCard
from tests.pictures.chromium import browser, shoot
from tests.pictures.page import Said, document, pane
from tests.pictures.samples import done, job, view
from tests.pictures.telling import at, still, told

_HERE = Path(__file__).parents[2]
WIDTH, HEIGHT = 660, 700
#: The colours of the picture, so that it stays small.
_COLOURS = 128
_FRAME = """
<style>
body {{ background: #fff; }}
.window {{ width: {width}px; height: {height}px; display: flex; flex-direction: column; overflow: hidden; }}
.bar {{ padding: 10px 20px; border-bottom: 1px solid #ddd; font-weight: 700; }}
.bar span {{ color: #616061; font-weight: 400; font-size: 13px; }}
.talk {{ flex: 1; overflow: hidden; display: flex; flex-direction: column; justify-content: {anchor}; }}
.note {{ padding: 6px 20px; border-top: 1px solid #ddd; color: #616061; font-size: 12px; }}
</style>
<div class="window light pane" style="padding:0;border-radius:0">
<div class="bar">Thread <span># journal-club</span></div>
<div class="talk"><div>{talk}</div></div>
<div class="note">Made against a stand-in for Slack. What the video says of its paper is read from the PDF.</div></div>
"""


@dataclass(frozen=True)
class Moment:
    """What the thread shows for so many milliseconds; `end`: scrolled down to its end."""

    messages: tuple[Said, ...]
    milliseconds: int
    end: bool = False


def moments() -> list[Moment]:
    """The thread as it happens."""
    paper, script = told()
    card = PaperCard(title=paper.title, authors=tuple(author.name for author in paper.authors))
    dropped = Said(who="Ada Byron", html=_file("caption-times.pdf"), when="10:11")
    story = _said(script_cards(view(job(paper=card)), script, paper, check(script, paper))[0])
    seen = [Moment((dropped,), 1_500), Moment((dropped, _said(offer_card("caption-times.pdf", "{}"))), 1_700)]

    def edit(milliseconds: int, of: Job, *, told: bool = True) -> None:
        messages = (dropped, _said(job_card(view(of, script_ready=told))), *([story] if told else []))
        seen.append(Moment(messages, milliseconds))

    name = "caption-times.pdf"
    fresh = {"state": JobState.QUEUED, "stage": "fetch-paper", "fraction": 0.0, "message": ""}
    edit(900, job(paper=PaperCard(), source=name, remaining=None, **fresh), told=False)
    edit(1_000, at("fetch-paper", 0.03, "", 70, PaperCard(), name), told=False)
    edit(1_000, at("generate-script", 0.08, "", 65, card, name), told=False)
    edit(1_300, at("generate-audio", 0.14, "scene 2 of 8", 60, card, name))
    edit(900, at("generate-audio", 0.24, "scene 6 of 8", 52, card, name))
    for scene, far, left in ((1, 0.34, 46), (3, 0.48, 35), (5, 0.64, 25), (7, 0.82, 13)):
        edit(900, at("generate-videos", far, f"scene {scene} of 8", left, card, name))
    edit(800, at("add-captions", 0.92, "", 6, card, name))
    whole = done(paper=card, source=name, link=None)
    edit(1_200, whole)
    result = _said(result_card(view(whole), script, check(script, paper), post_text(paper, script)))
    shown = (dropped, _said(job_card(view(whole))), story, Said(html=_video()))
    return [*seen, Moment(shown, 2_000, end=True), Moment((*shown, result), 5_000, end=True)]


def _said(card: Card) -> Said:
    return Said(blocks=blocks(card), when="10:12")


def _file(name: str) -> str:
    return f'<div class="file"><div class="icon">PDF</div><div><b>{escape(name)}</b><br>PDF</div></div>'


def _video() -> str:
    return f'<div class="video" style="background-image:url({still()})"><div class="play">▶</div></div>'


def main(target: Path) -> None:
    """Write the picture. Raises `RuntimeError` where no browser is at hand."""
    program = browser()
    if program is None:
        raise RuntimeError("no chromium here")
    frames, times = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number, moment in enumerate(moments()):
            html, png = Path(folder, f"{number}.html"), Path(folder, f"{number}.png")
            anchor = "flex-end" if moment.end else "flex-start"
            talk = pane(moment.messages)
            body = _FRAME.format(width=WIDTH, height=HEIGHT, anchor=anchor, talk=talk)
            html.write_text(document("thread", body), "utf-8")
            shoot(program, html, png, width=WIDTH, height=HEIGHT + 200)
            with Image.open(png) as picture:
                frames.append(picture.convert("RGB").crop((0, 0, WIDTH, HEIGHT)))
            times.append(moment.milliseconds)
    palette = _beside(frames).quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    drawn[0].save(target, save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)
    print(target, target.stat().st_size)


def _beside(frames: list[Image.Image]) -> Image.Image:
    """All frames in one picture: one palette serves them all, so nothing flickers."""
    whole = Image.new("RGB", (WIDTH * len(frames), HEIGHT))
    for number, frame in enumerate(frames):
        whole.paste(frame, (WIDTH * number, 0))
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/slack.gif"))
