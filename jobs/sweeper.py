"""What is mended and tidied as time goes by. However many sweepers run, one is at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Final

import structlog

from jobs.admission import admit
from jobs.calling_off import call_off
from jobs.control import delete
from jobs.office import Office
from jobs.removal import purge
from jobs.repairs import due_again
from jobs.sentry import report
from pipeline.errors import HiddenHillError
from pipeline.providers import Watcher
from storage import chat, doomed, jobs, kept, listeners, references, retention, seen, workers
from storage.artefacts import IN_USE, FolderArtefacts
from storage.errors import StorageError, StoreRefusedError
from storage.leases import hold
from storage.purchases import settle_abandoned
from storage.reconcile import reconcile
from storage.records import Job, JobState

#: Seconds between two sweeps.
SWEEP_EVERY: Final = 5.0
#: How long the duty is held without a sweep (seconds): then another sweeper takes it.
DUTY: Final = 30.0
#: Seconds between two rounds of tidying.
TIDY_EVERY: Final = 3600.0
DAY: Final = 24 * 3600.0
#: Platforms send an event again for hours at most; it is remembered for so long (seconds).
EVENTS_KEPT: Final = 7 * DAY
#: What a button of a message stands for, and a script half edited, are kept for so long (seconds).
BUTTONS_KEPT: Final = 90 * DAY

_log = structlog.get_logger(__name__)


@dataclass
class Sweeper:
    """Mends what was left behind at every `sweep`, and tidies once an hour, in a thread of its own.

    `folder` is the data folder of this machine: its artefacts are tidied by whoever sweeps here, duty
    or not. `owner` is a name that no other sweeper has. `watchers` are those of the providers at which work of
    cancelled jobs is called off; they are made when they are first needed.
    """

    office: Office
    folder: Path
    owner: str
    watchers: Callable[[], Mapping[str, Watcher]] = dict
    _tidied: float = field(default=float("-inf"))
    _tidying: Thread | None = field(default=None)
    _calling: Thread | None = field(default=None)

    def sweep(self) -> dict[str, int]:
        """One round of mending; what was done, by name. Mends nothing while another has the duty.

        A part that fails is logged and does not keep the others from their work. Tidying, when it is time,
        begins beside it: it may take longer than the duty is held.
        """
        self._begin_tidying()
        if not hold(self.office.database, "sweeper", self.owner, DUTY):
            return {}
        done = self._parts(due_again)
        done |= self._part("admitted", lambda: admit(self.office))
        done |= self._part("purchases unsure", lambda: settle_abandoned(self.office.database))
        self._begin_calling_off()
        return self._said(done)

    def tidy(self) -> dict[str, int]:
        """One round of tidying; what was done, by name. Only of its own disk while it is another's duty."""
        done = self._part("artefacts of this machine", self._tidy_here)
        if self._part("duty", lambda: hold(self.office.database, "tidying", self.owner, TIDY_EVERY)).get(
            "duty"
        ):
            done |= self._part("doomed objects deleted", self._delete_doomed)
            done |= self._part("no longer ending", self._take_back)
            done |= self._part("told of their end", self._give_notice)
            done |= self._part("deleted at their end", self._delete_ended)
            done |= self._part("workspaces purged", lambda: purge(self.office))
            done |= self._part("messages forgotten", self._forget_messages)
            done |= self._part("events forgotten", self._forget_events)
            done |= self._part("buttons forgotten", self._forget_buttons)
            done |= self._part("workers forgotten", self._forget_workers)
            done |= self._part("objects deleted", self._tidy_objects)
        return self._said(done)

    def rest(self) -> None:
        """Wait until what goes on beside the sweeps is over."""
        for thread in (self._tidying, self._calling):
            if thread is not None:
                thread.join()

    def _begin_calling_off(self) -> None:
        """Beside the sweeps: a provider may take a minute to answer."""
        if self._calling is None or not self._calling.is_alive():
            self._calling = Thread(target=self._call_off, name="calling-off", daemon=True)
            self._calling.start()

    def _call_off(self) -> None:
        self._said(self._part("called off", lambda: call_off(self.office, self.watchers())))

    def _begin_tidying(self) -> None:
        now = self.office.database.now()
        at_it = self._tidying is not None and self._tidying.is_alive()
        if at_it or abs(now - self._tidied) < TIDY_EVERY:  # a clock may be set back
            return
        self._tidied = now
        self._tidying = Thread(target=self.tidy, name="tidying", daemon=True)
        self._tidying.start()

    def _said(self, done: dict[str, int]) -> dict[str, int]:
        found = {name: count for name, count in done.items() if count}
        if found:
            _log.info("swept", **{name.replace(" ", "_"): count for name, count in found.items()})
        return found

    def _parts(self, mend: Callable[[Office], dict[str, int]]) -> dict[str, int]:
        try:
            return mend(self.office)
        except (StorageError, HiddenHillError) as error:
            _log.warning("a repair failed", error=error.sentence)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next sweep may pass
            _log.exception("a repair broke")
            report(error, reference="", job="", stage="sweep")
        return {}

    def _part(self, name: str, work: Callable[[], int]) -> dict[str, int]:
        return self._parts(lambda _: {name: work()})

    def _tidy_here(self) -> int:
        artefacts = self.office.local_artefacts
        if artefacts is None:
            return 0
        names = [entry.name for entry in (self.folder / "artefacts").glob("*") if entry.is_dir()]
        return sum(self._tidy_folder(name, artefacts(name)) for name in names)

    def _tidy_folder(self, workspace: str, folder: FolderArtefacts) -> int:
        """What nobody asked for in days goes, by this machine's clock: its files have their times from it.

        Beside a store that others share it is a copy: what belongs to no job goes at once, for its job was deleted
        elsewhere. Without one it may be what a stage had made, or bought, when it was cut off: there is no other.
        """
        db, now = self.office.database, time.time()
        gone = folder.evict(older_than=self.office.rules.artefact_days * DAY, now=now)
        left = folder.unused(older_than=IN_USE, now=now) if self.office.objects.shared else []
        used = db.do(lambda: references.used_artefacts(workspace))
        for stage, key in sorted(set(left) - used):
            folder.remove(stage, key)
            gone += 1
        return gone

    def _delete_doomed(self) -> int:
        db, objects = self.office.database, self.office.objects
        deleted = 0
        for key in doomed.doomed(db):
            try:
                deleted += doomed.carry_out(db, objects, key)
            except StoreRefusedError as error:  # another may pass
                _log.warning("an object can't be deleted", error=error.sentence)
        return deleted

    def _take_back(self) -> int:
        office, notice = self.office, self.office.rules.notice_days * DAY
        found = office.database.do(lambda: retention.take_back(office.database, notice=notice))
        for job in found:
            office.hints.changed(job)
        return len(found)

    def _give_notice(self) -> int:
        office, notice = self.office, self.office.rules.notice_days * DAY
        told = 0
        for job in office.database.do(lambda: retention.ending(office.database, notice=notice)):
            told += self._tell(job, notice)
        return told

    def _tell(self, job: str, notice: float) -> bool:
        office = self.office

        def work() -> bool:
            ends = retention.give_notice(office.database, job, notice=notice)
            if ends is None:
                return False
            day = datetime.fromtimestamp(ends, UTC).strftime("%-d %B %Y")
            message = f"{retention.NOTICE}{day}, as an admin decided. Keep it if it is still needed."
            return jobs.change(office.database, job, [JobState.DONE], message=message)

        told = office.database.do(work)
        if told:
            office.hints.changed(job)
        return told

    def _delete_ended(self) -> int:
        db = self.office.database
        deleted = 0
        for job in db.do(lambda: retention.ended(db)):
            if db.do(partial(retention.ended, db, job)):  # nobody kept it meanwhile
                deleted += isinstance(delete(self.office, job, by="sweeper: retention"), Job)
        return deleted

    def _forget_messages(self) -> int:
        db = self.office.database
        return chat.forget_deleted(db, before=db.now() - DAY)

    def _forget_events(self) -> int:
        db = self.office.database
        return seen.forget_before(db, db.now() - EVENTS_KEPT)

    def _forget_buttons(self) -> int:
        db = self.office.database
        return kept.forget_before(db, db.now() - BUTTONS_KEPT)

    def _forget_workers(self) -> int:
        return workers.forget_silent(self.office.database, DAY) + listeners.forget_silent(
            self.office.database
        )

    def _tidy_objects(self) -> int:
        office = self.office
        report = reconcile(
            office.database,
            office.objects,
            fix=True,
            artefact_days=office.rules.artefact_days,
            unattended=True,
        )
        return report.deleted
