"""The routes of the gateway's address, the application, users, guilds, members and roles."""

from __future__ import annotations

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.permissions import guild_permissions
from tests.fakes.discord.rest import Api, Ask, route
from tests.fakes.discord.state import APP, BOT_USER, Guild, Json


def _address(api: Api) -> str:
    return api.state.api_address.replace("http://", "ws://") + "/gateway"


@route("GET /gateway")
def gateway(api: Api, ask: Ask) -> Json:
    return {"url": _address(api)}


@route("GET /gateway/bot")
def gateway_bot(api: Api, ask: Ask) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
    return {"url": _address(api), "shards": 1, "session_start_limit": limit}


@route("GET /users/@me")
def me(api: Api, ask: Ask) -> Json:
    more = {"mfa_enabled": True, "locale": "en-US", "premium_type": 0, "email": None, "verified": True}
    return shapes.user(api.state.users[BOT_USER]) | more


@route("GET /applications/@me")
def application(api: Api, ask: Ask) -> Json:
    return _application(api)


@route("GET /oauth2/applications/@me")
def oauth2_application(api: Api, ask: Ask) -> Json:
    return _application(api)


@route("GET /users/{user_id}")
def get_user(api: Api, ask: Ask) -> Json:
    if ask["user_id"] not in api.state.users:
        raise RefusedError(10013)
    return shapes.user(api.state.users[ask["user_id"]])


@route("GET /users/@me/guilds")
def my_guilds(api: Api, ask: Ask) -> list[Json]:
    return [
        {
            "id": home.id,
            "name": home.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild_permissions(api.state, home.id, BOT_USER)),
            "features": [],
        }
        for home in api.state.guilds.values()
        if home.bot_in
    ]


@route("DELETE /users/@me/guilds/{guild_id}")
def leave(api: Api, ask: Ask) -> None:
    api.world.uninstall(_guild(api, ask))


def _guild(api: Api, ask: Ask) -> Guild:
    home = api.state.guilds.get(ask["guild_id"])
    if home is None:
        raise RefusedError(10004)
    if not home.bot_in:
        raise RefusedError(50001 if home.id in api.state.guilds else 10004)
    return home


@route("GET /guilds/{guild_id}")
def get_guild(api: Api, ask: Ask) -> Json:
    home = _guild(api, ask)
    more: Json = {}
    if ask.query.get("with_counts", "").lower() in {"1", "true"}:
        more = {"approximate_member_count": len(home.members), "approximate_presence_count": 0}
    return shapes.guild(api.state, home) | more


@route("GET /guilds/{guild_id}/channels")
def guild_channels(api: Api, ask: Ask) -> list[Json]:
    home = _guild(api, ask)
    rooms = [one for one in api.state.channels.values() if one.guild == home.id and not one.parent]
    return [shapes.channel(api.state, room) for room in rooms if not room.deleted]


@route("GET /guilds/{guild_id}/roles")
def roles(api: Api, ask: Ask) -> list[Json]:
    return [shapes.role(one) for one in _guild(api, ask).roles.values()]


@route("GET /guilds/{guild_id}/members")
def members(api: Api, ask: Ask) -> list[Json]:
    home = _guild(api, ask)
    if "GUILD_MEMBERS" not in api.world.granted:
        raise RefusedError(50001)
    after, limit = int(ask.query.get("after", 0)), int(ask.query.get("limit", 1))
    found = sorted(
        (one for one in home.members.values() if int(one.user) > after), key=lambda one: int(one.user)
    )
    return [shapes.member(api.state, one) for one in found[:limit]]


@route("GET /guilds/{guild_id}/members/{user_id}")
def member(api: Api, ask: Ask) -> Json:
    home = _guild(api, ask)
    if ask["user_id"] not in api.state.users:
        raise RefusedError(10013)
    if ask["user_id"] not in home.members:
        raise RefusedError(10007)
    return shapes.member(api.state, home.members[ask["user_id"]])


def _application(api: Api) -> Json:
    state = api.state
    bot = state.users[BOT_USER]
    boss = next(iter(state.guilds.values())).owner
    return {
        "id": APP,
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": shapes.user(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": api.world.application_flags,
        "flags_new": str(api.world.application_flags),
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "integration_types_config": {"0": {}},
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": shapes.user(state.users[boss]) if boss in state.users else shapes.user(bot),
        "approximate_guild_count": sum(home.bot_in for home in state.guilds.values()),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
    }
