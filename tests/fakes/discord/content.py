"""What the platform accepts as a message: its words, embeds, components, mentions, files."""

from __future__ import annotations

import mimetypes
import re
from typing import Any

from tests.fakes.discord import components
from tests.fakes.discord.errors import Form, RefusedError
from tests.fakes.discord.rest import Ask
from tests.fakes.discord.state import (
    BOT_USER,
    EPHEMERAL,
    SILENT,
    SUPPRESS_EMBEDS,
    V2,
    File,
    Json,
    Message,
    State,
)
from tests.fakes.discord.table import limit

LONGEST, EMBEDS, FILES = limit("content"), 10, 10
_SETTABLE = SUPPRESS_EMBEDS | SILENT | V2 | EPHEMERAL
_TEXTS = {"title": 256, "description": 4096}


def checked(state: State, ask: Ask, body: Json, *, before: Message | None, most: int, way: str = "") -> Json:
    """What a message becomes by this request: the fields of `Message` that change.

    `before` is the message that is edited. Files are kept in the state; `most` is what one of them may have.
    """
    form = Form()
    changes: Json = {}
    old = before.flags if before else 0
    flags = (int(body.get("flags") or 0) & _SETTABLE) | (old & ~_SETTABLE) | (old & (V2 | EPHEMERAL))
    if "flags" in body or before is None:
        changes["flags"] = flags
    else:
        flags = old
    v2 = bool(flags & V2)
    if v2:
        _check_legacy(form, body)
    if "content" in body:
        if body["content"] is not None:
            form.length("content", body["content"], LONGEST)
        changes["text"] = body["content"] or ""
    if "embeds" in body:
        changes["embeds"] = check_embeds(form, body["embeds"] or [])
    if "components" in body:
        changes["blocks"] = components.check(form, body["components"] or [], v2=v2)
    if body.get("nonce") is not None:
        form.length("nonce", str(body["nonce"]), 25)
    _check_mentions(form, body.get("allowed_mentions"))
    form.errors = _nested(form.errors, way)
    form.done()
    files = _files(state, ask, body, before, most)
    if files is not None:
        changes["files"] = files
    _check_empty(changes, before)
    return changes


def _nested(errors: Json, way: str) -> Json:
    return {way: errors} if way and errors else errors


def _check_legacy(form: Form, body: Json) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            text = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)


def _check_empty(changes: Json, before: Message | None) -> None:
    def now(name: str) -> Any:
        return changes.get(name, getattr(before, name) if before else None)

    v2 = bool((now("flags") or 0) & V2)
    if not (now("text") or now("embeds") or now("files") or (v2 and now("blocks"))):
        raise RefusedError(50006)


def check_embeds(form: Form, embeds: Any) -> list[Json]:
    """The embeds; what is wrong is noted in the form."""
    whole = 0
    for number, one in enumerate(form.count("embeds", embeds, EMBEDS)):
        way = f"embeds.{number}"
        texts: list[tuple[str, Any, int]] = [
            (f"{way}.{name}", one.get(name), most) for name, most in _TEXTS.items()
        ]
        texts.append((f"{way}.footer.text", (one.get("footer") or {}).get("text"), 2048))
        texts.append((f"{way}.author.name", (one.get("author") or {}).get("name"), 256))
        for place, text, most in texts:
            if text is not None:
                form.length(place, text, most)
                whole += len(str(text))
        for number_of, each in enumerate(form.count(f"{way}.fields", one.get("fields") or [], 25)):
            form.length(f"{way}.fields.{number_of}.name", each.get("name"), 256, 1)
            form.length(f"{way}.fields.{number_of}.value", each.get("value"), 1024, 1)
            whole += len(str(each.get("name") or "")) + len(str(each.get("value") or ""))
        for place, url in (("url", one.get("url")), ("image.url", (one.get("image") or {}).get("url"))):
            if url and not re.match(r"(https?|attachment)://", url):
                text = "Scheme must be one of ('http', 'https')."
                form.wrong(f"{way}.{place}", "URL_TYPE_INVALID_SCHEME", f'"{url}": {text}')
    if whole > limit("embeds_in_all"):
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    return list(embeds) if isinstance(embeds, list) else []


def _check_mentions(form: Form, allowed: Any) -> None:
    if not allowed:
        return
    for name in ("users", "roles"):
        if name in (allowed.get("parse") or []) and allowed.get(name):
            text = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            form.wrong("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)
        form.count(f"allowed_mentions.{name}", allowed.get(name) or [], 100)


def _files(state: State, ask: Ask, body: Json, before: Message | None, most: int) -> list[str] | None:
    """The ids of the message's files after this, or None if it says nothing of them."""
    listed = body.get("attachments")
    if listed is None and not ask.files:
        return None
    if any(len(upload.content) > most for upload in ask.files.values()):
        raise RefusedError(40005)
    entries = {str(one.get("id")): one for one in listed or ()}
    new = {str(number) for number in ask.files}
    if listed is None:
        kept = list(before.files) if before else []
    else:
        kept = [name for name in entries if name not in new]
        unknown = [name for name in kept if before is None or name not in before.files]
        if unknown:
            raise RefusedError(50035, errors=_nested({"attachments": _unknown(unknown)}, ""))
    for number, upload in ask.files.items():
        entry = entries.get(str(number), {})
        name = clean_name(str(entry.get("filename") or upload.name))
        file = File(state.id(), name, BOT_USER, kind_of(name), upload.content, entry.get("description") or "")
        state.files[file.id] = file
        kept.append(file.id)
    if len(kept) > FILES:
        raise RefusedError(50035, errors={"attachments": _unknown(kept)})
    return kept


def _unknown(names: list[str]) -> Json:
    text = f"Attachment id(s) not found or too many: {', '.join(names)}"
    return {"_errors": [{"code": "ATTACHMENT_NOT_FOUND", "message": text}]}


def clean_name(name: str) -> str:
    """A file's name as the platform keeps it: letters, digits, `_`, `-` and `.`."""
    return re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_.\-]", "_", name)).strip("._") or "file"


def kind_of(name: str) -> str:
    """The type that the platform gives a file, by its name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
