"""Who is at the terminal: one person in one workspace, like a member of a chat."""

from __future__ import annotations

import getpass

from storage.records import Requester

#: The workspace of everything that is done from a terminal.
WORKSPACE = "local"


def terminal_user() -> Requester:
    """The person who types. Whoever can type here can read the keys, so they count as an admin."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "somebody"
    return Requester(workspace=WORKSPACE, platform="terminal", user=name, name=name, admin=True)
