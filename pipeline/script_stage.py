"""The stage generate-script: a writer's script, the spare writer's, or a person's own; checked, whoever wrote it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from pipeline.errors import BadKeyError, OutOfFundsError, ProviderError, ScriptError
from pipeline.keys import digest_of, key_of, once, read, recall, write
from pipeline.model import Figure, FigurePolicy, Paper, Script
from pipeline.order import Made, Order, Tools
from pipeline.paper.figure_files import save_picture
from pipeline.paper.licence import allows_figures
from pipeline.providers import Brief, Report, Writer
from pipeline.script import by_hand
from pipeline.script.check import check
from pipeline.script.evidence import verbatim
from pipeline.visuals import figures as visuals_room
from pipeline.visuals.credits import figure_credit

#: Provider and version of a script that a person wrote.
BY_HAND: Final = ("by hand", "1")

_log = logging.getLogger(__name__)


def generate_script(order: Order, tools: Tools, paper: Made[Paper], report: Report) -> Made[Script]:
    """Write the script, or take the order's own; either way it is checked, and a blocking finding stops it.

    Raises `ScriptError` when a script file is malformed or says what the paper does not.
    """
    report(0.0, "choosing what to tell")
    if order.script is not None:
        return _script_by_hand(order, order.script, tools, paper.value, report)
    try:
        return _written(order, tools, paper.value, tools.writer, report)
    except ProviderError as error:
        spare = tools.spare_writer
        if spare is None or (error.retryable and not tools.last_try):
            raise
        _log.log(
            logging.ERROR if isinstance(error, BadKeyError | OutOfFundsError) else logging.WARNING,
            "%s could not write the script, %s does (%s).",
            tools.writer.name,
            spare.name,
            error.code,
        )
        return _written(order, tools, paper.value, spare, report, (spare_remark(error),))


def spare_remark(error: ProviderError) -> str:
    """What is said of a script that the spare writer wrote because the writer failed with `error`."""
    return f"{error.sentence} The embedded writer wrote this script instead."


def _written(
    order: Order, tools: Tools, paper: Paper, writer: Writer, report: Report, remarks: tuple[str, ...] = ()
) -> Made[Script]:
    """The script that `writer` writes, or wrote before; with these `remarks` beside its own."""
    brief = Brief(seconds=order.seconds, audience=order.audience, tone=order.tone)
    voice = tools.voice
    providers = [writer.name, writer.version, voice.name, voice.version, visuals_room.VERSION]
    key = key_of("script", paper, vars(brief), order.figures, providers, *([remarks] if remarks else []))

    def build(folder: Path) -> None:
        script = writer.write(paper, brief, spoken_seconds=voice.seconds)
        script = script.model_copy(update={"remarks": (*script.remarks, *remarks)})
        showable = showable_figures(paper, order.figures)
        write(folder / "script.json", visuals_room.assign_figures(script, paper, showable))

    script, folder, reused = once(tools.artefacts, "generate-script", key, build, _load_script)
    _refuse_blocked(script, paper)
    report(1.0, f"{len(script.scenes)} scenes")
    return Made(script, folder, key, writer.name, writer.version, reused)


def _load_script(folder: Path) -> Script:
    return read(folder / "script.json", Script)


def known_script(order: Order, tools: Tools, key: str) -> Made[Script] | None:
    """The script that was written under `key`; `None` when it is gone."""
    found = recall(tools.artefacts, "generate-script", key, _load_script)
    if found is None:
        return None
    name, _, version = found[0].writer.rpartition(" ")
    who = BY_HAND if order.script is not None else (name, version)
    return Made(*found, key, *who, reused=True)


def showable_figures(paper: Paper, policy: FigurePolicy) -> list[Figure]:
    """The figures with a picture that may be shown: by licence (`auto`), on the user's word (`all`), or none."""
    pictured = [figure for figure in paper.figures if figure.file is not None]
    if policy == "auto":
        return [figure for figure in pictured if allows_figures(paper.licence) and not figure.third_party]
    return pictured if policy == "all" else []


def _script_by_hand(order: Order, file: Path, tools: Tools, paper: Paper, report: Report) -> Made[Script]:
    script = verbatim(by_hand.load_script(file), paper)
    pictures = by_hand.own_pictures(script, file.parent)
    digests = {name: digest_of(picture) for name, picture in pictures.items()}
    kept_as = {name: f"images/{digest[:16]}.png" for name, digest in digests.items()}
    script = by_hand.with_visuals(
        script,
        paper,
        kept_as=kept_as,
        showable=showable_figures(paper, order.figures),
        credit_of=figure_credit,
    )
    _refuse_blocked(script, paper)

    def build(folder: Path) -> None:
        (folder / "images").mkdir()
        for name, kept in kept_as.items():
            if not save_picture(pictures[name], folder / kept):
                raise ScriptError(
                    f"“{name}” can't be read as a picture.", "Use a PNG, JPEG, TIFF or GIF file."
                )
        write(folder / "script.json", script)

    key = key_of("script-by-hand", script)
    script, folder, reused = once(tools.artefacts, "generate-script", key, build, _load_script)
    report(1.0, f"{len(script.scenes)} scenes, from {file.name}")
    return Made(script, folder, key, *BY_HAND, reused, partly=True)


def _refuse_blocked(script: Script, paper: Paper) -> None:
    blocked = [finding for finding in check(script, paper) if finding.severity == "block"]
    if blocked:
        more = f" (and {len(blocked) - 1} more)" if len(blocked) > 1 else ""
        raise ScriptError(
            f"The script says what the paper does not. {blocked[0].sentence}{more}",
            "Mend the narration, or give the claim a quote that stands in the paper.",
        )
