"""Errors of every command but `make`: one sentence, what to do, an exit status; a traceback never."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from cli.main import INTERRUPTED
from jobs.logs import configure
from pipeline.errors import HiddenHillError, ProviderError
from storage.errors import StorageError

#: Seconds that a person at a terminal waits for a database that is away.
AT_A_TERMINAL = 10.0


@contextmanager
def said() -> Iterator[None]:
    """Inside, an error that has words ends the command with them on stderr; the log tells of nothing less."""
    configure("text", "error")
    try:
        yield
    except HiddenHillError as error:
        _say(error.sentence, error.advice)
        raise typer.Exit(error.exit_status) from error
    except StorageError as error:
        _say(error.sentence, error.advice)
        raise typer.Exit(ProviderError.exit_status) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(INTERRUPTED) from error


def _say(sentence: str, advice: str) -> None:
    console = Console(stderr=True, file=sys.stderr)
    console.print(" ".join(filter(None, (sentence, advice))), markup=False, highlight=False, soft_wrap=True)
