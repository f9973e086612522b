"""How the API says no."""

from __future__ import annotations

from typing import Any

#: The codes that are used here: the status that they come with, and the platform's sentence.
CODES: dict[int, tuple[int, str]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30003: (400, "Maximum number of pins reached (50)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40001: (401, "Unauthorized"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
}


class RefusedError(Exception):
    """The API answers with `{"message": …, "code": …}`, and `errors` where a form has them."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        status: int | None = None,
        errors: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        known = CODES.get(code, (400, "Error"))
        super().__init__(code, message or known[1])
        self.code, self.status = code, status or known[0]
        self.body: dict[str, Any] = {"message": message or known[1], "code": code, **more}
        if errors:
            self.body["errors"] = errors


class Form:
    """What is wrong with a request's body, gathered: `errors` is nested as the platform nests it."""

    def __init__(self) -> None:
        self.errors: dict[str, Any] = {}

    def wrong(self, way: str, code: str, message: str) -> None:
        """Note one error at a place such as `embeds.0.title`."""
        here = self.errors
        for part in way.split("."):
            here = here.setdefault(part, {})
        here.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, way: str, value: Any, most: int, least: int = 0) -> None:
        """Note a text that is longer or shorter than may be, or none at all."""
        if not isinstance(value, str):
            self.wrong(way, "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
        elif len(value) > most and least:
            self.wrong(way, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.wrong(way, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif not value and least:
            self.required(way)
        elif len(value) < least:
            self.wrong(way, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def count(self, way: str, value: Any, most: int, least: int = 0) -> list[Any]:
        """The list that must stand there, and note one of a wrong length."""
        if not isinstance(value, list):
            self.wrong(way, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(value) <= most:
            text = (
                f"Must be between {least} and {most} in length."
                if least
                else f"Must be {most} or fewer in length."
            )
            self.wrong(way, "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH", text)
        return value

    def required(self, way: str) -> None:
        """Note a field that is missing."""
        self.wrong(way, "BASE_TYPE_REQUIRED", "This field is required")

    def done(self) -> None:
        """Refuse the request if anything was noted."""
        if self.errors:
            raise RefusedError(50035, errors=self.errors)
