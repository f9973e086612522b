"""Tools for a kit in tests: the embedded ones, and a writer that does what `kit.options` say first."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from jobs.kit import Kit, default_tools
from jobs.stage_process import StageTask
from pipeline.errors import ProviderError, RetractedError, TransientProviderError
from pipeline.model import Paper, Script
from pipeline.narration.hibari import HibariVoice
from pipeline.order import Tools
from pipeline.providers import Artefacts, Brief, Pending, Purchases, Speech, Watcher
from pipeline.script.extractive import ExtractiveWriter
from tests.jobs import works


@dataclass
class OddWriter(ExtractiveWriter):
    """Writes as the embedded writer does, once it has done what `todo` says; `folder` is its notebook."""

    todo: str
    folder: Path
    purchases: Purchases | None

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script:
        match self.todo:
            case "encode":
                works.encode_forever(self.folder / "pids", lambda _: None)
            case "die":
                os.kill(os.getpid(), 9)
            case "busy":
                raise TransientProviderError("The writer is busy.", "Wait a little.")
            case "defect":
                raise ZeroDivisionError
            case "retracted":
                raise RetractedError(f"“{paper.title}” was retracted.")
            case "texts":
                raise ValueError(f"can't parse {paper.title}")
            case "slow":
                time.sleep(3)
            case "buy":
                self._buy()
        return super().write(paper, brief, spoken_seconds=spoken_seconds)

    def _buy(self) -> None:
        assert self.purchases is not None
        task = self.purchases.once("script", provider="odd", cents=7, ask=self._ask, repeatable=True)
        if not (self.folder / f"{task}.ready").exists():
            raise Pending(task, "odd", "the odd writer writes", 20.0, 600.0)

    def _ask(self, purchase: str) -> str:
        with (self.folder / "asked").open("a") as notebook:
            notebook.write(f"{purchase}\n")
        return "task-1"


class BreakingVoice(HibariVoice):
    """Speaks two scenes, then no more."""

    def speak(self, texts: Sequence[str], *, pace: float) -> Iterator[Speech]:
        yield from super().speak(texts[:2], pace=pace)
        raise ProviderError("The voice broke.")


def tools(kit: Kit, task: StageTask, artefacts: Artefacts) -> Tools:
    usual = default_tools(kit, task, artefacts)
    writer = OddWriter(kit.options.get("writer", ""), Path(kit.options["notebook"]), usual.purchases)
    voice = BreakingVoice() if kit.options.get("voice") == "breaks" else usual.voice
    return replace(usual, writer=writer, voice=voice)


@dataclass
class OddWatcher:
    """Looks into the writer's notebook, and writes down that it looked."""

    folder: Path
    again: float = 30.0

    def check(self, task: str) -> Literal["ready", "not-yet"]:
        (self.folder / "looked").touch()
        if (self.folder / f"{task}.failed").exists():
            raise ProviderError("The odd writer gave up.")
        return "ready" if (self.folder / f"{task}.ready").exists() else "not-yet"

    def call_off(self, task: str, sure: Callable[[], bool]) -> int | None:
        """See `pipeline.providers.Watcher`."""
        return None


def watchers(kit: Kit) -> Mapping[str, Watcher]:
    return {"odd": OddWatcher(Path(kit.options["notebook"]))}
