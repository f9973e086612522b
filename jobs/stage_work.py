"""What every actor does with its message: take the run, do it in a process of its own, say what came of it.

While the process works, a thread renews the lease once a second and hears whether the work is still
wanted: that is how a cancelled job's ffmpeg is gone within two seconds. When the database is away the work
goes on: nobody else can take the run meanwhile either, and what is finished is found by its key even if
somebody takes it afterwards. Only a clear "no" stops it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from structlog.contextvars import bound_contextvars

from jobs import flow, sentry
from jobs.errors import DeadLinkError
from jobs.failures import Verdict, doing, verdict
from jobs.flow import Claim
from jobs.kit import Kit
from jobs.office import Office
from jobs.order import JobOrder
from jobs.overheard import log_again
from jobs.process import Stopped, run_in_process
from jobs.stage_process import Outcome, StageTask, perform_here, said_before, uses_before
from pipeline.errors import InputError, OddReplyError, StageTimeoutError, UsageError, WorkerProcessDiedError
from pipeline.model import StageName
from pipeline.providers import NotYet, Pending
from storage.errors import StorageError
from storage.records import WHOLE

#: How long a stage may take (seconds), far above what it takes. Beyond it something hangs.
LIMITS: Final[dict[StageName, float]] = {
    "fetch-paper": 180.0,
    "generate-script": 480.0,
    "generate-audio": 720.0,
    "generate-videos": 900.0,
    "add-captions": 600.0,
    "publish": 600.0,
}
#: How often these are tried again by themselves: what hung or ran out of memory mostly does so again. It is this
#: one job's trouble, as far as anybody can tell.
_TRIES: Final[dict[type[Exception], int]] = {
    StageTimeoutError: 1,
    WorkerProcessDiedError: 2,
    OddReplyError: 5,
    DeadLinkError: 5,
}
#: Seconds between two signs of life, where the lease is no shorter than three of them.
_SIGN: Final = 1.0

_log = logging.getLogger(__name__)


def perform(
    office: Office,
    kit: Kit,
    stage: StageName,
    job: str,
    scene: int = WHOLE,
    *,
    stopping: Callable[[], bool],
    worker: str,
) -> None:
    """Do the run if it is due and free; nothing otherwise. `stopping`: whether this worker shall end.

    Raises `DatabaseAwayError` when the database can't be asked or told: the message must then be
    given out again. Every failure of the work itself is written down and raised no further.
    """
    with bound_contextvars(job=job, stage=stage, scene=scene):
        claim = flow.begin(office, stage, job, scene, worker=worker)
        if claim is None:
            return
        who = bound_contextvars(workspace=claim.workspace, user=claim.user)
        with who:
            _do(office, kit, claim, stopping)


def _do(office: Office, kit: Kit, claim: Claim, stopping: Callable[[], bool]) -> None:
    signs = _Signs(office, claim)
    try:
        # A task that nobody here watches is looked at by the stage itself, which waits again if it must.
        watcher = kit.watching.get(claim.provider or "") if claim.task is not None else None
        look = watcher.check(claim.task or "") if watcher is not None else "ready"
        if watcher is not None and look != "ready":
            why, place = (look.why, look.place) if isinstance(look, NotYet) else (None, None)
            flow.still_waiting(office, claim, again=watcher.again, why=why, place=place)
            return
        if claim.task is not None and not flow.may_go_on(office, claim):
            return
        with signs.given():
            outcome = _in_process(kit, claim, signs, stopping)
            if claim.stage == "publish":
                signs.note((1.0, "looking whether the link works"))
                flow.look_at_link(office, claim, outcome)
    except Stopped:
        if not signs.unwanted:
            flow.let_go(office, claim)
    except Pending as pending:
        flow.wait(
            office,
            claim,
            uses=uses_before(pending),
            task=pending.task,
            provider=pending.provider,
            why=pending.why,
            again=pending.again,
            until=pending.until,
            place=pending.place,
        )
    except Exception as error:  # noqa: BLE001 - the verdict tells them apart
        flow.fail(office, claim, _judged(error, claim), uses=uses_before(error))
    else:
        flow.finish(office, claim, outcome)
        said = {"seconds": outcome.seconds, "reused": outcome.reused, "provider": outcome.provider}
        _log.info("stage done", extra=said)


def _in_process(kit: Kit, claim: Claim, signs: _Signs, stopping: Callable[[], bool]) -> Outcome:
    with sentry.stage_span(claim.stage, job=claim.job, scene=claim.scene):
        try:
            outcome = run_in_process(
                perform_here,
                (kit, task_of(claim)),
                tell=signs.note,
                should_stop=lambda: signs.unwanted or stopping(),
                limit=LIMITS[claim.stage],
                what=doing(claim.stage, claim.scene).capitalize(),
            )
        except Exception as error:
            log_again(said_before(error))
            raise
    log_again(outcome.said)
    return outcome


def task_of(claim: Claim) -> StageTask:
    """What the process is told of the run."""
    return StageTask(
        job=claim.job,
        workspace=claim.workspace,
        stage=claim.stage,
        scene=claim.scene,
        order=JobOrder.model_validate_json(claim.order),
        known=claim.known,
        token=claim.token,
        created_at=claim.created_at,
        private=claim.private,
        stages=claim.stages,
        failures=claim.failures,
        on_failure=claim.on_failure,
    )


def _judged(error: Exception, claim: Claim) -> Verdict:
    """The verdict, logged under its reference; with the traceback, and to Sentry, where no user's input is to blame."""
    judged = verdict(error, claim.stage)
    if (tries := _TRIES.get(type(error))) is not None:
        judged = judged.model_copy(update={"tries": tries, "shared": False})
    users = isinstance(error, InputError | UsageError)
    # Our own sentences may quote the title.
    words = judged.code if claim.private else judged.sentence
    _log.log(
        logging.WARNING if users or judged.transient else logging.ERROR,
        "%s failed (%s): %s",
        claim.stage,
        judged.reference,
        words,
        exc_info=None if users else error,
        extra={"reference": judged.reference},
    )
    if not users and (judged.code == "internal" or not judged.transient):
        sentry.report(error, reference=judged.reference, job=claim.job, stage=claim.stage)
    return judged


@dataclass
class _Signs:
    """Signs of life: renews the lease in a thread of its own, so that a slow database holds nothing up.

    `unwanted` once the answer was no: the job was cancelled, or the run is another's.
    """

    office: Office
    claim: Claim
    unwanted: bool = False
    _latest: tuple[float, str] = (0.0, "")
    _over: threading.Event = field(default_factory=threading.Event)

    def note(self, news: tuple[float, str]) -> None:
        """What the next sign shall say."""
        self._latest = news

    @contextmanager
    def given(self) -> Iterator[None]:
        """Give signs while the block runs. One that the database holds up is not waited for at the end."""
        thread = threading.Thread(target=self._give, name=f"signs-{self.claim.job}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(1.0)

    def _give(self) -> None:
        every = min(_SIGN, self.office.rules.lease / 3)
        while not self._over.wait(every):
            try:
                if not flow.progress(self.office, self.claim, *self._latest):
                    self.unwanted = True
                    return
            except StorageError as error:
                _log.warning("A sign of life was not written: %s", error.sentence)
            except Exception:  # noqa: BLE001 - the work must not end with its signs
                _log.exception("A sign of life failed; the next one comes.")
