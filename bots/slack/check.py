"""`hidden-hill slack --check`: is everything set up in Slack that the app needs, and if not, what is to be done?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bots.finding import Finding
from bots.port import PortError
from bots.slack.client import api_client, api_session, as_port_error, error_code
from bots.slack.installation import Door, Installation
from bots.slack.manifest import PATH
from bots.slack.scopes import SCOPES
from bots.slack.tokens import app_token_fault, bot_token_fault
from settings import Settings

_WHERE: Final = "https://api.slack.com/apps → your app →"


async def checked(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the settings and ask Slack, one after the other; what can't be asked is said."""
    async with api_session() as session:
        client = api_client(settings, session, patient=True)
        installation: Installation | None = None
        if (found := _bot_token(settings)).well:
            found, installation, scopes = await _asked(client)
            yield found
            if installation is not None:
                yield _scopes(scopes)
                yield _door(settings, installation)
        else:
            yield found
        yield await _way_in(settings, client)
        yield Finding(name="file hosts", well=True, text=settings.slack_file_hosts)
        name = installation.name if installation else "hidden-hill"
        yield Finding(
            name="command",
            well=None,
            text=f"Slack can’t be asked; type {settings.command} help there. If it is unknown: {_WHERE} "
            f"Slash Commands → {settings.command}, or set HIDDEN_HILL_COMMAND to yours.",
        )
        yield Finding(
            name="events",
            well=None,
            text="Slack can’t be asked; drop a PDF in a channel where the app is, and it asks what to do. If nothing "
            f"happens: {_WHERE} Event Subscriptions → Subscribe to bot events must have message.channels, or put "
            "what `hidden-hill slack --manifest` prints in again under App Manifest.",
        )
        yield Finding(
            name="channels", well=None, text=f"in each channel that shall have it, say /invite @{name}"
        )


def _bot_token(settings: Settings) -> Finding:
    fault = bot_token_fault(settings)
    if fault:
        text = f"{fault} {_WHERE} OAuth & Permissions → Bot User OAuth Token."
        return Finding(name="bot token", well=False, text=text)
    return Finding(name="bot token", well=True, text="is there")


async def _asked(client: AsyncWebClient) -> tuple[Finding, Installation | None, frozenset[str]]:
    """Who we are by the word of Slack, and what we may do."""
    try:
        answer = await client.auth_test()
    except (SlackClientError, OSError, TimeoutError) as error:
        return Finding(name="bot token", well=False, text=_why(error)), None, frozenset()
    except Exception as error:  # noqa: BLE001 - a check reports whatever is wrong
        return Finding(name="bot token", well=False, text=_words(as_port_error(error))), None, frozenset()
    said = answer.data if isinstance(answer.data, dict) else {}
    installation = Installation.of(said)
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    scopes = frozenset(filter(None, (one.strip() for one in headers.get("x-oauth-scopes", "").split(","))))
    if not installation.bot:
        text = f"that is a user’s token, not the bot’s. {_WHERE} OAuth & Permissions → Bot User OAuth Token."
        return Finding(name="bot token", well=False, text=text), None, scopes
    where = "the whole organisation of " if installation.org else ""
    text = f"@{installation.name} in {where}{installation.team_name} ({installation.workspace})"
    return Finding(name="bot token", well=True, text=text), installation, scopes


def _scopes(scopes: frozenset[str]) -> Finding:
    missing = [scope for scope in SCOPES if scope not in scopes]
    if not scopes:
        return Finding(name="scopes", well=None, text="Slack did not say which the token has")
    if not missing:
        return Finding(name="scopes", well=True, text=f"all {len(SCOPES)} are there")
    lines = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    text = f"missing: {lines}. {_WHERE} OAuth & Permissions → Scopes, add them, then install the app again (Reinstall)."
    return Finding(name="scopes", well=False, text=text)


def _door(settings: Settings, installation: Installation) -> Finding:
    door = Door.of(installation, settings.slack_allowed_teams)
    ours = {installation.team, installation.enterprise} & door.allowed
    text = ", ".join(sorted(door.allowed))
    if not ours:
        text = f"SLACK_ALLOWED_TEAMS names {text} and not {installation.team}, which the token is for: add or unset it."
    return Finding(name="teams", well=bool(ours), text=text)


async def _way_in(settings: Settings, client: AsyncWebClient) -> Finding:
    secret = settings.slack_app_token
    if secret is None and settings.slack_signing_secret is not None:
        return _over_http(settings)
    fault = app_token_fault(settings)
    if secret is None or fault:
        text = f"{fault} {_WHERE} Basic Information → App-Level Tokens."
        return Finding(name="Socket Mode", well=False, text=text)
    token = secret.get_secret_value().strip()
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        text = (
            f"Slack refuses SLACK_APP_TOKEN ({error_code(error)}). {_WHERE} Basic Information → App-Level "
            "Tokens, with the scope connections:write; and Socket Mode → Enable Socket Mode."
        )
        return Finding(name="Socket Mode", well=False, text=text)
    except Exception as error:  # noqa: BLE001 - a check reports whatever is wrong
        return Finding(name="Socket Mode", well=False, text=_words(as_port_error(error)))
    return Finding(name="Socket Mode", well=True, text="Slack lets us in")


def _over_http(settings: Settings) -> Finding:
    if settings.web_url is None:
        text = "HIDDEN_HILL_WEB_URL is not set: Slack needs a public https address of `hidden-hill web`."
        return Finding(name="HTTP mode", well=False, text=text)
    if not settings.web_url.startswith("https://"):
        text = (
            "HIDDEN_HILL_WEB_URL must begin with https://, or Slack posts nothing: put a proxy with a certificate "
            "before `hidden-hill web` (docs/deploy.md says how)."
        )
        return Finding(name="HTTP mode", well=False, text=text)
    text = f"Slack is to post to {settings.web_url.rstrip('/')}{PATH}"
    return Finding(name="HTTP mode", well=True, text=text)


def _why(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        code = error_code(error)
        return (
            f"Slack refuses SLACK_BOT_TOKEN ({code}). {_WHERE} OAuth & Permissions: reinstall, and copy it."
        )
    return _words(as_port_error(error))


def _words(error: PortError) -> str:
    return " ".join(filter(None, (error.sentence, "Is SLACK_API_URL right, and the network?")))
