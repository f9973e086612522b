"""[Attach the PDF]: a form takes the file, for a job that lacks its paper's full text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bots.commands import is_job_id
from bots.desk.making import FileOffer
from bots.desk.replies import said
from bots.discord.answers import Back
from bots.discord.front import Front
from bots.discord.options import attached
from bots.discord.pressed import Ids, Press
from bots.people import Ask

#: The button's deed; its value is the job's id, while that of an offer's button says which file was dropped.
ATTACH: Final = "attach"
#: The form.
FORM: Final = "attach-file"
_LABEL, _UPLOAD = 18, 19


def asks_for_file(press: Press) -> bool:
    """Whether the press needs a file that nobody dropped yet."""
    return press.deed == ATTACH and is_job_id(press.value)


def file_form(job: str) -> dict[str, Any]:
    """The form."""
    field = {"type": _UPLOAD, "custom_id": "file", "min_values": 1, "max_values": 1, "required": True}
    label = {
        "type": _LABEL,
        "label": "The paper’s PDF",
        "description": "Or drop it into the video’s thread.",
        "component": field,
    }
    return {"title": "Attach the PDF", "custom_id": Ids().name(FORM, job), "components": [label]}


async def file_sent(front: Front, ask: Ask, back: Back, job: str, data: Mapping[str, Any]) -> None:
    """The form came back: it goes on with the file, as if that had been dropped in the thread."""
    handed = list(((data.get("resolved") or {}).get("attachments") or {}).values())
    if not handed:
        await front.answers.give(back, said("No file came: press the button again."))
        return
    file = attached(handed[0], str(handed[0].get("url") or ""))
    offer = FileOffer(id=file.id, name=file.name, bytes=file.bytes, owner=ask.who.user, job=job)
    ask, value = ask.model_copy(update={"file": file}), offer.model_dump_json()
    reply = await front.answered(ask, lambda ask: front.desk.press(ask, ATTACH, value))
    # It was pressed on the job's own message, which stays.
    await front.answers.give(back, reply and reply.model_copy(update={"replace": False}))
