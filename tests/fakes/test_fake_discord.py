"""The fake Discord, driven by the real discord.py: commands, presses, forms, and what they carry."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.discord_client import bot_of, with_bot

ADA, BOB, LAB = "2000000000000000001", "2000000000000000002", "3000000000000000001"


class Deeds(discord.ui.View):
    """Buttons that live as long as the bot: their custom ids tell what they are of."""

    def __init__(self, pressed: list[str]) -> None:
        super().__init__(timeout=None)
        self.pressed = pressed

    @discord.ui.button(label="Cancel", custom_id="hill:cancel:7", style=discord.ButtonStyle.danger)
    async def cancel(self, interaction: discord.Interaction, _: discord.ui.Button[Deeds]) -> None:
        self.pressed.append(str(interaction.user.id))
        await interaction.response.edit_message(content="Cancelled.", view=None)

    @discord.ui.select(
        custom_id="hill:more:7",
        options=[discord.SelectOption(label="Redo", value="redo")],
        placeholder="More",
    )
    async def more(self, interaction: discord.Interaction, select: discord.ui.Select[Deeds]) -> None:
        self.pressed.append(select.values[0])
        await interaction.response.defer()


class Words(discord.ui.Modal, title="Edit the script"):
    """One field of the old kind and one with a label."""

    scene: discord.ui.TextInput[Words] = discord.ui.TextInput(
        label="Scene 1", custom_id="scene-1", default="Old"
    )
    file: discord.ui.Label[Words] = discord.ui.Label(
        text="A PDF", component=discord.ui.FileUpload(custom_id="pdf", required=False)
    )

    def __init__(self, heard: list[Any]) -> None:
        super().__init__()
        self.heard = heard

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.file.component, discord.ui.FileUpload)
        self.heard.append((self.scene.value, [one.filename for one in self.file.component.values]))
        await interaction.response.send_message("Saved.", ephemeral=True)


def test_a_command_is_deferred_and_followed_up(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

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


def test_options_groups_files_and_autocomplete(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    group = app_commands.Group(name="paper", description="Videos of papers")
    heard: list[Any] = []

    async def offered(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} of hills", value="32296183")]

    @group.command(description="Make a video")
    @app_commands.autocomplete(source=offered)
    @app_commands.choices(audience=[app_commands.Choice(name="Everybody", value="all")])
    async def make(
        interaction: discord.Interaction,
        source: str = "",
        file: discord.Attachment | None = None,
        seconds: app_commands.Range[int, 30, 90] = 60,
        audience: str = "",
    ) -> None:
        content = await file.read() if file else b""
        heard.append((source, content, seconds, audience))
        await interaction.response.send_message("Looking…", ephemeral=True)

    bot.tree.add_command(group)

    def hand() -> None:
        assert fake.autocomplete(ADA, LAB, "paper make", "source", source="Captions").choices == [
            {"name": "Captions of hills", "value": "32296183"}
        ]
        pdf = fake.add_file(ADA, "my paper.pdf", b"%PDF-1.7")
        fake.command(ADA, LAB, "paper make", file=pdf, seconds=30, audience="Everybody")
        with pytest.raises(AssertionError, match="30 to 90"):
            fake.command(ADA, LAB, "paper make", seconds=10)
        with pytest.raises(AssertionError, match="nothing is registered"):
            fake.command(ADA, LAB, "video")

    with_bot(fake, bot, hand)
    assert heard == [("", b"%PDF-1.7", 30, "all")]
    assert [one.text for one in fake.ephemerals(ADA)] == ["Looking…"]
    assert fake.ephemerals(BOB) == fake.messages(LAB) == []
    assert fake.commands()[0]["options"][0]["options"][0]["autocomplete"] is True


def test_commands_of_a_guild_and_those_that_few_may_use(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    @bot.tree.command(description="For admins", guild=discord.Object(GUILD))
    @app_commands.default_permissions(manage_guild=True)
    async def admin(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.permissions.manage_guild))

    def hand() -> None:
        bot.loop.call_soon_threadsafe(bot.loop.create_task, bot.tree.sync(guild=discord.Object(GUILD)))
        fake.wait_for(lambda: fake.commands(GUILD))
        fake.command(ADA, LAB, "admin")
        with pytest.raises(AssertionError, match="does not see"):
            fake.command(BOB, LAB, "admin")

    with_bot(fake, bot, hand)
    assert [one.text for one in fake.of_app(LAB)] == ["True"]


def test_buttons_and_menus_of_a_bot_that_was_started_anew(fake_discord: FakeDiscord) -> None:
    fake, pressed = fake_discord, list[str]()
    first, second = bot_of(), bot_of()

    @first.event
    async def on_message(message: discord.Message) -> None:
        if message.author != first.user:
            embed = discord.Embed(title="Captions", description="on time").add_field(name="Cost", value="0 $")
            await message.channel.send("A job", embed=embed, view=Deeds(pressed))

    def ask() -> None:
        fake.say(ADA, LAB, "please")
        fake.wait_for(lambda: fake.of_app(LAB))

    with_bot(fake, first, ask)
    (said,) = fake.of_app(LAB)
    assert said.shown.split("\n") == ["A job", "Captions", "on time", "Cost", "0 $", "Cancel", "More", "Redo"]

    @second.event
    async def setup_hook() -> None:
        second.add_view(Deeds(pressed))

    def press() -> None:
        assert not fake.press(ADA, said, "more", "redo").error
        assert not fake.press(BOB, said, "cancel").error
        with pytest.raises(AssertionError, match="nothing is called"):
            fake.press(BOB, said, "cancel")

    with_bot(fake, second, press)
    assert pressed == ["redo", BOB]
    assert said.text == "Cancelled."
    assert said.edits[0]["text"] == "A job"


def test_a_form_is_filled_in(fake_discord: FakeDiscord) -> None:
    fake, bot, heard = fake_discord, bot_of(), list[Any]()

    @bot.tree.command(description="Edit")
    async def edit(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Words(heard))

    def hand() -> None:
        fake.command(ADA, LAB, "edit")
        (view,) = fake.views(ADA)
        pdf = fake.add_file(ADA, "a.pdf", b"%PDF-")
        with pytest.raises(AssertionError, match="no such fields"):
            fake.submit(ADA, view.id, {"scene-2": "New"})
        fake.submit(ADA, view.id, {"scene-1": "New words", "pdf": pdf})
        assert fake.views(ADA) == []

    with_bot(fake, bot, hand)
    assert heard == [("New words", ["a.pdf"])]
    assert [one.shown for one in fake.ephemerals(ADA)] == ["Saved."]


def test_an_entry_of_a_messages_menu(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of(content=False)

    @bot.tree.context_menu(name="Make a video")
    async def make(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Of {message.content} by {message.author.display_name}")

    def hand() -> None:
        ts = fake.say(BOB, LAB, "PMID 32296183")
        fake.shortcut(ADA, LAB, ts, "Make a video")

    with_bot(fake, bot, hand)
    assert [one.text for one in fake.of_app(LAB)] == ["Of PMID 32296183 by Bob Vale"]


def test_who_answers_late_or_twice_or_after_the_token_died_is_refused(fake_discord: FakeDiscord) -> None:
    fake, bot, codes = fake_discord, bot_of(), list[int]()
    fake.answer_within = 0.3
    kept: list[discord.Interaction] = []

    @bot.tree.command(description="Slow")
    async def slow(interaction: discord.Interaction) -> None:
        fake.wait_for(lambda: fake.sent[0].error)
        await refused(interaction.response.defer())

    @bot.tree.command(description="Twice")
    async def twice(interaction: discord.Interaction) -> None:
        kept.append(interaction)
        await interaction.response.defer(ephemeral=True)
        interaction.response._response_type = None  # as another process would do it
        await refused(interaction.response.send_message("Again"))

    @bot.tree.command(description="Afterwards")
    async def afterwards(interaction: discord.Interaction) -> None:
        fake.advance(901)
        await interaction.response.defer()
        await refused(kept[0].followup.send("Too late"))

    async def refused(work: Any) -> None:
        with pytest.raises(discord.HTTPException) as error:
            await work
        codes.append(error.value.code)

    def hand() -> None:
        assert fake.command(ADA, LAB, "slow").error == "The application did not respond"
        fake.command(ADA, LAB, "twice")
        fake.wait_for(lambda: len(codes) == 2)
        fake.command(ADA, LAB, "afterwards")
        fake.wait_for(lambda: len(codes) == 3)

    with_bot(fake, bot, hand)
    assert codes == [10062, 40060, 50027]


def test_components_of_the_second_kind_are_read_and_pressed(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    class Card(discord.ui.LayoutView):
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        box: discord.ui.Container[Any] = discord.ui.Container(
            discord.ui.Section(
                "# Captions", accessory=discord.ui.Button(label="Open", url="https://example.org")
            ),
            discord.ui.Separator(),
            discord.ui.TextDisplay("Done by <@2000000000000000001>"),
        )

        @row.button(label="Again", custom_id="again")
        async def again(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
            await interaction.response.edit_message(view=Card())

    @bot.tree.command(description="Card")
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        channel = interaction.channel
        assert isinstance(channel, discord.TextChannel)
        pings = discord.AllowedMentions(users=True)
        await channel.send(view=Card(), allowed_mentions=pings)

    def hand() -> None:
        fake.command(BOB, LAB, "card")
        (said,) = fake.wait_for(lambda: fake.of_app(LAB))
        fake.press(BOB, said, "again")
        assert said.edits

    with_bot(fake, bot, hand)
    (said,) = fake.of_app(LAB)
    assert said.shown.split("\n") == ["Again", "# Captions", "Open", f"Done by <@{ADA}>"]
    assert fake.notified(ADA) == [said]


def test_files_in_answers_to_a_command(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    def file(name: str) -> discord.File:
        return discord.File(io.BytesIO(name.encode()), name, description=f"words for {name}")

    @bot.tree.command(description="Files")
    async def files(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("First", file=file("one.srt"))
        await interaction.followup.send(files=[file("two.srt"), file("three.srt")], ephemeral=True)
        await interaction.edit_original_response(content="Changed", attachments=[file("four.srt")])

    def hand() -> None:
        fake.command(ADA, LAB, "files")
        fake.wait_for(lambda: [one.name for one in fake.files(LAB)] == ["four.srt"])
        (note,) = fake.ephemerals(ADA)
        assert [fake.state.files[name].content for name in note.files] == [b"two.srt", b"three.srt"]
        assert fake.files(LAB)[0].alt_text == "words for four.srt"

    with_bot(fake, bot, hand)
    (said,) = fake.of_app(LAB)
    assert (said.text, said.edits[0]["text"]) == ("Changed", "First")


def test_what_follows_a_private_thought_is_private(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    @bot.tree.command(description="Think")
    async def think(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.1)
        await interaction.followup.send("As private as the thought.", ephemeral=False)
        await interaction.followup.send("For all.")
        await interaction.delete_original_response()

    def hand() -> None:
        fake.command(ADA, LAB, "think")
        (thought,) = fake.ephemerals(ADA)
        assert thought.shown == "…is thinking"
        fake.wait_for(lambda: thought.deleted)
        assert thought.shown == "As private as the thought."

    with_bot(fake, bot, hand)
    assert [one.text for one in fake.of_app(LAB)] == ["For all."]
    assert fake.ephemerals(ADA) == []
