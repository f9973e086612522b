"""How a job ended, told once in its thread, to its requester. And the offer that begins one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bots.cards import buttons
from bots.cards.card import (
    Block,
    Button,
    Buttons,
    Card,
    Paragraph,
    Preformatted,
    Rich,
    Small,
    Span,
    Title,
    bold,
    joined,
    link,
    moment,
    person,
    plain,
)
from bots.cards.job import View, wants_pdf, whose_pdf
from bots.cards.leaving import answer_of, question
from bots.cards.wording import address_of, count, is_abstract_only, lasted, money, sentence, title_of
from jobs.ending import video_link
from jobs.order import Leaving
from pipeline.model import Finding, Script
from pipeline.publish.checked import checked
from storage.records import Failure, Job


def result_card(view: View, script: Script | None, findings: Sequence[Finding], post: str) -> Card:
    """The video is ready: link, length, what it cost, what the checks say, the text to post beside it.

    `script` is `None` when it is not at hand any more; `post` is "" when there is none.
    """
    job = view.job
    blocks: list[Block] = [
        Paragraph(spans=(_whose(job), bold(f" {_ready(job)}."))),
        Title(text=title_of(job), url=address_of(job.paper)),
        Paragraph(spans=_facts(job)),
    ]
    if said := checked(script, findings):
        blocks.append(Paragraph(spans=(plain("\n".join(said)),)))
    if job.paper.notes:
        blocks.append(Small(spans=(plain(" ".join(job.paper.notes)),)))
    if post.strip():
        blocks += [Small(spans=(plain(_over_post(script, post)),)), Preformatted(text=post.strip())]
    blocks += _about_keeping(job)
    row = [
        buttons.redo(job),
        buttons.attach(job) if is_abstract_only(job.paper) else None,
        buttons.keep(job) if job.expires_at is not None else None,
        buttons.delete(job),
    ]
    blocks.append(Buttons(buttons=tuple(button for button in row if button is not None)))
    length = f", {job.seconds:.0f} s" if job.seconds else ""
    return Card(text=f"{_ready(job)}: {title_of(job)}{length}", blocks=tuple(blocks), tone="good")


def _ready(job: Job) -> str:
    scene = json.loads(job.order or "{}").get("redone")
    return "Your video is ready" if scene is None else f"Scene {scene + 1} of your video is new"


def _whose(job: Job) -> Span:
    return person(job.requester.user, job.requester.name)


def _facts(job: Job) -> Rich:
    length = f"{job.seconds:.0f} s" if job.seconds else ""
    scenes = count(job.scenes, "scene") if job.scenes else ""
    took = ""
    if job.started_at is not None and job.finished_at is not None:
        took = f"made in {lasted(job.finished_at - job.started_at)}"
    cost = "cost nothing" if not job.spent_cents else f"cost {money(job.spent_cents)}"
    watch = link("Watch the video", job.link) if job.link else None
    file = video_link(job)
    download = link("Download", file) if file and file != job.link else None
    return joined(watch, length, scenes, took, cost, answer_of(job), download)


def _over_post(script: Script | None, post: str) -> str:
    """What stands over the text to post: also that a person's own words are in it, which nobody else has weighed."""
    scenes = () if script is None else script.scenes
    own = [number for number, scene in enumerate(scenes, 1) if scene.by_hand and scene.narration in post]
    if not own:
        return "To post beside it:"
    return f"To post beside it. ⚠ Scene {' and '.join(map(str, own))} in it is in a person’s own words: read it first."


def _about_keeping(job: Job) -> Iterator[Block]:
    if job.expires_at is not None:
        yield Small(
            spans=(plain("It is deleted on "), moment(job.expires_at, "day"), plain(", unless you keep it."))
        )


def failed_card(view: View) -> Card:
    """The job failed: what happened, what was spent, what to do, and the reference that finds the log."""
    job = view.job
    failure = job.failure or Failure(code="internal", sentence="It failed.")
    blocks: list[Block] = [
        Paragraph(spans=(_whose(job), bold(" Your video could not be made."))),
        Title(text=title_of(job), url=address_of(job.paper)),
        Paragraph(spans=(plain(" ".join(filter(None, (sentence(failure.sentence), failure.advice)))),)),
        Small(spans=joined(_spent(job), failure.reference)),
    ]
    if wants_pdf(job):
        words = f"{whose_pdf(job)} Attach it, or reply with it: this job goes on."
        blocks.append(Small(spans=(plain(words),)))
    row = [
        buttons.retry(job) if failure.retryable else None,
        buttons.attach(job, first=not failure.retryable) if wants_pdf(job) else None,
    ]
    if any(row):
        blocks.append(Buttons(buttons=tuple(button for button in row if button is not None)))
    text = f"Your video could not be made: {title_of(job)}. {sentence(failure.sentence)}"
    return Card(text=text, blocks=tuple(blocks), tone="bad")


def _spent(job: Job) -> str:
    if not job.spent_cents:
        return "Nothing was spent, and it counts as none of your videos."
    retryable = job.failure is not None and job.failure.retryable
    again = " Retry goes on from there and buys none of it again." if retryable else ""
    return f"{money(job.spent_cents)} was spent.{again}"


def offer_card(file_name: str, value: str, cost: str = "") -> Card:
    """Asks whether a dropped file is to become a video. `value` goes with both answers, `cost` says what it costs."""
    make = Button(label="Make video", deed="make-file", value=value, style="primary")
    asked = " ".join(filter(None, ("Make a video of it?", cost)))
    return _offer(file_name, (plain(asked),), (make,), value)


def offer_to_send(file_name: str, goes: Leaving, *, send: str, keep: str, value: str) -> Card:
    """The same where its owner has to say whether it may leave: the answers carry `send`, `keep` and `value`."""
    answers = buttons.consent(goes.to, send, keep, deeds=("make-file", "make-file"))
    return _offer(file_name, (plain("Make a video of it?\n"), *question(goes)), answers, value)


def _offer(file_name: str, asks: Rich, answers: tuple[Button, ...], value: str) -> Card:
    row = (*answers, Button(label="No", deed="not-file", value=value))
    blocks = (Title(text=file_name), Paragraph(spans=asks), Buttons(buttons=row))
    return Card(text=f"Make a video of {file_name}?", blocks=blocks, tone="asks")


def attach_card(job: Job, file_name: str, value: str) -> Card:
    """Asks whether a dropped file is for a job that is there. `value` goes with each answer."""
    question = (plain("Use "), bold(file_name), plain(" for the video of "), bold(title_of(job)), plain("?"))
    row = (
        Button(label="Use it for this video", deed="attach", value=value, style="primary"),
        Button(label="Make another video", deed="make-file", value=value),
        Button(label="No", deed="not-file", value=value),
    )
    text = f"Use {file_name} for this video?"
    return Card(text=text, blocks=(Paragraph(spans=question), Buttons(buttons=row)), tone="asks")


def moved_card(view: View, where: str) -> Card:
    """Says by direct message that the job goes on here: `where` is the name of the place that was closed to us."""
    spans: Rich = (
        plain(f"I can’t write in {where or 'the channel'} any more, so your video goes on here: "),
        bold(title_of(view.job)),
    )
    return Card(text=f"Your video goes on here: {title_of(view.job)}", blocks=(Paragraph(spans=spans),))


def below_card() -> Card:
    """What stays of a message that is too old to be kept up to date; it says nothing that a deletion would forget."""
    text = "This goes on below, in the thread."
    return Card(text=text, blocks=(Small(spans=(plain(text),)),))
