"""Methods of the Web API: modals and the App Home; and the addresses to answer a command or a press at."""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from tests.fakes.slack import shapes
from tests.fakes.slack.blocks import BlocksError, check_view
from tests.fakes.slack.chat import check_content
from tests.fakes.slack.errors import RefusedError, invalid
from tests.fakes.slack.state import BOT_USER, Json, Message, View
from tests.fakes.slack.table import limit
from tests.fakes.slack.web_api import Api, Hook, method


def checked_view(view: Any, kind: str) -> Json:
    """The view as it is kept.

    Raises:
        RefusedError: it is not one of that kind, or may not be shown.
    """
    try:
        check_view(view)
    except BlocksError as wrong:
        raise invalid(wrong.code, *wrong.complaints) from wrong
    if view["type"] != kind:
        raise invalid("invalid_arguments", f"must be {kind} [json-pointer:/view/type]")
    kept: Json = json.loads(json.dumps(view))
    for number, block in enumerate(kept["blocks"]):
        block.setdefault("block_id", f"v{number}")
    return kept


def _triggered(api: Api, args: Json) -> str:
    known = api.triggers.pop(args.get("trigger_id") or "", None)
    if known is None:
        used = args.get("trigger_id") in api.used_triggers
        raise RefusedError("exchanged_trigger_id" if used else "invalid_trigger_id")
    api.used_triggers.add(args["trigger_id"])
    until, user = known
    if time.monotonic() > until:
        raise RefusedError("expired_trigger_id")
    return user


def _shown(api: Api, user: str, body: Json, below: View | None) -> Json:
    name = api.state.id("V")
    view = View(
        name,
        user,
        body,
        body["type"],
        f"hash-{name}-1",
        root=below.root if below else name,
        previous=below.id if below else None,
        values=initial_values(body),
    )
    external = body.get("external_id")
    if external and any(
        one.open and one.body.get("external_id") == external for one in api.state.views.values()
    ):
        raise RefusedError("duplicate_external_id")
    api.state.views[name] = view
    return {"view": shapes.view(api.state, view)}


@method("views.open")
def views_open(api: Api, args: Json) -> Json:
    body = checked_view(args["view"], "modal")
    user = _triggered(api, args)
    for view in api.state.views.values():
        view.open = view.open and view.user != user
    return _shown(api, user, body, None)


@method("views.push")
def views_push(api: Api, args: Json) -> Json:
    body = checked_view(args["view"], "modal")
    user = _triggered(api, args)
    stack = [view for view in api.state.views.values() if view.user == user and view.open]
    if not stack:
        raise RefusedError("not_found")
    if len(stack) >= limit("modal_stack"):
        raise RefusedError("push_limit_reached")
    return _shown(api, user, body, stack[-1])


