"""Cards as Slack's blocks: within its limits, and literally what they say."""

from __future__ import annotations

import re
from random import Random

import pytest

from bots.cards.card import (
    Button,
    Buttons,
    Card,
    Checks,
    Choice,
    Chosen,
    Confirm,
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
from bots.slack.blocks import blocks, home, text
from bots.slack.pressed import pressed
from tests.bots.slack.block_kit import addresses, held_to_the_rules, mentions, parsed, seen, utf16
from tests.fakes.slack.blocks import check_message

NASTY = [
    "<!channel> *pwn* <http://evil|x>",
    "<@U0ADA> <#C1|x> <!subteam^S1|all> <!everyone>",
    "& &amp; &lt;!here&gt; < > <",
    "*bold* _slanted_ ~gone~ `code` ```block```",
    "> quoted\n>>> all\n• list\n1. one",
    "\u202eevil\u202c \u200f\u2067x\u2069 \u200eok",
    "https://evil.example/ www.evil.example evil@example.org @channel #general",
    ":tada: :skin-tone-2: <:x:>",
    "a\r\nb\u2028c\x00d\x1be\ud83df",
    "👩‍🔬" * 800,
    "x" * 10_000,
    "&" * 10_000,
    "`*_~" * 2_500,
    "word " * 2_000,
    "",
    " \n\t ",
    "|}{^\\\"'",
]
_PARTS = [
    "<!channel>",
    "*",
    "_",
    "~",
    "`",
    "&",
    "<",
    ">",
    "|",
    "\n",
    "\u202e",
    "🔁",
    ":x:",
    "é",
    " ",
    "a word",
    "@here",
    "U1",
]


def everywhere(words: str) -> Card:
    """A card that holds `words` wherever a card can hold words."""
    ask = Confirm(title=words, text=words, yes=words, no=words)
    return Card(
        text=words,
        blocks=(
            Heading(text=words),
            Title(text=words, url="https://example.org/paper"),
            Paragraph(
                spans=(plain(words), bold(words), italic(words), code(words), struck(words), muted(words))
            ),
            Quote(spans=(plain(words),)),
            Preformatted(text=words),
            Small(spans=(plain(words),)),
            Small(spans=(plain(words), bold(words), code(words), link(words, "https://example.org/paper"))),
            Facts(pairs=((words, (plain(words),)), ("b", (bold(words),)))),
            Entry(text=words, about=words, url="https://example.org/paper"),
            Entry(text=words, buttons=(Button(label=words, deed="delete", value="k3mfq7xz", confirm=ask),)),
            Entry(
                text=words,
                buttons=(
                    Button(label=words, deed="retry", value="1"),
                    Button(label=words, deed="delete?", value="1"),
                ),
            ),
            Picture(url="https://example.org/a.png", alt=words),
            Divider(),
            Choice(
                deed="pick",
                label=words,
                options=(Option(label=words, value="1", about=words), Option(label=words, value="2")),
                chosen="2",
                context=words[:150],
            ),
            Checks(deed="tick", options=(Option(label=words, value="1", about=words),)),
            Buttons(
                buttons=(Button(label=words, deed="go", value=words[:900], confirm=ask, style="danger"),)
            ),
        ),
    )


def by_chance(seed: int) -> str:
    chance = Random(seed)
    return "".join(chance.choice(_PARTS) for _ in range(chance.choice([3, 30, 400, 4_000])))


@pytest.mark.parametrize("words", [*NASTY, *map(by_chance, range(40))])
def test_whatever_stands_in_a_card_slack_takes_it_and_it_does_nothing(words: str) -> None:
    if "\ud83d" in words:
        card = Card(text=words, blocks=(Title(text=words), Small(spans=(bold(words),)), Entry(text=words)))
    else:
        card = everywhere(words)

    drawn = blocks(card)

    held_to_the_rules(drawn)
    check_message(drawn)
    assert mentions(drawn) == []
    assert addresses(drawn) <= {"https://example.org/paper"}
    for said in parsed(drawn):
        ours = re.sub(r"<https://example\.org/paper\|[^<>|]*>", "", said)
        assert not re.search(r"[<>]", ours)
        assert not re.search(r"&(?!amp;|lt;|gt;)", ours)
        assert "\u202e" not in said
    shown = text(card)
    assert 1 <= utf16(shown) <= 1000
    assert not re.search(r"[<>*_~`\n]|&(?!amp;|lt;|gt;)", shown)


@pytest.mark.parametrize("words", [words for words in NASTY if len(words) < 2_000 and words.strip()])
def test_words_are_shown_as_they_are(words: str) -> None:
    said = clean(words)

    assert seen(blocks(Card(text="x", blocks=(Paragraph(spans=(plain(words),)),)))) == said
    assert seen(blocks(Card(text="x", blocks=(Quote(spans=(plain(words),)),)))) == said
    assert seen(blocks(Card(text="x", blocks=(Preformatted(text=words),)))) == said
    assert seen(blocks(Card(text="x", blocks=(Small(spans=(plain(words),)),)))) == said.strip()
    one_line = " ".join(said.split())
    assert seen(blocks(Card(text="x", blocks=(Title(text=words),)))) == one_line
    if len(one_line) <= 300:
        assert (
            seen(blocks(Card(text="x", blocks=(Entry(text=words, url="https://example.org"),)))).strip()
            == one_line
        )


def test_a_harmless_name_in_a_list_is_bold_and_leads_somewhere() -> None:
    [section] = blocks(
        Card(text="x", blocks=(Entry(text="Cats & dogs", about="done", url="https://x.org/a|b"),))
    )

    assert section["text"] == {
        "type": "mrkdwn",
        "text": "*<https://x.org/a%7Cb|Cats &amp; dogs>*\ndone",
        "verbatim": True,
    }


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x", "http://", "https:///x", "", "<http://evil>"]
)
def test_an_address_that_no_browser_should_open_is_plain_words(url: str) -> None:
    card = Card(
        text="x",
        blocks=(
            Title(text="title", url=url),
            Paragraph(spans=(link("word", url),)),
            Small(spans=(plain("a"), link("word", url))),
            Entry(text="name", url=url),
            Buttons(buttons=(Button(label="Go", deed="watch", url=url),)),
            Picture(url=url, alt="nothing"),
        ),
    )

    drawn = blocks(card)

    held_to_the_rules(drawn)
    assert addresses(drawn) == set()


