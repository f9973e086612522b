"""Makes `slack.json`, the compact table of what Slack's wire looks like.

    python -m tests.contracts.build_slack ../shared/specs/slack

The folder holds the samples that Slack publishes with its Java SDK (MIT): they give the names and types of
fields. Scopes, arguments, tiers, limits and required fields are ours, from its documentation: they stand in
`slack_methods.py`, `slack_payloads.py`, `slack_blocks.py` and `slack_manifest.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.contracts import slack_blocks, slack_manifest, slack_methods, slack_payloads

TABLE = Path(__file__).with_name("slack.json")

# What is somebody's own content, or of no use to us: any value is right.
OPAQUE = {
    "app_unfurl",
    "assistant_app_thread",
    "attachments",
    "blocks",
    "comment",
    "event_payload",
    "function_data",
    "huddle",
    "icons",
    "interactivity",
    "properties",
    "room",
    "rich_text_value",
    "shares",
    "state",
    "submission",
    "transcription",
    "user_profile",
}
# Fields that hold one of the things that are defined once for all.
NAMED = {
    "message": "$message",
    "previous_message": "$message",
    "root": "$message",
    "messages": ["$message"],
    "file": "$file",
    "files": ["$file"],
    "view": "$view",
    "channel": "$channel",
    "user": "$user",
}
PAYLOADS = {
    "slash_command": "SlashCommandPayload",
    "block_actions": "BlockActionPayload",
    "message_action": "MessageShortcutPayload",
    "view_submission": "ViewSubmissionPayload",
    "view_closed": "ViewClosedPayload",
}
EVENTS = {
    "app_home_opened": "AppHomeOpenedPayload",
    "app_mention": "AppMentionPayload",
    "app_uninstalled": "AppUninstalledPayload",
    "file_shared": "FileSharedPayload",
    "message": "MessagePayload",
    "message/bot_message": "MessageBotPayload",
    "message/file_share": "MessageFileSharePayload",
    "message/message_changed": "MessageChangedPayload",
    "message/message_deleted": "MessageDeletedPayload",
    "reaction_added": "ReactionAddedPayload",
    "reaction_removed": "ReactionRemovedPayload",
    "tokens_revoked": "TokensRevokedPayload",
}


class Table:
    """The table while it is made: `definitions` grow with every sample that is read."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def define(self, name: str, sample: Any) -> str:
        """Merge the sample into the definition `name`; what refers to it."""
        fields = self.fields_of(sample)  # may define the same name: a message holds its root
        self.definitions[name] = merged(self.definitions.get(name), fields)
        return f"${name}"

    def fields_of(self, sample: dict[str, Any]) -> dict[str, Any]:
        return {name: self.type_of(value, name) for name, value in sorted(sample.items())}

    def type_of(self, value: Any, name: str = "") -> Any:
        if name in OPAQUE:
            return "any"
        reference = NAMED.get(name)
        if isinstance(reference, str) and isinstance(value, dict) and len(value) > 6:
            return self.define(reference.removeprefix("$"), value)
        if isinstance(reference, list) and isinstance(value, list) and value and isinstance(value[0], dict):
            for one in value:
                self.define(reference[0].removeprefix("$"), one)
            return reference
        return self._plain(value)

    def _plain(self, value: Any) -> Any:
        match value:
            case bool():
                return "bool"
            case int():
                return "int"
            case float():
                return "num"
            case str():
                return "str"
            case {}:
                return self.fields_of(value) if value else "any"
            case [first, *rest]:
                kind = self.type_of(first)
                for one in rest:
                    kind = merged(kind, self.type_of(one))
                return [kind]
        return "any"


def merged(one: Any, other: Any) -> Any:
    """The type that both fit."""
    if one is None or one == other:
        return other
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        return {name: merged(one.get(name), other.get(name, one.get(name))) for name in names}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    if (
        isinstance(one, str)
        and isinstance(other, str)
        and "$" not in one + other
        and "any" not in (one, other)
    ):
        return "|".join(sorted({*one.split("|"), *other.split("|")}))
    return "any"


def from_samples(folder: Path) -> dict[str, Any]:
    """The part of the table that the samples in `folder` say: definitions, replies, events, payloads."""
    table = Table()

    def sample(*way: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(folder.joinpath(*way).with_suffix(".json").read_text())
        return read

    replies = {}
    for method in slack_methods.METHODS:
        if (folder / "api" / f"{method}.json").is_file():
            replies[method] = table.fields_of(json.loads((folder / "api" / f"{method}.json").read_text()))
    events = {}
    for name, file in EVENTS.items():
        envelope = sample("events", file)
        events[name] = table.fields_of(envelope.pop("event"))
        table.define("envelope", envelope)
    payloads = {name: table.fields_of(sample("app-backend", file)) for name, file in PAYLOADS.items()}
    return {
        "definitions": dict(sorted(table.definitions.items())),
        "replies": dict(sorted(replies.items())),
        "events": events,
        "payloads": payloads,
    }


def of_ours() -> dict[str, Any]:
    """The part of the table that no sample says."""
    return {
        "methods": slack_methods.METHODS,
        "scopes_by_kind": slack_methods.BY_KIND,
        "subscriptions": slack_methods.EVENTS,
        "unsampled": slack_payloads.UNSAMPLED,
        "added": slack_payloads.ADDED,
        "refusal": slack_payloads.REFUSAL,
        "required": slack_payloads.REQUIRED,
        "limits": slack_blocks.LIMITS,
        "blocks": slack_blocks.BLOCKS,
        "elements": slack_blocks.ELEMENTS,
        "places": slack_blocks.PLACES,
        "rich_text": slack_blocks.RICH_TEXT,
        "manifest": slack_manifest.MANIFEST,
    }


def _lines(table: dict[str, Any]) -> Iterator[str]:
    parts = list(table.items())
    for number, (part, entries) in enumerate(parts):
        yield f"{json.dumps(part)}: {{"
        for place, (name, entry) in enumerate(entries.items()):
            comma = "," if place < len(entries) - 1 else ""
            yield f"  {json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}{comma}"
        yield "}" if number == len(parts) - 1 else "},"


def written(table: dict[str, Any]) -> str:
    """The table as the text of its file: one line for each thing in it."""
    return "{\n" + "\n".join(_lines(table)) + "\n}\n"


def main() -> None:
    """Write the table."""
    table = {"samples": from_samples(Path(sys.argv[1])), **of_ours()}
    TABLE.write_text(written({**table.pop("samples"), **table}))


if __name__ == "__main__":
    main()
