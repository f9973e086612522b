"""Cards as Discord's components: within its limits, and literally what they say."""

from __future__ import annotations

import re

import discord
import pytest
from simcord.components import validate_components

from bots.cards.card import (
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Divider,
    Entry,
    Facts,
    Heading,
    Option,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Small,
    Span,
    Title,
    bold,
    code,
    italic,
    link,
    moment,
    muted,
    person,
    plain,
    struck,
)
from bots.cards.literal import clean
from bots.discord.components import COMPONENTS_V2, count, drawn
from bots.discord.pressed import Press, pressed
from tests.bots.discord.limits import (
    addresses,
    controls,
    every,
    held_to_the_limits,
    mentions,
    nodes,
    texts,
    utf16,
)
from tests.bots.discord.nasty import NASTY, by_chance, everywhere
from tests.pictures.discord_markdown import parse, seen

ADA, CHANNEL = "260093512345678901", "260093512345678903"


def shown(card: Card) -> str:
    """All words of the card as a reader sees them, a component a line."""
    return "\n".join(seen(parse(text)) for text in texts(drawn(card).components))


@pytest.mark.parametrize("words", [*NASTY, *map(by_chance, range(60))])
def test_whatever_stands_in_a_card_discord_takes_it_and_it_does_nothing(words: str) -> None:
    components = drawn(everywhere(words)).components

    held_to_the_limits(components)
    assert mentions(components) == []
    assert addresses(components) <= {"https://example.org/paper", "https://example.org/a.png"}
    assert {node.kind for node in nodes(components)} <= _OURS
    assert not any("\u202e" in text for text in texts(components))
    buttons = [one["custom_id"] for one in controls(components) if one["type"] == 2]
    assert [re.split(r"[|#]", name)[0] for name in buttons][-1] == "?go"
    if "\ud83d" not in words:
        validate_components(components, flags=COMPONENTS_V2)


_OURS = {"text", "heading", "small", "quote", "pre", "code", "bold", "italic", "strike", "link"}


@pytest.mark.parametrize(
    "words", [*(one for one in NASTY if len(one) < 600), *map(by_chance, range(300, 330))]
)
@pytest.mark.parametrize("style", ["plain", "bold", "italic", "strike", "muted", "link"])
def test_words_are_shown_as_they_are(words: str, style: str) -> None:
    if len(words) > 1_200 or not clean(words).strip():
        return
    span = Span.model_validate({"text": words, "style": style, "target": "https://example.org/paper"})
    said = clean(words)
    lines = [line.strip() for line in said.split("\n") if line.strip()]

    def reads(card: Card) -> list[str]:
        return [line.strip().removesuffix(" ↗") for line in shown(card).split("\n") if line.strip(" ↗")]

    for before in ("", "x", "x "):
        head = (plain(before),) if before else ()
        whole = [line for line in (before + said).split("\n") if line.strip()]
        assert reads(Card(text="x", blocks=(Paragraph(spans=(*head, span)),))) == [
            one.strip() for one in whole
        ]
    assert reads(Card(text="x", blocks=(Small(spans=(span,)),))) == lines
    assert reads(Card(text="x", blocks=(Quote(spans=(span,)),))) == lines
    assert reads(Card(text="x", blocks=(Facts(pairs=(("a", (span,)),)),)))[-1].endswith(lines[-1])
    one_line = " ".join(said.split())
    if utf16(one_line) <= 400:
        assert reads(Card(text="x", blocks=(Title(text=words, url="https://example.org"),))) == [one_line]
    if utf16(one_line) <= 110:
        assert reads(Card(text="x", blocks=(Entry(text=words, url="https://example.org"),))) == [one_line]
    if utf16(one_line) <= 150:
        assert reads(Card(text="x", blocks=(Heading(text=words),))) == [one_line]


@pytest.mark.parametrize(
    "words", ["a ``` b", "``````", "```\n@everyone", "`", "x```", "<@260093512345678901>"]
)
def test_preformatted_text_is_one_block_of_code(words: str) -> None:
    [text] = texts(drawn(Card(text="x", blocks=(Preformatted(text=words),))).components)

    [node] = parse(text)

    assert node.kind == "pre"
    assert node.text.replace("\u200b", "") == words


