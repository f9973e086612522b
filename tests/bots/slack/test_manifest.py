"""The manifest asks for exactly what the code uses, and docs/slack.md tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.slack import shortcuts
from bots.slack.manifest import manifest
from bots.slack.scopes import EVENTS, METHODS, SCOPES
from settings import Settings
from tests.bots.slack.labs import MANIFEST, Lab
from tests.fakes.slack.manifest import refusals

ROOT = Path(__file__).parents[3]
CODE = "\n".join(path.read_text() for path in sorted((ROOT / "bots" / "slack").glob("*.py")))
#: Scopes that are for no method and no event, but for a part of the app.
OF_PARTS = {"commands"}


def read(**given: str) -> dict[str, Any]:
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]
    said: dict[str, Any] = yaml.safe_load(manifest(settings))
    return said


def called() -> set[str]:
    """The methods of the Web API that the code calls, by the SDK's names for them."""
    by_sdk = {name.replace(".", "_"): name for name in METHODS}
    found = set(re.findall(r"\b(?:_?client|write)\.([a-z]+_[A-Za-z_]+)\b", CODE)) - {"api_call"}
    unknown = {name for name in found if name not in by_sdk and "_" in name and name.split("_")[0] in _GROUPS}
    assert not unknown, f"not in bots/slack/scopes.py: {unknown}"
    return {by_sdk[name] for name in found if name in by_sdk}


_GROUPS = {name.split(".")[0] for name in METHODS}


def test_every_method_that_is_called_is_in_the_table_and_the_other_way_round() -> None:
    assert called() == set(METHODS)


def test_the_scopes_are_those_of_the_methods_the_events_and_the_parts() -> None:
    wanted = {scope for scopes in METHODS.values() for scope in scopes} | set(EVENTS.values()) - {""}
    assert wanted | OF_PARTS == set(SCOPES)
    assert read()["oauth_config"] == {"scopes": {"bot": list(SCOPES)}}


def test_the_events_are_those_that_are_listened_to() -> None:
    heard = set(re.findall(r'app\.event\("([a-z_]+)"\)', CODE))
    assert {name.partition(".")[0] for name in EVENTS} == heard
    assert read()["settings"]["event_subscriptions"] == {"bot_events": list(EVENTS)}


def test_the_rest_is_what_the_app_answers() -> None:
    said = read()
    assert [one["callback_id"] for one in said["features"]["shortcuts"]] == [shortcuts.MAKE]
    assert [one["command"] for one in said["features"]["slash_commands"]] == ["/paper"]
    assert said["features"]["slash_commands"][0]["should_escape"] is True
    assert said["settings"]["interactivity"] == {"is_enabled": True}
    assert said["settings"]["socket_mode_enabled"] is True
    assert yaml.safe_load(MANIFEST.read_text()) == said


def test_in_http_mode_it_holds_the_addresses() -> None:
    said = read(
        slack_signing_secret="s", web_url="https://hill.example/", command="/video", slack_bot_token="xoxb-1"
    )
    url = "https://hill.example/slack/events"
    (command,) = said["features"]["slash_commands"]
    assert (command["command"], command["url"]) == ("/video", url)
    assert said["settings"]["event_subscriptions"]["request_url"] == url
    assert said["settings"]["interactivity"]["request_url"] == url
    assert said["settings"]["socket_mode_enabled"] is False
    assert said["oauth_config"] == read()["oauth_config"]


@pytest.mark.parametrize("http", [{}, {"slack_signing_secret": "s", "web_url": "https://hill.example"}])
def test_slack_takes_it(http: dict[str, str]) -> None:
    assert refusals(read(**http)) == []
    assert refusals(read(command="/" + 31 * "v", **http)) == []


def test_slack_refuses_what_is_too_long_unknown_or_missing() -> None:
    def refused(change: Callable[[dict[str, Any]], object]) -> list[str]:
        said = read()
        change(said)
        return [one.partition(":")[0] for one in refusals(said)]

    assert refused(
        lambda said: said["features"]["shortcuts"][0].update(name="Make a video of this paper")
    ) == ["features.shortcuts.name"]
    assert refused(lambda said: said["display_information"].update(description="d" * 140)) == [
        "display_information.description"
    ]
    assert refused(lambda said: said["features"]["bot_user"].update(display_name="Hidden Hill")) == [
        "features.bot_user.display_name"
    ]
    assert refused(lambda said: said["features"]["shortcuts"][0].pop("description")) == [
        "features.shortcuts.description"
    ]
    assert refused(lambda said: said["settings"].update(cats=True)) == ["settings.cats"]
    assert refused(lambda said: said["settings"].update(socket_mode_enabled=False)) == [
        "settings.event_subscriptions.request_url",
        "settings.interactivity.request_url",
        "features.slash_commands.url",
    ]


def test_the_guide_calls_the_shortcut_by_its_name() -> None:
    (shortcut,) = read()["features"]["shortcuts"]
    assert f"“{shortcut['name']}”" in (ROOT / "docs" / "slack.md").read_text()
    assert f"“{shortcut['name']}”" in SCOPES["commands"]


@pytest.mark.parametrize("scope", SCOPES)
def test_the_guide_says_what_each_scope_is_for(scope: str) -> None:
    guide = (ROOT / "docs" / "slack.md").read_text()
    assert f"| `{scope}` | {SCOPES[scope]} |" in guide


def test_the_app_needs_no_more_than_its_manifest(lab: Lab) -> None:
    """The fake refuses what the manifest doesn't ask for; every test of the app runs so."""
    assert lab.slack.workspace.scopes == set(SCOPES)
