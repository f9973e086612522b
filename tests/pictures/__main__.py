"""`python -m tests.pictures out/pictures`: a page, and a PNG where Chromium is at hand, for every state.

Slack's stand in the folder itself, Discord's in its `discord`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bots.slack.tongue import SlackTongue
from tests.pictures import discord_page, page
from tests.pictures.chromium import browser, shoot
from tests.pictures.discord_states import discord_states, modals
from tests.pictures.states import HOMES, states

#: Pixels; what is empty is cut off.
_WIDTH, _HEIGHT = 2_400, 3_600


def main(folder: Path, only: list[str]) -> None:
    """Write the pages into `folder`; with names, only those."""
    (folder / "discord").mkdir(parents=True, exist_ok=True)
    program = browser()
    for name, html in _pages():
        if only and name.removeprefix("discord/") not in only:
            continue
        file = folder / f"{name}.html"
        file.write_text(html, "utf-8")
        if program:
            shoot(program, file, file.with_suffix(".png"), width=_WIDTH, height=_HEIGHT)
        print(file if program is None else file.with_suffix(".png"))


def _pages() -> Iterator[tuple[str, str]]:
    for name, shown in states(SlackTongue()).items():
        home = name in HOMES
        yield name, page.page(name, page.in_slack(shown, home=home), home=home)
    for name, shown in discord_states().items():
        yield f"discord/{name}", discord_page.page(name, shown)
    for name, form in modals().items():
        yield f"discord/{name}", discord_page.document(name, discord_page.modal(form))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/pictures"), sys.argv[2:])
