"""What Slack's documentation says of its methods and events: arguments, scopes, tiers.

`build_slack.py` puts it into `slack.json` A `!` behind a type means that the argument must be there.
"""

from __future__ import annotations

from typing import Any

BY_KIND = {
    "history": {
        "public": "channels:history",
        "private": "groups:history",
        "dm": "im:history",
        "mpim": "mpim:history",
    },
    "read": {"public": "channels:read", "private": "groups:read", "dm": "im:read", "mpim": "mpim:read"},
    "write": {"dm": "im:write", "mpim": "mpim:write"},
}

_MESSAGE: dict[str, Any] = {
    "channel": "str!",
    "text": "str",
    "blocks": "list",
    "attachments": "list",
    "thread_ts": "str",
    "link_names": "bool",
    "parse": "str",
    "markdown_text": "str",
    "as_user": "bool",
}
_SENDER: dict[str, Any] = {"icon_emoji": "str", "icon_url": "str", "username": "str"}
_PAGE: dict[str, Any] = {"cursor": "str", "limit": "int"}
_HISTORY: dict[str, Any] = {
    "channel": "str!",
    "oldest": "str",
    "latest": "str",
    "inclusive": "bool",
    "include_all_metadata": "bool",
    **_PAGE,
}


def _method(
    tier: int | None, scopes: str = "", *, token: str = "bot", posts: bool = True, **arguments: Any
) -> dict[str, Any]:
    """One method: calls a minute a workspace (None: hundreds), its scopes, whose token, its arguments."""
    return {
        "per_minute": {1: 1, 2: 20, 3: 50, 4: 100, None: None}[tier],
        "scopes": scopes,
        "token": token,
        "json": posts,
        "arguments": arguments,
    }


# A scope that starts with `*` depends on the kind of the conversation: see BY_KIND.
METHODS: dict[str, dict[str, Any]] = {
    "api.test": _method(4, token="none", error="str"),
    "auth.teams.list": _method(2, posts=False, include_icon="bool", **_PAGE),
    "auth.test": _method(None),
    "apps.connections.open": _method(1, "connections:write", token="app"),
    "chat.postMessage": _method(
        None,
        "chat:write",
        **_MESSAGE,
        **_SENDER,
        reply_broadcast="bool",
        unfurl_links="bool",
        unfurl_media="bool",
        container_id="str",
        mrkdwn="bool",
        metadata="object",
    ),
    "chat.postEphemeral": _method(4, "chat:write", **_MESSAGE, **_SENDER, user="str!"),
    "chat.update": _method(
        3,
        "chat:write",
        **{name: kind for name, kind in _MESSAGE.items() if name != "thread_ts"},
        ts="str!",
        reply_broadcast="bool",
        file_ids="csv",
        metadata="object",
    ),
    "chat.delete": _method(3, "chat:write", channel="str!", ts="str!", as_user="bool"),
    "chat.getPermalink": _method(None, posts=False, channel="str!", message_ts="str!"),
    "conversations.info": _method(
        3, "*read", posts=False, channel="str!", include_locale="bool", include_num_members="bool"
    ),
    "conversations.history": _method(3, "*history", posts=False, **_HISTORY),
    "conversations.replies": _method(3, "*history", posts=False, ts="str!", **_HISTORY),
    "conversations.members": _method(4, "*read", posts=False, channel="str!", **_PAGE),
    "conversations.open": _method(
        3, "*write", channel="str", users="csv", return_im="bool", prevent_creation="bool"
    ),
    "files.info": _method(
        4, "files:read", posts=False, file="str!", count="int", page="int", cursor="str", limit="int"
    ),
    "files.delete": _method(3, "files:write", file="str!"),
    "files.getUploadURLExternal": _method(
        4,
        "files:write",
        posts=False,
        filename="str!",
        length="int!",
        alt_txt="str",
        snippet_type="str",
    ),
    "files.completeUploadExternal": _method(
        4,
        "files:write",
        files="list!",
        channel_id="str",
        channels="csv",
        initial_comment="str",
        thread_ts="str",
        blocks="list",
    ),
    "reactions.add": _method(3, "reactions:write", channel="str!", name="str!", timestamp="str!"),
    "reactions.remove": _method(
        2,
        "reactions:write",
        name="str!",
        channel="str",
        timestamp="str",
        file="str",
        file_comment="str",
    ),
    "reactions.get": _method(
        3,
        "reactions:read",
        posts=False,
        channel="str",
        timestamp="str",
        full="bool",
        file="str",
        file_comment="str",
    ),
    "users.info": _method(4, "users:read", posts=False, user="str!", include_locale="bool"),
    "users.list": _method(2, "users:read", posts=False, include_locale="bool", team_id="str", **_PAGE),
    "bots.info": _method(3, "users:read", posts=False, bot="str", team_id="str"),
    "team.info": _method(
        3, "team:read", posts=False, team="str", domain="str", include_slackbot_availability="bool"
    ),
    "views.open": _method(4, view="object!", trigger_id="str", interactivity_pointer="str"),
    "views.push": _method(4, view="object!", trigger_id="str", interactivity_pointer="str"),
    "views.update": _method(4, view="object!", view_id="str", external_id="str", hash="str"),
    "views.publish": _method(4, view="object!", user_id="str!", hash="str"),
}

# The scope that an event needs; `reader` names the sample it is held against ("" where none is published).
EVENTS: dict[str, dict[str, str]] = {
    "app_mention": {"scope": "app_mentions:read", "sample": "AppMentionPayload"},
    "message.channels": {"scope": "channels:history", "sample": "MessagePayload"},
    "message.groups": {"scope": "groups:history", "sample": "MessagePayload"},
    "message.im": {"scope": "im:history", "sample": "MessagePayload"},
    "message.mpim": {"scope": "mpim:history", "sample": "MessagePayload"},
    "reaction_added": {"scope": "reactions:read", "sample": "ReactionAddedPayload"},
    "reaction_removed": {"scope": "reactions:read", "sample": "ReactionRemovedPayload"},
    "file_shared": {"scope": "files:read", "sample": "FileSharedPayload"},
    "app_home_opened": {"scope": "", "sample": "AppHomeOpenedPayload"},
    "app_uninstalled": {"scope": "", "sample": "AppUninstalledPayload"},
    "tokens_revoked": {"scope": "", "sample": "TokensRevokedPayload"},
    "user_change": {"scope": "users:read", "sample": ""},
    "member_joined_channel": {"scope": "channels:read", "sample": ""},
    "channel_left": {"scope": "channels:read", "sample": ""},
    "group_left": {"scope": "groups:read", "sample": ""},
    "channel_archive": {"scope": "channels:read", "sample": ""},
    "group_archive": {"scope": "groups:read", "sample": ""},
}
