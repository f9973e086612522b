"""What the listeners of every platform work with: who decides, who fetches files, and whether it was heard before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from bots.desk.desk import Desk
from bots.desk.replies import Reply, said
from bots.fetching import FileAwayError, FileNotFetchedError
from bots.people import Ask, DroppedFile, Person, Place
from bots.work import Work
from jobs.office import Office
from storage.seen import first_time

#: What somebody does with the desk.
Question = Callable[[Ask], Reply | None]


class Files(Protocol):
    """The platform's files."""

    def fetched(self, file: str) -> AbstractAsyncContextManager[DroppedFile]:
        """The file, on this machine until the block ends.

        Raises `FileNotFetchedError` and `FileAwayError` with what is to be told.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Reception(ABC):
    """What a platform's part of a process consists of. `hint` tells the messenger of a job."""

    desk: Desk
    office: Office
    work: Work
    files: Files
    hint: Callable[[str], None]

    #: The platform's name, as in `storage.records.Requester.platform`.
    platform: ClassVar[str]

    @abstractmethod
    async def naming(self, ask: Ask, words: str) -> Ask:
        """The same, with the people and channels that an admin's words name, as far as the platform knows them."""

    async def first(self, event: str) -> bool:
        """Whether this was never heard before, by any process: several may listen, and some things are told twice."""
        return await self.work.call(first_time, self.office.database, self.platform, event)

    def ask(self, person: Person, place: Place, **more: Any) -> Ask:
        """What the desk is asked."""
        return Ask(who=person.requester, guest=person.guest, place=place, **more)

    async def told(self, ask: Ask, words: str) -> Reply | None:
        """What the desk says to words, which may name people and channels, and be about a file."""
        named = await self.naming(ask, words)
        return await self.answered(named, lambda ask: self.desk.command(ask, words))

    async def dropped(self, ask: Ask, files: Sequence[DroppedFile]) -> AsyncIterator[Reply]:
        """What the desk says to the files of one message; those that it wants to see are fetched."""
        for reply in await self.work.call(self.desk.dropped_together, ask, files):
            if reply.fetch is None:
                yield reply
                continue
            named = next((one for one in files if one.id == reply.fetch), None)
            about = ask.model_copy(update={"file": named})
            answer = await self.with_file(about, reply.fetch, self.desk.dropped)
            if answer is not None:
                yield answer

    async def answered(self, ask: Ask, question: Question) -> Reply | None:
        """What the desk says; when it wants to see the file, that is fetched first."""
        reply = await self.work.call(question, ask)
        if reply is None or reply.fetch is None:
            return reply
        return await self.with_file(ask, reply.fetch, question)

    async def with_file(self, ask: Ask, file: str, question: Question) -> Reply | None:
        """What the desk says once it has the file; or why the file can't be had."""
        try:
            async with self.files.fetched(file) as fetched:
                named = fetched if ask.file is None else fetched.model_copy(update={"name": ask.file.name})
                return await self.work.call(question, ask.model_copy(update={"file": named}))
        except (FileNotFetchedError, FileAwayError) as error:
            return said(f"{error.sentence} {error.advice}")
