"""The form of a script keeps to Slack's rules, whatever its scenes rest on."""

from __future__ import annotations

from bots.desk.editing import EditForm, SceneField
from bots.people import Place
from bots.slack.forms import edit_view
from tests.fakes.slack.blocks import check_view

PLACE = Place(platform="slack", workspace="slack:T0LAB", channel="C0LAB", kind="public")


def test_the_passage_stands_under_its_field_as_far_as_it_fits() -> None:
    scenes = tuple(
        SceneField(label=f"Scene {number} · finding", text="Late.", most=400, passages=passages)
        for number, passages in enumerate(("“<!channel> late.” (Results, page 3)", "x" * 5_000, ""), 1)
    )

    view = edit_view(EditForm(job="k3mfq7xz", title="Captions", scenes=scenes), PLACE)

    check_view(view)
    short, long, none = (block for block in view["blocks"] if block["type"] == "input")
    assert short["hint"] == {
        "type": "plain_text",
        "text": "“<!channel> late.” (Results, page 3)",
        "emoji": False,
    }
    assert len(long["hint"]["text"]) == 2_000
    assert "hint" not in none
