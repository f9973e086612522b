"""What README and docs/ have one type: every command of ours is one, and has the options that are shown."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from cli.app import COMMANDS, app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
#: In a block of what is typed, or between backticks in running words.
_SHOWN = re.compile(r"(?ms)^ *```(?:sh|console)\n(.*?)^ *```|`([^`\n]*hidden-hill [^`\n]*)`")
_OURS = re.compile(r"(?:^|[ /])hidden-hill ([a-z][a-z-]*)([^#|&;\n]*)")


def test_every_command_that_is_shown_is_one_with_these_options() -> None:
    shown: dict[str, set[str]] = {}
    for document in DOCUMENTS:
        for block, inline in _SHOWN.findall(document.read_text(encoding="utf-8")):
            for line in (block or inline).splitlines():
                if "hidden-hill:" in line or re.match(r" *(useradd|systemctl|install|docker run) ", line):
                    continue  # there it is somebody's name
                for name, rest in _OURS.findall(line):
                    assert name in COMMANDS, f"{document.name}: {line.strip()}"
                    shown.setdefault(name, set()).update(re.findall(r"(?<= )--[a-z-]+", rest))
    assert shown.keys() >= {"make", "submit", "up", "worker", "migrate", "doctor", "slack", "discord"}
    for name, options in shown.items():
        known = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).stdout
        assert sorted(option for option in options if f"{option} " not in known) == [], name


def test_every_target_of_make_that_is_shown_is_one() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    for document in [*DOCUMENTS, ROOT / "CONTRIBUTING.md"]:
        text = document.read_text(encoding="utf-8")
        for name in re.findall(r"(?m)(?:^|`)make ([a-z]+)\b", text):
            assert name in targets, f"{document.name}: make {name}"
