"""docs/origin.md: every line of the old roadmap is answered, and what it names is there."""

from __future__ import annotations

import re

from tests.deploy.document import ROOT


def test_every_line_is_answered_by_what_there_is() -> None:
    text = (ROOT / "docs" / "origin.md").read_text(encoding="utf-8")
    rows = [
        row.split(" | ") for row in text.splitlines() if row.startswith("| ") and "it asked for" not in row
    ]
    assert [int(number) for number in re.findall(r"^\| \*\*(\d+)\.\*\*", text, re.MULTILINE)] == [
        *range(1, 14)
    ]
    for row in rows:
        assert len(row) == 3, row
        shown = re.findall(r"`([^`]+)`", row[2])
        assert shown, row
        assert all(name.startswith("tests/") for name in shown), row
    named = re.findall(
        r"`((?:tests|bots|cli|jobs|pipeline|storage|docs|deploy)/[^`]+|[A-Z.]\S+\.md|\.env\.example)`", text
    )
    assert len(named) > 80
    assert [name for name in named if not (ROOT / name).is_file()] == []
