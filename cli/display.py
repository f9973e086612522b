"""What a run looks like: a live table for people, plain lines for pipes, JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from cli.events import Event
from pipeline.model import StageName
from pipeline.stages import STAGES


class Display(Protocol):
    """Shows events as they come."""

    def show(self, event: Event) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Quiet:
    """A display with nothing to open or close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class JsonLines(_Quiet):
    """One event a line on stdout, in ASCII, and nothing else there."""

    def show(self, event: Event) -> None:
        sys.stdout.write(json.dumps(event.model_dump()) + "\n")
        sys.stdout.flush()


class PlainLines(_Quiet):
    """For a pipe or a log: a line when a stage begins, now and then while it runs, and when it ends.

    A failure goes to `errors`.
    """

    #: Seconds between two lines of the same stage.
    every = 10.0

    def __init__(self, console: Console, errors: Console) -> None:
        self._console = console
        self._errors = errors
        self._stage: StageName | None = None
        self._last = 0.0

    def show(self, event: Event) -> None:
        if event.event == "failed":
            self._line(f"{event.message} {event.advice or ''}".strip(), self._errors)
            return
        if event.event == "done":
            self._line(event.message, self._console)
            return
        ended, began = event.reused is not None, event.stage != self._stage
        if not (ended or began or event.elapsed - self._last >= self.every):
            return
        self._stage, self._last = event.stage, event.elapsed
        mark = "✓" if ended else "·"
        share = "" if ended else f" {100 * (event.fraction or 0):.0f} %"
        left = f", {clock(event.remaining)} left" if event.remaining and not ended else ""
        self._line(
            f"{mark} {event.stage}{share}: {said(event)} [{clock(event.elapsed)}{left}]", self._console
        )

    def _line(self, text: str, console: Console) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)


class LiveTable:
    """For a terminal: the stages as rows, the running one with a bar and what goes on inside it."""

    def __init__(self, console: Console, last: StageName) -> None:
        self._console = console
        self._names = STAGES[: STAGES.index(last) + 1]
        self._events: dict[StageName, Event] = {}
        self._seconds: dict[StageName, float] = {}
        self._began = time.monotonic()
        self._latest: Event | None = None
        self._spinner = Spinner("dots", style="yellow")
        self._live = Live(console=console, get_renderable=self._draw, refresh_per_second=8, transient=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, event: Event) -> None:
        self._latest = event
        if event.event == "stage" and event.stage:
            if event.reused is not None:
                self._seconds[event.stage] = event.elapsed - sum(self._seconds.values())
            self._events[event.stage] = event
            return
        self._live.stop()
        style = "bold green" if event.event == "done" else "bold red"
        self._console.print(Text(event.message, style=style))
        if event.advice:
            self._console.print(Text(event.advice))

    def _draw(self) -> Group:
        table = Table.grid(padding=(0, 1))
        for width in (2, 16, 22, 8):
            table.add_column(width=width)
        table.add_column()
        for name in self._names:
            event = self._events.get(name)
            if event is None:
                table.add_row(Text("·", style="dim"), Text(name, style="dim"), "", "", "")
            elif event.reused is not None:
                took = Text(f"{self._seconds[name]:.1f} s", style="dim")
                table.add_row(Text("✓", style="green"), name, "", took, Text(said(event), style="dim"))
            else:
                bar = ProgressBar(
                    total=1.0, completed=event.fraction or 0.0, width=22, complete_style="yellow"
                )
                share = f"{100 * (event.fraction or 0):.0f} %"
                table.add_row(self._spinner, Text(name, style="bold"), bar, share, event.message)
        return Group(table, self._footer())

    def _footer(self) -> Text:
        elapsed = clock(time.monotonic() - self._began)
        latest = self._latest
        if latest is None or latest.remaining is None or latest.event != "stage":
            return Text(f"   {elapsed}", style="dim")
        left = max(0.0, latest.remaining - (time.monotonic() - self._began - latest.elapsed))
        return Text(f"   {elapsed} so far, about {clock(left)} left", style="dim")


def said(event: Event) -> str:
    """The event's message, with a word when an earlier result served."""
    return f"{event.message} (reused)" if event.reused else event.message


def clock(seconds: float) -> str:
    """Minutes and seconds, as on a watch: 75 → "1:15"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
