"""For Dramatiq's own command, `dramatiq jobs.actors`: opens the office that the environment describes.

Only that command imports this module; ours declares the actors of `jobs.stage_actors` itself.
"""

from __future__ import annotations

from contextlib import ExitStack

import dramatiq

from jobs.opening import opened, refuse_to_lose
from jobs.worker import IO, Presence
from settings import Settings

_settings = Settings()
refuse_to_lose(_settings)
#: Stays open as long as the process lives; the kernel lets go of the embedded Valkey when it ends.
_stack = ExitStack()
_opened = _stack.enter_context(opened(_settings))
# Dramatiq starts a process for each core, so each of them does one thing that needs a core.
_opened.broker.concurrency = {"io": IO, "cpu": 1}
_opened.broker.add_middleware(Presence(_opened.office, io=IO, cpu=1))
dramatiq.set_broker(_opened.broker)
