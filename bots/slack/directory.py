"""Who somebody is and what kind of place a channel is, as Slack says; believed for minutes, and for seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.people import Person, Place, PlaceKind
from bots.remembered import Remembered
from bots.slack.client import error_code
from bots.slack.installation import PLATFORM, Door
from storage.records import Record, Requester

#: Seconds that a name or an admin's right is believed.
BELIEVED: Final = 300.0
#: Seconds that a channel's kind is: what is asked for in one that was made private must be private.
KIND_BELIEVED: Final = 10.0
#: What Slack says of a channel that the app may not look into.
_CLOSED: Final = frozenset({"channel_not_found", "missing_scope", "not_in_channel", "no_permission"})


class Room(Record):
    """A conversation: its kind, whether the app can write in it, and its name ("" where it has or tells none)."""

    kind: PlaceKind
    present: bool
    name: str = ""


class Directory:
    """Asks Slack, seldom. Raises `SlackApiError` and what the way to Slack raises."""

    def __init__(self, client: AsyncWebClient, door: Door) -> None:
        self._client = client
        self._door = door
        self._people = Remembered(self._ask_person, seconds=BELIEVED)
        # An app that isn't in a channel may be invited the next moment.
        self._rooms = Remembered(self._ask_room, seconds=KIND_BELIEVED, lasts=lambda room: room.present)

    @property
    def workspace(self) -> str:
        """The workspace's id in our database."""
        return self._door.installation.workspace

    @property
    def us(self) -> str:
        """Our own user id."""
        return self._door.installation.user

    async def person(self, user: str) -> Person:
        """Who this is."""
        return await self._people.get(user)

    async def room(self, channel: str) -> Room:
        """What kind of conversation this is. One that can't be looked into counts as private."""
        return await self._rooms.get(channel)

    async def place(self, channel: str, thread: str | None = None) -> Place:
        """The place of that name, and the thread in it."""
        room = await self.room(channel)
        return self.placed(channel, room.kind, thread)

    def placed(self, channel: str, kind: PlaceKind, thread: str | None = None) -> Place:
        """A place whose kind is known."""
        return Place(platform=PLATFORM, workspace=self.workspace, channel=channel, kind=kind, thread=thread)

    def forget(self, *keys: str) -> None:
        """Ask anew about these people or channels: something changed."""
        for key in keys:
            self._people.forget(key)
            self._rooms.forget(key)

    async def admins(self) -> tuple[str, ...]:
        """The ids of the admins and owners, as Slack knows them: of the workspace, or of the organisation."""
        found: list[str] = []
        for team in await self._teams():
            members = await self._all(self._client.users_list, "members", team_id=team)
            found += [one["id"] for one in members if self._is_admin(one) and not one.get("deleted")]
        return tuple(dict.fromkeys(found))

    async def _teams(self) -> list[str | None]:
        """Whose members are ours: the token's own (`None`), or each team of an organisation by its id."""
        if not self._door.installation.org:
            return [None]
        teams = [str(one["id"]) for one in await self._all(self._client.auth_teams_list, "teams")]
        return [team for team in teams if self._door.knows(team, self._door.installation.enterprise)]

    async def _all(self, method: Any, field: str, **more: Any) -> list[dict[str, Any]]:
        """What is on the pages of a list."""
        found: list[dict[str, Any]] = []
        cursor = ""
        for _ in range(25):
            page = await method(limit=200, cursor=cursor or None, **more)
            found += page.get(field) or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found

    def _is_admin(self, said: Mapping[str, Any]) -> bool:
        """Whether they look after what the app is installed in: an organisation is not one workspace's admin's."""
        role = (said.get("enterprise_user") or {}) if self._door.installation.org else said
        return bool(role.get("is_admin") or role.get("is_owner") or role.get("is_primary_owner"))

    async def _ask_person(self, user: str) -> Person:
        try:
            said = (await self._client.users_info(user=user))["user"]
        except SlackApiError as error:
            if error_code(error) not in {"user_not_found", "user_not_visible", "users_not_found"}:
                raise
            return Person(requester=self._requester(user), ours=False)
        organisation = said.get("enterprise_user") or {}
        return Person(
            requester=self._requester(user, _name(said), admin=self._is_admin(said)),
            guest=bool(said.get("is_restricted") or said.get("is_ultra_restricted")),
            ours=not said.get("is_stranger")
            and self._door.knows(
                said.get("team_id") or "",
                organisation.get("enterprise_id"),
                frozenset(organisation.get("teams") or ()),
            ),
            gone=bool(said.get("deleted")),
            program=bool(said.get("is_bot")),
        )

    async def _ask_room(self, channel: str) -> Room:
        try:
            said = (await self._client.conversations_info(channel=channel))["channel"]
        except SlackApiError as error:
            if error_code(error) not in _CLOSED:
                raise
            return Room(kind="private", present=False)
        if said.get("is_im"):
            return Room(kind="dm", present=True)
        private = bool(said.get("is_private") or said.get("is_mpim") or said.get("is_group"))
        # A group message that can be looked into is one that we are in; Slack says no more about it.
        present = bool(said.get("is_member") or said.get("is_mpim")) and not said.get("is_archived")
        name = "" if said.get("is_mpim") else str(said.get("name") or "")
        return Room(kind="private" if private else "public", present=present, name=name)

    def _requester(self, user: str, name: str = "", *, admin: bool = False) -> Requester:
        return Requester(workspace=self.workspace, platform=PLATFORM, user=user, name=name, admin=admin)


def _name(said: Mapping[str, Any]) -> str:
    profile = said.get("profile") or {}
    names = (profile.get("display_name"), said.get("real_name"), profile.get("real_name"), said.get("name"))
    return str(next((name for name in names if name), ""))
