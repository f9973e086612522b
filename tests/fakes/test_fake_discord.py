"""The fake Discord, driven by the real discord.py: commands, presses, forms, and what they carry."""

from __future__ import annotations

import discord

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_client import bot_of, with_bot

ADA, BOB, LAB = "2000000000000000001", "2000000000000000002", "3000000000000000001"


def test_a_command_is_deferred_and_followed_up(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    bot = bot_of()

    @bot.tree.command(description="Make a video")
    async def paper(interaction: discord.Interaction, source: str) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"{interaction.user.mention} {source}")

    def hand() -> None:
        sent = fake.command(ADA, LAB, "paper", source="32296183")
        assert sent.latency < 3
        fake.wait_for(lambda: [one for one in fake.of_app(LAB) if not one.loading])

    with_bot(fake, bot, hand)
    (said,) = fake.of_app(LAB)
    assert said.shown == f"<@{ADA}> 32296183"
    assert fake.notifications(ADA) == 0
