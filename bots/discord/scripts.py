"""A script as it is edited: the panel that only its editor sees, its pages as forms, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from bots.desk.desk import Reply
from bots.desk.replies import said
from bots.discord.answers import Back
from bots.discord.forms import Draft, draft_of, key, page_modal, page_of, panel
from bots.discord.front import Front
from bots.people import Ask
from storage import kept

_GONE: Final = "This script is not being edited any more: press Edit again."


async def open_script(front: Front, ask: Ask, back: Back, job: str) -> None:
    """Show the panel with the script, as this person left it."""
    form = await front.work.call(front.desk.edit_form, ask, job)
    if isinstance(form, Reply):
        await front.answers.give(back, form)
        return
    before = await _kept(front, ask.who.workspace, key(job, ask.who.user))
    await _shown(front, ask, back, draft_of(form, before), replaces=False)


async def page_form(front: Front, workspace: str, user: str, value: str) -> dict[str, Any] | None:
    """The form with one page of scenes, read from one row: it must open within three seconds."""
    job, page = page_of(value)
    draft = await _draft(front, workspace, user, job)
    return None if draft is None else page_modal(draft, page)


async def page_sent(front: Front, ask: Ask, back: Back, value: str, data: Mapping[str, Any]) -> None:
    """One page came back: it is kept, and the panel shows it."""
    job, _ = page_of(value)
    draft = await _draft(front, ask.who.workspace, ask.who.user, job)
    if draft is None:
        await front.answers.give(back, said(_GONE, replace=True))
        return
    await _shown(front, ask, back, draft.typed(data), replaces=True)


async def sent(front: Front, ask: Ask, back: Back, job: str) -> None:
    """All of it is approved, or told what is wrong with it."""
    work, desk = front.work, front.desk
    draft = await _draft(front, ask.who.workspace, ask.who.user, job)
    if draft is None:
        await front.answers.give(back, said(_GONE, replace=True))
        return
    answer = await work.call(desk.edited, ask, job, draft.texts, draft.form.script)
    if isinstance(answer, Reply):
        database, workspace = front.office.database, ask.who.workspace
        await work.call(kept.let_go, database, workspace, key(job, ask.who.user))
        await front.answers.give(back, answer.model_copy(update={"replace": True}))
        return
    draft = draft.model_copy(update={"complaints": tuple(answer)})
    await _shown(front, ask, back, draft, replaces=True)


def gone() -> Reply:
    """What is said where there is nothing to go on with."""
    return said(_GONE)


async def _shown(front: Front, ask: Ask, back: Back, draft: Draft, *, replaces: bool) -> None:
    """Keep the draft, then show it: a press on what is shown must find it."""
    values = {key(draft.form.job, ask.who.user): draft.model_dump_json()}
    database = front.office.database
    await front.work.call(kept.keep, database, ask.who.workspace, values)
    await front.answers.give(back, Reply(card=panel(draft), replace=replaces))


async def _draft(front: Front, workspace: str, user: str, job: str) -> Draft | None:
    text = await _kept(front, workspace, key(job, user))
    try:
        return None if text is None else Draft.model_validate_json(text)
    except ValidationError:
        return None


async def _kept(front: Front, workspace: str, name: str) -> str | None:
    return await front.work.call(kept.kept, front.office.database, workspace, name)