def test_styles_that_touch_stay_apart() -> None:
    spans = (bold("a"), italic("b"), bold("c"), bold("d"), struck("e"), plain("*"), code("f"), bold(" g "))

    [text] = texts(drawn(Card(text="x", blocks=(Paragraph(spans=spans),))).components)

    kinds = [(node.kind, seen((node,))) for node in parse(text) if seen((node,)).strip()]
    expected = [("bold", "a"), ("italic", "b"), ("bold", "cd"), ("strike", "e"), ("text", "*"), ("code", "f")]
    assert kinds == [*expected, ("bold", "g")]


def test_a_style_over_several_lines_holds_on_each() -> None:
    [text] = texts(drawn(Card(text="x", blocks=(Quote(spans=(italic("one\n two"),)),))).components)

    assert text == "> *one*\n> *two*"


def test_a_number_and_a_full_stop_of_two_spans_are_no_list() -> None:
    card = Card(
        text="x", blocks=(Paragraph(spans=(plain("1"), muted(". one"), plain("\n-"), plain(" two"))),)
    )

    assert [node.kind for node in nodes(drawn(card).components)] == ["text"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x", "http://", "https:///x", "", "<http://evil>", "http://[::1"]
)
def test_an_address_that_no_browser_should_open_is_plain_words(url: str) -> None:
    card = Card(
        text="x",
        blocks=(
            Title(text="title", url=url),
            Paragraph(spans=(link("word", url),)),
            Entry(text="name", url=url),
            Buttons(buttons=(Button(label="Go", deed="watch", url=url), Button(label="No", deed="no"))),
            Picture(url=url, alt="nothing"),
        ),
    )

    components = drawn(card).components

    held_to_the_limits(components)
    assert addresses(components) <= {"http://%5B::1"}
    assert [one["label"] for one in controls(components)] == ["No"]


def test_an_address_that_no_button_can_have_is_a_link_in_words() -> None:
    here, long = "http://localhost:8080/v/1", "https://example.org/" + "x" * 600
    row = Buttons(
        buttons=(Button(label="Watch", deed="watch", url=here), Button(label="See", deed="w", url=long))
    )

    components = drawn(Card(text="x", blocks=(row,))).components

    held_to_the_limits(components)
    assert addresses(components) == {here, long}
    assert shown(Card(text="x", blocks=(row,))) == "Watch\nSee"


def test_a_link_leads_there_whatever_stands_in_its_address() -> None:
    card = Card(text="x", blocks=(Paragraph(spans=(link("a*b", "https://x.org/a_(b)*c.?d=[e]&f=g h."),)),))

    assert addresses(drawn(card).components) == {"https://x.org/a_%28b%29%2Ac.?d=%5Be%5D&f=g%20h%2E"}
    assert shown(card) == "a*b"


def test_people_are_mentioned_and_nobody_else() -> None:
    spans = (person(ADA, "Ada"), plain(" and "), person("@everyone", "all"), person("U0ADA", "Ben"))
    card = Card(text="x", blocks=(Paragraph(spans=spans), Small(spans=spans)))

    message = drawn(card)

    assert mentions(message.components) == [ADA, ADA]
    assert message.people == (ADA,)
    assert message.message["allowed_mentions"] == {"parse": [], "users": [ADA], "replied_user": False}
    assert shown(card).splitlines()[0] == f"⟨person {ADA}⟩ and allBen"


def test_moments_are_told_in_the_readers_time() -> None:
    at = 1_795_255_920.0
    spans = (moment(at), plain(" "), moment(at, "day"), plain(" "), moment(at, "both"))

    assert texts(drawn(Card(text="x", blocks=(Paragraph(spans=spans),))).components) == [
        "<t:1795255920:t> <t:1795255920:D> <t:1795255920:f>"
    ]
    nothing = Span(text="then", style="moment", target="soon")
    assert shown(Card(text="x", blocks=(Paragraph(spans=(nothing,)),))) == "then"


def test_more_text_than_discord_takes_ends_with_dots_and_keeps_its_buttons() -> None:
    many = tuple(Paragraph(spans=(plain(f"{n} " + "*" * 900),)) for n in range(9))
    card = Card(text="x", blocks=(*many, Buttons(buttons=(Button(label="Go", deed="go"),))))

    components = drawn(card).components

    held_to_the_limits(components)
    assert shown(card).startswith("0 ***")
    assert "…" in shown(card)
    assert [one["label"] for one in controls(components)] == ["Go"]


