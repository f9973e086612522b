"""What the fake Discord's HTTP API takes, what it refuses and how, and who is notified."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.fakes.discord import BOT_USER, GUILD, FakeDiscord
from tests.fakes.discord_client import ask

ADA, BOB, LAB = "2000000000000000001", "2000000000000000002", "3000000000000000001"
HERE = f"/channels/{LAB}/messages"


def row(*inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inner)}


def button(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": name, "custom_id": name, **more}


def menu(options: int) -> dict[str, Any]:
    listed = [{"label": str(number), "value": str(number)} for number in range(options)]
    return {"type": 3, "custom_id": "menu", "options": listed}


def fetch(url: str) -> httpx.Response:
    return httpx.get(url, verify=False)


def code(answer: httpx.Response) -> tuple[int, int]:
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]


def ways(errors: dict[str, Any], way: str = "") -> list[str]:
    """Where a form's errors are, and what they are called: `embeds.0.title BASE_TYPE_MAX_LENGTH`."""
    found = [f"{way} {one['code']}".strip() for one in errors.get("_errors", [])]
    for name, inner in errors.items():
        if name != "_errors":
            found += ways(inner, f"{way}.{name}".strip("."))
    return found


TEXT = {"type": 10, "content": "x" * 2001}
FORMS: list[tuple[dict[str, Any], str]] = [
    ({"content": "x" * 2001}, "content BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title BASE_TYPE_MAX_LENGTH"),
    (
        {"embeds": [{"description": "x" * 4096}, {"description": "x" * 2000}]},
        "embeds MAX_EMBED_SIZE_EXCEEDED",
    ),
    ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "embeds.0.fields.0.name BASE_TYPE_REQUIRED"),
    ({"embeds": [{}] * 11}, "embeds BASE_TYPE_MAX_LENGTH"),
    ({"components": [row(button(str(n))) for n in range(6)]}, "components BASE_TYPE_MAX_LENGTH"),
    (
        {"components": [row(*(button(str(n)) for n in range(6)))]},
        "components.0.components BASE_TYPE_BAD_LENGTH",
    ),
    ({"components": [row(menu(26))]}, "components.0.components.0.options BASE_TYPE_BAD_LENGTH"),
    ({"components": [row(button("x" * 81))]}, "components.0.components.0.label BASE_TYPE_MAX_LENGTH"),
    (
        {"components": [row(button(custom_id="x" * 101))]},
        "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH",
    ),
    ({"components": [row(button(), button())]}, "components COMPONENT_CUSTOM_ID_DUPLICATED"),
    ({"components": [TEXT]}, "components.0.type UNION_TYPE_CHOICES"),
    ({"flags": 1 << 15, "components": [TEXT, TEXT]}, "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    (
        {"flags": 1 << 15, "components": [{"type": 14}] * 41},
        "components BASE_TYPE_MAX_LENGTH",
    ),
    (
        {"flags": 1 << 15, "content": "x", "components": [TEXT]},
        "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    ({"content": "x", "nonce": "x" * 26}, "nonce BASE_TYPE_MAX_LENGTH"),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": [ADA]}},
        "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference REPLIES_UNKNOWN_MESSAGE"),
]


@pytest.mark.parametrize(("body", "way"), FORMS, ids=[way for _, way in FORMS])
def test_a_message_that_is_no_good_is_refused(
    fake_discord: FakeDiscord, body: dict[str, Any], way: str
) -> None:
    answer = ask(fake_discord, f"POST {HERE}", body)
    assert code(answer) == (400, 50035)
    assert way in ways(answer.json()["errors"])
    assert fake_discord.of_app(LAB) == []


