"""Forms: the script of a job, scene by scene, and which scene is made anew; and what all forms are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bots.cards.card import Button
from bots.desk.desk import EditForm, Reply
from bots.desk.replies import said
from bots.people import Ask, Place
from bots.slack.answers import TITLE, Back, View, shown_in_form
from bots.slack.installation import person_of
from bots.slack.literal import plain_text
from bots.slack.reception import Reception

#: The two forms, as the desk calls them, and what stands above them.
EDIT, REDO = "edit", "redo"
_FORMS: Final = {EDIT: "Edit the script", REDO: "Redo a scene"}
#: What stands in a form while the answer is looked for.
WAITING: Final = "A moment …"
CHECKING: Final = "Checking your words against the paper …"
_TWICE: Final = "This was sent already, and what it led to stands in the thread."
#: What Slack takes at most: a field's text, its label, its hint, an option's label (characters), options.
_FIELD, _LABEL, _HINT, _OPTION, _OPTIONS = 3_000, 150, 2_000, 75, 100


async def open_form(reception: Reception, ask: Ask, back: Back, reply: Reply) -> None:
    """Open the form that the desk names. Its ticket lives for three seconds, so it opens before it is filled."""
    kind, _, job = (reply.modal or "").partition(":")
    if not back.trigger:  # words have no ticket; a button has
        button = Button(label=f"{_FORMS[kind]} …", deed=kind, value=job, style="primary")
        await reception.give(back, said(reply.card.text, button))
        return
    view_id = await reception.answers.form(back, waiting(WAITING))
    if view_id is None:
        return
    desk = reception.desk
    question: Callable[[Ask, str], EditForm | Reply] = desk.edit_form if kind == EDIT else desk.redo_form
    form = await reception.work.call(question, ask, job)
    if isinstance(form, Reply):
        view = shown_in_form(form.card)
    elif kind == EDIT:
        view = edit_view(form, ask.place)
    else:
        view = redo_view(form, ask.place)
    await reception.answers.redraw(view_id, view)


async def came_back(reception: Reception, body: Mapping[str, Any], back: Back) -> None:
    """One of the two forms was sent; what it shows meanwhile says so."""
    view = body["view"]
    if not await reception.first(f"view:{view['id']}:{view.get('hash')}"):
        await reception.give(back, said(_TWICE))
        return
    person = await reception.speaker(body, back)
    if person is None:
        return
    known = json.loads(view.get("private_metadata") or "{}")
    place = reception.directory.placed(known["channel"], known["kind"], known.get("thread"))
    ask = reception.ask(person, place, thread_of=place.thread)
    fields = list(filled(view).values())
    if view["callback_id"] == EDIT:
        shown = await _edited(reception, ask, known, fields)
    else:
        scene = int(fields[0]) if fields and fields[0].isdecimal() else 0
        shown = shown_in_form(
            (await reception.work.call(reception.desk.redone, ask, known["job"], scene)).card
        )
    reception.hint(known["job"])
    await reception.answers.redraw(view["id"], shown)


def back_of_form(body: Mapping[str, Any]) -> Back:
    """Where a form is answered: in itself."""
    return Back(user=person_of(body), view=(body.get("view") or {}).get("id"))


def waiting(sentence: str) -> View:
    """A form that says that something is under way."""
    return modal("waiting", [words(sentence)])


def edit_view(
    form: EditForm,
    place: Place,
    *,
    texts: Sequence[str] = (),
    complaints: Sequence[str] = (),
    tries: int = 0,
) -> View:
    """The script with a field for each scene: what somebody typed if they did, and what is wrong with it."""
    wrong = sum(map(bool, complaints))
    head = (
        f"⚠ {'One scene is' if wrong == 1 else f'{wrong} scenes are'} marked: mend what is said there."
        if wrong
        else "Every number must stand in the passages behind its scene. Then the video is made with your words."
    )
    blocks = [words(form.title, bold=True), words(head)]
    for number, scene in enumerate(form.scenes):
        text = texts[number] if number < len(texts) else scene.text
        # A field that Slack has seen keeps what stood in it: each try has fields of its own.
        name = f"scene-{number:03d}-{tries}"
        most = max(scene.most, len(text))
        blocks.append(field(name, scene.label, text, most=most, lines=True, hint=scene.passages))
        if number < len(complaints) and complaints[number]:
            blocks.append(words(f"⚠ {complaints[number]}"))
    return modal(
        EDIT, blocks, title=_FORMS[EDIT], submit="Approve", known=_known(form, place) | {"tries": tries}
    )


def redo_view(form: EditForm, place: Place) -> View:
    """The scenes to choose one of."""
    options = [
        {
            "text": plain_text(f"{scene.label}: {scene.text}" if scene.text else scene.label, _OPTION),
            "value": str(number),
        }
        for number, scene in enumerate(form.scenes[:_OPTIONS], start=1)
    ]
    choose = {
        "type": "input",
        "block_id": "scene",
        "label": plain_text("Which scene?", _LABEL),
        "element": {"type": "static_select", "action_id": "value", "options": options},
    }
    blocks = [words(form.title, bold=True), choose, words("The other scenes stay as they are.")]
    return modal(REDO, blocks, title=_FORMS[REDO], submit="Make it anew", known=_known(form, place))


def field(
    name: str,
    label: str,
    text: str = "",
    *,
    most: int = 200,
    lines: bool = False,
    optional: bool = False,
    hint: str = "",
) -> View:
    """A field of a form; `hint` stands under it."""
    element: View = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": lines,
        "max_length": min(most, _FIELD),
    }
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, _LABEL),
        "optional": optional,
        "element": element | ({"initial_value": text[:_FIELD]} if text else {}),
    } | ({"hint": plain_text(hint, _HINT)} if hint else {})


def filled(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a form's fields, by their names, in their order."""
    values = (view.get("state") or {}).get("values") or {}
    order = [block["block_id"] for block in view.get("blocks") or () if block.get("block_id") in values]
    found = {}
    for name in order or values:
        element: Mapping[str, Any] = next(iter(values[name].values()), {})
        chosen = (element.get("selected_option") or {}).get("value")
        found[name] = str(element.get("value") or chosen or "")
    return found


def modal(
    callback: str,
    blocks: list[View],
    *,
    title: str = TITLE,
    submit: str = "",
    known: Mapping[str, Any] | None = None,
) -> View:
    """A form; `known` is what it remembers until it is sent."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }
    if submit:
        view["submit"] = plain_text(submit, 24)
    if known is not None:
        view["private_metadata"] = json.dumps(known)
    return view


def words(text: str, *, bold: bool = False) -> View:
    """Words that Slack takes literally."""
    element: View = {"type": "text", "text": text[:_FIELD] or "–"}
    if bold:
        element["style"] = {"bold": True}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


async def _edited(reception: Reception, ask: Ask, known: Mapping[str, Any], texts: list[str]) -> View:
    answer = await reception.work.call(
        reception.desk.edited, ask, known["job"], texts, known.get("script", "")
    )
    if isinstance(answer, Reply):
        return shown_in_form(answer.card)
    form = await reception.work.call(reception.desk.edit_form, ask, known["job"])
    if isinstance(form, Reply):
        return shown_in_form(form.card)
    tries = int(known.get("tries", 0)) + 1
    form = form.model_copy(update={"script": known.get("script", "")})  # what was typed is about that one
    return edit_view(form, ask.place, texts=texts, complaints=answer, tries=tries)


def _known(form: EditForm, place: Place) -> dict[str, Any]:
    return {
        "job": form.job,
        "script": form.script,
        "channel": place.channel,
        "kind": place.kind,
        "thread": place.thread,
    }
