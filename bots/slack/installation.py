"""Where the app is installed, by the word of its token, and whose words it listens to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bots.people import Place
from storage.records import Record

#: What becomes of a payload: it is listened to; somebody of another team speaks, which is told to them;
#: it is not for us at all (another installation, a program, our own words).
Verdict = Literal["welcome", "stranger", "ignored"]

PLATFORM = "slack"
#: Slack's own voice.
_SLACKBOT = "USLACKBOT"


class Installation(Record):
    """One workspace, or one Enterprise Grid organisation (`org`), and who we are there.

    `user` and `bot` are our own ids, `name` our name; `url` is the workspace's address.
    """

    team: str
    enterprise: str | None = None
    org: bool = False
    user: str
    bot: str = ""
    name: str = ""
    team_name: str = ""
    url: str = ""

    @property
    def workspace(self) -> str:
        """The workspace's id in our database: the organisation's where the app is installed in all of it."""
        return f"{PLATFORM}:{self.enterprise if self.org and self.enterprise else self.team}"

    def address(self, place: Place, message: str) -> str | None:
        """Where people find a message: what `chat.getPermalink` says, without asking for each."""
        if not self.url:
            return None
        at = f"{self.url.rstrip('/')}/archives/{place.channel}/p{message.replace('.', '')}"
        replies = place.thread is not None and place.thread != message
        return f"{at}?thread_ts={place.thread}&cid={place.channel}" if replies else at

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Installation:
        """What `auth.test` answered."""
        return cls(
            team=said.get("team_id") or "",
            enterprise=said.get("enterprise_id") or None,
            org=bool(said.get("is_enterprise_install")),
            user=said.get("user_id") or "",
            bot=said.get("bot_id") or "",
            name=said.get("user") or "",
            team_name=said.get("team") or "",
            url=said.get("url") or "",
        )


@dataclass(frozen=True)
class Door:
    """Lets in what comes from the teams (or organisations) that the app is for. Slack itself doesn't check."""

    installation: Installation
    allowed: frozenset[str]

    @classmethod
    def of(cls, installation: Installation, allowed_teams: str) -> Door:
        """The door for SLACK_ALLOWED_TEAMS (ids with commas); empty: the token's own team or organisation."""
        named = frozenset(filter(None, (name.strip() for name in allowed_teams.split(","))))
        own = installation.enterprise if installation.org and installation.enterprise else installation.team
        return cls(installation, named or frozenset({own}))

    def verdict(self, body: Mapping[str, Any]) -> Verdict:
        """What becomes of a payload of whatever kind: an event, a command, a button, a form, a shortcut."""
        event = _of(body, "event")
        if self._by_a_program(body, event):
            return "ignored"
        homes = {home for home in _homes(body, event) if home.startswith("T")}
        if not self._reaches_us(body, homes):
            return "stranger" if body.get("response_url") and person_of(body) else "ignored"
        if homes and not homes & self.allowed and not _organisations(body) & self.allowed:
            return "stranger"
        return "welcome"

    def knows(self, team: str, enterprise: str | None, teams: frozenset[str] = frozenset()) -> bool:
        """Whether a person of this team, this organisation or these teams of it is one of ours."""
        return bool(({team, enterprise} | teams) & self.allowed)

    def _by_a_program(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
        """Whether a bot, Slackbot or we ourselves said it. That a message of ours was deleted is news all the same."""
        if event.get("subtype") == "message_deleted":
            return False
        user = person_of(body)
        ours = {self.installation.user, _SLACKBOT}
        return user in ours or bool(event.get("bot_id")) or event.get("subtype") == "bot_message"

    def _reaches_us(self, body: Mapping[str, Any], homes: set[str]) -> bool:
        """Whether it was said to *our* installation, whoever spoke.

        The envelope of an event from a channel that another company made and shares with us names that
        company's team: the installation stands in `authorizations` and `context_team_id`.
        """
        if body.get("type") != "event_callback":
            return bool((set(_teams(body)) | homes) & self.allowed)
        named = {body.get("context_team_id"), body.get("context_enterprise_id")}
        for one in body.get("authorizations") or ():
            named |= {one.get("team_id"), one.get("enterprise_id")}
        if self.installation.org or not any(named):
            named |= set(_teams(body))
        return bool(named & self.allowed)


def person_of(body: Mapping[str, Any]) -> str:
    """The id of whoever did it; empty where nobody did."""
    event = _of(body, "event")
    for place in (event.get("user"), body.get("user"), body.get("user_id")):
        if isinstance(place, Mapping):
            return str(place.get("id") or "")
        if place:
            return str(place)
    return ""


def _teams(body: Mapping[str, Any]) -> Iterator[str]:
    """The teams and organisations that a payload says it comes from."""
    event = body.get("type") == "event_callback"
    names = [body.get("team_id"), body.get("enterprise_id")]
    names += [_of(body, "team").get("id"), _of(body, "enterprise").get("id")]
    if not event and not any(names):  # an installation in a whole organisation may leave them out
        names.append(_of(body, "user").get("team_id"))
    yield from (name for name in names if name)


def _organisations(body: Mapping[str, Any]) -> set[str]:
    return {name for name in (body.get("enterprise_id"), _of(body, "enterprise").get("id")) if name}


def _homes(body: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[str]:
    """Where whoever did it is at home, as far as the payload says."""
    for name in (event.get("user_team"), event.get("source_team"), _of(body, "user").get("team_id")):
        if name:
            yield str(name)
            return
    if event.get("team"):
        yield str(event["team"])


def _of(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
