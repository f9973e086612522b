"""The cards of a job's thread, made from what the store holds: never on the loop, nor inside `do`."""

from __future__ import annotations

from typing import Final

from bots.cards.card import Card, Paragraph, Small, bold, person, plain
from bots.cards.results import failed_card, result_card
from bots.cards.story import answered_card, approval_card, script_cards
from bots.messenger.handing_over import chosen, published_text
from bots.messenger.sight import Sight
from bots.port import Uploads
from jobs.ending import PREVIEW, VIDEO
from jobs.kit import Kit
from jobs.office import Office
from jobs.scripts import findings_of, paper_of, script_of
from pipeline.publish.post import post_text
from storage import audit, members
from storage.records import Job, JobState

_POST: Final = "post.md"


def script_parts(office: Office, kit: Kit, sight: Sight) -> list[Card]:
    """The script with its evidence; empty when it is not there any more. Raises the store's errors."""
    script, paper = script_of(office, kit, sight.job), paper_of(office, kit, sight.job)
    if script is None or paper is None:
        return []
    return script_cards(sight.whole, script, paper, findings_of(office, kit, sight.job))


def question(office: Office, kit: Kit, sight: Sight) -> Card | None:
    """Asks whether the script may be used; `None` when it is not there any more. Raises the store's errors."""
    script = script_of(office, kit, sight.job)
    return None if script is None else approval_card(sight.whole, script, sight.job.reserved_cents)


def answer(office: Office, sight: Sight) -> Card:
    """What stands in place of a question that was answered, or is open no more."""
    job = sight.job
    if job.state is JobState.CANCELLED:
        sentence = "Nothing is made of this script."
    elif job.approved_at is not None:
        sentence = _approved(office, job)
    else:
        sentence = "Another script takes its place."
    return answered_card(job, sentence)


def _approved(office: Office, job: Job) -> str:
    """Says that the script was approved, and by whom as far as that is known."""
    db = office.database
    log = audit.entries(db, job.workspace, target=job.id, limit=20)
    actor = next((entry.actor for entry in log if entry.action == "approve"), "")
    people = (member.requester for member in members.members(db, job.workspace))
    name = next((who.name for who in people if f"{who.platform}:{who.user}" == actor), "")
    return f"{name} approved this script." if name else "This script was approved."


def ending(office: Office, kit: Kit, sight: Sight, *, of_files: str = "") -> Card | None:
    """How this round ended; `None` when there is nothing to say of it. Raises the store's errors.

    `of_files` says of the files in the thread what must be known (`about_files`).
    """
    job = sight.job
    if job.state is JobState.FAILED:
        return failed_card(sight.whole)
    if sight.came_to_nothing:
        return _as_before(sight)
    script = script_of(office, kit, job)
    post = published_text(office, job, _POST)
    if post is None and script is not None:
        paper = paper_of(office, kit, job)
        post = "" if paper is None else post_text(paper, script)
    card = result_card(sight.whole, script, findings_of(office, kit, job), post or "")
    return _noted(card, of_files)


def bare_ending(sight: Sight, *, of_files: str = "") -> Card | None:
    """The same out of the rows alone, for when the store stays away."""
    if sight.job.state is JobState.FAILED:
        return failed_card(sight.whole)
    if sight.came_to_nothing:
        return _as_before(sight)
    return _noted(result_card(sight.whole, None, (), ""), of_files)


def about_files(sight: Sight, uploads: Uploads, *, kept_back: bool) -> str:
    """Why the files don't stand in the thread (`kept_back`), or why only a preview does; "" when all is well."""
    link = sight.job.link
    files = chosen(sight.job, uploads)
    if not kept_back:
        if not files or files[0].name != PREVIEW or (uploads.preview_first and link):
            return ""
        where = (
            "the link has the full quality" if link else "ask whoever runs Hidden Hill for the full quality"
        )
        return f"The video above is a preview: {where}."
    why = "The files could not be put here"
    if not files:
        size = max((file.bytes for file in sight.job.files if file.name == VIDEO), default=0)
        why = f"The video is too large to be put here ({size / 1e6:.0f} MB)"
    return f"{why}: {'the link has it' if link else 'ask whoever runs Hidden Hill for it'}."


def _as_before(sight: Sight) -> Card | None:
    """A redo that failed is told; one that was cancelled needs no telling."""
    job = sight.job
    if job.message.startswith("cancelled by"):
        return None
    whom = person(job.requester.user, job.requester.name)
    return Card(text=job.message, blocks=(Paragraph(spans=(whom, plain(" "), bold(job.message))),))


def _noted(card: Card, note: str) -> Card:
    """`card` with a note after its first block, if there is one."""
    if not note:
        return card
    small = Small(spans=(plain(note),))
    return card.model_copy(update={"blocks": (*card.blocks[:1], small, *card.blocks[1:])})
