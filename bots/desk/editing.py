"""Forms about a job's scenes: the script before it is approved, a field for each; and which scene is made anew."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bots.cards.wording import kind_of, place_of, title_of
from bots.desk import deeds
from bots.desk.access import Standing
from bots.desk.choosing import of_id
from bots.desk.replies import House, Reply, said
from jobs import control, scripts
from jobs.deeds import STANDS
from jobs.script_names import script_name
from jobs.uploads import take_in_script
from pipeline.model import ImageVisual, Paper, Scene, Script
from pipeline.script.check import check
from storage.records import Job, JobState, Record

#: A scene may be made so much longer than it was, and at least so long (characters).
_LONGER, _AT_LEAST = 2, 400
#: The most that a field of any platform's form takes (characters).
_MOST: Final = 3_000


class SceneField(Record):
    """One scene of a form: "Scene 2 · finding", its words, and how many characters they may have.

    `passages` are what it rests on in the paper, with where they stand; "" where there are none.
    """

    label: str
    text: str
    most: int
    passages: str = ""


class EditForm(Record):
    """The scenes of a job, to be edited or to choose one of. `title` is the paper's, `script` names the script."""

    job: str
    title: str
    script: str = ""
    scenes: tuple[SceneField, ...]


def edit_form(house: House, me: Standing, job_id: str) -> EditForm | Reply:
    """The script that waits for approval, with a field for each scene."""
    job = _to_edit(house, me, job_id)
    if isinstance(job, Reply):
        return job
    name = _name(house, job)
    script = scripts.script_of(house.office, house.kit, job)
    if script is None:
        return said("The script is not at hand at this moment: try again in a minute.")
    if _name(house, job) != name:
        return said(control.CHANGED)
    return _form(job, script, name)


def edited(house: House, me: Standing, job_id: str, texts: Sequence[str], seen: str) -> list[str] | Reply:
    """What is wrong with the edited scenes, a sentence or "" for each; or the answer, once it goes on with them.

    `seen` names the script that was edited: words are not put over the claims of another.
    A scene says only what its passages in the paper hold: numbers above all.
    """
    job = _to_edit(house, me, job_id)
    if isinstance(job, Reply):
        return job
    script = scripts.script_of(house.office, house.kit, job)
    paper = scripts.paper_of(house.office, house.kit, job)
    if script is None or paper is None:
        return said("The script is not at hand at this moment: try again in a minute.")
    if _name(house, job) != seen or len(texts) != len(script.scenes):
        return said(control.CHANGED)
    new = _with_words(script, texts)
    if isinstance(new, list):
        return new
    if new == script:
        return deeds.do(house, me, job, "approve", script=seen)
    if any(complaints := _complaints(new, paper)):
        return complaints
    return _go_on(house, me, job, new, seen, _remarks(new, paper))


def redo_form(house: House, me: Standing, job_id: str) -> EditForm | Reply:
    """The scenes of a job that has ended, to choose one of."""
    job = of_id(house, me, job_id)
    if isinstance(job, str):
        return said(job)
    if no := deeds.refused(house, me, job, "redo") or deeds.not_redoable(job):
        return said(no)
    script = scripts.script_of(house.office, house.kit, job)
    if script is not None and len(script.scenes) == job.scenes:
        return _form(job, script)
    fields = [
        SceneField(label=f"Scene {number}", text="", most=_MOST) for number in range(1, (job.scenes or 0) + 1)
    ]
    return EditForm(job=job.id, title=title_of(job), scenes=tuple(fields))


def not_editable(house: House, me: Standing, job: Job) -> str | None:
    """Why the job's script can't be edited by this person now; `None` when it can."""
    if no := deeds.refused(house, me, job, "edit"):
        return no
    if job.state is not JobState.AWAITING_APPROVAL:
        return f"This job {STANDS[job.state]}; its script can’t be edited now."
    return None


def _to_edit(house: House, me: Standing, job_id: str) -> Job | Reply:
    job = of_id(house, me, job_id)
    if isinstance(job, str):
        return said(job)
    no = not_editable(house, me, job)
    return said(no) if no else job


def _name(house: House, job: Job) -> str:
    return house.office.database.do(lambda: script_name(job)) or ""


def _form(job: Job, script: Script, name: str = "") -> EditForm:
    fields = (
        SceneField(
            label=f"Scene {number} · {kind_of(scene)}",
            text=scene.narration,
            most=_longest(scene),
            passages=_passages(scene),
        )
        for number, scene in enumerate(script.scenes, start=1)
    )
    return EditForm(job=job.id, title=title_of(job), script=name, scenes=tuple(fields))


def _passages(scene: Scene) -> str:
    held = dict.fromkeys(evidence for claim in scene.claims for evidence in claim.evidence)
    return "\n".join(f"“{' '.join(one.quote.split())}” ({place_of(one)})" for one in held)


def _longest(scene: Scene) -> int:
    return min(max(_LONGER * len(scene.narration), _AT_LEAST), _MOST)


def _with_words(script: Script, texts: Sequence[str]) -> Script | list[str]:
    """The script with these words, or what is wrong with them. Its claims stay: they say what backs the words."""
    words = [" ".join(text.split()) for text in texts]
    wrong = [
        "A scene needs words."
        if not text
        else f"That is too long: {_longest(scene)} characters at most."
        if len(text) > _longest(scene)
        else ""
        for text, scene in zip(words, script.scenes, strict=True)
    ]
    if any(wrong):
        return wrong
    scenes = (
        scene
        if text == " ".join(scene.narration.split())
        else scene.model_copy(update={"narration": text, "by_hand": True})
        for text, scene in zip(words, script.scenes, strict=True)
    )
    return script.model_copy(update={"scenes": tuple(scenes)})


def _complaints(script: Script, paper: Paper) -> list[str]:
    """For each scene what blocks it; what blocks the whole stands with the first."""
    found: list[list[str]] = [[] for _ in script.scenes]
    for finding in check(script, paper):
        if finding.severity == "block":
            sentence = finding.sentence.removeprefix(f"Scene {(finding.scene or 0) + 1} ")
            found[finding.scene or 0].append(f"It {sentence}")
    return [" ".join(dict.fromkeys(sentences)) for sentences in found]


def _remarks(script: Script, paper: Paper) -> list[str]:
    """What is to be known of the scenes with somebody's own words: which of them the paper doesn't hold."""
    return [
        finding.sentence
        for finding in check(script, paper)
        if finding.scene is not None and script.scenes[finding.scene].by_hand
    ]


def _go_on(house: House, me: Standing, job: Job, script: Script, seen: str, remarks: Sequence[str]) -> Reply:
    if any(isinstance(scene.visual, ImageVisual) for scene in script.scenes):
        return said("This script shows pictures of your own: it can be edited in a terminal only.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "script.json")
        file.write_text(script.model_dump_json(), encoding="utf-8")
        key = take_in_script(house.office.objects, job.workspace, file)
    answer = control.approve(house.office, job.id, by=me.by, script=key, seen=seen)
    if isinstance(answer, Job):
        return said("\n".join(("Approved with your words: it goes on.", *remarks)))
    return said(answer.sentence)
