"""What can be told of Slack's tokens by looking at them: missing, still the example, swapped, of another kind."""

from __future__ import annotations

from pydantic import SecretStr

from settings import Settings


def bot_token_fault(settings: Settings) -> str:
    """What is wrong with SLACK_BOT_TOKEN; empty: nothing that can be seen."""
    token = _read(settings.slack_bot_token)
    if not token:
        return "SLACK_BOT_TOKEN is not set: it begins with xoxb-."
    if _is_example(token):
        return "SLACK_BOT_TOKEN is still the example: put your own there."
    if _are_swapped(settings):
        return "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: xoxb-… is the bot’s, xapp-… the app’s."
    if not token.startswith(("xoxb-", "xoxe.xoxb-")):
        kind = "an app-level token" if token.startswith("xapp-") else "no bot token"
        return f"SLACK_BOT_TOKEN holds {kind}: it begins with xoxb-."
    return ""


def app_token_fault(settings: Settings) -> str:
    """The same of SLACK_APP_TOKEN, which Socket Mode needs."""
    token = _read(settings.slack_app_token)
    if not token:
        return "SLACK_APP_TOKEN is not set: it begins with xapp- and has the scope connections:write."
    if _is_example(token):
        return "SLACK_APP_TOKEN is still the example: put your own there."
    if _are_swapped(settings):
        return "SLACK_APP_TOKEN and SLACK_BOT_TOKEN are swapped: xapp-… is the app’s, xoxb-… the bot’s."
    if not token.startswith("xapp-"):
        return "SLACK_APP_TOKEN holds something else: it begins with xapp-."
    return ""


def _read(secret: SecretStr | None) -> str:
    return secret.get_secret_value().strip() if secret else ""


def _is_example(token: str) -> bool:
    """Whether it is what docs/slack.md has in its place, or nothing but the beginning of one."""
    return "…" in token or token.endswith(("-...", "-"))


def _are_swapped(settings: Settings) -> bool:
    bot, app = _read(settings.slack_bot_token), _read(settings.slack_app_token)
    return bot.startswith("xapp-") and app.startswith("xoxb-")
