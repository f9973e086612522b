"""The app's manifest, as Slack takes it in: with your command's name, and your addresses in HTTP mode."""

from __future__ import annotations

import re
from importlib.resources import files

from settings import Settings

#: Where Slack posts to in HTTP mode, below the address of `hidden-hill web`.
PATH = "/slack/events"


def manifest(settings: Settings) -> str:
    """The manifest in YAML. HTTP mode is described when there is a signing secret and no app-level token."""
    text = files("bots.slack").joinpath("manifest.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(\s*- command: ).*$", rf"\g<1>{settings.command}", text)
    if settings.slack_signing_secret is None or settings.slack_app_token is not None:
        return text
    base = (settings.web_url or "https://YOUR-ADDRESS").rstrip("/")
    for before, name in (
        (r"(?m)^(    )- command: .*$", "  url"),
        (r"(?m)^(  )event_subscriptions:$", "  request_url"),
        (r"(?m)^(  )interactivity:$", "  request_url"),
    ):
        text = re.sub(before, rf"\g<0>\n\g<1>{name}: {base}{PATH}", text)
    return text.replace("socket_mode_enabled: true", "socket_mode_enabled: false")
