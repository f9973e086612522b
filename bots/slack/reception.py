"""Everything that the listeners work with, and what they all do first: who is it, where, and was it heard before?"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from slack_sdk.web.async_client import AsyncWebClient

from bots import reception
from bots.desk.desk import Reply
from bots.people import Ask, Person
from bots.slack.answers import Answers, Back
from bots.slack.directory import Directory
from bots.slack.files import Files
from bots.slack.installation import PLATFORM, Door, person_of
from bots.slack.mentioned import mentions
from bots.slack.taking_back import take_back

#: What somebody of another team is told: once a day, and whenever they ask for something by command or button.
STRANGER: Final = "This app is for the people of another workspace: it can’t do anything for you here."
_DAY: Final = 86_400


@dataclass(frozen=True, kw_only=True)
class Reception(reception.Reception):
    """What a process of the Slack app consists of."""

    client: AsyncWebClient
    door: Door
    directory: Directory
    answers: Answers
    files: Files

    platform: ClassVar[str] = PLATFORM

    @property
    def us(self) -> str:
        """Our own user id."""
        return self.door.installation.user

    async def speaker(self, body: Mapping[str, Any], back: Back) -> Person | None:
        """Who speaks; `None` for those whom nothing is done for. Strangers are told so."""
        if self.door.verdict(body) == "stranger":
            await self.turn_away(person_of(body), back)
            return None
        person = await self.directory.person(back.user)
        if person.program or person.gone:
            return None
        if not person.ours:
            await self.turn_away(back.user, back)
            return None
        return person

    async def turn_away(self, user: str, back: Back) -> None:
        """Tell a stranger that the app is not for them: always where they wait for an answer."""
        if not user:
            return
        new = await self.first(f"stranger:{user}:{int(time.time()) // _DAY}")
        if new or back.response is not None or back.view is not None:
            await self.answers.whisper(back, STRANGER)

    async def naming(self, ask: Ask, words: str) -> Ask:
        """The same, with the people and channels that an admin's words name, as far as Slack knows them."""
        return ask.model_copy(update={"mentions": await mentions(self.directory, words)})

    async def give(self, back: Back, *replies: Reply | None) -> None:
        """Hand out what the desk said."""
        for reply in replies:
            if reply is None:
                continue
            if reply.job is not None:
                self.hint(reply.job)
            await self.answers.give(back, reply)
            if reply.takes_back:
                channel = await self.answers.dm(back.user)
                await take_back(self.client, channel, us=self.us, but=back.message)

    def begin(self, what: Any, back: Back | None) -> None:
        """Do it after Slack was answered; what goes wrong is whispered to whoever asked."""

        async def sorry(sentence: str) -> None:
            if back is not None:
                await self.answers.whisper(back, sentence)

        self.work.start(what, sorry)
