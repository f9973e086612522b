"""Makes `discord.json`, the compact table of what Discord's HTTP API looks like.

    python -m tests.contracts.build_discord ../shared/specs/discord/openapi.json

The file is the OpenAPI document that Discord publishes (MIT): it gives routes, fields, types, and most limits.
What it lacks, events and payloads of the gateway among it, is ours, from its documentation: `discord_ours.py`.

How a type is written: a word (`str`, `int`, `num`, `bool`, `null`, `snowflake`, `any`), with `:least:most` if it
has limits, `$Name` for a definition, `?` behind it where null may stand too; `[type]` or `[type, least, most]` for
a list; `{"field": type, "needed!": type}`; `{"=": [values]}`; `{"|": [types]}`; `{"*": type}` with any names.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.contracts import discord_ours

TABLE = Path(__file__).with_name("discord.json")
ROUTES = [
    "GET /gateway",
    "GET /gateway/bot",
    "GET /users/@me",
    "GET /users/{user_id}",
    "GET /users/@me/guilds",
    "DELETE /users/@me/guilds/{guild_id}",
    "POST /users/@me/channels",
    "GET /applications/@me",
    "GET /oauth2/applications/@me",
    "GET /applications/{application_id}/commands",
    "PUT /applications/{application_id}/commands",
    "POST /applications/{application_id}/commands",
    "DELETE /applications/{application_id}/commands/{command_id}",
    "GET /applications/{application_id}/guilds/{guild_id}/commands",
    "PUT /applications/{application_id}/guilds/{guild_id}/commands",
    "POST /applications/{application_id}/guilds/{guild_id}/commands",
    "DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "POST /webhooks/{webhook_id}/{webhook_token}",
    "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "GET /channels/{channel_id}",
    "PATCH /channels/{channel_id}",
    "DELETE /channels/{channel_id}",
    "GET /channels/{channel_id}/messages",
    "POST /channels/{channel_id}/messages",
    "GET /channels/{channel_id}/messages/{message_id}",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "DELETE /channels/{channel_id}/messages/{message_id}",
    "POST /channels/{channel_id}/typing",
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}",
    "GET /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}",
    "DELETE /channels/{channel_id}/messages/{message_id}/reactions",
    "PUT /channels/{channel_id}/messages/pins/{message_id}",
    "DELETE /channels/{channel_id}/messages/pins/{message_id}",
    "POST /channels/{channel_id}/messages/{message_id}/threads",
    "POST /channels/{channel_id}/threads",
    "GET /channels/{channel_id}/thread-members",
    "PUT /channels/{channel_id}/thread-members/@me",
    "DELETE /channels/{channel_id}/thread-members/@me",
    "GET /channels/{channel_id}/thread-members/{user_id}",
    "PUT /channels/{channel_id}/thread-members/{user_id}",
    "GET /guilds/{guild_id}",
    "GET /guilds/{guild_id}/channels",
    "GET /guilds/{guild_id}/roles",
    "GET /guilds/{guild_id}/members",
    "GET /guilds/{guild_id}/members/{user_id}",
    "GET /guilds/{guild_id}/threads/active",
]
# Of no use to us: any value is right.
OPAQUE = re.compile(
    r"Sticker|Poll|Purchase|Activity|Snapshot|Lobby|Collectibles|Nameplate|Decoration|ClientTheme|CustomClient"
    r"|Entitlement|TeamResponse|InstallParams|PrimaryGuild|RoleSubscription|MessageCall|WidgetUser|Invite"
    r"|ForumTag|DefaultReaction|AvailableLocales|OAuth2Scopes|GuildFeatures|PongInteraction|SKUPurchase"
)
# Longer lists of allowed numbers say little.
MOST_VALUES = 40


class Table:
    """The definitions grow with every type that is read."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schemas: dict[str, Any] = document["components"]["schemas"]
        self.definitions: dict[str, Any] = {}

    def type_of(self, schema: dict[str, Any]) -> Any:
        """A schema as the table writes it."""
        if "$ref" in schema:
            return self._named(schema["$ref"].rpartition("/")[2])
        if "enum" in schema:
            return {"=": schema["enum"]} if len(schema["enum"]) <= MOST_VALUES else "any"
        for union in ("oneOf", "anyOf"):
            if union in schema:
                return self._union(schema[union])
        if "allOf" in schema:
            return self._whole(schema)
        kinds = schema.get("type", "any")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        found = [self._plain(kind, schema) for kind in kinds if kind != "null"]
        return self._or_null(found, null="null" in kinds)

    def _named(self, name: str) -> Any:
        if OPAQUE.search(name):
            return "any"
        schema = self.schemas[name]
        if schema.get("format") == "snowflake":
            return "snowflake"
        if "properties" not in schema and "allOf" not in schema and "additionalProperties" not in schema:
            return self.type_of(schema)
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.type_of(schema)
        return f"${name}"

    def _plain(self, kind: str, schema: dict[str, Any]) -> Any:
        match kind:
            case "array":
                inner = self.type_of(schema.get("items", {}))
                limits = (schema.get("minItems", 0), schema.get("maxItems", 0))
                return [inner, *limits] if any(limits) else [inner]
            case "object" if isinstance(schema.get("additionalProperties"), dict):
                return {"*": self.type_of(schema["additionalProperties"])}
            case "object" if "properties" in schema:
                needed = set(schema.get("required", []))
                return {
                    f"{name}{'!' if name in needed else ''}": self.type_of(value)
                    for name, value in schema["properties"].items()
                }
            case "string":
                return _limited("str", schema.get("minLength"), schema.get("maxLength"))
            case "integer":
                return _limited("int", schema.get("minimum"), schema.get("maximum"))
        return {"number": "num", "boolean": "bool"}.get(kind, "any")

    def _union(self, parts: list[dict[str, Any]]) -> Any:
        if all("const" in part for part in parts):
            values = [part["const"] for part in parts]
            kind = "int" if all(isinstance(value, int) for value in values) else "str"
            return {"=": values} if len(values) <= MOST_VALUES else kind
        found = [self.type_of(part) for part in parts if part.get("type") != "null"]
        return self._or_null(found, null=len(found) < len(parts))

    def _or_null(self, found: list[Any], *, null: bool) -> Any:
        found = [one for one in found if one != "any"] or found[:1]  # what is opaque is none of our choices
        if "any" in found or not found:
            return "any" if found else "null"
        if len(found) == 1:
            if not null:
                return found[0]
            if isinstance(found[0], str):
                return found[0] if found[0].endswith("?") else f"{found[0]}?"
        return {"|": [*found, "null"] if null else found}

    def _whole(self, schema: dict[str, Any]) -> Any:
        whole: dict[str, Any] = {}
        for part in [*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}]:
            read = self.type_of(part)
            if isinstance(read, str) and read.startswith("$"):
                read = self.definitions[read.removeprefix("$")]
            if isinstance(read, dict):
                whole |= read
        return whole