def test_a_list_keeps_every_name_where_the_words_are_too_many() -> None:
    go = (Button(label="Go", deed="go", value="k3mfq7xz"),)
    card = Card(
        text="x",
        blocks=tuple(Entry(text=f"{n} " + "#*_" * 60, about="about " * 20, buttons=go) for n in range(12)),
    )

    components = drawn(card).components

    held_to_the_limits(components)
    assert [int(text.split()[0].strip("*")) for text in texts(components)] == list(range(12))


def test_a_list_that_is_too_long_loses_buttons_from_its_end_and_no_line() -> None:
    go = (Button(label="Go", deed="go"),)
    two = (*go, Button(label="Stop", deed="stop"))
    entries = tuple(Entry(text=f"video {n}", buttons=two if n % 3 else go) for n in range(20))
    turn = Buttons(buttons=(Button(label="Older", deed="list", value="20"),))
    card = Card(text="x", blocks=(*entries, turn))

    components = drawn(card).components

    held_to_the_limits(components)
    said = shown(card)
    assert all(f"video {n}" in said for n in range(20))
    assert controls(components)[-1]["label"] == "Older"
    assert len(controls(components)) > 8


def test_a_few_buttons_of_one_thing_stand_side_by_side_while_there_is_room() -> None:
    two = (Button(label="Retry", deed="retry", value="1"), Button(label="Delete", deed="delete?", value="1"))
    four = (*two, Button(label="Keep", deed="keep", value="1"), Button(label="Redo", deed="redo", value="1"))
    few = tuple(Entry(text=f"video {n}", buttons=two) for n in range(4))
    many = tuple(Entry(text=f"video {n}", buttons=two) for n in range(11))

    side_by_side = controls(drawn(Card(text="x", blocks=few)).components)
    menus = controls(drawn(Card(text="x", blocks=many)).components)
    [menu] = controls(drawn(Card(text="x", blocks=(Entry(text="x", buttons=four),))).components)

    assert [one["label"] for one in side_by_side] == ["Retry", "Delete"] * 4
    assert [one["placeholder"] for one in menus] == ["Retry, Delete …"] * 11
    assert len(menu["options"]) == 4


def test_space_between_words_goes_before_a_button_does() -> None:
    go = (Button(label="Go", deed="go"),)
    words = tuple(Paragraph(spans=(plain(f"line {n}"),)) for n in range(20))
    card = Card(text="x", blocks=(*words, *(Entry(text=f"video {n}", buttons=go) for n in range(10))))

    components = drawn(card).components

    held_to_the_limits(components)
    assert len(controls(components)) == 10
    assert shown(card).startswith("line 0\nline 1\n")


def test_a_channel_of_a_list_is_named_by_discord() -> None:
    stop = (Button(label="Ask first", deed="home-auto-off", value=CHANNEL),)
    here = Entry(text=f"#{CHANNEL}", channel=CHANNEL, buttons=stop)
    there = Entry(text="#C0PAPERS", channel="C0PAPERS", buttons=stop)

    [ours, other] = texts(drawn(Card(text="x", blocks=(here, there))).components)

    assert [node.kind for node in parse(ours)] == ["channel"]
    assert seen(parse(other)) == "#C0PAPERS"


def test_channels_of_a_list_that_is_long_share_a_select() -> None:
    def here(number: int) -> Entry:
        stop = Button(label="Ask first", deed="home-auto-off", value=f"{CHANNEL[:-1]}{number}")
        return Entry(text=stop.value, channel=stop.value, buttons=(stop,))

    rows = tuple(Buttons(buttons=(Button(label=f"Go {n}", deed="go", value=str(n)),)) for n in range(14))
    card = Card(text="x", blocks=(*rows, *map(here, range(1, 6))))

    components = drawn(card).components

    held_to_the_limits(components)
    validate_components(components, flags=COMPONENTS_V2)
    assert len([node for node in nodes(components) if node.kind == "channel"]) == 5
    select = controls(components)[-1]
    assert (select["type"], select["placeholder"]) == (8, "Ask first in …")
    data = {"custom_id": select["custom_id"], "component_type": 8, "values": [CHANNEL]}
    assert pressed(data, lambda _: None) == Press("home-auto-off", CHANNEL)


