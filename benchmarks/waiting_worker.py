"""The worker of `benchmarks.waiting`, and its kit: a writer that waits for a slow provider.

    python -m benchmarks.waiting_worker URL POLL

Every process of a stage imports this module first, so what is heavy is imported inside of functions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.request import urlopen

from pipeline.providers import Watcher

if TYPE_CHECKING:
    from jobs.kit import Kit
    from jobs.stage_process import StageTask
    from pipeline.order import Tools
    from pipeline.providers import Artefacts


@dataclass
class SlowWatcher:
    """Looks at the provider."""

    url: str
    again: float

    def check(self, task: str) -> Literal["ready", "not-yet"]:
        """See `pipeline.providers.Watcher`."""
        return "ready" if state_of(self.url, task) == "ready" else "not-yet"

    def call_off(self, task: str, sure: Callable[[], bool]) -> int | None:  # noqa: ARG002 - this one sells for good
        """See `pipeline.providers.Watcher`."""
        return None


def state_of(url: str, task: str) -> str:
    """What the provider says of `task`."""
    with urlopen(f"{url}/{task}", timeout=20) as answer:
        said: bytes = answer.read()
    return said.decode()


def tools(kit: Kit, task: StageTask, artefacts: Artefacts) -> Tools:
    """The embedded tools with the writer that waits."""
    from benchmarks.waiting_writer import WaitingWriter
    from jobs.kit import default_tools

    usual = default_tools(kit, task, artefacts)
    writer = WaitingWriter(url=kit.options["url"], job=task.job, poll=float(kit.options["poll"]))
    return replace(usual, writer=writer)


def watchers(kit: Kit) -> Mapping[str, Watcher]:
    """Who looks at the provider."""
    return {"slow": SlowWatcher(kit.options["url"], float(kit.options["poll"]))}


def main(url: str, poll: str) -> None:
    """Work until SIGTERM."""
    import signal
    from threading import Event

    from jobs.opening import opened
    from jobs.stage_actors import declare
    from jobs.worker import run_worker
    from settings import Settings

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with opened(Settings()) as at_hand:
        kit = replace(
            at_hand.kit,
            tools="benchmarks.waiting_worker:tools",
            watchers="benchmarks.waiting_worker:watchers",
            options={"url": url, "poll": poll},
        )
        at_hand.broker.actors.clear()
        declare(at_hand.broker, at_hand.office, kit)
        run_worker(at_hand.office, at_hand.broker, cpu=2, stop=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
