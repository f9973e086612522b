"""What Slack's schema and documentation say of an app's manifest; `build_slack.py` puts it into `slack.json`."""

from __future__ import annotations

from typing import Any


def _text(most: int, least: int = 1, *, must: bool = False, pattern: str = "") -> dict[str, Any]:
    """A text of so many characters."""
    return {"type": "str", "least": least, "most": most, "must": must, "pattern": pattern}


def _list(most: int, item: dict[str, Any] | None = None) -> dict[str, Any]:
    """At most so many things, each a text like `item`; without it their fields are named below."""
    return {"type": "list", "most": most} | ({"item": item} if item else {})


_FLAG: dict[str, Any] = {"type": "bool"}
_URL = _text(3_000, pattern=r"https://.+")

# Every field that may be there, by its place. What is not here, the platform refuses by name.
MANIFEST: dict[str, dict[str, Any]] = {
    "display_information.name": _text(35, must=True),
    # The schema says 140; people were refused at 140 and taken at 139.
    "display_information.description": _text(139),
    "display_information.background_color": _text(7, 4, pattern=r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
    "display_information.long_description": _text(4_000, 175),
    "features.app_home.home_tab_enabled": _FLAG,
    "features.app_home.messages_tab_enabled": _FLAG,
    "features.app_home.messages_tab_read_only_enabled": _FLAG,
    "features.bot_user.display_name": _text(80, must=True, pattern=r"[a-z0-9._-]+"),
    "features.bot_user.always_online": _FLAG,
    "features.shortcuts": _list(10),
    "features.shortcuts.name": _text(24, must=True),
    "features.shortcuts.type": _text(7, must=True, pattern="message|global"),
    "features.shortcuts.callback_id": _text(255, must=True),
    "features.shortcuts.description": _text(150, must=True),
    "features.slash_commands": _list(50),
    "features.slash_commands.command": _text(32, 2, must=True, pattern=r"/\S+"),
    "features.slash_commands.url": _URL,
    "features.slash_commands.description": _text(2_000, must=True),
    "features.slash_commands.usage_hint": _text(1_000),
    "features.slash_commands.should_escape": _FLAG,
    "oauth_config.scopes.bot": _list(255, _text(50)),
    "settings.event_subscriptions.request_url": _URL,
    "settings.event_subscriptions.bot_events": _list(100, _text(50)),
    "settings.interactivity.is_enabled": _FLAG | {"must": True},
    "settings.interactivity.request_url": _URL,
    "settings.org_deploy_enabled": _FLAG,
    "settings.socket_mode_enabled": _FLAG,
    "settings.token_rotation_enabled": _FLAG,
}
