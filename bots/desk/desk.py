"""The desk: whatever somebody says, presses, drops or reacts with, on any platform, is answered here.

Everything here is plain and blocking (rows and the store): a platform calls it in a thread. Who may do what
is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeVar

import structlog

from bots.cards.card import Card
from bots.cards.questions import NEVER_MIND
from bots.cards.tongue import Tongue
from bots.commands import Command, NotUnderstood, Verb, parse
from bots.desk import (
    access,
    administration,
    asking,
    deeds,
    editing,
    lists,
    making,
    oneself,
    overview,
    talking,
)
from bots.desk.access import Standing
from bots.desk.choosing import meant, of_id
from bots.desk.editing import EditForm
from bots.desk.replies import Address, House, Reply, not_admin, said
from bots.desk.wishes import offered
from bots.people import Ask, DroppedFile
from jobs import removal
from jobs.kit import Kit
from jobs.office import Office
from pipeline.errors import HiddenHillError
from storage import chat
from storage.catalogue import Filter
from storage.errors import StorageError
from storage.records import Requester
from storage.workspaces import Terms

__all__ = ["Desk", "EditForm", "Reply"]

T = TypeVar("T")
_log = structlog.get_logger(__name__)

#: Deeds of an offer's buttons, whose value says which file.
_OF_A_FILE: Final = frozenset({"make-file", "not-file", "attach"})


class Desk:
    """One workspace-blind desk for a process: whose words these are is said with every ask."""

    def __init__(
        self,
        office: Office,
        kit: Kit,
        *,
        tongue: Tongue,
        size: tuple[int, int],
        versions: tuple[str, ...],
        address: Address,
    ) -> None:
        self._house = House(
            office=office, kit=kit, tongue=tongue, size=size, versions=versions, address=address
        )

    @property
    def offered(self) -> frozenset[str]:
        """The options of providers that are of use here (`bots.desk.wishes`)."""
        return offered(self._house.kit)

    def command(self, ask: Ask, text: str) -> Reply:
        """Answer a command, or what was said with a mention or in a direct message.

        A file that came with the words is what a video is made of, unless they name another paper.
        """
        return self._in_words(ask, lambda me: self._command(me, ask, text))

    def dropped(self, ask: Ask) -> Reply | None:
        """`ask.file` was dropped: it is made, or offered. `None`: it is none of our business."""
        return self._in_words(ask, lambda me: making.dropped(self._house, me, ask))

    def dropped_together(self, ask: Ask, files: Sequence[DroppedFile]) -> list[Reply]:
        """The same for all files of one message. A reply with `fetch` names the one that it is about."""
        answer = self._in_words(ask, lambda me: making.dropped_together(self._house, me, ask, files))
        return [answer] if isinstance(answer, Reply) else answer

    def press(self, ask: Ask, deed: str, value: str) -> Reply | None:
        """Answer a button. `None`: it does nothing by itself (a link)."""
        return self._in_words(ask, lambda me: self._press(me, ask, deed, value))

    def question(self, ask: Ask, deed: str, value: str) -> Reply | None:
        """What is asked before a button does `deed`, where the platform's buttons can't ask; `None`: nothing is."""
        return self._in_words(ask, lambda me: asking.question(self._house, me, deed, value))

    def react(self, ask: Ask, emoji: Literal["retry", "cancel", "delete"], message: str) -> Reply | None:
        """Answer a reaction on a message; `None` when the message is no job's own."""

        def work(me: Standing) -> Reply | None:
            where = ask.place
            named = chat.job_of(self._house.office.database, where.platform, where.channel, message)
            job = None if named is None else of_id(self._house, me, named)
            if job is None or isinstance(job, str):
                return None
            if emoji == "delete":
                return deeds.ask_to_delete(self._house, me, job)
            return deeds.do(self._house, me, job, emoji)

        return self._in_words(ask, work)

    def edit_form(self, ask: Ask, job: str) -> EditForm | Reply:
        """The form "edit:<job>": a script that waits for approval, scene by scene; or why there is none."""
        return self._in_words(ask, lambda me: editing.edit_form(self._house, me, job))

    def edited(self, ask: Ask, job: str, texts: Sequence[str], script: str) -> list[str] | Reply:
        """The form about the `script` of that name came back.

        What is wrong, a sentence or "" for each scene; or the answer once it goes on.
        """
        return self._in_words(ask, lambda me: editing.edited(self._house, me, job, texts, script))

    def redo_form(self, ask: Ask, job: str) -> EditForm | Reply:
        """The form "redo:<job>": the scenes to choose from; or why none can be."""
        return self._in_words(ask, lambda me: editing.redo_form(self._house, me, job))

    def redone(self, ask: Ask, job: str, scene: int) -> Reply:
        """The form came back with a scene (from 1) that is to be made anew."""

        def work(me: Standing) -> Reply:
            found = of_id(self._house, me, job)
            return said(found) if isinstance(found, str) else deeds.redo(self._house, me, found, scene)

        return self._in_words(ask, work)

    def home(self, ask: Ask, offset: int = 0) -> Card:
        """Everything of one's own on a page: videos (from the `offset`th on), quota, preferences, what there is."""
        answer = self._in_words(ask, lambda me: lists.home(self._house, me, offset))
        return answer.card if isinstance(answer, Reply) else answer

    def admin_home(self, ask: Ask, wanted: Filter | None = None, offset: int = 0) -> Card:
        """The page of those who look after the workspace; a sentence for everybody else."""

        def work(me: Standing) -> Card | Reply:
            return (
                overview.page(self._house, me, wanted or Filter(), offset)
                if me.who.admin
                else not_admin(self._house)
            )

        answer = self._in_words(ask, work)
        return answer.card if isinstance(answer, Reply) else answer

    def sheet(self, ask: Ask, wanted: Filter | None = None) -> Reply:
        """The workspace's jobs as a sheet, for an admin."""

        def work(me: Standing) -> Reply:
            return (
                overview.handed_over(self._house, me, wanted or Filter())
                if me.who.admin
                else not_admin(self._house)
            )

        return self._in_words(ask, work)

    def limits(self, ask: Ask) -> Terms | Reply:
        """The workspace's terms with its limits, for an admin."""
        return self._in_words(ask, lambda me: me.terms if me.who.admin else not_admin(self._house))

    def not_attachable(self, ask: Ask, job: str) -> Reply | None:
        """Why no file can be given to a job; `None` when one can: then the platform may ask for it."""

        def work(me: Standing) -> Reply | None:
            no = making.not_attachable(self._house, me, job)
            return said(no) if no else None

        return self._in_words(ask, work)

    def person_gone(self, who: Requester) -> int:
        """Their account was closed: what is being made for them is cancelled. How many jobs that were."""
        return len(removal.cancel_of(self._house.office, who))

    def workspace_gone(self, workspace: str) -> int:
        """The app was uninstalled there: what is being made is cancelled, all is purged later. How many jobs."""
        return len(removal.workspace_removed(self._house.office, workspace))

    def _in_words(self, ask: Ask, work: Callable[[Standing], T]) -> T | Reply:
        """What `work` returns; what goes wrong becomes a sentence for whoever asked."""
        try:
            return work(access.standing(self._house, ask))
        except (HiddenHillError, StorageError) as error:
            _log.warning("not answered", code=error.code, error=error.sentence)
            return said(f"{error.sentence} {error.advice}".strip())

    def _command(self, me: Standing, ask: Ask, text: str) -> Reply:
        house, command = self._house, parse(text)
        if isinstance(command, NotUnderstood):
            return talking.answer(house, me, text, command)
        if ask.file is not None and not command.source and command.verb in (Verb.MAKE, Verb.HELP):
            root = ask.place.thread or ask.origin
            return making.make_file(house, me, ask, ask.file, command.options, thread=root)
        simple = self._of_oneself(me, ask, command)
        return self._of_a_job(me, ask, command) if simple is None else simple()

    def _of_oneself(self, me: Standing, ask: Ask, said_so: Command) -> Callable[[], Reply] | None:
        """What is done for a verb that is about no job that is there."""
        house, options = self._house, said_so.options
        answers: dict[Verb, Callable[[], Reply]] = {
            Verb.MAKE: lambda: making.make(house, me, ask, said_so.source, options),
            Verb.COST: lambda: making.cost(house, me, ask, said_so.source, options),
            Verb.HELP: lambda: lists.help_(house, me),
            Verb.LIST: lambda: lists.own(house, me),
            Verb.QUOTA: lambda: lists.quota(house, me),
            Verb.ME: lambda: oneself.me(house, me, options, said_so.words),
            Verb.FORGET_ME: lambda: oneself.ask_to_forget(house, me),
            Verb.JOIN: lambda: access.join(house, me, said_so.words),
            Verb.ROTATE_CODE: lambda: access.rotate(house, me),
            Verb.ADMIN: lambda: self._admin(me, said_so.words),
        }
        return answers.get(said_so.verb)

    def _of_a_job(self, me: Standing, ask: Ask, command: Command) -> Reply:
        house = self._house
        job = meant(house, me, ask, command.job, str(command.verb))
        if isinstance(job, str):
            return said(job)
        if isinstance(job, tuple):
            return deeds.which(house, me, job, str(command.verb))
        match command.verb:
            case Verb.STATUS:
                return lists.status(house, me, job)
            case Verb.LINK:
                return deeds.link(house, me, job)
            case Verb.REDO:
                return deeds.redo(house, me, job, command.scene)
            case Verb.DELETE:
                return deeds.ask_to_delete(house, me, job)
            case verb:
                return deeds.do(house, me, job, str(verb))

    def _admin(self, me: Standing, words: tuple[str, ...]) -> Reply:
        if not me.who.admin:
            return not_admin(self._house)
        words = administration.canonical(words)
        return administration.decide(self._house, me, words) or overview.look(self._house, me, words)

    def _press(self, me: Standing, ask: Ask, deed: str, value: str) -> Reply | None:
        house = self._house
        if deed in _OF_A_FILE:
            return making.pressed(house, me, ask, deed, value)
        if deed == making.MAKE:
            reply = self._command(me, ask, value)
            return reply.model_copy(update={"replace": True}) if reply.job is not None else reply
        if deed.startswith("me-"):
            return oneself.chosen(house, me, deed, value)
        if deed == "watch":
            return None
        if deed == NEVER_MIND:
            return said("Nothing was done.", replace=True)
        if deed == "list":
            offset = int(value) if value.isdecimal() else 0
            return lists.own(house, me, offset).model_copy(update={"replace": True})
        if deed == "forget-me":
            return oneself.forget(house, me)
        if deed == "admin-delete":
            return administration.delete_several(house, me, value) if me.who.admin else not_admin(self._house)
        return self._press_of_a_job(me, deed, value)

    def _press_of_a_job(self, me: Standing, deed: str, value: str) -> Reply:
        house = self._house
        named, _, script = value.partition(":")
        job = of_id(house, me, named)
        if isinstance(job, str):
            return said(job)
        if deed == "redo":
            return deeds.redo(house, me, job, None)
        if deed == "delete?":
            return deeds.ask_to_delete(house, me, job)
        if deed == "edit":
            no = editing.not_editable(house, me, job)
            return said(no) if no else said("Opening the script …", modal=f"edit:{job.id}")
        if deeds.is_deed(deed):
            return deeds.do(house, me, job, deed, script=script or None)
        return said("This button is of an older message; say it in words instead.")
