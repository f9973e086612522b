"""Errors of every command but `make`: one sentence, what to do, an exit status; a traceback never.

With `--json` an error is one line on stderr: {"error": {"code", "sentence", "advice", "status"}}.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps

import typer
from rich.console import Console

from cli.as_json import wants_json
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
        raise _end(error.exit_status, error.code, error.sentence, error.advice) from error
    except StorageError as error:
        raise _end(ProviderError.exit_status, error.code, error.sentence, error.advice) from error
    except KeyboardInterrupt as error:
        raise _end(INTERRUPTED, "interrupted", "Stopped.", "") from error
    except Exception as error:
        if _is_typers(error):
            raise
        raise _end(HiddenHillError.exit_status, HiddenHillError.code, *_unforeseen(error)) from error


def hint(sentence: str) -> None:
    """Tell a person at the terminal something on stderr. With `--json` nobody is told: there only errors stand."""
    if not wants_json():
        _say(sentence, "")


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


def _end(status: int, code: str, sentence: str, advice: str) -> typer.Exit:
    """Say what went wrong; returns what ends the command."""
    if wants_json():
        error = {"code": code, "sentence": sentence, "advice": advice, "status": status}
        typer.echo(dumps({"error": error}, ensure_ascii=False), err=True)
    else:
        _say(sentence, advice)
    return typer.Exit(status)


def _say(sentence: str, advice: str) -> None:
    console = Console(stderr=True, file=sys.stderr)
    console.print(" ".join(filter(None, (sentence, advice))), markup=False, highlight=False, soft_wrap=True)
