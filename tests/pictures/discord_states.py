"""What is seen at Discord: what all platforms show, questions that others' buttons ask themselves, and its forms."""

from __future__ import annotations

from typing import Any, Final

from bots.cards import buttons
from bots.cards.questions import question_card
from bots.cards.wording import kind_of
from bots.desk.administration import delete_button
from bots.desk.editing import EditForm, SceneField
from bots.discord.forms import (
    PERSON,
    Draft,
    draft_of,
    limits_card,
    page_modal,
    panel,
    redo_card,
    search_modal,
)
from bots.discord.rules import channel_modal, limits_modal, people_modal
from bots.discord.tongue import DiscordTongue
from storage.quotas import Caps
from tests.bots.discord.nasty import everywhere
from tests.pictures import samples
from tests.pictures.samples import job
from tests.pictures.states import Shown, states


def form() -> EditForm:
    """The sample's script as a form."""
    scenes = (
        SceneField(
            label=f"Scene {number} · {kind_of(scene)}",
            text=scene.narration,
            most=max(2 * len(scene.narration), 400),
        )
        for number, scene in enumerate(samples.script().scenes, start=1)
    )
    return EditForm(job="k3mfq7xz", title=samples.PAPER.title, scenes=tuple(scenes))


def edited() -> Draft:
    """A draft that says more than the paper."""
    draft = draft_of(form(), None)
    texts = (
        draft.texts[0],
        "Most tools spread words evenly.",
        draft.texts[2],
        "Captions were 300 ms late.",
        *draft.texts[4:],
    )
    wrong = "It says 300, which stands in none of the passages that it rests on."
    return draft.model_copy(update={"texts": tuple(texts), "complaints": ("", "", "", wrong, "", "", "", "")})


#: What wants to be more than text.
_NASTY: Final = {
    "styles": "**b** *i* __u__ ~~s~~ ||h|| `c` \\ # h -# s > q",
    "mentions": "@everyone @here <@260093512345678901> <@&260093512345678902> <#260093512345678903> <t:1:R> :tada:",
    "links": "[good](https://evil.example) https://evil.example <https://evil.example> discord://x",
    "lines": "# heading\n-# small\n> quoted\n- list\n1. one\n```block",
    "letters": "\u202eevil\u202c مرحبا 123 שלום Z" + "\u0335\u0353\u034b" * 12 + "algo 👩‍🔬👍🏽 日本語",
    "long": "word " * 800,
    "longest": "x*" * 2_000,
}


def discord_states() -> dict[str, list[Shown]]:
    """The messages of each picture."""
    ids = [f"k3mfq7x{number}" for number in range(3)]
    asked = (
        buttons.cancel(job(spent_cents=40)),
        buttons.approvals(job())[-1],
        buttons.delete(job()),
        delete_button(ids),
    )
    return {
        **states(DiscordTongue()),
        **{f"nasty-{name}": [Shown(everywhere(words))] for name, words in _NASTY.items()},
        "questions": [Shown(question_card(button), only_you=True) for button in asked],
        "edit-panel": [Shown(panel(draft_of(form(), None)), only_you=True)],
        "edit-panel-wrong": [Shown(panel(edited()), only_you=True)],
        "redo": [Shown(redo_card(form()), only_you=True)],
        "limits": [Shown(limits_card(), only_you=True)],
    }


def modals() -> dict[str, dict[str, Any]]:
    """The forms, as Discord is sent them."""
    caps = Caps(videos_per_user_day=5, cents_per_user_month=2_000)
    return {
        "modal-edit": page_modal(draft_of(form(), None), 0),
        "modal-edit-wrong": page_modal(edited(), 0),
        "modal-search": search_modal("s=done&q=captions"),
        "modal-limits": limits_modal(caps, PERSON),
        "modal-people": people_modal(),
        "modal-channel": channel_modal(),
    }