COMMANDS: list[tuple[dict[str, Any], str]] = [
    ({"name": "Paper", "description": "x"}, "0.name APPLICATION_COMMAND_INVALID_NAME"),
    ({"name": "paper", "description": ""}, "0.description BASE_TYPE_REQUIRED"),
    ({"name": "x" * 33, "description": "x"}, "0.name BASE_TYPE_BAD_LENGTH"),
    ({"name": "a", "description": "x" * 101}, "0.description BASE_TYPE_BAD_LENGTH"),
    (
        {"name": "a", "description": "x", "options": [{"type": 3, "name": "a", "description": "x"}] * 2},
        "0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE",
    ),
    (
        {
            "name": "a",
            "description": "x",
            "options": [
                {"type": 3, "name": "a", "description": "x"},
                {"type": 3, "name": "b", "description": "x", "required": True},
            ],
        },
        "0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
]


@pytest.mark.parametrize(("body", "way"), COMMANDS, ids=[way for _, way in COMMANDS])
def test_a_command_that_is_no_good_is_refused(
    fake_discord: FakeDiscord, body: dict[str, Any], way: str
) -> None:
    answer = ask(fake_discord, f"PUT /applications/{BOT_USER}/commands", [body])
    assert code(answer) == (400, 50035)
    assert way in ways(answer.json()["errors"])


def test_what_is_not_there_is_unknown(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    assert code(ask(fake, "GET /channels/1")) == (404, 10003)
    assert code(ask(fake, f"GET {HERE}/1")) == (404, 10008)
    assert code(ask(fake, "GET /guilds/1")) == (404, 10004)
    assert code(ask(fake, f"GET /guilds/{GUILD}/members/1")) == (404, 10013)
    assert code(ask(fake, "POST /interactions/1/abc/callback", {"type": 5})) == (404, 10062)
    assert code(ask(fake, f"POST /webhooks/{BOT_USER}/abc", {"content": "x"})) == (401, 50027)
    assert code(ask(fake, f"POST {HERE}", {})) == (400, 50006)
    fake.revoke()
    assert code(ask(fake, "GET /users/@me")) == (401, 0)


RIGHTS = [
    ("VIEW_CHANNEL", f"POST {HERE}", {"content": "x"}, {}, (403, 50001)),
    ("SEND_MESSAGES", f"POST {HERE}", {"content": "x"}, {}, (403, 50013)),
    ("ATTACH_FILES", f"POST {HERE}", {}, {"video": b"x"}, (403, 50013)),
    ("EMBED_LINKS", f"POST {HERE}", {"embeds": [{"title": "x"}]}, {}, (403, 50013)),
    ("ADD_REACTIONS", f"PUT {HERE}/{{ts}}/reactions/{quote('🔁')}/@me", None, {}, (403, 50013)),
    ("READ_MESSAGE_HISTORY", f"GET {HERE}/{{ts}}", None, {}, (403, 50013)),
    ("CREATE_PUBLIC_THREADS", f"POST {HERE}/{{ts}}/threads", {"name": "x"}, {}, (403, 50013)),
    ("SEND_MESSAGES_IN_THREADS", "POST /channels/{thread}/messages", {"content": "x"}, {}, (403, 50013)),
]


@pytest.mark.parametrize(
    ("right", "route", "body", "files", "refusal"), RIGHTS, ids=[one[0] for one in RIGHTS]
)
@pytest.mark.parametrize("how", ["channel", "guild"])
def test_what_the_app_may_not_do_is_refused(
    fake_discord: FakeDiscord,
    right: str,
    route: str,
    body: Any,
    files: dict[str, bytes],
    refusal: tuple[int, int],
    how: str,
) -> None:
    fake = fake_discord
    ts = fake.say(ADA, LAB, "hello")
    thread = fake.thread(ADA, LAB, fake.say(ADA, LAB, "another"))
    route = route.format(ts=ts, thread=thread)
    if how == "channel":
        fake.deny(LAB, right)
    else:
        fake.withdraw(right)
    assert code(ask(fake, route, body, **files)) == refusal
    if how == "channel":
        fake.allow(LAB, right)
    else:
        fake.grant(right)
    assert ask(fake, route, body, **files).status_code < 300


def test_messages_of_others_are_not_edited_and_hardly_deleted(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    ts = fake.say(ADA, LAB, "hello")
    assert code(ask(fake, f"PATCH {HERE}/{ts}", {"content": "x"})) == (403, 50005)
    assert code(ask(fake, f"DELETE {HERE}/{ts}")) == (403, 50013)
    fake.grant("MANAGE_MESSAGES")
    assert ask(fake, f"DELETE {HERE}/{ts}").status_code == 204
    assert code(ask(fake, f"DELETE {HERE}/{ts}")) == (404, 10008)


def test_a_guild_has_its_limit_for_files(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    assert code(ask(fake, f"POST {HERE}", {}, video=bytes(10 * 1024 * 1024 + 1))) == (413, 40005)
    fake.state.guilds[GUILD].upload_bytes = 100
    assert code(ask(fake, f"POST {HERE}", {}, video=bytes(101))) == (413, 40005)
    answer = ask(fake, f"POST {HERE}", {"content": "x"}, video=bytes(100), cover=b"jpg").json()
    assert [one["filename"] for one in answer["attachments"]] == ["video.bin", "cover.bin"]
    kept = {"attachments": [{"id": answer["attachments"][1]["id"]}]}
    answer = ask(fake, f"PATCH {HERE}/{answer['id']}", kept).json()
    assert [one["filename"] for one in answer["attachments"]] == ["cover.bin"]
    assert fetch(answer["attachments"][0]["url"]).content == b"jpg"


def test_a_thread_is_made_once_sleeps_and_wakes(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    ts = ask(fake, f"POST {HERE}", {"content": "root"}).json()["id"]
    thread = ask(fake, f"POST {HERE}/{ts}/threads", {"name": "A video"}).json()
    assert thread["id"] == ts
    assert code(ask(fake, f"POST {HERE}/{ts}/threads", {"name": "Again"})) == (400, 160004)
    place = f"/channels/{ts}/messages"
    said = ask(fake, f"POST {place}", {"content": "first"}).json()["id"]
    fake.archive(ts)
    assert code(ask(fake, f"PATCH {place}/{said}", {"content": "x"})) == (400, 50083)
    assert code(ask(fake, f"PUT {place}/{said}/reactions/{quote('🔁')}/@me")) == (400, 50083)
    assert ask(fake, f"POST {place}", {"content": "second"}).status_code == 200
    assert not fake.state.channels[ts].archived
    fake.archive(ts, locked=True)
    assert code(ask(fake, f"POST {place}", {"content": "third"})) == (403, 160005)
    assert [one.text for one in fake.of_app(LAB, ts)] == ["first", "second"]
    fake.delete_channel(ts)
    assert code(ask(fake, f"POST {place}", {"content": "x"})) == (404, 10003)


def test_old_messages_are_edited_seldom(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    ts = ask(fake, f"POST {HERE}", {"content": "0"}).json()["id"]
    assert all(ask(fake, f"PATCH {HERE}/{ts}", {"content": str(n)}).status_code == 200 for n in range(5))
    fake.advance(3601)
    fake.old_edits(2, 20)
    answers = [ask(fake, f"PATCH {HERE}/{ts}", {"content": str(n)}) for n in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == 30046
    assert 0 < answers[2].json()["retry_after"] <= 20
    fake.advance(20)
    assert ask(fake, f"PATCH {HERE}/{ts}", {"content": "x"}).status_code == 200


def test_direct_messages_reach_those_who_take_them(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    place = ask(fake, "POST /users/@me/channels", {"recipient_id": ADA}).json()["id"]
    assert place == fake.dm(ADA)
    assert ask(fake, f"POST /channels/{place}/messages", {"content": "x"}).status_code == 200
    fake.change_user(ADA, closed=True)
    assert code(ask(fake, f"POST /channels/{place}/messages", {"content": "x"})) == (403, 50007)
    fake.change_user(ADA, closed=False)
    fake.leave(ADA)
    assert code(ask(fake, f"POST /channels/{place}/messages", {"content": "x"})) == (403, 50007)
    assert fake.notifications(ADA) == 1


def test_at_whom_a_message_rings(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    text = {"content": f"<@{ADA}> <@{BOB}>"}
    first = ask(fake, f"POST {HERE}", text).json()["id"]
    ask(fake, f"POST {HERE}", text | {"allowed_mentions": {"parse": []}})
    ask(fake, f"POST {HERE}", text | {"allowed_mentions": {"parse": [], "users": [ADA]}})
    ask(fake, f"POST {HERE}", text | {"flags": 1 << 12})
    ask(fake, f"PATCH {HERE}/{first}", text)
    ask(fake, f"POST {HERE}", {"embeds": [{"description": text["content"]}]})
    assert (fake.notifications(ADA), fake.notifications(BOB)) == (2, 1)
    asked = fake.say(BOB, LAB, "please")
    reply = {"content": "yes", "message_reference": {"message_id": asked}}
    ask(fake, f"POST {HERE}", reply)
    ask(fake, f"POST {HERE}", reply | {"allowed_mentions": {"parse": []}})
    assert fake.notifications(BOB) == 2
    fake.add_channel("3000000000000000009", "secret", "private", [ADA])
    ask(fake, "POST /channels/3000000000000000009/messages", text)
    assert (fake.notifications(ADA), fake.notifications(BOB)) == (3, 2)


def test_reactions_have_their_limits(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    ts = fake.say(ADA, LAB, "hello")

    def put(name: str) -> httpx.Response:
        return ask(fake, f"PUT {HERE}/{ts}/reactions/{quote(name)}/@me")

    assert code(put("repeat")) == (400, 10014)
    names = [chr(0x1F600 + number) for number in range(20)]
    assert {put(name).status_code for name in names} == {204}
    assert code(put("🔁")) == (400, 30010)
    fake.react(BOB, LAB, ts, names[0])
    users = ask(fake, f"GET {HERE}/{ts}/reactions/{quote(names[0])}").json()
    assert [one["id"] for one in users] == [BOT_USER, BOB]


def test_every_reply_tells_its_bucket(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    fake.limits(on=True, messages=(2, 30.0))
    answers = [ask(fake, f"POST {HERE}", {"content": str(number)}) for number in range(3)]
    left = [(one.headers["X-RateLimit-Limit"], one.headers["X-RateLimit-Remaining"]) for one in answers]
    assert left == [("2", "1"), ("2", "0"), ("2", "0")]
    last = answers[2]
    assert last.status_code == 429
    assert last.headers["X-RateLimit-Scope"] == "user"
    assert last.headers["Via"]
    assert last.headers["Content-Type"] == "application/json"
    assert 0 < last.json()["retry_after"] <= float(last.headers["Retry-After"])
    other = fake.add_channel(name="other").id
    assert ask(fake, f"POST /channels/{other}/messages", {"content": "x"}).status_code == 200


def test_links_are_made_fresh(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    url = ask(fake, f"POST {HERE}", {}, video=b"x").json()["attachments"][0]["url"]
    assert fetch(url.replace("hm=", "hm=0")).status_code == 404
    fake.advance(24 * 3600 + 1)
    assert fetch(url).status_code == 404
    fresh = ask(fake, "POST /attachments/refresh-urls", {"attachment_urls": [url]}).json()
    assert fetch(fresh["refreshed_urls"][0]["refreshed"]).content == b"x"
