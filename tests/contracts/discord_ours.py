"""What the OpenAPI document does not say of Discord: events, payloads, limits. From its documentation."""

from __future__ import annotations

from typing import Any

#: Fields that come although the document lacks them, by the name of the definition.
ADDED: dict[str, dict[str, Any]] = {
    "ApplicationCommandCreateRequest": {"nsfw": "bool"},
    "ApplicationCommandUpdateRequest": {"nsfw": "bool"},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": "bool"},
    "IncomingWebhookUpdateRequestPartial": {"tts": "bool"},
    "MessageEditRequestPartial": {"tts": "bool"},
    "BaseCreateMessageCreateRequest": {"tts": "bool"},
    "CreateForumThreadRequest": {"type": "int"},
    "CreatedThreadResponse": {"message": "$MessageResponse"},
    "RichEmbed": {"flags": "int"},
}
#: What may stand in the query although the document lacks it.
QUERY: dict[str, list[str]] = {"POST /channels/{channel_id}/threads": ["use_nested_fields"]}
#: Routes that the document lacks.
ROUTES: dict[str, Any] = {
    "POST /attachments/refresh-urls": {
        "body": {"attachment_urls!": ["str", 1, 50]},
        "reply": {"200": {"refreshed_urls!": [{"original!": "str", "refreshed!": "str"}]}},
    },
}
_MEMBER: dict[str, Any] = {
    "user": "$UserResponse",
    "nick": "str?",
    "avatar": "str?",
    "banner": "str?",
    "roles!": ["snowflake"],
    "joined_at!": "str",
    "premium_since": "str?",
    "deaf": "bool",
    "mute": "bool",
    "flags!": "int",
    "pending": "bool",
    "permissions": "str",
    "communication_disabled_until": "str?",
}
_IN_GUILD: dict[str, Any] = {
    "guild_id": "snowflake",
    "member": _MEMBER,
    "channel_type": "int",
    "mentions!": ["any"],
}
_REACTION: dict[str, Any] = {
    "user_id!": "snowflake",
    "channel_id!": "snowflake",
    "message_id!": "snowflake",
    "guild_id": "snowflake",
    "member": _MEMBER,
    "emoji!": {"id!": "snowflake?", "name!": "str?", "animated": "bool"},
    "message_author_id": "snowflake",
    "burst!": "bool",
    "burst_colors": ["str"],
    "type!": "int",
}
#: What an event carries: a definition, and what it has besides.
EVENTS: dict[str, Any] = {
    "MESSAGE_CREATE": {"is": "$MessageResponse", "and": _IN_GUILD},
    "MESSAGE_UPDATE": {"is": "$MessageResponse", "and": _IN_GUILD},
    "MESSAGE_DELETE": {"and": {"id!": "snowflake", "channel_id!": "snowflake", "guild_id": "snowflake"}},
    "MESSAGE_REACTION_ADD": {"and": _REACTION},
    "MESSAGE_REACTION_REMOVE": {"and": {key: value for key, value in _REACTION.items() if key != "member"}},
    "CHANNEL_CREATE": {"is": "$GuildChannelResponse"},
    "CHANNEL_UPDATE": {"is": "$GuildChannelResponse"},
    "CHANNEL_DELETE": {"is": "$GuildChannelResponse"},
    "THREAD_CREATE": {"is": "$ThreadResponse", "and": {"newly_created": "bool"}},
    "THREAD_UPDATE": {"is": "$ThreadResponse"},
    "GUILD_DELETE": {"and": {"id!": "snowflake", "unavailable": "bool"}},
    "GUILD_ROLE_CREATE": {"and": {"guild_id!": "snowflake", "role!": "$GuildRoleResponse"}},
    "GUILD_ROLE_UPDATE": {"and": {"guild_id!": "snowflake", "role!": "$GuildRoleResponse"}},
}
_RESOLVED: dict[str, Any] = {
    "users": {"*": "$UserResponse"},
    "members": {"*": {name: kind for name, kind in _MEMBER.items() if name not in {"user", "deaf", "mute"}}},
    "roles": {"*": "$GuildRoleResponse"},
    "channels": "any",
    "messages": {"*": "$MessageResponse"},
    "attachments": {"*": "$MessageAttachmentResponse"},
}
#: An interaction as the gateway carries it.
PAYLOAD: dict[str, Any] = {
    "id!": "snowflake",
    "application_id!": "snowflake",
    "type!": {"=": [2, 3, 4, 5]},
    "data!": {
        "id": "any",
        "name": "str:1:32",
        "type": {"=": [1, 2, 3]},
        "resolved": _RESOLVED,
        "options": ["any"],
        "guild_id": "snowflake",
        "target_id": "snowflake",
        "custom_id": "str:1:100",
        "component_type": "int",
        "values": ["str"],
        "components": ["any"],
    },
    "guild": "any",
    "guild_id": "snowflake",
    "channel!": "any",
    "channel_id!": "snowflake",
    "member": _MEMBER,
    "user": "$UserResponse",
    "token!": "str",
    "version!": {"=": [1]},
    "message": "$MessageResponse",
    "app_permissions!": "str",
    "locale!": "str",
    "guild_locale": "str",
    "entitlements!": ["any"],
    "authorizing_integration_owners!": {"*": "snowflake"},
    "context": {"=": [0, 1, 2]},
    "attachment_size_limit!": "int",
}
#: What is written in the documentation only.
LIMITS: dict[str, float] = {
    "ack_seconds": 3,
    "token_seconds": 900,
    "content": 2000,
    "embeds_in_all": 6000,
    "components_v2": 40,
    "text_of_components_v2": 4000,
    "rows": 5,
    "select_options": 25,
    "modal_title": 45,
    "custom_id": 100,
    "button_label": 80,
    "text_input": 4000,
    "choices": 25,
    "upload_bytes": 10 * 1024 * 1024,
    "old_message_seconds": 3600,
}
