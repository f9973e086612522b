"""The one message of a job, in every state that a job can be in. It is edited in place and mentions nobody."""

from __future__ import annotations

from collections.abc import Iterator

from bots.cards import buttons
from bots.cards.card import (
    Block,
    Button,
    Buttons,
    Card,
    Paragraph,
    Rich,
    Small,
    Title,
    Tone,
    bold,
    joined,
    plain,
    plainly,
)
from bots.cards.leaving import KEEP, SEND, answer_of, leaving_of, question
from bots.cards.wording import (
    PARTS,
    address_of,
    bar,
    byline,
    cost_so_far,
    going_on,
    is_abstract_only,
    is_veiled,
    lasted,
    money,
    parts_before,
    percent,
    scene_count,
    sentence,
    time_left,
    title_of,
    upon,
)
from pipeline.errors import RetractedError, WithdrawnError
from storage.jobs import UNFINISHED
from storage.records import Failure, Job, JobState, Record

__all__ = ["View", "deleted_card", "job_card"]


class View(Record):
    """What the message of a job is made from.

    `job` is veiled already where its readers may not know what it is about. `alone`: no worker lives that
    could go on with it. `place` is its place in line (1-based). `now` is epoch seconds. `script_ready`: the
    script stands in the thread; `script` is its name. `missing`: it is done and its video is gone from the store.
    """

    job: Job
    alone: bool = False
    place: int | None = None
    now: float
    script_ready: bool = False
    script: str = ""
    missing: bool = False


def job_card(view: View) -> Card:
    """The message of the job as it stands."""
    job = view.job
    if job.state is JobState.DELETED:
        return deleted_card()
    state = tuple(_state(view))
    blocks = (*_paper(job), *state, *_notes(view), *_buttons(view))
    return Card(text=f"{title_of(job)}: {_in_a_line(state)}", blocks=blocks, tone=_tone(view))


def _tone(view: View) -> Tone:
    match view.job.state:
        case JobState.DONE:
            return "bad" if view.missing else "good"
        case JobState.FAILED:
            return "bad"
        case JobState.CANCELLED | JobState.DELETED:
            return "plain"
        case JobState.AWAITING_APPROVAL | JobState.AWAITING_CONSENT:
            return "asks"
        case _:
            return "asks" if view.alone else "busy"


def deleted_card() -> Card:
    """What stays of the message of a deleted job."""
    text = "This video was deleted. Its files and any link to it are gone."
    return Card(text=text, blocks=(Small(spans=(plain(text),)),))


def _paper(job: Job) -> Iterator[Block]:
    yield Title(text=title_of(job), url=address_of(job.paper))
    if line := byline(job.paper):
        yield Small(spans=(plain(line),))


def _state(view: View) -> Iterator[Block]:
    """What is going on: a paragraph that says it, over the stages where there are any to come."""
    job = view.job
    match job.state:
        case JobState.DONE:
            yield Paragraph(spans=_done(view))
        case JobState.FAILED:
            yield Paragraph(spans=_failed(job))
            yield _ticks(job, "✗")
        case JobState.CANCELLED:
            yield Paragraph(spans=_cancelled(job))
        case JobState.QUEUED:
            yield Paragraph(spans=_queued(view))
            yield _ticks(job, "·")
        case JobState.RUNNING:
            yield Paragraph(spans=_running(view))
            yield _ticks(job, "▸")
        case JobState.AWAITING_CONSENT:
            yield Paragraph(spans=_asking(view))
            yield _ticks(job, "·")
        case JobState.AWAITING_APPROVAL:
            yield Paragraph(spans=_awaiting(view))
            yield _ticks(job, "·")
        case _:
            yield Paragraph(spans=_waiting(view))
            yield _ticks(job, "·" if job.follows else "◦")


def _ticks(job: Job, here: str) -> Small:
    """The parts of the making with what became of them; `here` marks the one that the job is in."""
    behind = parts_before(job)
    spans: Rich = ()
    for number, (part, _) in enumerate(PARTS):
        mark = "✓" if number < behind else here if number == behind else "·"
        tick = f"{mark}\u00a0{part}"  # the two stay together on narrow screens
        now = number == behind and here != "·"
        spans = (*spans, *((plain("  "),) if spans else ()), bold(tick) if now else plain(tick))
    return Small(spans=spans)


def _running(view: View) -> Rich:
    job = view.job
    far = plain(f"{bar(job.fraction)}  {percent(job.fraction)}\n")
    if view.alone:
        return (
            far,
            plain("No worker is running: this stands still, and goes on by itself once one is back."),
        )
    left = "" if job.remaining is None else time_left(job.remaining)
    return (far, *joined(going_on(job), left))


def _queued(view: View) -> Rich:
    waiting = view.job.waiting
    place = view.place if view.place is not None or waiting is None else waiting.place
    if view.alone:
        kept = f" Your place is kept: {place}." if place else " Your place is kept."
        return (bold("Nothing is being made: no worker is running."), plain(kept))
    if place is None:
        return (bold("In line."), plain(" It begins as soon as there is room."))
    if place == 1:
        return (bold("Next in line."), plain(" It begins as soon as there is room."))
    return (bold(f"Place {place} in line."), plain(f" {_before(place - 1)} first."))


def _before(jobs: int) -> str:
    return "1 other video is" if jobs == 1 else f"{jobs} other videos are"


