"""Every state can be drawn as Discord shows it, and what is drawn keeps to Discord's limits."""

from __future__ import annotations

import pytest
from simcord.components import validate_components, validate_modal

from bots.discord.components import COMPONENTS_V2, drawn
from tests.bots.discord.limits import held_to_the_limits, held_to_the_limits_of_a_modal, mentions, texts
from tests.pictures.discord_markdown import parse, seen
from tests.pictures.discord_page import PEOPLE, at_discord, page
from tests.pictures.discord_states import discord_states, modals
from tests.pictures.states import states
from tests.pictures.test_pictures import TOLD

_STATES = states() | discord_states()
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
def test_nothing_of_a_state_is_left_out(name: str) -> None:
    for shown in _STATES[name]:
        said = "\n".join(seen(parse(text)) for text in texts(drawn(at_discord(shown.card)).components))

        assert "\n…\n" not in f"\n{said}\n"


@pytest.mark.parametrize("name", list(_MODALS))
def test_each_form_keeps_to_the_limits(name: str) -> None:
    held_to_the_limits_of_a_modal(_MODALS[name])
    validate_modal(_MODALS[name])


def test_a_page_shows_a_nasty_title_as_it_is() -> None:
    html = page("nasty", _STATES["nasty"])

    assert html.count("&lt;!channel&gt; *pwn* &lt;http://evil|x&gt; &amp; ~_`all`_~ of us :tada:") == 2
