"""What those who look after a workspace must know: said once to each when it begins, and once when it is over.

An episode is kept in the audit log, so that processes that come and go tell it once.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

import structlog

from bots.cards.card import Card, Paragraph, Small, bold, plain
from bots.messenger.threads import Threads
from bots.messenger.troubles import OVER, troubles
from bots.port import MessageGoneError, PlaceGoneError, Port, PortError, Tag
from jobs.office import Office
from storage import audit, leases, seen
from storage.audit import AuditEntry
from storage.errors import StorageError
from storage.workspaces import terms

#: Seconds between two looks.
EVERY: Final = 60.0
#: A trouble that was not seen so many times in a row is over.
_AWAY_FOR: Final = 3
#: For so long somebody who could not be told is tried again (seconds).
_TOLD_WITHIN: Final = 3600.0
#: What was told longer ago than this (seconds) may be forgotten among the events that were seen.
_REMEMBERED: Final = 5 * 86_400.0
#: At most so many people are told.
_MOST: Final = 20
#: The platform's clock and ours differ by less than this (seconds).
_CLOCKS: Final = 300.0
_BEGUN: Final = "alert"
_OVER: Final = "alert over"
_ACTOR: Final = "Hidden Hill"

_log = structlog.get_logger(__name__)


class Alerts:
    """Looks once a minute, in one process at a time."""

    def __init__(self, office: Office, port: Port, threads: Threads, *, every: float = EVERY) -> None:
        self._office = office
        self._port = port
        self._threads = threads
        self._every = every
        self._owner = f"alerts-{secrets.token_hex(8)}"
        #: How often in a row an open trouble was not seen.
        self._away: dict[tuple[str, str], int] = {}
        #: Whom this process has told what.
        self._told: set[str] = set()

    async def run(self) -> None:
        """Look until cancelled. What goes wrong is logged, and tried again at the next look."""
        while True:
            try:
                await self.look()
            except (StorageError, PortError) as error:
                _log.warning("alerts not told yet", error=error.sentence)
            except Exception:  # noqa: BLE001 - the next look may pass
                _log.exception("a look for alerts broke")
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """One look: note what began and what is over, and tell whoever was not told. Raises the storage's errors."""
        for workspace, entries in (await self._threads.do(self._episodes)).items():
            if entries:
                people = await self._people(workspace)
                for entry in entries:
                    for person in people:
                        await self._tell(workspace, entry, person)

    def _episodes(self) -> dict[str, list[AuditEntry]]:
        """What is to be told in each workspace; nothing while another process has the duty."""
        db, platform = self._office.database, self._port.platform
        if not leases.hold(db, f"alerts:{platform}", self._owner, 2.5 * self._every):
            return {}
        names, found = troubles(self._office, platform)
        to_tell: dict[str, list[AuditEntry]] = {name: [] for name in names}
        for trouble in found:
            self._away.pop((trouble.workspace, trouble.name), None)
            said = f"{trouble.sentence} {trouble.advice}"
            to_tell[trouble.workspace].append(self._begun(trouble.workspace, trouble.name, said))
        there = {(trouble.workspace, trouble.name) for trouble in found}
        for workspace in names:
            for name in OVER:
                ended = None if (workspace, name) in there else self._ended(workspace, name)
                if ended is not None:
                    to_tell[workspace].append(ended)
        return to_tell

    def _begun(self, workspace: str, name: str, said: str) -> AuditEntry:
        """When this trouble began; written down if it just did."""
        last = self._last(workspace, name)
        if last is None or last.action == _OVER:
            audit.note(self._office.database, workspace, _ACTOR, _BEGUN, _target(name), said)
            last = self._last(workspace, name)
            assert last is not None
        return last

    def _ended(self, workspace: str, name: str) -> AuditEntry | None:
        """That a trouble which isn't there is over, if it was there and that was not told long ago."""
        db, last = self._office.database, self._last(workspace, name)
        if last is None:
            return None
        if last.action == _BEGUN:
            times = self._away[workspace, name] = self._away.get((workspace, name), 0) + 1
            if times < _AWAY_FOR:
                return None
            audit.note(db, workspace, _ACTOR, _OVER, _target(name), OVER[name])
            last = self._last(workspace, name)
            assert last is not None
        return last if db.now() - last.at < _TOLD_WITHIN else None

    def _last(self, workspace: str, name: str) -> AuditEntry | None:
        lines = audit.entries(self._office.database, workspace, target=_target(name), limit=1)
        return lines[0] if lines else None

    async def _people(self, workspace: str) -> list[str]:
        """Whom to tell: whoever was named, else the admins that an admin made, else the platform's own."""
        said = await self._threads.do(terms, self._office.database, workspace)
        people = said.alerts_to or said.admins or await self._port.admins(workspace)
        return list(dict.fromkeys(people))[:_MOST]

    async def _tell(self, workspace: str, entry: AuditEntry, person: str) -> None:
        """Tell one person once. One who can't be told doesn't keep it from the others."""
        what = f"{entry.action}:{entry.target}:{entry.at:.3f}"
        key = f"{workspace}:{what}:{person}"
        if key in self._told:
            return
        db, platform = self._office.database, self._port.platform
        tag = Tag(job="", what=what)
        try:
            place = await self._port.dm(person)
            new = await self._threads.do(seen.first_time, db, platform, key)
            new = new and db.now() - entry.at < _REMEMBERED
            # Somebody told it long ago, or was about to and may have died over it.
            told = None if new else await self._port.find(place, tag, since=entry.at - _CLOCKS)
            if told is None:
                await self._port.post(place, _card(entry), tag=tag)
        except (PlaceGoneError, MessageGoneError) as error:
            _log.warning("an admin can't be told", person=person, error=error.sentence)
        except PortError as error:
            _log.warning("an alert is not told yet", error=error.sentence)
            return
        self._told.add(key)


def _target(name: str) -> str:
    return f"alert:{name}"


def _card(entry: AuditEntry) -> Card:
    head = "All well again." if entry.action == _OVER else "Hidden Hill needs somebody."
    small = Small(spans=(plain("Told once, to those who look after the app here."),))
    words = Paragraph(spans=(bold(head), plain(f" {entry.detail}")))
    return Card(text=f"{head} {entry.detail}", blocks=(words, small))