def test_people_are_mentioned_and_nobody_else() -> None:
    spans = (
        person("U0ADA", "Ada"),
        plain(" and "),
        person("<!channel>", "the channel"),
        person("here", "here"),
    )

    assert mentions(blocks(Card(text="x", blocks=(Paragraph(spans=spans),)))) == ["U0ADA"]
    assert mentions(blocks(Card(text="x", blocks=(Small(spans=spans),)))) == ["U0ADA"]


def test_moments_are_told_in_the_readers_time() -> None:
    spans = (plain("by "), moment(1_795_255_920.0))

    [rich, small] = blocks(Card(text="x", blocks=(Paragraph(spans=spans), Small(spans=spans))))

    date = {"type": "date", "timestamp": 1_795_255_920, "format": "{time}", "fallback": "10:12 UTC"}
    assert rich["elements"][0]["elements"][1] == date
    assert small["elements"][0]["text"] == "by <!date^1795255920^{time}|10:12 UTC>"


def test_a_moment_that_is_none_is_words() -> None:
    spans = (Span(text="then", style="moment", target="soon"),)

    assert seen(blocks(Card(text="x", blocks=(Paragraph(spans=spans),)))) == "then"


def test_a_small_line_of_many_pieces_keeps_to_ten_elements() -> None:
    spans = tuple(span for n in range(20) for span in (plain(f"*{n}*"), code(f"say {n}")))

    [block] = blocks(Card(text="x", blocks=(Small(spans=spans),)))

    assert len(block["elements"]) <= 10
    assert "*19*say 19" in seen([block])


def test_long_text_is_split_and_nothing_is_lost() -> None:
    words = " ".join(f"word{n}" for n in range(1_000))

    drawn = blocks(Card(text="x", blocks=(Paragraph(spans=(plain(words),)),)))

    held_to_the_rules(drawn)
    assert len(drawn) == 3
    assert "".join(seen([block]) for block in drawn) == words
    assert all(
        not seen([block])[-1].isdigit() or seen([block]).split()[-1] in words.split() for block in drawn
    )


def test_more_text_than_slack_takes_ends_with_dots_and_keeps_its_buttons() -> None:
    many = tuple(Paragraph(spans=(plain(f"{n} " + "x" * 2_900),)) for n in range(9))
    go = Buttons(buttons=(Button(label="Go", deed="go"),))

    drawn = blocks(Card(text="x", blocks=(*many, go)))

    assert [block["type"] for block in drawn] == ["rich_text"] * 3 + ["context", "actions"]
    assert seen(drawn).endswith("…")


def test_more_blocks_than_slack_takes_keep_first_and_last() -> None:
    card = Card(text="x", blocks=tuple(Paragraph(spans=(plain(str(n)),)) for n in range(120)))

    message, page = blocks(card), home(card)["blocks"]

    assert (len(message), len(page)) == (50, 100)
    assert seen(message).splitlines() == [*map(str, range(47)), "…", "118", "119"]
    assert seen(page).splitlines()[-2:] == ["118", "119"]


