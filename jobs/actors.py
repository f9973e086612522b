"""For Dramatiq's own command, `dramatiq jobs.actors`: opens the office that the environment describes.

Only that command imports this module; ours declares the actors of `jobs.stage_actors` itself.
"""

from __future__ import annotations

from contextlib import ExitStack

import dramatiq
from dramatiq.middleware import Middleware

from jobs.opening import opened, refuse_to_lose
from jobs.stage_actors import WORKER
from jobs.sweeper import SWEEP_EVERY, Sweeper
from jobs.telemetry import telemetry
from jobs.worker import IO, Presence, every
from settings import Settings


class _Household(Middleware):
    """Sweeps while the worker works, as ours do, and tells Sentry the rest at its end."""

    def __init__(self, sweeper: Sweeper, told: ExitStack) -> None:
        self._sweeper = sweeper
        self._told = told
        self._sweeping = ExitStack()

    def after_worker_boot(self, *_: object) -> None:
        self._sweeping.enter_context(every(SWEEP_EVERY, self._sweeper.sweep))

    def before_worker_shutdown(self, *_: object) -> None:
        self._sweeping.close()

    def after_worker_shutdown(self, *_: object) -> None:
        self._told.close()


_settings = Settings()
refuse_to_lose(_settings)
_told = ExitStack()
_told.enter_context(telemetry(_settings))
#: Stays open as long as the process lives; the kernel lets go of the embedded Valkey when it ends.
_stack = ExitStack()
_opened = _stack.enter_context(opened(_settings))
# Dramatiq starts a process for each core, so each of them does one thing that needs a core.
_opened.broker.concurrency = {"io": IO, "cpu": 1}
_opened.broker.add_middleware(Presence(_opened.office, io=IO, cpu=1))
_opened.broker.add_middleware(
    _Household(
        Sweeper(_opened.office, folder=_settings.data, owner=WORKER, watchers=lambda: _opened.kit.watching),
        _told,
    )
)
dramatiq.set_broker(_opened.broker)
