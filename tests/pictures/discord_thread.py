"""`python -m tests.pictures.discord_thread docs/discord.png`: a paper in a channel, its script, and its video.

The paper is our example (CC0), read and told by the real reader and writer; the cards are the real ones; the
times are made up, and Discord is a stand-in, which the picture says.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from bots.cards.card import Card
from bots.cards.job import job_card
from bots.cards.results import result_card
from bots.cards.story import script_cards
from bots.discord.components import drawn
from bots.discord.uploading import upload_body
from bots.port import Attachment, Tag
from pipeline.publish.post import post_text
from pipeline.script.check import check
from storage.records import PaperCard
from tests.pictures.chromium import browser, shoot
from tests.pictures.discord_page import at_discord, document, file, html, message
from tests.pictures.samples import done, view
from tests.pictures.telling import at, still, told

WIDTH, HEIGHT, GAP = 368, 610, 12
_SCALE, _COLOURS = 1.2, 96
_PAPER = "caption-times.pdf"
_FRAME = """
<style>
body {{ background: #fff; }}
.sheet {{ display: block; padding: 0; }}
.screens {{ display: flex; gap: {gap}px; padding: 4px; width: max-content; }}
.screen {{ width: {width}px; height: {height}px; background: var(--bg); color: var(--text); border-radius: 14px;
  overflow: hidden; display: flex; flex-direction: column; font-size: 14px; }}
.screen .bar {{ padding: 10px 14px; border-bottom: 1px solid var(--panel-line); font-weight: 700; color: var(--head);
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; flex-shrink: 0; }}
.screen .bar span {{ color: var(--quiet); font-weight: 400; font-size: 12px; }}
.talk {{ flex: 1; overflow: hidden; }}
.end {{ display: flex; flex-direction: column; justify-content: flex-end; }}
.note {{ padding: 6px 8px; color: #5c5e66; font-size: 12px; }}
</style>
<div class="screens">{screens}</div>
<div class="note">Made against a stand-in for Discord. What is said of the paper is read from the PDF.</div>
"""
_BAR = f'<div class="bar">{_PAPER} <span># journal-club</span></div>'


def screens() -> list[str]:
    """What is read of the thread, from its beginning, its midst and its end."""
    paper, script = told()
    card = PaperCard(title=paper.title, authors=tuple(author.name for author in paper.authors))
    findings = check(script, paper)
    now = at("generate-videos", 0.58, "scene 5 of 8", 31, card, _PAPER)
    whole = done(paper=card, source=_PAPER)
    video = Attachment(
        name="video.mp4", title="The video", path=Path("video.mp4"), alt=f"The video about {paper.title}"
    )
    shown = html(upload_body([video], Tag(job=whole.id, what="video"))["components"], {"video.mp4": still()})
    story = _said(script_cards(view(now), script, paper, findings)[0])
    result = _said(result_card(view(whole), script, findings, post_text(paper, script)))
    dropped = message(file(_PAPER), who="Ada Byron", when="10:11")
    return [
        f'<div class="talk">{dropped}{_said(job_card(view(now, script_ready=True)))}{story}</div>',
        f'<div class="talk end"><div>{story}</div></div>',
        f'<div class="talk">{message(shown)}{result}</div>',
    ]


def _said(card: Card) -> str:
    return message(html(drawn(at_discord(card)).components))


def main(target: Path) -> None:
    """Write the picture. Raises `RuntimeError` where no browser is at hand."""
    program = browser()
    if program is None:
        raise RuntimeError("no chromium here")
    panes = "".join(f'<div class="screen dark phone">{_BAR}{talk}</div>' for talk in screens())
    body = _FRAME.format(width=WIDTH, height=HEIGHT, gap=GAP, screens=panes)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "thread.html")
        page.write_text(document("thread", body), "utf-8")
        shoot(program, page, target, width=3 * (WIDTH + GAP) + 40, height=HEIGHT + 200, scale=_SCALE)
    with Image.open(target) as whole:
        few = whole.convert("RGB").quantize(
            _COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    few.save(target, optimize=True)
    print(target, target.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/discord.png"))
