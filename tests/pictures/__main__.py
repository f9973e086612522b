"""`python -m tests.pictures out/pictures`: a page, and a PNG where Chromium is at hand, for every state."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.pictures.chromium import browser, shoot
from tests.pictures.page import page
from tests.pictures.states import HOMES, states


def main(folder: Path, only: list[str]) -> None:
    """Write the pages into `folder`; with names, only those."""
    folder.mkdir(parents=True, exist_ok=True)
    program = browser()
    for name, messages in states().items():
        if only and name not in only:
            continue
        html = folder / f"{name}.html"
        html.write_text(page(name, messages, home=name in HOMES), "utf-8")
        if program:
            shoot(program, html, html.with_suffix(".png"), width=1130, height=3600)
        print(html if program is None else html.with_suffix(".png"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/pictures"), sys.argv[2:])
