"""What the fake can be told to do with its next requests, in place of the usual answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

_RPC = "type.googleapis.com/google.rpc."


@dataclass(frozen=True)
class Refused:
    """Answer with an error of Google's form. Nothing is sold."""

    status: int
    reason: str
    message: str = "It did not work."
    details: tuple[dict[str, Any], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The error as Google words it."""
        error: dict[str, Any] = {"code": self.status, "message": self.message, "status": self.reason}
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}

    @classmethod
    def bad_key(cls) -> Refused:
        """The key is none."""
        info = {
            "@type": f"{_RPC}ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }
        message = "API key not valid. Please pass a valid API key."
        return cls(400, "INVALID_ARGUMENT", message, (info,))

    @classmethod
    def forbidden(cls) -> Refused:
        """The key may not do this."""
        return cls(403, "PERMISSION_DENIED", "The caller does not have permission")

    @classmethod
    def unknown_model(cls, model: str = "gemini-0") -> Refused:
        """The model does not exist (any more)."""
        message = (
            f"models/{model} is not found for API version v1beta, or is not supported for generateContent."
        )
        return cls(404, "NOT_FOUND", message)

    @classmethod
    def invalid(cls, message: str = "Request contains an invalid argument.") -> Refused:
        """The request makes no sense."""
        return cls(400, "INVALID_ARGUMENT", message)

    @classmethod
    def abroad(cls) -> Refused:
        """Google serves nobody where the request comes from."""
        return cls(400, "FAILED_PRECONDITION", "User location is not supported for the API use.")

    @classmethod
    def too_many(
        cls, *, per: Literal["Minute", "Day"] = "Minute", retry: float | None = 31, tier: str = ""
    ) -> Refused:
        """A quota is used up; `retry` is Google's wish in seconds."""
        violation = {
            "quotaMetric": "generativelanguage.googleapis.com/generate_requests_per_model",
            "quotaId": f"GenerateRequestsPer{per}PerProjectPerModel{tier}",
            "quotaDimensions": {"location": "global", "model": "gemini-3.8-flash"},
            "quotaValue": "10",
        }
        details: list[dict[str, Any]] = [{"@type": f"{_RPC}QuotaFailure", "violations": [violation]}]
        if retry is not None:
            details.append({"@type": f"{_RPC}RetryInfo", "retryDelay": f"{retry:g}s"})
        message = "You exceeded your current quota, please check your plan and billing details."
        return cls(429, "RESOURCE_EXHAUSTED", message, tuple(details))

    @classmethod
    def no_funds(cls) -> Refused:
        """Prepaid credits are used up."""
        message = "Your prepayment credits are depleted. Please go to AI Studio to manage your billing."
        return cls(429, "RESOURCE_EXHAUSTED", message)

    @classmethod
    def broken(cls) -> Refused:
        """Something failed inside."""
        return cls(500, "INTERNAL", "An internal error has occurred. Please retry.")

    @classmethod
    def overloaded(cls) -> Refused:
        """Too busy."""
        return cls(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")


@dataclass(frozen=True)
class Reply:
    """Answer with 200, and what was generated changed so; it is sold.

    `text` is said in place of what the author writes. `finish` is the candidate's finish reason; "SAFETY" and
    its like bring no content. `block` blocks the prompt: no candidate at all. `empty`: a candidate without
    parts. For speech: `words` are spoken in place of those that were asked for; `keep` is the share of the sound
    that is delivered; `silent` and `clipped` spoil it; `rate` is the one that the mime type gives (the sound is
    24 kHz all the same); `mime` is sent as it is.
    """

    text: str | None = None
    finish: str = "STOP"
    block: str | None = None
    empty: bool = False
    words: str | None = None
    keep: float = 1.0
    silent: bool = False
    clipped: bool = False
    rate: int = 24_000
    mime: str | None = None
    usage: bool = True


@dataclass(frozen=True)
class Slow:
    """Take this many seconds (or until the fake is closed), then answer as usual. It is sold at once."""

    seconds: float
    then: Reply = field(default_factory=Reply)


@dataclass(frozen=True)
class Broken:
    """Sell it, and hang up: before any of the answer, or `midway` through its body."""

    midway: bool = False


#: What can be told.
Order = Refused | Reply | Slow | Broken
