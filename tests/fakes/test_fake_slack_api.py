"""The fake Slack's Web API and files, driven by the real slack_sdk: what works and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

Call = Callable[[AsyncWebClient], Awaitable[Any]]
TAG = {"event_type": "hidden_hill", "event_payload": {"job": "j1", "what": "card"}}


def call(slack: FakeSlack, *calls: Call, token: str | None = None) -> list[Any]:
    """The answers of these calls, one after the other."""

    async def run() -> list[Any]:
        client = AsyncWebClient(token=token or slack.bot_token, base_url=slack.api_url, timeout=10)
        return [await one(client) for one in calls]

    return asyncio.run(run())


def refused(slack: FakeSlack, one: Call, token: str | None = None) -> Any:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        call(slack, one, token=token)
    return caught.value.response


def post(**args: Any) -> Call:
    return lambda client: client.chat_postMessage(**{"channel": "C0LAB", "text": "hello", **args})


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_a_message_is_posted_edited_found_by_its_tag_and_deleted(slack: FakeSlack) -> None:
    (posted,) = call(slack, post(blocks=[section("*hello*")], metadata=TAG))
    ts = posted["ts"]
    (reply,) = call(slack, post(text="a reply", thread_ts=ts, metadata=TAG))
    call(slack, lambda c: c.chat_update(channel="C0LAB", ts=ts, text="edited"))
    history, thread, bare, link = call(
        slack,
        lambda c: c.conversations_history(
            channel="C0LAB", include_all_metadata=True, oldest=str(float(ts) - 1)
        ),
        lambda c: c.conversations_replies(channel="C0LAB", ts=ts, include_all_metadata=True),
        lambda c: c.conversations_history(channel="C0LAB"),
        lambda c: c.chat_getPermalink(channel="C0LAB", message_ts=ts),
    )
    (found,) = history["messages"]
    # An edit with a text and no blocks takes the blocks away; an edit without metadata keeps them.
    assert (found["text"], found.get("blocks"), found["metadata"]) == ("edited", None, TAG)
    assert [one["ts"] for one in thread["messages"]] == [ts, reply["ts"]]
    assert "metadata" not in bare["messages"][0]
    assert ts.replace(".", "") in link["permalink"]
    call(slack, lambda c: c.chat_delete(channel="C0LAB", ts=ts))
    response = refused(slack, lambda c: c.chat_update(channel="C0LAB", ts=ts, text="again"))
    assert response["error"] == "message_not_found"
    assert [one.text for one in slack.messages("C0LAB", thread=ts)] == ["a reply"]


def test_a_mention_rings_when_it_is_posted_and_never_when_it_is_edited_in(slack: FakeSlack) -> None:
    (posted,) = call(slack, post(text="quiet"))
    call(slack, lambda c: c.chat_update(channel="C0LAB", ts=posted["ts"], text="<@U0ADA>"))
    assert slack.notifications("U0ADA") == 0
    call(slack, post(text="<@U0ADA> only in the fallback", blocks=[section("nobody")]))
    call(slack, lambda c: c.chat_postEphemeral(channel="C0LAB", user="U0ADA", text="<@U0ADA>"))
    call(slack, post(blocks=[{"type": "header", "text": {"type": "plain_text", "text": "<@U0ADA>"}}]))
    call(slack, post(text="&lt;@U0ADA&gt; &lt;!channel&gt;"))
    assert slack.notifications("U0ADA") == 0
    call(slack, post(blocks=[section("<@U0ADA> done")]), post(text="<!channel> oops"))
    assert (slack.notifications("U0ADA"), slack.notifications("U0BOB")) == (2, 1)


@pytest.mark.filterwarnings("ignore:The top-level `text`")  # the SDK's own warning of the first
@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0NONE"}, "channel_not_found"),
        ({"channel": "C0OUT"}, "not_in_channel"),
        ({"channel": "G0OUT"}, "channel_not_found"),
        ({"channel": "C0OLD"}, "is_archived"),
        ({"colour": "red"}, "invalid_arguments"),
        ({"thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"blocks": [section("x")] * 51}, "invalid_blocks"),
        ({"blocks": [section("x" * 2999)] * 5}, "msg_blocks_too_long"),
        (
            {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
            "invalid_blocks",
        ),
        ({"blocks": [{"type": "image", "image_url": "https://a.example/x.png"}]}, "invalid_blocks"),
        (
            {"blocks": [{"type": "image", "image_url": "http://127.0.0.1:8000/x.png", "alt_text": "x"}]},
            "invalid_blocks",
        ),
        ({"blocks": [section("x") | {"colour": "red"}]}, "invalid_blocks"),
        ({"blocks": [section("x") | {"block_id": "a"}, section("y") | {"block_id": "a"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "poem"}]}, "invalid_blocks"),
        ({"blocks": "no JSON"}, "invalid_blocks_format"),
    ],
)
def test_what_may_not_be_posted_is_refused(slack: FakeSlack, args: dict[str, Any], error: str) -> None:
    slack.add_channel("C0OUT", "out", "public", bot_in=False)
    slack.add_channel("G0OUT", "secret", "private", bot_in=False)
    slack.add_channel("C0OLD", "old", "public", archived=True)
    slack.workspace.scopes.discard("chat:write.public")
    assert refused(slack, post(**args))["error"] == error
    assert slack.messages("C0LAB") == []


@pytest.mark.parametrize(
    ("element", "complaint"),
    [
        ({"text": {"type": "plain_text", "text": "x" * 76}}, "less than 76"),
        ({"text": {"type": "mrkdwn", "text": "x"}}, "plain_text"),
        ({"value": "x" * 2001}, "less than 2001"),
        ({"action_id": "x" * 256}, "less than 256"),
        ({"style": "normal"}, "primary or danger"),
        ({"url": "javascript:alert(1)"}, "invalid url"),
        ({"confirm": {"title": {"type": "plain_text", "text": "Sure?"}}}, "confirm/text"),
        ({"value": None}, "null"),
    ],
)
def test_a_bad_button_is_refused(slack: FakeSlack, element: dict[str, Any], complaint: str) -> None:
    good = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}
    call(slack, post(blocks=[{"type": "actions", "elements": [good]}]))
    response = refused(slack, post(blocks=[{"type": "actions", "elements": [good | element]}]))
    assert complaint in response["errors"][0]
    response = refused(slack, post(blocks=[{"type": "actions", "elements": [good, good]}]))
    assert "already exists" in response["errors"][0]


def test_a_forgotten_scope_is_named(slack: FakeSlack) -> None:
    slack.workspace.scopes = {"chat:write", "channels:history"}
    response = refused(slack, lambda c: c.reactions_add(channel="C0LAB", timestamp="1", name="x"))
    assert (response["error"], response["needed"]) == ("missing_scope", "reactions:write")
    assert response["provided"] == "channels:history,chat:write"
    assert response.headers["x-oauth-scopes"] == "channels:history,chat:write"
    dm = slack.dm("U0ADA")
    response = refused(slack, lambda c: c.conversations_history(channel=dm))
    assert response["needed"] == "im:history"


def test_tokens_that_are_wrong_revoked_or_of_another_kind(slack: FakeSlack) -> None:
    assert refused(slack, lambda c: c.auth_test(), token="xoxb-wrong")["error"] == "invalid_auth"
    assert refused(slack, post(), token=slack.app_token)["error"] == "not_allowed_token_type"
    response = refused(slack, lambda c: c.apps_connections_open(app_token=slack.bot_token))
    assert response["error"] == "not_allowed_token_type"
    slack.revoke()
    assert refused(slack, lambda c: c.auth_test())["error"] == "token_revoked"
    assert [sent.payload["event"]["type"] for sent in slack.events()] == ["tokens_revoked"]


def test_reactions_are_put_once(slack: FakeSlack) -> None:
    ts = slack.say("U0ADA", "C0LAB", "hi")
    add: Call = lambda c: c.reactions_add(channel="C0LAB", timestamp=ts, name="repeat")  # noqa: E731
    remove: Call = lambda c: c.reactions_remove(channel="C0LAB", timestamp=ts, name="repeat")  # noqa: E731
    call(slack, add)
    assert refused(slack, add)["error"] == "already_reacted"
    (got,) = call(slack, lambda c: c.reactions_get(channel="C0LAB", timestamp=ts))
    assert got["message"]["reactions"] == [{"name": "repeat", "users": ["U0BOT"], "count": 1}]
    call(slack, remove)
    assert refused(slack, remove)["error"] == "no_reaction"


def test_files_are_uploaded_into_a_thread_together(slack: FakeSlack) -> None:
    ts = slack.say("U0ADA", "C0LAB", "make it")
    uploads: list[dict[str, Any]] = [
        {"filename": "video.mp4", "content": b"\0" * 100_000, "title": "The video"},
        {"filename": "cover.jpg", "content": b"jpeg", "alt_txt": "A hill"},
        {"filename": "captions.vtt", "content": "WEBVTT"},
    ]
    call(slack, lambda c: c.files_upload_v2(file_uploads=uploads, channel="C0LAB", thread_ts=ts))
    (said,) = slack.messages("C0LAB", thread=ts)
    video, cover, captions = slack.files("C0LAB", thread=ts)
    assert (said.subtype, len(said.files)) == ("file_share", 3)
    assert (video.title, video.size, video.mimetype) == ("The video", 100_000, "video/mp4")
    assert (cover.alt_text, captions.content) == ("A hill", b"WEBVTT")
    call(slack, lambda c: c.files_delete(file=video.id))
    assert slack.files("C0LAB", thread=ts) == [cover, captions]
    asked, where = slack.calls_of("files.getUploadURLExternal")[0].args, "C0OUT"
    assert asked["filename"] == "video.mp4"
    slack.add_channel(where, "out", bot_in=False)
    response = refused(slack, lambda c: c.files_upload_v2(filename="a", content="a", channel=where))
    assert response["error"] == "not_in_channel"


def fetch(slack: FakeSlack, url: str, token: str) -> tuple[int, str, bytes]:
    async def run() -> tuple[int, str, bytes]:
        timeout = aiohttp.ClientTimeout(total=5, sock_read=0.5)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            headers = {"Authorization": f"Bearer {token}"}
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                return answer.status, answer.content_type, await answer.read()

    return asyncio.run(run())


def dropped(slack: FakeSlack, **oddities: Any) -> dict[str, Any]:
    slack.drop("U0ADA", "C0LAB", "a paper.pdf", b"%PDF-1.7 body", **oddities)
    event = next(sent.payload["event"] for sent in slack.events("message"))
    file: dict[str, Any] = event["files"][0]
    return file


def test_a_dropped_file_is_handed_out_to_the_right_token_only(slack: FakeSlack) -> None:
    file = dropped(slack)
    assert slack.file_host in file["url_private_download"]
    assert file["size"] == 13
    good = fetch(slack, file["url_private_download"], slack.bot_token)
    assert good == (200, "application/pdf", b"%PDF-1.7 body")
    status, kind, page = fetch(slack, file["url_private_download"], "xoxb-wrong")
    assert (status, kind) == (200, "text/html")
    assert b"Sign in" in page
    slack.workspace.scopes.discard("files:read")
    assert fetch(slack, file["url_private_download"], slack.bot_token)[1] == "text/html"


def test_odd_files(slack: FakeSlack) -> None:
    file = dropped(slack, redirect=f"{slack.elsewhere}/grab")
    assert fetch(slack, file["url_private_download"], slack.bot_token)[0] == 302
    kept = slack.state.files[file["id"]]
    kept.redirect, kept.breaks_after = None, 4
    with pytest.raises(aiohttp.ClientError):
        fetch(slack, file["url_private_download"], slack.bot_token)
    kept.breaks_after, kept.stall = None, True
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        fetch(slack, file["url_private_download"], slack.bot_token)
    kept.stall, kept.says_size = False, 5
    assert len(fetch(slack, file["url_private_download"], slack.bot_token)[2]) == 13
    external = slack.add_file("U0ADA", "x.pdf", b"", mode="external", url=f"{slack.elsewhere}/x.pdf")
    (info,) = call(slack, lambda c: c.files_info(file=external))
    assert info["file"]["url_private"].startswith(slack.elsewhere)
    assert "url_private_download" not in info["file"]
    assert [host for host, _, _ in slack.token_showings] == ["files"] * 4


def test_a_file_from_a_connected_organisation_must_be_asked_for(slack: FakeSlack) -> None:
    slack.add_user("U0FAR", "Far Away", team="T0FAR")
    slack.add_channel("C0SHARED", "shared", "public", ["U0ADA", "U0FAR"])
    slack.drop("U0FAR", "C0SHARED", "far.pdf", b"%PDF-1.7", file_access="check_file_info")
    event = slack.events("message")[0].payload
    assert event["is_ext_shared_channel"]
    assert (event["team_id"], event["event"]["user_team"]) == ("T0LAB", "T0FAR")
    (bare,) = event["event"]["files"]
    assert (bare["file_access"], bare.get("url_private")) == ("check_file_info", None)
    info, person = call(slack, lambda c: c.files_info(file=bare["id"]), lambda c: c.users_info(user="U0FAR"))
    assert info["file"]["name"] == "far.pdf"
    assert (person["user"]["is_stranger"], person["user"].get("is_admin")) == (True, None)


def test_tiers_are_obeyed_when_they_are_on(slack: FakeSlack) -> None:
    slack.limits(chat_update=2)
    (posted,) = call(slack, post())
    edit: Call = lambda c: c.chat_update(channel="C0LAB", ts=posted["ts"], text="e")  # noqa: E731
    call(slack, edit, edit)
    response = refused(slack, edit)
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert 1 <= int(response.headers["Retry-After"]) <= 30
    call(slack, *[post()] * 4)
    assert refused(slack, post()).status_code == 429
    call(slack, post(channel="U0ADA"))


def test_a_lost_answer_is_done_all_the_same(slack: FakeSlack) -> None:
    slack.fail_next("chat.postMessage", "break")
    slack.fail_next("chat.postMessage", "lost")
    for said in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            asyncio.run(bare_post(slack))
        assert len(slack.messages("C0LAB")) == said
    slack.fail_next("chat.postMessage", 429, retry_after=7)
    assert refused(slack, post()).headers["Retry-After"] == "7"
    slack.fail_next("chat.postMessage", "internal_error", times=2)
    assert [refused(slack, post())["error"] for _ in range(2)] == ["internal_error"] * 2
    call(slack, post())


async def bare_post(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {slack.bot_token}"}) as session:
        args = {"channel": "C0LAB", "text": "hello"}
        async with session.post(f"{slack.api_url}chat.postMessage", json=args) as answer:
            await answer.json()


def test_methods_that_read_no_json_miss_their_arguments(slack: FakeSlack) -> None:
    raw: Call = lambda c: c.api_call("users.info", json={"user": "U0ADA"})  # noqa: E731
    assert refused(slack, raw)["error"] == "invalid_arguments"


def test_a_trigger_is_good_once_and_for_three_seconds(slack: FakeSlack) -> None:
    form = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [section("x")]}
    with slack.state.changed:
        trigger, late = slack.payloads.trigger("U0ADA"), slack.payloads.trigger("U0ADA")
        slack.api.triggers[late] = (0.0, "U0ADA")
    (opened,) = call(slack, lambda c: c.views_open(trigger_id=trigger, view=form))
    again = refused(slack, lambda c: c.views_open(trigger_id=trigger, view=form))
    expired = refused(slack, lambda c: c.views_open(trigger_id=late, view=form))
    made_up = refused(slack, lambda c: c.views_open(trigger_id="1.2.3", view=form))
    errors = [one["error"] for one in (again, expired, made_up)]
    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]
    view = opened["view"]
    call(slack, lambda c: c.views_update(view_id=view["id"], hash=view["hash"], view=form))
    conflict = refused(slack, lambda c: c.views_update(view_id=view["id"], hash=view["hash"], view=form))
    assert conflict["error"] == "hash_conflict"
    with slack.state.changed:
        slack.close_view("U0ADA", view["id"])
    assert refused(slack, lambda c: c.views_update(view_id=view["id"], view=form))["error"] == "not_found"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"blocks": [section("x")] * 101}, "no more than 100"),
        ({"colour": "red"}, "colour"),
        (
            {
                "blocks": [
                    {
                        "type": "input",
                        "label": {"type": "plain_text", "text": "L"},
                        "element": {"type": "plain_text_input"},
                    }
                ]
            },
            "submit",
        ),
    ],
)
def test_a_bad_view_is_refused(slack: FakeSlack, change: dict[str, Any], complaint: str) -> None:
    form = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [section("x")]}
    with slack.state.changed:
        trigger = slack.payloads.trigger("U0ADA")
    response = refused(slack, lambda c: c.views_open(trigger_id=trigger, view=form | change))
    assert response["error"] == "invalid_arguments"
    assert complaint in response["response_metadata"]["messages"][0]


def test_people_and_places(slack: FakeSlack) -> None:
    slack.add_user("U0GUEST", "Guy Guest", guest=True)
    slack.add_user("U0GONE", "Gone", deleted=True)
    slack.add_channel("G0SECRET", "secret", "private", ["U0ADA"])
    guest, gone, room, opened, secret = call(
        slack,
        lambda c: c.users_info(user="U0GUEST"),
        lambda c: c.users_info(user="U0GONE"),
        lambda c: c.conversations_info(channel="C0LAB", include_num_members=True),
        lambda c: c.conversations_open(users="U0ADA"),
        lambda c: c.conversations_info(channel="G0SECRET"),
    )
    assert (guest["user"]["is_restricted"], guest["user"]["is_admin"]) == (True, False)
    assert gone["user"]["deleted"]
    assert (room["channel"]["is_private"], room["channel"]["num_members"]) == (False, 2)
    assert secret["channel"]["is_private"]
    (info,) = call(slack, lambda c: c.conversations_info(channel=opened["channel"]["id"]))
    assert (info["channel"]["is_im"], info["channel"]["user"]) == (True, "U0ADA")
    assert refused(slack, lambda c: c.conversations_open(users="U0GONE"))["error"] == "user_disabled"
    call(slack, lambda c: c.bots_info(bot="B0BOT"), lambda c: c.team_info(), lambda c: c.users_list())
    call(slack, lambda c: c.conversations_members(channel="C0LAB"), lambda c: c.api_test())
