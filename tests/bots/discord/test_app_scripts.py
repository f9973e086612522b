"""A script that waits for its requester's word: whoever approves it approves the one that they read."""

from __future__ import annotations

from bots.discord.forms import Draft
from jobs.kit import Kit
from jobs.script_names import script_name
from pipeline.keys import write
from storage import kept
from storage.models import StageRunRow
from storage.records import JobState
from tests.bots.discord.labs import BOB, LAB, WORKSPACE, Lab
from tests.bots.scripts import SCRIPT
from tests.fakes.discord import Message

CHANGED = "he script was changed meanwhile"


def waiting(lab: Lab) -> Message:
    """The question for approval, in the job's thread."""
    message = lab.asked(BOB, "32296183", approve=True)
    lab.work()
    lab.until(lambda: lab.job().state is JobState.AWAITING_APPROVAL)
    there = lab.until(lambda: [one for one in lab.discord.of_app(LAB, message.ts) if one.has_button("edit")])
    return there[-1]


def name(lab: Lab) -> str | None:
    return lab.office.database.do(lambda: script_name(lab.job()))


def change(lab: Lab) -> None:
    """Another script takes the place of the one that waits; nobody was shown it yet."""
    scene = SCRIPT.scenes[1].model_copy(update={"narration": "Captions were late in 12 of 40 videos, again."})
    scenes = (SCRIPT.scenes[0], scene, *SCRIPT.scenes[2:])
    artefacts = Kit.of(lab.settings).artefacts(WORKSPACE, lab.office.objects)
    with artefacts.make("generate-script", "another-script") as folder:
        write(folder / "script.json", SCRIPT.model_copy(update={"scenes": scenes}))
    runs = (StageRunRow.job == lab.job().id) & (StageRunRow.stage == "generate-script")
    changed = lab.office.database.do(lambda: StageRunRow.update(key="another-script").where(runs).execute())
    assert changed == 1


def test_the_button_approves_the_script_that_stands_above_it(lab: Lab) -> None:
    question = waiting(lab)
    assert f"approve|{lab.job().id}:{name(lab)}" in str(question.blocks)
    lab.discord.press(BOB, question, "approve")
    lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)


def test_a_script_that_was_changed_meanwhile_is_not_approved_by_its_old_button(lab: Lab) -> None:
    question = waiting(lab)
    change(lab)
    lab.discord.press(BOB, question, "approve")
    lab.whisper(BOB, CHANGED)
    assert lab.job().state is JobState.AWAITING_APPROVAL


def test_words_are_not_put_over_another_script_than_that_which_was_edited(lab: Lab) -> None:
    lab.discord.press(BOB, waiting(lab), "edit")
    panel = lab.whisper(BOB, "Edit the script")
    draft = Draft.model_validate_json(
        kept.kept(lab.office.database, WORKSPACE, f"draft:{lab.job().id}:{BOB}") or ""
    )
    assert draft.form.script == name(lab)
    lab.discord.press(BOB, panel, "edit-page")
    (view,) = lab.until(lambda: lab.discord.views(BOB))
    change(lab)
    lab.discord.submit(BOB, view.id, {"scene-1": "Captions came late."})
    lab.until(lambda: "came late" in panel.shown)
    lab.discord.press(BOB, panel, "Approve")
    lab.until(lambda: CHANGED in panel.shown)
    assert lab.job().state is JobState.AWAITING_APPROVAL
    assert kept.kept(lab.office.database, WORKSPACE, f"draft:{lab.job().id}:{BOB}") is None


def test_a_draft_of_a_script_that_was_changed_is_begun_anew(lab: Lab) -> None:
    question = waiting(lab)
    lab.discord.press(BOB, question, "edit")
    panel = lab.whisper(BOB, "Edit the script")
    lab.discord.press(BOB, panel, "edit-page")
    (view,) = lab.until(lambda: lab.discord.views(BOB))
    lab.discord.submit(BOB, view.id, {"scene-1": "Captions came late."})
    lab.until(lambda: "came late" in panel.shown)
    change(lab)
    lab.discord.press(BOB, question, "edit")
    fresh = lab.whisper(BOB, "again.")
    assert "came late" not in fresh.shown
    lab.discord.press(BOB, fresh, "Approve")
    lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)
