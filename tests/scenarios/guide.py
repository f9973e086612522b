"""A guide of docs/, as somebody follows it who types what it says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from typing import Final

from tests.cli.commands import Answer, House, processes_of
from tests.scenarios.hand import SOON
from tests.scenarios.processes import Processes
from tests.valkeys import eventually

DOCS: Final = Path(__file__).parents[2] / "docs"
#: How a line of a guide calls our command.
_OURS: Final = ".venv/bin/hidden-hill "


class Guide:
    """The steps “from nothing to the first video”, by their numbers."""

    def __init__(self, name: str) -> None:
        text = (DOCS / name).read_text(encoding="utf-8")
        chapter = text.partition("first video\n")[2].partition("\n## ")[0]
        found = re.findall(r"(?ms)^(\d)\. (.*?)(?=^\S|\Z)", chapter)
        self.steps = {int(number): step for number, step in found}

    def typed(self, step: int) -> list[str]:
        """The words after `hidden-hill` in the last line that the step has one type in a terminal."""
        lines = re.findall(r"(?m)^ *\$ (.*)$", self.steps[step])
        assert lines[-1].startswith(_OURS), lines
        assert all("pip install" in line or "-m venv" in line for line in lines[:-1]), (
            "a new command: try it here"
        )
        return shlex.split(lines[-1].removeprefix(_OURS))

    def written_into_env(self, step: int, folder: Path, **tokens: str) -> None:
        """Write the file of the step, with one's own tokens in place of the examples."""
        lines = re.findall(
            r"(?m)^ *([A-Z_]+=.*)$", self.steps[step].partition("```\n")[2].partition("```")[0]
        )
        names = [line.partition("=")[0] for line in lines if line.endswith("…")]
        assert names == list(tokens)
        own = [
            f"{line.partition('=')[0]}={tokens[line.partition('=')[0]]}" if line.endswith("…") else line
            for line in lines
        ]
        (folder / ".env").write_text("\n".join(own), encoding="utf-8")

    def said(self, step: int) -> str:
        """What the step has one type in the chat."""
        (words,) = re.findall(r"`(/[^`]+)`", self.steps[step])
        return str(words)

    def shown(self, step: int) -> list[str]:
        """What our command shows in that step, without what differs from machine to machine."""
        lines = re.findall(r"(?m)^ +((?:Starting|Hidden Hill) .*)$", self.steps[step])
        return [line.partition(" after ")[0] for line in lines]

    def check_passes(self, step: int, check: Answer) -> None:
        """The check of the step finds everything well, and ends with the words that the step has."""
        assert check.status == 0, check.out
        *lines, last = check.out.splitlines()
        assert {line[0] for line in lines} == {"✓", "·"}
        assert last in " ".join(self.steps[step].split())


@contextmanager
def up(house: House, words: list[str], shown: list[str], is_there: Callable[[], object]) -> Iterator[None]:
    """The command of these words at work until a person stops it, once it showed that and `is_there`."""
    processes, name = Processes(house), " ".join(words)
    processes.start(name)
    try:
        eventually(lambda: all(line in processes.log(name).read_text() for line in shown), SOON)
        eventually(lambda: bool(is_there()), SOON)
        yield
        processes.stop(name, SIGINT)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{processes.told()}") from None
    finally:
        if processes.lives(name):
            processes.stop(name, SIGINT)
    eventually(lambda: not processes_of(house), 30)
