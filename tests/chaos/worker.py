"""A worker for chaos, `python -m tests.chaos.worker`: like `hidden-hill worker`, with a kit and a clock of its own.

The environment says as usual where everything is, and besides: `CHAOS_SHOP` (address), `CHAOS_REPEATABLE`,
`CHAOS_CLOCK` (a file with seconds to add to the time), `CHAOS_TRIES` (how often a run is tried again),
`CHAOS_SWEEP` (the worker sweeps too). With `--sweeper` it only sweeps, and prints what it mended, one JSON
object a line.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from threading import Event


def main(arguments: list[str]) -> None:
    """Work, or sweep, until SIGTERM. Imports come late: each process of a stage runs this module's first lines."""
    from cli.environment import read_settings
    from jobs import logs
    from jobs.stage_actors import WORKER
    from jobs.sweeper import Sweeper
    from jobs.worker import run_worker
    from tests.chaos.opening import SWEEP_EVERY, opened

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    settings = read_settings()
    logs.configure("json", "info", secrets=[])
    shop, clock = os.environ["CHAOS_SHOP"], Path(os.environ["CHAOS_CLOCK"])
    repeatable = bool(os.environ.get("CHAOS_REPEATABLE"))
    tries = int(os.environ["CHAOS_TRIES"])
    with opened(settings, shop=shop, repeatable=repeatable, clock=clock, tries=tries) as (office, broker):
        sweeper = Sweeper(office, folder=settings.data, owner=WORKER)
        if "--sweeper" in arguments:
            while not stop.is_set():
                if found := sweeper.sweep():
                    print(json.dumps({"mended": found}), flush=True)
                stop.wait(SWEEP_EVERY)
            return
        sweep = sweeper.sweep if os.environ.get("CHAOS_SWEEP") else None
        run_worker(office, broker, io=2, cpu=1, stop=stop, sweep=sweep)


if __name__ == "__main__":
    main(sys.argv[1:])