@method("views.update")
def views_update(api: Api, args: Json) -> Json:
    body = checked_view(args["view"], "modal")
    external = args.get("external_id")
    view = api.state.views.get(args.get("view_id", ""))
    if external:
        view = next(
            (v for v in api.state.views.values() if v.open and v.body.get("external_id") == external), None
        )
    if view is None or not view.open:
        raise RefusedError("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise RefusedError("hash_conflict")
    change_view(view, body)
    return {"view": shapes.view(api.state, view)}


def change_view(view: View, body: Json) -> None:
    """Show another body; what was typed into fields that stay is kept."""
    view.history.append(view.body)
    view.body, view.errors = body, {}
    view.hash = f"hash-{view.id}-{len(view.history) + 1}"
    fresh = initial_values(body)
    for block, fields in fresh.items():
        for name in fields:
            if name in view.values.get(block, {}):
                fields[name] = view.values[block][name]
    view.values = fresh


@method("views.publish")
def views_publish(api: Api, args: Json) -> Json:
    if not api.workspace.home_tab:
        raise RefusedError("not_enabled")
    body = checked_view(args["view"], "home")
    person = api.state.users.get(args["user_id"])
    if person is None:
        raise invalid("invalid_arguments", "invalid `user_id`")
    home = api.state.homes.get(person.id)
    if home is None:
        name = api.state.id("V")
        home = api.state.homes[person.id] = View(name, person.id, body, "home", f"hash-{name}-1", root=name)
        home.values = initial_values(body)
    else:
        if args.get("hash") and args["hash"] != home.hash:
            raise RefusedError("hash_conflict")
        change_view(home, body)
    return {"view": shapes.view(api.state, home)}


def initial_values(body: Json) -> Json:
    """The state of everything that holds one before anybody touched it: fields, and choices in other blocks."""
    values: Json = {}
    for block in body.get("blocks", []):
        for element in [*(block.get("elements") or []), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and element.get("action_id") and element["type"] not in STATELESS:
                values.setdefault(block["block_id"], {})[element["action_id"]] = field_value(element, None)
    return values


def field_value(element: Json, given: Any) -> Json:
    """The state of one field: what was given, else what it begins with."""
    kind = element["type"]
    value: Json = {"type": kind}
    if kind in {"static_select", "radio_buttons"}:
        options = all_options(element)
        chosen = next((o for o in options if o["value"] == given), None)
        return value | {"selected_option": chosen if given is not None else element.get("initial_option")}
    if kind in {"checkboxes", "multi_static_select"}:
        chosen_many = [o for o in all_options(element) if o["value"] in (given or [])]
        return value | {
            "selected_options": chosen_many if given is not None else element.get("initial_options", [])
        }
    for ending, name in {
        "multi_users_select": "users",
        "multi_conversations_select": "conversations",
        "multi_channels_select": "channels",
        "users_select": "user",
        "conversations_select": "conversation",
        "channels_select": "channel",
        "datepicker": "date",
        "timepicker": "time",
        "datetimepicker": "date_time",
    }.items():
        if kind == ending:
            return value | {
                f"selected_{name}": given if given is not None else element.get(f"initial_{name}")
            }
    return value | {"value": given if given is not None else element.get("initial_value")}


def all_options(element: Json) -> list[Json]:
    """Every option of a choice, those of its groups among them."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


#: What can be used and remembers nothing.
STATELESS = {"button", "overflow"}


class ResponseUrls:
    """`response_url`: five answers within half an hour, wherever the command was typed."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One answer."""
        with self._api.state.changed:
            hook = self._api.hooks.get(request.match_info["key"])
            if hook is None:
                return web.Response(status=404, text="no_service")
            if time.monotonic() > hook.until or hook.used >= limit("response_url_uses"):
                return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        body = await request.json()
        with self._api.state.changed:
            hook.used += 1
            self._api.state.note_call("response_url", body)
            try:
                self._take(hook, body)
            except RefusedError as refused:
                self._api.hook_refusals.append(refused.code)
                return web.json_response({"ok": False, "error": refused.code}, status=400)
            self._api.state.changed.notify_all()
        return web.Response(text="ok")

    def _take(self, hook: Hook, body: Json) -> None:
        state = self._api.state
        unknown = set(body) - RESPONSE_FIELDS
        if unknown:
            raise invalid("invalid_arguments", *(f"unknown argument: {name}" for name in sorted(unknown)))
        old = hook.message
        if body.get("delete_original") and old is not None:
            old.deleted = True
            return
        text, blocks = check_content(body)
        if body.get("replace_original") and old is not None:
            if old.seen_by:
                old.edits.append({"text": old.text, "blocks": old.blocks})
                old.text, old.blocks = text, blocks
            else:
                self._api.workspace.edit(old, text=text, blocks=blocks)
            return
        said = Message(
            channel=hook.channel,
            ts=state.ts(),
            user=BOT_USER,
            text=text,
            blocks=blocks,
            thread_ts=body.get("thread_ts"),
            by_app=True,
        )
        if body.get("response_type", "ephemeral") == "in_channel":
            self._api.workspace.post(said)
        else:
            said.seen_by = hook.user
            state.ephemeral.append(said)


RESPONSE_FIELDS = {
    "text",
    "blocks",
    "attachments",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
    "metadata",
    "mrkdwn",
    "parse",
    "link_names",
}
