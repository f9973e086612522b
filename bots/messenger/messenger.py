"""Keeps each job's message equal to the job's row.

It looks at the latest state, never at a history: on a hint, when it begins, and every now and then. So a
thousand hints become a few edits, and what was missed is caught up with. Several may run: a lease on the
message decides who speaks.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Final

import structlog

from bots.messenger.agenda import Agenda
from bots.messenger.alerts import Alerts
from bots.messenger.holding import LEASE, Holding
from bots.messenger.lineup import Lineup, Ready
from bots.messenger.pacing import Pacing
from bots.messenger.plan import UNREACHABLE, Level, Step, next_step
from bots.messenger.sight import Sight, look
from bots.messenger.telling import LeaseLostError, Teller
from bots.messenger.threads import Threads
from bots.port import BusyError, Port, PortAwayError, PortRefusedError, PostRefusedError
from jobs.kit import Kit
from jobs.office import Office
from storage import chat
from storage.errors import StorageError
from storage.records import JobState

#: Seconds between two edits of one message that only say how far it is, and between two looks at one job.
PROGRESS_EVERY: Final = 3.0
LOOK_EVERY: Final = 0.4
#: A job that is hinted at before its message is noted is looked at again after so many seconds each.
_PATIENCE: Final = (0.1, 0.3, 1.0, 3.0)
#: Jobs looked at in one transaction, steps carried out at once, and jobs that are due in one round.
_BATCH: Final = 50
_HANDS: Final = 12
#: Uploads at once: they may take minutes and keep none of the hands. Threads for what the store is asked for.
_CARRIERS: Final = 4
_FILE_THREADS: Final = 2 * _CARRIERS
_ROUND: Final = 200
#: The longest pause after a failure (seconds).
_LONGEST_PAUSE: Final = 60.0
#: How long what the threads are at may hold up whoever stops us (seconds).
_LAST_LOOKS: Final = 0.5
#: An unfinished job's look is written down when the last is older than this (seconds).
_NOTED_EVERY: Final = 20.0

_log = structlog.get_logger(__name__)


@dataclass
class _Known:
    """What this process remembers of a job; seconds of the loop's clock. It may forget all of it.

    `shown` is what its message says in short. `strange` counts the looks that found no message of ours.
    """

    looked_at: float = -math.inf
    shown_at: float = -math.inf
    shown: tuple[object, ...] = ()
    failures: int = 0
    not_before: float = -math.inf
    strange: int = 0


class Messenger:
    """The messenger of one platform; `run` it once.

    `every`: seconds between two rounds over all that is due;
    `lively`: between two looks at a job that goes on, for its time left and its place in line.
    """

    def __init__(
        self,
        office: Office,
        kit: Kit,
        port: Port,
        *,
        every: float = 30.0,
        lively: float = 10.0,
        pacing: Pacing | None = None,
    ) -> None:
        self._office = office
        self._port = port
        self._every = every
        self._lively = lively
        owner = f"messenger-{secrets.token_hex(8)}"
        self._threads = Threads()
        self._holding = Holding(office, self._threads, owner, platform=port.platform)
        self._files = Threads(_FILE_THREADS, name="files")
        self._teller = Teller(office, kit, port, self._threads, self._files, owner)
        self._alerts = Alerts(office, port, self._threads)
        self._pacing = pacing or Pacing()
        self._lineup = Lineup(self._pacing)
        self._agenda = Agenda()
        self._known: dict[str, _Known] = {}
        self._at_work: dict[str, asyncio.Task[None]] = {}
        #: Those of them that hand over files, or wait until they may.
        self._carried: set[str] = set()
        self._carriers = asyncio.Semaphore(_CARRIERS)
        self._hinted: set[str] = set()
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._to_look = asyncio.Event()
        self._to_write = asyncio.Event()
        #: What everything ends with, and that it does.
        self._ending: BaseException | None = None
        self._ended = asyncio.Event()
        self._unasked = False

    def hint(self, job: str) -> None:
        """The job changed, or has a message from now on. From any thread; never waits."""
        with self._lock:
            self._hinted.add(job)
            loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._to_look.set)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; ends within two seconds of it, whatever is away.

        Raises `PortRefusedError` when the platform refuses us altogether.
        """
        with self._lock:
            self._loop = asyncio.get_running_loop()
        parts = [self._rounds(), self._looks(), self._writes(), self._alerts.run()]
        tasks = [asyncio.create_task(part) for part in parts]
        endings = [asyncio.create_task(event.wait()) for event in (stop, self._ended)]
        try:
            done, _ = await asyncio.wait([*tasks, *endings], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if self._ending is not None:
                raise self._ending
        finally:
            everything = [*tasks, *endings, *self._at_work.values()]
            for task in everything:
                task.cancel()
            await asyncio.gather(*everything, return_exceptions=True)
            await asyncio.gather(self._threads.rest(_LAST_LOOKS), self._files.rest(_LAST_LOOKS))
            self._threads.close()
            self._files.close()

    # Looking.

    async def _rounds(self) -> None:
        """What is due is looked at, hinted at or not."""
        db, platform = self._office.database, self._port.platform
        while True:
            pause = self._every
            try:
                found = await self._threads.do(chat.due, db, platform, limit=_ROUND)
            except StorageError as error:
                self._note_asked(error)
                pause = min(pause, 5.0)
            else:
                for job in found:
                    self._agenda.put(job, self._now())
                self._to_look.set()
                pause = min(pause, 5.0) if len(found) >= _ROUND else pause
            await asyncio.sleep(pause)

    async def _looks(self) -> None:
        while True:
            self._note_hints()
            batch = self._agenda.take(self._now(), most=_BATCH)
            if not batch:
                await _woken(self._to_look, self._agenda.wait(self._now()))
                continue
            seen = await self._seen(batch)
            settled = [sight for job in seen if (sight := self._weigh(job, seen[job])) is not None]
            await self._settle(settled)

    async def _seen(self, batch: list[str]) -> dict[str, Sight | None]:
        """Those of the jobs that could be looked at; the others are looked at again later."""
        platform = self._port.platform
        try:
            found = await self._threads.do(look, self._office, batch, platform=platform)
        except StorageError as error:
            self._note_asked(error)
            again = 1.0
        except Exception:  # noqa: BLE001 - one that can't be looked at must not hide the others
            if len(batch) > 1:
                return {job: sight for one in batch for job, sight in (await self._seen([one])).items()}
            _log.exception("a job can't be looked at", job=batch[0])
            again = _LONGEST_PAUSE
        else:
            self._note_asked(None)
            return {job: found.get(job) for job in batch}
        for job in batch:
            self._agenda.put(job, self._now() + again)
        return {}

    def _note_hints(self) -> None:
        with self._lock:
            hinted, self._hinted = self._hinted, set()
        for job in hinted:
            known = self._known.get(job, _Known())
            self._agenda.put(job, max(self._now(), known.looked_at + LOOK_EVERY, known.not_before))

    def _weigh(self, job: str, sight: Sight | None) -> Sight | None:
        """Let the job stand in line if there is something to write; the sight, if there is not."""
        if job in self._at_work:  # it is looked at again afterwards
            return None
        if sight is None:
            self._stranger(job)
            return None
        known = self._known.setdefault(job, _Known())
        known.looked_at, known.strange = self._now(), 0
        if known.not_before > self._now():
            self._agenda.put(job, known.not_before)
            return None
        step = self._urgency(sight, next_step(sight))
        if step is None:
            self._lineup.drop(job)
            if not sight.is_over:
                self._agenda.put(job, self._now() + self._lively)
            return sight
        if step.level is Level.PROGRESS and (again := known.shown_at + PROGRESS_EVERY) > self._now():
            self._lineup.drop(job)
            self._agenda.put(job, again)
            return None
        self._lineup.put(Ready(job, sight.chat.channel, step, known.shown_at))
        self._to_write.set()
        return None

    def _stranger(self, job: str) -> None:
        """A job of another platform, or one whose message is about to be noted."""
        self._lineup.drop(job)
        known = self._known.setdefault(job, _Known())
        known.looked_at = self._now()
        if known.strange < len(_PATIENCE):
            self._agenda.put(job, self._now() + _PATIENCE[known.strange])
            known.strange += 1
        else:
            del self._known[job]

    def _urgency(self, sight: Sight, step: Step | None) -> Step | None:
        """An edit that says more than how far it is goes before those that don't."""
        if step is None or step.level is not Level.PROGRESS:
            return step
        new = self._known[sight.job.id].shown != _in_short(sight)
        return step.model_copy(update={"level": Level.STAGE}) if new else step

    async def _settle(self, sights: Sequence[Sight]) -> None:
        """All of what was seen is shown: write it down where it isn't."""
        for sight in sights:
            at, unfinished = sight.chat, not sight.is_over
            unnoted = at.checked_at is None or abs(sight.whole.now - at.checked_at) > _NOTED_EVERY
            untold = not unfinished and sight.said.has(UNREACHABLE) and not sight.said.has(sight.end)
            if at.shown_revision < sight.job.revision or (unfinished and unnoted) or untold:
                names = [sight.end] if untold else []
                with suppress(StorageError):
                    await self._holding.settle(sight, *names)
            if not unfinished:
                self._known.pop(sight.job.id, None)
                self._teller.forget(sight.job.id)

    # Writing.

    async def _writes(self) -> None:
        while True:
            while not self._is_full() and (ready := self._lineup.pick()) is not None:
                if ready.step.kind == "upload":
                    self._carried.add(ready.job)
                task = asyncio.create_task(self._turn(ready))
                self._at_work[ready.job] = task
                task.add_done_callback(self._turned)
            await _woken(self._to_write, math.inf if self._is_full() else self._lineup.wait())

    def _is_full(self) -> bool:
        return len(self._at_work) - len(self._carried) >= _HANDS

    async def _turn(self, ready: Ready) -> None:
        """One step of one job. Whatever goes wrong with it stays with this job."""
        job, known = ready.job, self._known.setdefault(ready.job, _Known())
        again = 0.0
        try:
            async with self._carriers if ready.job in self._carried else nullcontext():
                again = await self._step(ready, known)
        except BusyError as error:
            self._pacing.busy(ready.channel, error.retry_after, edit=ready.is_edit)
        except PortRefusedError as error:
            _log.error("the platform refuses us", platform=self._port.platform, error=error.sentence)
            self._end_with(error)
        except LeaseLostError:
            again = LEASE
        except Exception as error:  # noqa: BLE001 - the others go on
            again = self._failed(ready, known, error)
        finally:
            del self._at_work[job]
            self._carried.discard(job)
            self._agenda.put(job, self._now() + again)
            self._to_look.set()
            self._to_write.set()

    def _turned(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._end_with(error)

    def _end_with(self, error: BaseException) -> None:
        self._ending = self._ending or error
        self._ended.set()

    async def _step(self, ready: Ready, known: _Known) -> float:
        """Do what is next, as it stands now; returns in how many seconds the job is to be looked at."""
        async with self._holding.held(ready.job) as sight:
            step = None if sight is None else next_step(sight)
            # What was next when it was looked at may be done: an upload is never for a hand.
            unfit = step is not None and step.kind == "upload" and ready.job not in self._carried
            if sight is None or step is None or unfit:
                self._pacing.give_back(ready.channel, edit=ready.is_edit)
                return LEASE / 3 if sight is None else 0.0
            await self._teller.carry_out(sight, step)
            known.shown_at = self._now()
            known.failures = 0
            if step.kind in ("post", "edit"):
                known.shown = _in_short(sight)
        return 0.0

    def _failed(self, ready: Ready, known: _Known, error: Exception) -> float:
        pause = min(2.0**known.failures, _LONGEST_PAUSE)
        known.failures += 1
        known.not_before = self._now() + pause
        said = {"job": ready.job, "step": ready.step.kind, "again_in": pause}
        if isinstance(error, (PortAwayError, PostRefusedError, StorageError)):
            _log.warning("not told yet", **said, error=error.sentence)
        else:
            _log.error("not told yet", **said, exc_info=error)
        return pause

    # The rest.

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _note_asked(self, error: StorageError | None) -> None:
        """Whether the rows can be asked; a change of that is logged."""
        if error is not None and not self._unasked:
            _log.warning("the rows can't be asked", error=error.sentence)
        self._unasked = error is not None


def _in_short(sight: Sight) -> tuple[object, ...]:
    """Of what a message says, that which is more than how far the job is."""
    job = sight.job
    why = job.waiting.why if job.waiting is not None and job.state is JobState.WAITING else ""
    return job.state, job.stage, why, sight.whole.alone, job.paper.title


async def _woken(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(None if math.isinf(seconds) else seconds):
            await event.wait()
    event.clear()
