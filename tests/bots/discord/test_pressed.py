"""What was pressed comes back as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bots.cards.card import Button, Buttons, Card, Checks, Choice, Chosen, Confirm, Entry, Option
from bots.discord.components import Drawn, drawn
from bots.discord.pressed import Press, pressed, standing
from tests.bots.discord.limits import controls, held_to_the_limits

ASK = Confirm(title="Sure?", text="It is gone then.", yes="Yes", no="No")
OFFER = json.dumps(
    {
        "id": "1300000000000000001",
        "name": "Über die Zeit – manuscript_v7_FINAL (2).pdf",
        "bytes": 1_234_567,
        "owner": "260093512345678901",
    },
    ensure_ascii=False,
)


def press(sent: Drawn, number: int, *values: str) -> Press | None:
    """What it means that the control of that number was used, after a restart: only what was kept is there."""
    control: dict[str, Any] = controls(sent.components)[number]
    data = {"custom_id": control["custom_id"], "component_type": control["type"], "values": list(values)}
    return pressed(data, sent.kept.get)


@pytest.mark.parametrize(
    "value",
    ["", "k3mfq7xz", "120", OFFER, "q=a%26b&o=10", "x" * 2_000, " spaces ", "a|b#c:2?", "ä", "a\nb", "?"],
)
@pytest.mark.parametrize("deed", ["cancel", "delete?", "home-page", "me-seconds"])
@pytest.mark.parametrize("ask", [None, ASK])
def test_a_button_means_what_it_meant(deed: str, value: str, ask: Confirm | None) -> None:
    row = Buttons(buttons=(Button(label="Go", deed=deed, value=value, confirm=ask),) * 3)

    sent = drawn(Card(text="x", blocks=(row,)))

    held_to_the_limits(sent.components)
    assert [press(sent, number) for number in range(3)] == [Press(deed, value, ask is not None)] * 3


def test_short_values_need_not_be_kept_and_can_be_read() -> None:
    sent = drawn(
        Card(text="x", blocks=(Buttons(buttons=(Button(label="Go", deed="cancel", value="k3mfq7xz"),)),))
    )

    assert sent.kept == {}
    assert controls(sent.components)[0]["custom_id"] == "cancel|k3mfq7xz"


def test_what_was_kept_and_is_forgotten_is_pressed_without_a_value() -> None:
    row = Buttons(buttons=(Button(label="Make video", deed="make-file", value=OFFER),))
    [button] = controls(drawn(Card(text="x", blocks=(row,))).components)

    data = {"custom_id": button["custom_id"], "component_type": 2}
    assert pressed(data, lambda _: None) == Press("make-file", "")


def test_a_menu_says_which_of_its_deeds_was_chosen() -> None:
    four = (
        Button(label="Retry", deed="retry", value="k3mfq7xz"),
        Button(label="Delete", deed="delete?", value=OFFER),
        Button(label="Keep", deed="keep", value="k3mfq7xz"),
        Button(label="Redo", deed="redo", value="k3mfq7xz"),
    )

    sent = drawn(Card(text="x", blocks=(Entry(text="a", buttons=four), Entry(text="b", buttons=four))))

    [first, second] = controls(sent.components)
    assert first["placeholder"] == "Retry, Delete, Keep, Redo …"
    for number, menu in enumerate((first, second)):
        values = [option["value"] for option in menu["options"]]
        assert press(sent, number, values[0]) == Press("retry", "k3mfq7xz")
        assert press(sent, number, values[1]) == Press("delete?", OFFER)


def test_a_choice_comes_back_with_its_context() -> None:
    options = (Option(label="Done", value="s=done"), Option(label="Failed", value="s=failed"))
    one = Choice(
        deed="home-filter", label="State", options=options, chosen="s=failed", context="q=" + "a%26b" * 36
    )
    other = one.model_copy(update={"label": "When", "chosen": None})

    sent = drawn(Card(text="x", blocks=(one, other)))

    for number in range(2):
        found = press(sent, number, "s=done")
        assert found is not None
        assert found.deed == "home-filter"
        assert Chosen.model_validate_json(found.value) == Chosen(context=one.context, values=("s=done",))


def test_ticks_do_what_the_button_would_do_that_gathers_them() -> None:
    options = tuple(Option(label=f"video {n}", value=f"job{n}", about="done") for n in range(10))
    delete = Button(
        label="Delete what is ticked", deed="home-delete", value="o=10", gathers="home-tick", confirm=ASK
    )
    row = Buttons(buttons=(Button(label="CSV", deed="home-csv"), delete))

    sent = drawn(Card(text="x", blocks=(Checks(deed="home-tick", options=options), row)))

    ticks, csv = controls(sent.components)
    assert ticks["placeholder"] == "Delete what is ticked …"
    assert (ticks["min_values"], ticks["max_values"]) == (1, 10)
    assert csv["label"] == "CSV"
    gathered = Chosen(context="o=10", values=("job0", "job7")).model_dump_json()
    assert press(sent, 0, "job0", "job7") == Press("home-delete", gathered, asks=True)
    named = drawn(Card(text="x", blocks=(Checks(deed="home-tick", options=options, label="Choose"), row)))
    assert controls(named.components)[0]["placeholder"] == "Choose …"
    alone = drawn(Card(text="x", blocks=(Checks(deed="home-tick", options=options),)))
    assert press(alone, 0, "job1") == Press("home-tick", Chosen(values=("job1",)).model_dump_json())


def test_a_button_that_gathers_a_choice_takes_what_stands_there() -> None:
    options = (Option(label="Done", value="done"), Option(label="Failed", value="failed"))
    which = Choice(deed="which", label="State", options=options, chosen="failed")
    go = Buttons(buttons=(Button(label="Go", deed="go", value="x", gathers="which"),))

    sent = drawn(Card(text="x", blocks=(which, go)))

    assert press(sent, 1) == Press("go", Chosen(context="x", values=("failed",)).model_dump_json())


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"custom_id": "", "component_type": 2},
        {"custom_id": "Not ours|x", "component_type": 2},
        {"custom_id": "cancel|x", "component_type": 5, "values": ["1"]},
        {"custom_id": "menu|x", "component_type": 3, "values": []},
        {"custom_id": "menu|x", "component_type": 3, "values": ["no deed"]},
    ],
)
def test_what_is_not_ours_is_nothing(data: dict[str, Any]) -> None:
    assert pressed(data, lambda _: None) is None


def test_a_page_tells_which_page_it_is() -> None:
    search = Button(label="Search", deed="home-search", value="s=done&q=" + "a" * 90)
    aside = Entry(text="a", buttons=(Button(label="Go", deed="go", value="7"),))
    sent = drawn(Card(text="x", blocks=(aside, Buttons(buttons=(search,)))))

    assert standing(sent.components, "home-search", sent.kept.get) == search.value
    assert standing(sent.components, "go", sent.kept.get) == "7"
    assert standing(sent.components, "home-csv", sent.kept.get) is None
