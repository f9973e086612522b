"""Discord's forms: a script edited in pages loses nothing between them, and comes back as it was typed."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.components import validate_modal

from bots.cards.card import Button, Buttons, Card, Choice, Chosen
from bots.cards.filters import folded, unfolded
from bots.desk.editing import EditForm, SceneField
from bots.discord.components import drawn
from bots.discord.forms import (
    FIELDS,
    PAGE,
    PERSON,
    REDO,
    SEND,
    WORKSPACE,
    Draft,
    draft_of,
    fields_of,
    key,
    limits_card,
    page_modal,
    page_of,
    panel,
    redo_card,
    search_modal,
)
from bots.discord.pressed import Press, pressed, read
from bots.discord.rules import channel_modal, limits_modal, people_modal, words_of
from bots.pages import CHANNEL, LIMITS, PEOPLE, SEARCH, searched
from bots.rules import OF_A_PERSON
from storage.cap_words import NAMES
from storage.catalogue import Filter
from storage.quotas import Caps
from storage.records import JobState
from tests.bots.discord.limits import controls, held_to_the_limits, held_to_the_limits_of_a_modal


def form(scenes: int, text: str = "Words of scene {}.") -> EditForm:
    """A script of so many scenes."""
    fields = (
        SceneField(label=f"Scene {number} · limitation", text=text.format(number), most=400)
        for number in range(1, scenes + 1)
    )
    return EditForm(job="k3mfq7xz", title="Captions", scenes=tuple(fields))


def sent(modal: dict[str, Any], **typed: str) -> dict[str, Any]:
    """What Discord sends of a form: what stood in it, but for what was typed (`scene_3=…`)."""
    said = {name.replace("_", "-"): text for name, text in typed.items()}
    labels = [
        {
            "type": 18,
            "component": {
                "type": 4,
                "custom_id": label["component"]["custom_id"],
                "value": said.get(label["component"]["custom_id"], label["component"].get("value", "")),
            },
        }
        for label in modal["components"]
    ]
    return {"custom_id": modal["custom_id"], "components": labels}


def buttons_of(card: Card) -> list[Button]:
    return [button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


@pytest.mark.parametrize("scenes", range(1, 27))
def test_pages_hold_every_scene_once_and_no_form_more_than_five(scenes: int) -> None:
    draft = draft_of(form(scenes), None)

    there = [list(draft.scenes(page)) for page in range(draft.pages)]

    assert [number for page in there for number in page] == list(range(scenes))
    assert all(1 <= len(page) <= FIELDS for page in there)
    for page in range(draft.pages):
        held_to_the_limits_of_a_modal(page_modal(draft, page))
        validate_modal(page_modal(draft, page))
    held_to_the_limits(drawn(panel(draft)).components)
    deeds = [(button.deed, button.value) for button in buttons_of(panel(draft))]
    assert deeds == [*((PAGE, f"k3mfq7xz:{page}") for page in range(draft.pages)), (SEND, "k3mfq7xz")]


def test_what_was_typed_on_each_page_is_there_after_a_restart_between_them() -> None:
    script = form(8)
    first = draft_of(script, None)
    rows = {key("k3mfq7xz", "1"): first.typed(sent(page_modal(first, 0), scene_1="Mine.")).model_dump_json()}

    second = draft_of(script, rows[key("k3mfq7xz", "1")])
    whole = second.typed(sent(page_modal(second, 1), scene_6="Mine too."))

    expected = [scene.text for scene in script.scenes]
    expected[1], expected[6] = "Mine.", "Mine too."
    assert list(whole.texts) == expected
    assert page_modal(whole, 0)["components"][1]["component"]["value"] == "Mine."
    said = "".join(str(block) for block in panel(whole).blocks)
    assert "Scene 2 · limitation ✎" in said
    assert "Scene 1 · limitation ✎" not in said


def test_a_form_says_which_page_of_which_job_it_is() -> None:
    modal = page_modal(draft_of(form(8), None), 1)

    press = read(modal["custom_id"], lambda _: None)

    assert press == Press(PAGE, "k3mfq7xz:1")
    assert page_of(press.value) == ("k3mfq7xz", 1)
    assert page_of("k3mfq7xz") == ("k3mfq7xz", 0)
    assert modal["title"] == "Edit the script (2 of 2)"
    assert page_modal(draft_of(form(8), None), 9) == page_modal(draft_of(form(8), None), 0)


def test_what_the_desk_finds_wrong_stands_on_the_panel_and_in_the_form() -> None:
    wrong = "It says 300, which stands in none of the passages that it rests on, whatever else " * 3
    draft = draft_of(form(8), None).model_copy(update={"complaints": ("", wrong, *[""] * 6)})

    modal = page_modal(draft, 0)

    held_to_the_limits_of_a_modal(modal)
    assert modal["components"][1]["description"].startswith("⚠ It says 300")
    assert "description" not in modal["components"][0]
    said = "".join(str(block) for block in panel(draft).blocks)
    assert "One scene is marked" in said
    assert wrong in said


def test_a_draft_of_another_script_is_let_go() -> None:
    old = draft_of(form(8), None).model_copy(update={"texts": ("x",) * 8})

    assert draft_of(form(7), old.model_dump_json()).texts[0] == "Words of scene 1."
    assert draft_of(form(8), old.model_dump_json()).texts[0] == "x"
    assert draft_of(form(8), "no draft") == draft_of(form(8), None)
    assert isinstance(draft_of(form(0), None), Draft)


def test_the_longest_words_fit_into_a_form() -> None:
    long = form(5, "👩‍🔬 <@1> " * 600)
    long = long.model_copy(
        update={"scenes": tuple(one.model_copy(update={"most": 3_000}) for one in long.scenes)}
    )

    held_to_the_limits_of_a_modal(page_modal(draft_of(long, None), 0))
    held_to_the_limits(drawn(panel(draft_of(long, None))).components)


def test_a_scene_to_be_made_anew_is_chosen_from_all() -> None:
    components = drawn(redo_card(form(30))).components

    held_to_the_limits(components)
    [first, second] = controls(components)
    assert [len(first["options"]), len(second["options"])] == [25, 5]
    press = pressed({**second, "component_type": 3, "values": ["28"]}, lambda _: None)
    assert press is not None
    assert press.deed == REDO
    assert Chosen.model_validate_json(press.value) == Chosen(context="k3mfq7xz", values=("28",))
    assert any(isinstance(block, Choice) for block in redo_card(form(2)).blocks)


def test_a_search_keeps_the_rest_of_the_filter() -> None:
    wanted = Filter(user=123_456, states=tuple(JobState), since=1_795_255_920.0, paper="rib fractures")
    modal = search_modal(folded(wanted.model_copy(update={"states": (JobState.DONE, JobState.FAILED)}), 30))

    held_to_the_limits_of_a_modal(modal)
    assert modal["components"][0]["component"]["value"] == "rib fractures"
    press = read(modal["custom_id"], lambda _: None)
    assert press is not None
    assert press.deed == SEARCH
    typed = fields_of(sent(modal, paper="  captions  "))["paper"]
    now, offset = unfolded(searched(press.value, typed).at)
    expected = wanted.model_copy(update={"states": (JobState.DONE, JobState.FAILED), "paper": "captions"})
    assert (now, offset) == (expected, 0)
    held_to_the_limits_of_a_modal(search_modal(folded(wanted)))


def test_limits_are_changed_in_the_desks_own_words() -> None:
    caps = Caps(videos_per_user_day=5, cents_per_month=2_000)
    whose = [button.value for button in buttons_of(limits_card())]
    person, workspace = (limits_modal(caps, one) for one in whose)

    assert whose == [PERSON, WORKSPACE]
    opened = read(person["custom_id"], lambda _: None)
    assert opened == Press(LIMITS, "person:5,,,")
    for modal in (person, workspace):
        held_to_the_limits_of_a_modal(modal)
        validate_modal(modal)
        press = read(modal["custom_id"], lambda _: None)
        assert press is not None
        assert words_of(press, sent(modal)) == ""
    names = {
        label["component"]["custom_id"] for modal in (person, workspace) for label in modal["components"]
    }
    assert names == set(NAMES)
    money = sent(workspace)
    money["components"][3]["component"]["value"] = "25,50"
    opened_there = read(workspace["custom_id"], lambda _: None)
    assert opened_there == Press(LIMITS, "workspace:,,,20.00,")
    assert words_of(opened_there, money) == "admin quota dollars_per_month=25,50"
    typed = sent(person, videos_per_user_day="")
    typed["components"][1]["component"]["value"] = " 60 "
    assert words_of(opened, typed) == "admin quota videos_per_user_month=60"
    typed["components"][0]["component"]["value"] = ""
    assert words_of(opened, typed) == "admin quota videos_per_user_day=none videos_per_user_month=60"


def test_the_largest_limits_stand_in_the_name_of_their_form() -> None:
    caps = Caps(**dict.fromkeys(Caps.model_fields, 999_999_999))

    assert all(len(limits_modal(caps, one)["custom_id"]) <= 100 for one in (PERSON, WORKSPACE))


def test_what_holds_for_somebody_is_said_in_the_desks_own_words() -> None:
    modal = people_modal()

    def chosen(who: str, what: str) -> str:
        fields = (("who", 5, who), ("what", 3, what))
        labels = [
            {"type": 18, "component": {"type": kind, "custom_id": name, "values": [value]}}
            for name, kind, value in fields
        ]
        return words_of(Press(PEOPLE, ""), {"custom_id": modal["custom_id"], "components": labels})

    held_to_the_limits_of_a_modal(modal)
    validate_modal(modal)
    assert read(modal["custom_id"], lambda _: None) == Press(PEOPLE, "")
    assert chosen("2000000000000000002", "block") == "admin block @2000000000000000002"
    assert chosen("2000000000000000002", "alerts off") == "admin alerts @2000000000000000002 off"
    assert chosen("2000000000000000002", "something else") == ""
    options = modal["components"][1]["component"]["options"]
    assert [one["value"] for one in options] == list(OF_A_PERSON)


def test_a_channel_where_nobody_is_asked_is_chosen() -> None:
    modal = channel_modal()
    field = {"type": 8, "custom_id": "where", "values": ["3000000000000000001"]}
    data = {"custom_id": modal["custom_id"], "components": [{"type": 18, "component": field}]}

    held_to_the_limits_of_a_modal(modal)
    validate_modal(modal)
    assert words_of(Press(CHANNEL, ""), data) == "admin auto #3000000000000000001 on"
    assert words_of(Press(CHANNEL, ""), {"components": []}) == ""
