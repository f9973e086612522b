"""Tools whose first question to Gemini kills the process that asks it, when the answer is on its way."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobs import writers
from jobs.kit import Kit, default_tools
from jobs.stage_process import StageTask
from pipeline.gemini.client import Contents, Gemini
from pipeline.gemini.reply import Reply
from pipeline.order import Tools
from pipeline.prices import Ware
from pipeline.providers import Artefacts


def tools(kit: Kit, task: StageTask, artefacts: Artefacts) -> Tools:
    """The usual ones; the mark of who died is kept in the folder `kit.options` names."""
    made = default_tools(kit, task, artefacts)
    mark = Path(kit.options["mark"])
    bought = writers.bought_from_gemini(kit, artefacts, made.purchases)
    dying = _Dying(kit, mark)
    object.__setattr__(made.writer, "_bought", type(bought)(dying, artefacts, made.purchases))
    return made


class _Dying(Gemini):
    def __init__(self, kit: Kit, mark: Path) -> None:
        assert kit.gemini_key is not None
        super().__init__(api_key=kit.gemini_key.get_secret_value(), base_url=kit.gemini_base_url)
        self._mark = mark

    def generate(
        self, model: str, contents: Contents, config: Mapping[str, Any], *, ware: Ware = "text"
    ) -> Reply:
        reply = super().generate(model, contents, config, ware=ware)
        if not self._mark.exists():
            self._mark.touch()
            os.kill(os.getpid(), 9)
        return reply
