"""Between a run and its display: adds the clock and the forecast to each step, turns errors into sentences."""

from __future__ import annotations

import errno
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from cli.display import Display
from cli.events import Event
from cli.forecast import Forecast
from cli.main import INTERRUPTED
from pipeline.errors import HiddenHillError
from pipeline.model import StageName


class Watch:
    """Follows one run. Call it with each step, as `pipeline.run.Progress` says, once it has a `forecast`."""

    forecast: Forecast | None = None

    def __init__(self, display: Display, *, debug: bool = False) -> None:
        self._display = display
        self._debug = debug
        self._began = self._stage_began = time.monotonic()
        self._stage: StageName | None = None

    def __call__(
        self,
        stage: StageName,
        fraction: float,
        message: str,
        *,
        reused: bool | None = None,
        partly: bool = False,
    ) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_began = stage, now
        in_stage = now - self._stage_began
        remaining = None
        if self.forecast is not None:
            if reused is False and not partly:
                self.forecast.learn(stage, in_stage)
            remaining = round(self.forecast.remaining(stage, fraction, in_stage), 1)
        self._show("stage", message, fraction=round(fraction, 4), remaining=remaining, reused=reused)

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
                advice = "What is finished is kept: the same command goes on from there."
                self._failed("Stopped.", "interrupted", advice)
                raise typer.Exit(INTERRUPTED) from error
            except Exception as error:
                self._failed(*_unforeseen(error))
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


def _unforeseen(error: Exception) -> tuple[str, str, str]:
    """Sentence, code and advice for an error that nobody gave words to."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return (
            "The disk is full.",
            "disk-full",
            "Free some space and run the same command again; it goes on from there.",
        )
    advice = "Run the same command with --debug and report what it prints."
    if isinstance(error, OSError) and error.strerror:
        return f"The system refused something: {error.strerror}.", "system", advice
    return f"Something inside Hidden Hill broke ({type(error).__name__}).", HiddenHillError.code, advice
