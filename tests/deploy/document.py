"""docs/deploy.md as somebody follows it: its chapters, and what is typed in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def commands(chapter: str) -> str:
    """All that the chapter of this heading has one type in a terminal."""
    found = re.search(rf"(?ms)^#+ {re.escape(chapter)}\n(.*?)(?=^#|\Z)", TEXT)
    assert found, f"docs/deploy.md has no chapter “{chapter}”"
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", found[1])
    assert blocks, f"nothing is typed in “{chapter}”"
    return "".join(blocks)
