"""Slack's Web API with time-outs, and its errors as `bots.port` names them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

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
from settings import Settings

#: Seconds that one call may take, and that a connection may.
CALL, CONNECT = 20.0, 8.0
#: Where Slack wants to be left alone and does not say for how long (seconds).
_A_WHILE: Final = 5.0

#: Nothing can be written there any more.
PLACE_GONE: Final = frozenset(
    "account_inactive_user cannot_dm_bot cannot_reply_to_message channel_is_archived channel_not_found is_archived "
    "is_inactive messages_tab_disabled no_permission not_in_channel restricted_action "
    "restricted_action_non_threadable_channel restricted_action_read_only_channel restricted_action_thread_locked "
    "restricted_action_thread_only_channel user_disabled user_not_found user_not_visible users_not_found "
    "cannot_find_channel".split()
)
_MESSAGE_GONE: Final = frozenset(
    "cant_delete_message cant_update_message edit_window_closed is_tombstone message_not_found "
    "thread_not_found".split()
)
#: Our token is good for nothing: what ends the process. What is refused in one place, or to one call, must not.
_REFUSED: Final = frozenset("account_inactive invalid_auth not_authed token_expired token_revoked".split())
#: Slack's own trouble, or a move of the workspace's: it passes.
_AWAY: Final = frozenset(
    "fatal_error internal_error org_login_required request_timeout service_unavailable team_added_to_org".split()
)
#: What may be done twice. Of a post whose answer is lost nobody knows whether it is there: it would be there twice.
_REPEATABLE: Final = frozenset(
    "apps.connections.open auth.teams.list auth.test chat.update conversations.history "
    "conversations.info conversations.open conversations.replies files.info users.info users.list views.publish "
    "views.update".split()
)
_BUSY: Final = frozenset("message_limit_exceeded rate_limited ratelimited".split())
_UPLOAD: Final = frozenset(
    "file_not_found file_type_not_allowed file_upload_size_restricted file_uploads_disabled "
    "file_uploads_except_images_disabled filesize_limit_exceeded post_size_over_limit slack_connect_blocked_file_type "
    "slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked slack_connect_file_upload_sharing_blocked "
    "storage_limit_reached team_storage_limit".split()
)
#: What a message is refused for that is our own mistake: its blocks. It goes out as plain text then.
BLOCKS_REFUSED: Final = frozenset(
    "invalid_attachments invalid_blocks invalid_blocks_format msg_blocks_too_long".split()
)

_CHECK: Final = "Run `hidden-hill slack --check` and do what it says."

_log = logging.getLogger(__name__)


class _Repeating(AsyncConnectionErrorRetryHandler):
    """Once more after a connection that broke, if the call may be done twice."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if request.url.partition("?")[0].rpartition("/")[2] not in _REPEATABLE:
            return False
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)


def api_session() -> aiohttp.ClientSession:
    """The connections that all calls share. To be made where the event loop runs, and closed there."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=CALL, connect=CONNECT), connector=aiohttp.TCPConnector(limit=64)
    )


def api_client(
    settings: Settings, session: aiohttp.ClientSession | None, *, patient: bool, token: bool = True
) -> AsyncWebClient:
    """Slack's Web API. `patient`: calls that Slack has no time for now are tried again when it says so.

    Without `session` every call has connections of its own; without `token` calls carry none by themselves.
    """
    secret = settings.slack_bot_token
    return AsyncWebClient(
        token=secret.get_secret_value() if token and secret else None,
        base_url=settings.slack_api_url,
        timeout=int(CALL),
        session=session,
        # Not the root's level: what is sent and received is nobody's business in a log.
        logger=logging.getLogger("slack_sdk.web"),
        retry_handlers=[
            _Repeating(max_retry_count=1),
            *([AsyncRateLimitErrorRetryHandler(max_retry_count=2)] if patient else []),
        ],
    )


@contextmanager
def port_errors() -> Iterator[None]:
    """Inside, what Slack or the way to it gets wrong is raised as a `bots.port.PortError`."""
    try:
        yield
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise as_port_error(error) from error


def as_port_error(error: Exception) -> PortError:
    """What Slack refused, or that it can't be reached, as the messenger knows it."""
    if isinstance(error, SlackApiError):
        return port_error(error)
    return PortAwayError(f"Slack can’t be reached ({type(error).__name__}).", "Try again in a minute.")


def slack_error(error: Exception) -> PortError | None:
    """The same for what Slack or the way to it got wrong; `None` for everything else."""
    return as_port_error(error) if isinstance(error, SlackApiError | aiohttp.ClientError) else None


def port_error(error: SlackApiError) -> PortError:
    """Slack's refusal, as the messenger knows it."""
    code = error_code(error)
    status = status_of(error)
    if code in _BUSY or status == 429:
        return BusyError(_retry_after(error))
    if code in PLACE_GONE:
        return PlaceGoneError(f"Nothing can be posted there ({code}).")
    if code in _MESSAGE_GONE:
        return MessageGoneError(f"The message is gone ({code}).")
    if code in _REFUSED:
        return PortRefusedError(f"Slack refuses the app ({code}).", _CHECK)
    if code in _UPLOAD:
        return UploadRefusedError(f"Slack doesn’t take the file ({code}).")
    if code and status < 500 and code not in _AWAY:
        # Nothing that waiting mends, and nothing that should stop everything else either.
        _log.error("Slack refused a call of ours", extra={"error": code, "detail": _field(error, "errors")})
        needed = _field(error, "needed")
        return PostRefusedError(f"Slack refuses this ({code}{f': {needed}' if needed else ''}).", _CHECK)
    return PortAwayError(f"Slack failed ({code or status}).", "It is tried again by itself.")


def error_code(error: SlackApiError) -> str:
    """Slack's own name of what went wrong; empty where it gave none."""
    return _field(error, "error")


def status_of(error: SlackApiError) -> int:
    """The HTTP status of a refusal."""
    return int(getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 200)


def _field(error: SlackApiError, name: str) -> str:
    data = getattr(error.response, "data", error.response)
    found = data.get(name) if isinstance(data, dict) else None
    return str(found) if found else ""


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(float(headers.get("Retry-After", _A_WHILE)), 0.1)
    except ValueError:
        return _A_WHILE
