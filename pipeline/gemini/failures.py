"""What Google's errors mean for us. Its own words stay out: they may name the key, and quote the request."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from pipeline.errors import BadKeyError, OddReplyError, OutOfFundsError, ProviderError, TransientProviderError

_log = logging.getLogger(__name__)

#: Headers that name a request; Google documents none for this service.
_REQUEST_ID: Final = ("x-goog-request-id", "x-request-id", "x-cloud-trace-context")
_DEPLETED: Final = re.compile(
    r"prepa(?:y|id)|credits? (?:are|is) depleted|spend(?:ing)? (?:cap|limit)", re.IGNORECASE
)
#: "User location is not supported for the API use." (FAILED_PRECONDITION)
_ABROAD: Final = re.compile(r"location is not supported|not available in your country", re.IGNORECASE)
#: No wish is believed beyond this (seconds).
_LONGEST_WISH: Final = 24 * 3600.0


def failure_of(error: Any, model: str) -> ProviderError:
    """Our error for the SDK's `APIError`. Google charges for no request that it answers with an error."""
    details = list(_details(error.details))
    status, reasons = int(error.code or 0), {str(one.get("reason", "")) for one in details}
    _log.warning(
        "Gemini answered %s %s %s",
        status,
        error.status or "",
        " ".join(sorted(reasons - {""})),
        extra={
            "request_id": request_id(getattr(error.response, "headers", None) or {}, details),
            "model": model,
        },
    )
    if status in (401, 403) or "API_KEY_INVALID" in reasons:
        return BadKeyError(
            "Gemini refuses our key.",
            "Whoever runs Hidden Hill must set a valid GEMINI_API_KEY.",
            nothing_bought=True,
        )
    if status == 400 and _ABROAD.search(str(error.message or "")):
        return ProviderError(
            "Gemini may not be used from where this machine is.",
            "Whoever runs Hidden Hill can use a machine in a region that Google allows, or unset GEMINI_API_KEY.",
            nothing_bought=True,
        )
    if status == 429 or status == 402:
        return _exhausted(status, str(error.message or ""), details)
    if status == 404 and error.status != "NOT_FOUND":
        return ProviderError(
            "What answers at GOOGLE_GEMINI_BASE_URL is not Gemini.",
            "Whoever runs Hidden Hill must mend that address, or unset it.",
            nothing_bought=True,
        )
    if status == 404:
        return ProviderError(
            f"Gemini has no model “{model}”.",
            "Whoever runs Hidden Hill must name another (HIDDEN_HILL_GEMINI_MODEL, HIDDEN_HILL_GEMINI_VOICE_MODEL).",
            nothing_bought=True,
        )
    if status == 408 or status >= 500:
        return TransientProviderError(
            f"Gemini is overloaded or failed ({status}).", "Retry in a few minutes.", nothing_bought=True
        )
    return ProviderError(f"Gemini did not accept our request ({status}).", nothing_bought=True)


def _exhausted(status: int, message: str, details: Sequence[Mapping[str, Any]]) -> ProviderError:
    """A quota of a minute comes back by itself; one of a day, or money, does not for this video."""
    violations = [one for detail in details for one in detail.get("violations", [])]
    quotas = " ".join(str(one.get("quotaId", "")) for one in violations)
    none_at_all = any(str(one.get("quotaValue", "")) == "0" for one in violations)
    wish = _wish(details)
    if status == 402 or "PerDay" in quotas or none_at_all or _DEPLETED.search(message):
        return OutOfFundsError(
            "Gemini’s quota for today, or the money for it, is used up.",
            "Whoever runs Hidden Hill can look at the plan and billing of the Gemini key.",
            nothing_bought=True,
            retry_after=wish,
        )
    return TransientProviderError(
        "Gemini gets more requests from us than our plan allows in a minute.",
        "Wait a little; it goes on by itself.",
        nothing_bought=True,
        retry_after=wish,
    )


def unanswered(error: Exception, *, sent: bool) -> ProviderError:
    """Our error for a line that failed: before the request was `sent`, or after, when it may have been sold."""
    _log.warning("Gemini gave no whole answer: %s", type(error).__name__)
    slow = isinstance(error, httpx.TimeoutException)
    broke = "Gemini did not answer in time." if slow else "The line to Gemini broke."
    return TransientProviderError(
        broke if sent else "Gemini can’t be reached.",
        "Retry in a few minutes."
        if sent
        else "Retry in a few minutes, and check GOOGLE_GEMINI_BASE_URL if it is set.",
        nothing_bought=not sent,
    )


def unreadable(error: Exception) -> ProviderError:
    """Our error for an answer that the SDK can't read."""
    _log.warning("Gemini's answer can't be read: %s", type(error).__name__)
    return OddReplyError("Gemini answered something that makes no sense.", "Retry in a few minutes.")


def request_id(headers: Mapping[str, str], details: Sequence[Mapping[str, Any]] = ()) -> str:
    """Google's name for a request, "" where it gives none."""
    told = [str(one["requestId"]) for one in details if one.get("requestId")]
    return next(iter([*told, *(headers[name] for name in _REQUEST_ID if headers.get(name))]), "")


def _wish(details: Sequence[Mapping[str, Any]]) -> float | None:
    """How long Google asks to be left alone (seconds)."""
    for detail in details:
        if match := re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", ""))):
            return min(float(match[1]), _LONGEST_WISH)
    return None


def _details(body: Any) -> Sequence[Mapping[str, Any]]:
    error = body.get("error", body) if isinstance(body, dict) else {}
    found = error.get("details", []) if isinstance(error, dict) else []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
