"""How the Web API says no."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """The method answers `{"ok": false, "error": code, **more}`."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more


def invalid(code: str, *complaints: str) -> RefusedError:
    """A refusal with the platform's sentences about the arguments."""
    return RefusedError(code, response_metadata={"messages": [f"[ERROR] {one}" for one in complaints]})
