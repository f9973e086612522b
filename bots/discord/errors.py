"""What Discord refuses, and how `bots.port` names it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
import discord

from bots.port import (
    BusyError,
    MessageGoneError,
    PlaceGoneError,
    PortAwayError,
    PortError,
    PortRefusedError,
    PostRefusedError,
    UploadRefusedError,
)

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
MISSING_ACCESS, MISSING_PERMISSIONS = 50001, 50013
INVALID_BODY, THREAD_ARCHIVED, THREAD_LOCKED = 50035, 50083, 160005
THREAD_IS_THERE, TOO_OLD_TO_EDIT, TOO_LARGE, TOO_MANY_REACTIONS = 160004, 30046, 40005, 30010

#: Nothing can be written there (any more): unknown channel, server, member, user; no access, no permission; a
#: direct message that isn't taken; a channel of another kind; a locked thread; a person without a shared server.
_PLACE_GONE: Final = frozenset(
    {10003, 10004, 10007, 10013, 30033, 50001, 50007, 50008, 50013, 50024, 50083, 50278, 160005, 160006}
)
_MESSAGE_GONE: Final = frozenset({10008, 50005, 50021})
#: Too large; what is no message; explicit, by the judgement of the server's filter; too much for who sent it.
_UPLOAD: Final = frozenset({40005, 50045, 240000, 20009, 200001})
#: What a message is refused for that is our own mistake, or Discord's: then the words alone must do.
_FORM: Final = frozenset({50006, 50035})

_log = logging.getLogger(__name__)


class ApiError(Exception):
    """Raised when Discord refuses a call. `code` is Discord's number (0: none), `errors` its words on each field."""

    def __init__(self, status: int, code: int, message: str, errors: Any = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.retry_after = 0.0

    @classmethod
    def of(cls, status: int, said: Any) -> ApiError:
        """What an answer's body says."""
        if not isinstance(said, Mapping):
            return cls(status, 0, "")
        code = said.get("code")
        return cls(
            status, code if isinstance(code, int) else 0, str(said.get("message") or ""), said.get("errors")
        )

    @property
    def is_of_the_form(self) -> bool:
        """Whether it is our words or components that aren't taken."""
        return self.code in _FORM and not self.replies_to_nothing

    @property
    def replies_to_nothing(self) -> bool:
        """Whether the message that is replied to is gone, or is none that we may reply to."""
        return self.code == INVALID_BODY and "REPLIES_" in str(self.errors)


@contextmanager
def port_errors() -> Iterator[None]:
    """Inside, what Discord or the way to it gets wrong is raised as a `bots.port.PortError`."""
    try:
        yield
    except (ApiError, discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise as_port_error(error) from error


def discord_error(error: Exception) -> PortError | None:
    """What Discord or the way to it got wrong, in words; `None` for everything else."""
    known = (ApiError, discord.HTTPException, discord.RateLimited, aiohttp.ClientError)
    return as_port_error(error) if isinstance(error, known) else None


def as_port_error(error: Exception) -> PortError:
    """What was refused, or that Discord can't be reached, as the messenger knows it."""
    if isinstance(error, discord.RateLimited):
        return BusyError(error.retry_after)
    if isinstance(error, discord.LoginFailure):
        return _refused()
    if isinstance(error, discord.HTTPException):
        error = ApiError(error.status, error.code, error.text)
    if isinstance(error, ApiError):
        return _port_error(error)
    return PortAwayError(f"Discord can’t be reached ({type(error).__name__}).", "Try again in a minute.")


def _port_error(error: ApiError) -> PortError:
    code, status = error.code, error.status
    if status == 429:
        return BusyError(error.retry_after or 5.0)
    if code in _PLACE_GONE:
        return PlaceGoneError(f"Nothing can be posted there ({error.message or code}).")
    if code in _MESSAGE_GONE or error.replies_to_nothing:
        return MessageGoneError(f"The message is gone ({error.message or code}).")
    if code in _UPLOAD or status == 413:
        return UploadRefusedError(f"Discord doesn’t take the file ({error.message or status}).")
    if status == 401:
        return _refused()
    if code and status < 500:
        # Nothing that waiting mends, and nothing that should stop everything else either.
        _log.error(
            "Discord refused a call of ours", extra={"error": str(error), "detail": str(error.errors)[:500]}
        )
        return PostRefusedError(
            f"Discord refuses this ({error.message or code}).",
            "Run `hidden-hill discord --check` and do what it says.",
        )
    return PortAwayError(f"Discord failed ({code or status}).", "It is tried again by itself.")


def _refused() -> PortRefusedError:
    return PortRefusedError(
        "Discord refuses DISCORD_TOKEN.", "Run `hidden-hill discord --check` and do what it says."
    )