def test_small_words_stand_close_to_what_they_are_about() -> None:
    small, long = Small(spans=(plain("small"),)), Small(spans=(plain("many words " * 6),))
    words = Paragraph(spans=(plain("words"),))

    def parts(*blocks: Block) -> list[str]:
        said = texts(drawn(Card(text="x", blocks=blocks)).components)
        return [" ".join(seen(parse(text)).split()) for text in said]

    assert parts(words, small, small) == ["words small small"]
    assert parts(words, long, long)[0].startswith("words many words")
    assert len(parts(words, long, long)) == 2
    assert parts(words, small, Preformatted(text="to copy")) == ["words", "small to copy"]


def test_more_components_than_discord_takes_keep_what_is_pressed() -> None:
    some = [block for n in range(30) for block in (Paragraph(spans=(plain(f"line {n}"),)), Divider())]
    rows = tuple(Buttons(buttons=(Button(label=f"Go {n}", deed="go", value=str(n)),)) for n in range(3))
    card = Card(text="x", blocks=(*some, *rows))

    components = drawn(card).components

    held_to_the_limits(components)
    assert count(components) <= 40
    assert [one["label"] for one in controls(components)] == ["Go 0", "Go 1", "Go 2"]
    assert shown(card).startswith("line 0\nline 1")
    only_rows = drawn(Card(text="x", blocks=rows * 12)).components
    held_to_the_limits(only_rows)
    assert controls(only_rows)[0]["label"] == "Go 0"
    assert controls(only_rows)[-1]["label"] == "Go 2"


def test_a_choice_of_many_is_several_selects() -> None:
    options = tuple(Option(label=f"Person {n}", value=f"u={n}") for n in range(60))
    whose = Choice(deed="home-filter", label="Whose", options=options, chosen="u=30", context="q=a")

    selects = controls(drawn(Card(text="x", blocks=(whose,))).components)

    held_to_the_limits(drawn(Card(text="x", blocks=(whose,))).components)
    assert [len(one["options"]) for one in selects] == [25, 25, 10]
    assert selects[0]["placeholder"] == "Whose (2 of 3)"
    assert [option["value"] for option in selects[0]["options"] if option.get("default")] == ["u=30"]
    crowd = (Paragraph(spans=(plain("words"),)), Divider()) * 17
    [alone] = controls(drawn(Card(text="x", blocks=(whose, *crowd))).components)
    assert alone["placeholder"] == "Whose (2 of 3)"


def test_what_has_a_tone_or_buttons_stands_on_a_panel_and_mere_words_stand_bare() -> None:
    words = Paragraph(spans=(plain("words"),))
    go = Buttons(buttons=(Button(label="Go", deed="go"),))

    bare = drawn(Card(text="x", blocks=(words,))).components
    [panel] = drawn(Card(text="x", blocks=(words, go))).components
    [good] = drawn(Card(text="x", blocks=(words,), tone="good")).components

    assert [one["type"] for one in bare] == [10]
    assert panel["type"] == 17
    assert "accent_color" not in panel
    assert good["accent_color"] == 0x3BA55D


def test_a_card_of_words_alone_shows_its_text() -> None:
    assert shown(Card(text="hello *you*")) == "hello *you*"
    assert texts(drawn(Card(text="")).components) == ["–"]


def test_discord_py_reads_what_is_drawn() -> None:
    components = drawn(everywhere("a *paper*")).components

    view = discord.ui.LayoutView(timeout=None)
    for one in components:
        read = discord.components._component_factory(one)  # type: ignore[arg-type]
        view.add_item(discord.ui.view._component_to_item(read))  # type: ignore[arg-type]

    assert view.total_children_count == count(components)
    assert {item.custom_id for item in view.walk_children() if hasattr(item, "custom_id")} == {
        one["custom_id"] for one in every(components) if "custom_id" in one
    }


def test_no_option_is_too_long_to_mean_what_it_means() -> None:
    choice = Choice(deed="x", label="x", options=(Option(label="x", value="x" * 101),))
    with pytest.raises(ValueError, match="101 characters"):
        drawn(Card(text="x", blocks=(choice,)))
    with pytest.raises(ValueError, match="no name of a deed"):
        drawn(Card(text="x", blocks=(Buttons(buttons=(Button(label="x", deed="No|deed"),)),)))
