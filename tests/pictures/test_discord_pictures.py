"""Every state can be drawn as Discord shows it, and what is drawn keeps to Discord's limits."""

from __future__ import annotations

import re

import pytest
from simcord.components import validate_components, validate_modal

from bots.discord.components import COMPONENTS_V2, drawn
from tests.bots.discord.limits import (
    controls,
    every,
    held_to_the_limits,
    held_to_the_limits_of_a_modal,
    mentions,
    texts,
)
from tests.fakes.discord.components import check, check_modal
from tests.fakes.discord.errors import Form
from tests.fakes.discord.table import complaints, routes
from tests.pictures.discord_markdown import parse, seen
from tests.pictures.discord_page import LOOKS, PEOPLE, at_discord, page
from tests.pictures.discord_states import discord_states, modals
from tests.pictures.test_pictures import TOLD

_WRITTEN = (
    "POST /channels/{channel_id}/messages",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "POST /webhooks/{webhook_id}/{webhook_token}",
)
_ANSWERED = "POST /interactions/{interaction_id}/{interaction_token}/callback"
_STATES = discord_states()
_MODALS = modals()


@pytest.mark.parametrize("name", list(_STATES))
def test_each_state_keeps_to_the_limits_and_mentions_only_whom_it_tells(name: str) -> None:
    for shown in _STATES[name]:
        message = drawn(at_discord(shown.card))

        held_to_the_limits(message.components)
        validate_components(message.components, flags=COMPONENTS_V2)
        told = [PEOPLE["U0ADA"]] if name in TOLD else []
        assert mentions(message.components) == told
        assert list(message.people) == told


@pytest.mark.parametrize("name", list(_STATES))
def test_each_state_is_what_the_contract_says_of_a_message(name: str) -> None:
    """The table is made from Discord's own description; the fake knows what only its documentation says."""
    for shown in _STATES[name]:
        message = drawn(at_discord(shown.card)).message
        form = Form()
        check(form, message["components"], v2=True)

        assert form.errors == {}
        for route in _WRITTEN:
            assert list(complaints(message, routes()[route]["body"], route)) == []


@pytest.mark.parametrize("name", list(_MODALS))
def test_each_form_is_what_the_contract_says_of_one(name: str) -> None:
    form = Form()
    check_modal(form, _MODALS[name])

    assert form.errors == {}
    assert list(complaints({"type": 9, "data": _MODALS[name]}, routes()[_ANSWERED]["body"], name)) == []


@pytest.mark.parametrize("name", list(_STATES))
def test_whoever_hears_the_page_hears_what_each_control_and_picture_is(name: str) -> None:
    """No button has a sign alone as its words, no picture is without a description."""
    for shown in _STATES[name]:
        components = drawn(at_discord(shown.card)).components

        for one in controls(components):
            words = one["label"] if one["type"] == 2 else one["placeholder"]
            assert name.startswith("nasty") or re.search(r"\w{2}", words), words
        assert all(item["description"] for one in every(components) for item in one.get("items", ()))


@pytest.mark.parametrize("name", list(_STATES))
def test_nothing_of_a_state_is_left_out(name: str) -> None:
    if name.startswith("nasty-long"):
        pytest.skip("more than any message holds")
    for shown in _STATES[name]:
        said = "\n".join(seen(parse(text)) for text in texts(drawn(at_discord(shown.card)).components))

        assert "\n…\n" not in f"\n{said}\n"


@pytest.mark.parametrize("name", list(_MODALS))
def test_each_form_keeps_to_the_limits(name: str) -> None:
    held_to_the_limits_of_a_modal(_MODALS[name])
    validate_modal(_MODALS[name])


def test_a_page_shows_a_nasty_title_as_it_is() -> None:
    html = page("nasty", _STATES["nasty"])

    words = "&lt;!channel&gt; *pwn* &lt;http://evil|x&gt; &amp; ~_`all`_~ of us :tada:"
    assert html.count(words) == len(LOOKS)
