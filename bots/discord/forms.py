"""Discord's forms (modals): a script page by page, a scene to be made anew, a search; and what all are made of.

A form holds five fields at most, opens only in answer to a press, within three seconds, and can't be followed by
another one. So a script stands on a panel that only its editor sees, with a button for each page of scenes; what
is typed on a page goes into a `Draft`, which is kept in a row under its `key` until the script is approved. Nothing
is in memory: after a restart, or days later, the panel's buttons go on with the same draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from bots.cards.card import Block, Button, Buttons, Card, Choice, Option, Paragraph, Small, Title, bold, plain
from bots.cards.filters import SEARCH as LONGEST_SEARCH
from bots.cards.filters import folded, unfolded
from bots.cards.literal import clean, one_line, shortened, units
from bots.desk.editing import EditForm
from bots.discord.pressed import Ids
from bots.pages import LIMITS, SEARCH
from storage.kept import DRAFT
from storage.records import Record

#: The deeds of the panel's buttons: a page of scenes, whose value is "job:page", and all of it.
PAGE, SEND = "edit-page", "edit-send"
#: The deed of the choice which scene is made anew.
REDO: Final = "redo-scene"
#: Whose limits: the value of `LIMITS`.
PERSON, WORKSPACE = "person", "workspace"
#: Fields of a form, and what Discord takes at most (characters).
FIELDS: Final = 5
_TITLE, _LABEL, _ABOUT, _FIELD = 45, 45, 100, 4_000
#: So much of a scene is shown on the panel.
_GLIMPSE: Final = 140
_MODAL_LABEL, _INPUT = 18, 4

Modal = dict[str, Any]


class Draft(Record):
    """A script as somebody edits it: their words for each scene, and what the desk found wrong with them."""

    form: EditForm
    texts: tuple[str, ...]
    complaints: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many forms it takes."""
        return -(-len(self.texts) // FIELDS)

    def scenes(self, page: int) -> range:
        """The scenes (from 0) on a page (from 0); pages are of much the same length."""
        many = len(self.texts)
        return range(page * many // self.pages, (page + 1) * many // self.pages)

    def typed(self, data: Mapping[str, Any]) -> Draft:
        """With what a form holds that was sent. Its complaints are those of before: the desk is asked anew."""
        said = fields_of(data)
        texts = (said.get(f"scene-{number}", text) for number, text in enumerate(self.texts))
        return self.model_copy(update={"texts": tuple(texts)})


def key(job: str, user: str) -> str:
    """What the draft of a person for a job is kept under."""
    return f"{DRAFT}:{job}:{user}"


def draft_of(form: EditForm, kept: str | None) -> Draft:
    """The draft that is `kept`, if it is of this very script; else a new one."""
    fresh = Draft(form=form, texts=tuple(scene.text for scene in form.scenes))
    try:
        found = Draft.model_validate_json(kept or "")
    except ValidationError:
        return fresh
    return found if found.form == form else fresh


def panel(draft: Draft) -> Card:
    """What its editor sees between the pages: each scene's beginning, what is wrong with it, and the buttons."""
    return Card(text="The script, to be edited", blocks=tuple(_panel(draft)), tone="asks")


def _panel(draft: Draft) -> Iterator[Block]:
    wrong = sum(map(bool, draft.complaints))
    yield Title(text=f"Edit the script: {draft.form.title}")
    head = "Every number must stand in the passages behind its scene. Then the video is made with your words."
    if wrong:
        head = f"⚠ {'One scene is' if wrong == 1 else f'{wrong} scenes are'} marked: mend what is said there."
    yield Paragraph(spans=(plain(head),))
    for number, (scene, text) in enumerate(zip(draft.form.scenes, draft.texts, strict=True)):
        mark = " ✎" if text != scene.text else ""
        yield Paragraph(spans=(bold(f"{scene.label}{mark}"), plain(f"\n{_glimpse(text)}")))
        if complaint := _complaint(draft, number):
            yield Small(spans=(plain(f"⚠ {complaint}"),))
    job = draft.form.job
    pages = (
        Button(label=_pages_label(draft, page), deed=PAGE, value=f"{job}:{page}")
        for page in range(draft.pages)
    )
    yield Buttons(buttons=(*pages, Button(label="Approve", deed=SEND, value=job, style="primary")))


def _glimpse(text: str) -> str:
    return shortened(one_line(text), _GLIMPSE)


def _complaint(draft: Draft, number: int) -> str:
    return draft.complaints[number] if number < len(draft.complaints) else ""


def _pages_label(draft: Draft, page: int) -> str:
    scenes = draft.scenes(page)
    if len(scenes) == 1:
        return f"Scene {scenes.start + 1} …"
    return f"Scenes {scenes.start + 1}–{scenes.stop} …"


def page_of(value: str) -> tuple[str, int]:
    """Job and page of a press on a page's button, or of its form."""
    job, _, page = value.partition(":")
    return job, int(page) if page.isdecimal() else 0


def page_modal(draft: Draft, page: int) -> Modal:
    """The form with one page of scenes; a page that isn't there is the first."""
    page = page if 0 <= page < draft.pages else 0
    fields = [_scene_field(draft, number) for number in draft.scenes(page)]
    title = "Edit the script" + (f" ({page + 1} of {draft.pages})" if draft.pages > 1 else "")
    return modal(title, Ids().name(PAGE, f"{draft.form.job}:{page}"), fields)


def _scene_field(draft: Draft, number: int) -> Modal:
    scene, text = draft.form.scenes[number], clean(draft.texts[number])
    complaint = _complaint(draft, number)
    about = f"⚠ {complaint}" if complaint else ""
    return text_field(
        f"scene-{number}", scene.label, text, about=about, most=max(scene.most, units(text)), lines=True
    )


def redo_card(form: EditForm) -> Card:
    """The scenes to choose one of; choosing begins it."""
    options = [
        Option(label=f"{scene.label}: {scene.text}" if scene.text else scene.label, value=str(number))
        for number, scene in enumerate(form.scenes, start=1)
    ]
    which = Choice(deed=REDO, label="Which scene?", options=tuple(options), context=form.job)
    words = Paragraph(
        spans=(
            bold("Which scene is to be made anew?"),
            plain("\nIt begins once you choose. The others stay."),
        )
    )
    return Card(text="Which scene is to be made anew?", blocks=(Title(text=form.title), words, which))


def search_modal(value: str) -> Modal:
    """An admin's search of a paper; `value` is the folded filter that stands there. A form keeps no long values."""
    wanted, _ = unfolded(value)
    ids = Ids()
    name = ids.name(SEARCH, folded(wanted.model_copy(update={"paper": ""})))
    about = "Part of the title, a PMID, PMCID, DOI or a file’s name; nothing for all."
    field = text_field("paper", "Which paper?", wanted.paper, about=about, most=LONGEST_SEARCH, needed=False)
    return modal("Search a paper", name if not ids.kept else Ids().name(SEARCH, ""), [field])


def limits_card() -> Card:
    """Whose limits are to be changed: they are more than a form holds."""
    row = (
        Button(label="For one person …", deed=LIMITS, value=PERSON),
        Button(label="For the whole server …", deed=LIMITS, value=WORKSPACE),
    )
    blocks = (Paragraph(spans=(plain("Which limits?"),)), Buttons(buttons=row))
    return Card(text="Which limits?", blocks=blocks)


def fields_of(data: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a form that was sent (the `data` of its interaction), by their names.

    Of a select, the first that is chosen: the id of a person or channel, or an option's value.
    """
    found = {}
    for label in data.get("components") or ():
        for field in [label.get("component") or {}, *(label.get("components") or ())]:
            if field.get("custom_id"):
                chosen = next(iter(field.get("values") or ()), "")
                found[str(field["custom_id"])] = str(field.get("value") or chosen)
    return found


def modal(title: str, name: str, fields: Sequence[Modal]) -> Modal:
    """A form; `name` is what comes back with it (`Ids.name`)."""
    return {"title": shortened(title, _TITLE), "custom_id": name, "components": list(fields)}


def text_field(
    name: str, label: str, text: str, *, most: int, about: str = "", lines: bool = False, needed: bool = True
) -> Modal:
    """A field to type in, of at most `most` characters."""
    most = min(most, _FIELD)
    field = {
        "type": _INPUT,
        "custom_id": name,
        "style": 2 if lines else 1,
        "max_length": most,
        "required": needed,
    }
    said = shortened(text, most)
    return titled(label, field | ({"value": said} if said else {}), about)


def titled(label: str, field: Modal, about: str = "") -> Modal:
    """A field with its label above it, and a line about it."""
    shown = {"type": _MODAL_LABEL, "label": shortened(one_line(label), _LABEL) or "–", "component": field}
    return shown | ({"description": shortened(one_line(about), _ABOUT)} if about else {})
