"""Errors of every command but `make`: one sentence, what to do, an exit status; a traceback never."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from cli.main import INTERRUPTED
from jobs.failures import new_reference
from jobs.logs import configure
from jobs.sentry import report
from pipeline.errors import HiddenHillError, ProviderError
from storage.errors import StorageError

#: Seconds that a person at a terminal waits for a database that is away.
AT_A_TERMINAL = 10.0

_log = logging.getLogger(__name__)


@contextmanager
def said() -> Iterator[None]:
    """Inside, an error ends the command in words on stderr; the log tells of nothing less than errors."""
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
        _say("Stopped.", "")
        raise typer.Exit(INTERRUPTED) from error
    except Exception as error:
        if _is_typers(error):
            raise
        _say(*_unforeseen(error))
        raise typer.Exit(HiddenHillError.exit_status) from error


@contextmanager
def logged() -> Iterator[None]:
    """Inside, an error that nobody gave words to is logged with its traceback, and told to Sentry."""
    try:
        yield
    except (HiddenHillError, StorageError):
        raise
    except Exception as error:
        if _is_typers(error):
            raise
        reference = new_reference()
        _log.exception("the process broke", extra={"reference": reference})
        report(error, reference=reference, job="", stage="")
        raise HiddenHillError(
            f"Something inside Hidden Hill broke ({type(error).__name__}).",
            f"The log says more under {reference}.",
        ) from error


def _is_typers(error: Exception) -> bool:
    """What typer itself answers: an exit, a wrong option, and a reader of our output that went away."""
    if isinstance(error, OSError):
        return error.errno == errno.EPIPE
    return isinstance(error, typer.Exit | typer.Abort) or hasattr(error, "format_message")


def _unforeseen(error: Exception) -> tuple[str, str]:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full.", "Free some space and run the same command again."
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"The system refused something: {error.strerror}{where}.", ""
    return f"Something inside Hidden Hill broke ({type(error).__name__}: {error}).", "Please report it."


def _say(sentence: str, advice: str) -> None:
    console = Console(stderr=True, file=sys.stderr)
    console.print(" ".join(filter(None, (sentence, advice))), markup=False, highlight=False, soft_wrap=True)