def _limited(kind: str, least: int | None, most: int | None) -> str:
    if abs(most or 0) > 1 << 52 or not (least or most):
        return kind
    return f"{kind}:{least or 0}:{'' if most is None else most}"


def from_document(file: Path) -> dict[str, Any]:
    """The parts of the table that the OpenAPI document gives."""
    document = json.loads(file.read_text())
    table = Table(document)
    routes: dict[str, Any] = {}
    for name in ROUTES:
        method, path = name.split(" ")
        operation = document["paths"][path][method.lower()]
        routes[name] = route = {}
        bodies = operation.get("requestBody", {}).get("content", {})
        if "application/json" in bodies:
            route["body"] = table.type_of(bodies["application/json"]["schema"])
        query = [one for one in operation.get("parameters", []) if one.get("in") == "query"]
        if query:
            route["query"] = [one["name"] for one in query]
        for status, reply in operation["responses"].items():
            if status.startswith("2"):
                content = reply.get("content", {}).get("application/json")
                route.setdefault("reply", {})[status] = (
                    table.type_of(content["schema"]) if content else "null"
                )
    return {"routes": routes, "definitions": dict(sorted(table.definitions.items()))}


def of_ours() -> dict[str, Any]:
    """The parts that are ours."""
    return {
        "added": discord_ours.ADDED,
        "added_query": discord_ours.QUERY,
        "added_routes": discord_ours.ROUTES,
        "events": discord_ours.EVENTS,
        "payload": discord_ours.PAYLOAD,
        "limits": discord_ours.LIMITS,
    }


def write(table: dict[str, Any]) -> str:
    """The table as text: one line for each thing that it names."""
    parts = []
    for part, things in table.items():
        lines = [
            f"  {json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}"
            for name, value in things.items()
        ]
        parts.append(f" {json.dumps(part)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write the table."""
    TABLE.write_text(write(from_document(Path(sys.argv[1])) | of_ours()))


if __name__ == "__main__":
    main()