def _waiting(view: View) -> Rich:
    job = view.job
    waiting = job.waiting
    why = sentence(waiting.why) if waiting else "It waits."
    if job.follows:
        return (bold(why), plain(" You get it as soon as it is done, and it counts as none of yours."))
    until: Rich = ()
    if waiting is not None and waiting.until is not None:
        until = (plain(" It goes on by itself, by "), upon(waiting.until, view.now), plain(" at the latest."))
    line = plain(f" Place {waiting.place} in line.") if waiting and waiting.place else plain("")
    alone = plain(" No worker is running.") if view.alone else plain("")
    far = plain(f"{bar(job.fraction)}  {percent(job.fraction)}\n")
    return (far, bold("Waiting: "), plain(why), *until, line, alone)


def _asking(view: View) -> Rich:
    goes, waiting = leaving_of(view.job), view.job.waiting
    asked = (bold("It asks first where its file may go."),) if goes is None else question(goes)
    until: Rich = ()
    if waiting is not None and waiting.until is not None:
        until = (plain(" If nobody answers by "), upon(waiting.until, view.now), plain(", it is kept local."))
    return (*asked, *until)


def _awaiting(view: View) -> Rich:
    waiting = view.job.waiting
    until: Rich = ()
    if waiting is not None and waiting.until is not None:
        until = (plain(" If nobody answers by "), upon(waiting.until, view.now), plain(", it is cancelled."))
    return (bold("The script is written and waits for approval."), plain(" It is in the thread."), *until)


def _done(view: View) -> Rich:
    job = view.job
    if view.missing:
        return (
            bold("It is done, but the video’s file is missing."),
            plain(" It can be made again from what is kept, free of charge."),
        )
    length = f"{job.seconds:.0f} s" if job.seconds else ""
    took = ""
    if job.started_at is not None and job.finished_at is not None:
        took = f"made in {lasted(job.finished_at - job.started_at)}"
    where = "" if job.link or is_veiled(job) else "the video is in the thread"
    return joined(bold("✓ Done"), length, scene_count(job), took, money(job.spent_cents), where)


def _failed(job: Job) -> Rich:
    failure = job.failure or Failure(code="internal", sentence="It failed.")
    advice = f" {failure.advice}" if failure.advice else ""
    return (bold(f"✗ {sentence(failure.sentence)}"), plain(advice))


def _cancelled(job: Job) -> Rich:
    by_itself = job.message.startswith("Nobody ")
    spent = f" {money(job.spent_cents)} was spent." if job.spent_cents else " Nothing was spent."
    return (bold("Cancelled."), plain(f" {job.message}" if by_itself else ""), plain(spent))


def _notes(view: View) -> Iterator[Block]:
    job = view.job
    ended = job.state in (JobState.CANCELLED, JobState.FAILED)
    notes = [] if ended else list(job.paper.notes)
    if wants_pdf(job):
        notes.append(f"{whose_pdf(job)} Reply with it, and this job goes on.")
    if notes:
        yield Small(spans=(plain(" ".join(notes)),))
    asked = f"asked for by {job.requester.name}" if job.requester.name else ""
    reference = job.failure.reference if job.failure is not None else ""
    script = "script in the thread" if view.script_ready and job.state is JobState.RUNNING else ""
    cost = cost_so_far(job) if job.state in UNFINISHED else ""
    said = (asked, "private" if job.private else "", answer_of(job), script, cost, reference)
    if spans := joined(*said):
        yield Small(spans=spans)


def wants_pdf(job: Job) -> bool:
    """Whether the paper's PDF would help this job: only its abstract was read, or it could not be read.

    A retracted paper is no better as a PDF.
    """
    if job.state is JobState.FAILED and job.failure is not None and job.failure.stage == "fetch-paper":
        return job.failure.code not in {RetractedError.code, WithdrawnError.code}
    return is_abstract_only(job.paper) and job.state is not JobState.CANCELLED


def whose_pdf(job: Job) -> str:
    """Asks for the paper's PDF, or for a better one than was handed in."""
    return "Have a better PDF of it?" if job.source.lower().endswith(".pdf") else "Have its PDF?"


def _buttons(view: View) -> Iterator[Block]:
    job = view.job
    shown: list[Button | None] = []
    match job.state:
        case JobState.DONE if view.missing:
            shown = [buttons.rebuild(job), buttons.delete(job)]
        case JobState.DONE:
            redo = None if is_veiled(job) else buttons.redo(job)
            shown = [buttons.watch(job), redo, buttons.delete(job)]
        case JobState.FAILED:
            retryable = job.failure is not None and job.failure.retryable
            shown = [
                buttons.retry(job) if retryable else None,
                buttons.attach(job, first=not retryable) if wants_pdf(job) else None,
            ]
        case JobState.CANCELLED:
            shown = [buttons.retry(job, "Make it after all")]
        case JobState.AWAITING_CONSENT if (goes := leaving_of(job)) is not None:
            shown = [*buttons.consent(goes.to, job.id, job.id, deeds=(SEND, KEEP)), buttons.cancel(job)]
        case _:
            shown = [buttons.cancel(job)]
    if there := tuple(button for button in shown if button is not None):
        yield Buttons(buttons=there)


def _in_a_line(blocks: tuple[Block, ...]) -> str:
    said = next(block for block in blocks if isinstance(block, Paragraph))
    return " ".join(plainly(said.spans).split())