def test_quotes_join_the_words_that_they_stand_under() -> None:
    card = Card(
        text="x",
        blocks=(
            Paragraph(spans=(plain("said"),)),
            Quote(spans=(plain("one"),)),
            Quote(spans=(plain("two"),)),
            Paragraph(spans=(plain("said"),)),
        ),
    )

    kinds = [[part["type"] for part in block["elements"]] for block in blocks(card)]

    assert kinds == [["rich_text_section", "rich_text_quote", "rich_text_quote"], ["rich_text_section"]]


def test_a_card_of_words_alone_has_no_blocks() -> None:
    assert blocks(Card(text="hello")) == []
    assert text(Card(text="")) == "–"


def test_what_means_something_is_never_shortened() -> None:
    too_long = (
        Buttons(buttons=(Button(label="x", deed="x", value="x" * 2_001),)),
        Choice(deed="x", label="x", options=(Option(label="x", value="x" * 151),)),
        Entry(text="x", buttons=(Button(label="x", deed="x", value="x" * 150), Button(label="y", deed="y"))),
    )
    for block in too_long:
        with pytest.raises(ValueError, match=r"long|characters"):
            blocks(Card(text="x", blocks=(block,)))


def test_what_is_pressed_comes_back_as_it_was_written() -> None:
    card = Card(
        text="x",
        blocks=(
            Buttons(
                buttons=(
                    Button(label="a", deed="cancel", value="k3mfq7xz"),
                    Button(label="b", deed="cancel", value='{"name": "a&b <c>.pdf"}'),
                    Button(label="c", deed="delete?", value=""),
                )
            ),
            Entry(
                text="x",
                buttons=(
                    Button(label="r", deed="retry", value="1"),
                    Button(label="d", deed="delete?", value="2&3"),
                ),
            ),
        ),
    )
    actions, section = blocks(card)
    # Slack sends values back escaped.
    sent = [
        {**one, "value": one.get("value", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
        for one in actions["elements"]
    ]
    menu = section["accessory"]

    assert [pressed(one) for one in sent] == [
        ("cancel", "k3mfq7xz"),
        ("cancel", '{"name": "a&b <c>.pdf"}'),
        ("delete?", ""),
    ]
    assert pressed({**menu, "selected_option": menu["options"][1]}) == ("delete?", "2&3")
    assert pressed({"type": "button", "action_id": "", "value": "x"}) is None
    assert pressed({"type": "overflow", "action_id": "menu", "selected_option": {"value": "no json"}}) is None
    assert pressed({"type": "datepicker", "action_id": "when"}) is None


def test_choices_stand_side_by_side_and_come_back_with_their_context() -> None:
    options = (Option(label="Done", value="s=done"), Option(label="Failed", value="s=failed"))
    one = Choice(
        deed="home-filter", label="State", options=options, chosen="s=failed", context="q=a%26b&o=10"
    )
    other = one.model_copy(update={"label": "When", "chosen": None})
    apart = one.model_copy(update={"context": "other"})
    empty = one.model_copy(update={"options": ()})

    row, second = blocks(Card(text="x", blocks=(one, other, empty, apart)))

    assert [len(row["elements"]), len(second["elements"])] == [2, 1]
    assert row["elements"][0]["initial_option"]["value"] == "s=failed"
    assert "initial_option" not in row["elements"][1]
    action = {
        **row["elements"][1],
        "block_id": row["block_id"],
        "selected_option": row["elements"][1]["options"][0],
    }
    deed, value = pressed(action) or ("", "")
    assert deed == "home-filter"
    assert Chosen.model_validate_json(value) == Chosen(context="q=a%26b&o=10", values=("s=done",))


def test_a_button_gathers_what_is_ticked() -> None:
    options = tuple(Option(label=f"video {n}", value=f"job{n}") for n in range(13))
    card = Card(
        text="x",
        blocks=(
            Checks(deed="home-tick", options=options),
            Buttons(buttons=(Button(label="Delete", deed="home-delete", value="o=10", gathers="home-tick"),)),
        ),
    )

    first, second, actions = blocks(card)

    boxes = [first["elements"][0], second["elements"][0]]
    assert [len(box["options"]) for box in boxes] == [10, 3]
    state = {
        f"row{n}": {box["action_id"]: {"type": "checkboxes", "selected_options": box["options"][:1]}}
        for n, box in enumerate(boxes)
    }
    state["other"] = {"me-seconds": {"type": "static_select", "selected_option": {"value": "60"}}}
    deed, value = pressed(actions["elements"][0], state) or ("", "")
    assert deed == "home-delete"
    assert Chosen.model_validate_json(value) == Chosen(context="o=10", values=("job0", "job10"))
    assert pressed({**boxes[0], "selected_options": []}) == ("home-tick", Chosen().model_dump_json())
