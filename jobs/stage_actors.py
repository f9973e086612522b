"""The actors, one for each stage and one for each scene: a message in, `stage_work.perform` on its row."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable
from typing import Protocol

import dramatiq

from jobs.broker import ACTORS, StageBroker
from jobs.errors import NewerOrderError, QueueAwayError
from jobs.kit import Kit
from jobs.office import Office
from jobs.stage_work import perform
from pipeline.model import StageName
from storage.errors import DatabaseAwayError
from storage.records import WHOLE

#: Seconds until a message is looked at again whose row could not be read.
_ROW_AWAY = 10.0
#: Seconds until a message is looked at again whose order only newer versions know.
_TO_NEWER = 5.0

_log = logging.getLogger(__name__)

#: This process among all workers, in leases and logs.
WORKER = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


class Work(Protocol):
    """What an actor does with its message; `jobs.stage_work.perform` is the one that counts."""

    def __call__(
        self,
        office: Office,
        kit: Kit,
        stage: StageName,
        job: str,
        scene: int,
        *,
        stopping: Callable[[], bool],
        worker: str,
    ) -> None: ...


def declare(
    broker: StageBroker, office: Office, kit: Kit, *, work: Work = perform
) -> dict[StageName, dramatiq.Actor[..., None]]:
    """Declare every stage's actor on `broker`, working with `office` and `kit`."""
    return {stage: _declared(stage, broker, office, kit, work) for stage in ACTORS}


def _declared(
    stage: StageName, broker: StageBroker, office: Office, kit: Kit, work: Work
) -> dramatiq.Actor[..., None]:
    name, queue = ACTORS[stage]

    def act(job: str, scene: int = WHOLE) -> None:
        if broker.stopping.is_set():
            _again(office, stage, job, scene, after=0.0)
            return
        try:
            work(office, kit, stage, job, scene, stopping=broker.stopping.is_set, worker=WORKER)
        except DatabaseAwayError:
            # The row was not begun, so nobody else counts this try. The message must not be lost.
            _log.warning("The database is away; %s of %s is looked at again later.", stage, job)
            _again(office, stage, job, scene, after=_ROW_AWAY)
        except NewerOrderError:
            # While versions are exchanged, old workers and new ones share the queue; the run was not begun.
            _log.warning("%s of %s is left to a worker of a newer version.", stage, job)
            _again(office, stage, job, scene, after=_TO_NEWER)

    return dramatiq.actor(actor_name=name, queue_name=queue, broker=broker)(act)


def _again(office: Office, stage: StageName, job: str, scene: int, *, after: float) -> None:
    try:
        office.queue.send(stage, job, scene, after=after)
    except QueueAwayError:
        _log.warning("The queue is away too; the sweeper will find %s of %s.", stage, job)
