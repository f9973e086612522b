"""What the app asks Slack for, and why. The manifest asks for exactly this; a test holds it against the code."""

from __future__ import annotations

from typing import Final

#: Scope of the bot token → what it is for.
SCOPES: Final[dict[str, str]] = {
    "app_mentions:read": "to hear words that begin with the app’s name",
    "channels:history": "to see a PDF that is dropped in a public channel where the app is",
    "channels:read": "to know whether a channel is public, and whether the app is in it",
    "chat:write": "to post a video’s message, edit it, and answer",
    "commands": "the slash command, and “Make video of this paper” in a message’s menu",
    "files:read": "to fetch the PDF that was handed in",
    "files:write": "to post the finished video, its captions and its cover",
    "groups:history": "the same as channels:history, in private channels where the app is",
    "groups:read": "the same as channels:read, in private channels",
    "im:history": "to hear what is said to the app in its own direct messages",
    "im:read": "to know that a conversation is a direct message",
    "im:write": "to begin a direct message: “Continue in DM”, and news of a job whose channel is gone",
    "mpim:history": "to see a PDF that is dropped in a group message where the app is",
    "mpim:read": "to know that a conversation is a group message",
    "reactions:read": "🔁 ❌ 🗑️ on a video’s message",
    "reactions:write": "to put 🔁 on the message of a job that failed",
    "users:read": "names, and who is an admin, a guest, deactivated or of another workspace",
}

#: Events that the app hears of → the scope that Slack wants for them (empty: none).
EVENTS: Final[dict[str, str]] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}

#: Methods of the Web API that the app calls → the scopes that they want, all of them.
METHODS: Final[dict[str, tuple[str, ...]]] = {
    "apps.connections.open": (),  # with the app-level token
    "auth.teams.list": (),  # in an organisation
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
