"""Between a run and its display: adds the clock and the forecast to each step, and turns errors into sentences."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from cli.display import Display
from cli.events import Event
from cli.forecast import Forecast
from pipeline.errors import HiddenHillError
from pipeline.model import StageName
from storage.timings import Timings

#: What a shell reports for a program that was interrupted (128 + SIGINT).
INTERRUPTED = 130

_LOG = logging.getLogger(__name__)


class Watch:
    """Follows one run. Call it with each step, as `pipeline.run.Progress` says."""

    def __init__(
        self, display: Display, timings: Timings, forecast: Forecast, *, debug: bool = False
    ) -> None:
        self._display = display
        self._timings = timings
        self._forecast = forecast
        self._debug = debug
        self._began = self._stage_began = time.monotonic()
        self._stage: StageName | None = None

    def __call__(
        self, stage: StageName, fraction: float, message: str, *, reused: bool | None = None
    ) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_began = stage, now
        in_stage = now - self._stage_began
        if reused is False:
            self._timings.learn(stage, in_stage)
        remaining = self._forecast.remaining(stage, fraction, in_stage)
        self._show(
            "stage", message, fraction=round(fraction, 4), remaining=round(remaining, 1), reused=reused
        )

    def done(self, message: str) -> None:
        """The last event of a run that went well."""
        self._show("done", message, fraction=1.0, remaining=0.0)

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Inside, an error becomes a sentence, advice and an exit status; a traceback only with `debug`."""
        with self._display:
            try:
                yield
            except HiddenHillError as error:
                self._failed(error.sentence, error.code, error.advice)
                raise typer.Exit(error.exit_status) from error
            except KeyboardInterrupt as error:
                self._failed(
                    "Stopped.",
                    "interrupted",
                    "What is finished is kept: the same command goes on from there.",
                )
                raise typer.Exit(INTERRUPTED) from error
            except Exception as error:
                kind = type(error).__name__
                self._failed(
                    f"Something inside Hidden Hill broke ({kind}).",
                    HiddenHillError.code,
                    "Run the same command with --debug and report what it prints.",
                )
                raise typer.Exit(HiddenHillError.exit_status) from error

    def _failed(self, sentence: str, code: str, advice: str) -> None:
        if self._debug:
            sys.stderr.write(traceback.format_exc())
        self._show("failed", sentence, code=code, advice=advice or None)

    def _show(self, event: str, message: str, **fields: object) -> None:
        elapsed = round(time.monotonic() - self._began, 2)
        stage = self._stage if event != "done" else None
        self._display.show(
            Event.model_validate(
                {"event": event, "stage": stage, "message": message, "elapsed": elapsed, **fields}
            )
        )
