"""The address by which somebody adds the app to a server, with the permissions that the code uses and no other."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from bots.discord.grants import PERMISSIONS

#: What an invitation asks for.
SCOPES: Final = ("bot", "applications.commands")

#: Calls of the API → the permissions that they want, all of them. A test holds this against what is called.
CALLS: Final[dict[str, tuple[str, ...]]] = {
    "DELETE /channels/{channel_id}/messages/{message_id}": ("VIEW_CHANNEL",),
    "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": ("VIEW_CHANNEL",),
    "GET /channels/{channel_id}": ("VIEW_CHANNEL",),
    "GET /channels/{channel_id}/messages": ("VIEW_CHANNEL", "READ_MESSAGE_HISTORY"),
    "GET /channels/{channel_id}/messages/{message_id}": ("VIEW_CHANNEL", "READ_MESSAGE_HISTORY"),
    "PATCH /channels/{channel_id}": ("SEND_MESSAGES_IN_THREADS",),
    "PATCH /channels/{channel_id}/messages/{message_id}": ("VIEW_CHANNEL",),
    "POST /channels/{channel_id}/messages": (
        "VIEW_CHANNEL",
        "SEND_MESSAGES",
        "SEND_MESSAGES_IN_THREADS",
        "ATTACH_FILES",
        "EMBED_LINKS",
    ),
    "POST /channels/{channel_id}/messages/{message_id}/threads": (
        "CREATE_PUBLIC_THREADS",
        "READ_MESSAGE_HISTORY",
    ),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": (
        "ADD_REACTIONS",
        "READ_MESSAGE_HISTORY",
    ),
}


def integer() -> int:
    """The permissions as the number that an invitation holds."""
    return sum(1 << bit for bit, _, _ in PERMISSIONS.values())


def invitation(app: str) -> str:
    """The address that adds the application of that id to a server."""
    asked = {"client_id": app, "scope": " ".join(SCOPES), "permissions": str(integer())}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
