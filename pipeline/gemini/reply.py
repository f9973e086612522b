"""What Gemini answered, as it is kept: the words or the sound, why it ended, and what it cost."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from pipeline.errors import ModerationError
from pipeline.model import Value

#: Finish reasons by which Google's rules withheld the answer: the same request meets them again.
_MODERATED = frozenset(
    {"SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "ESCALATION", "PUP_LIMITED_DISABLED"}
)


class Reply(Value):
    """One answer. `id` is Google's, `model` who answered, `finish` why it ended ("STOP" when it was whole).

    `blocked` is why the question itself was refused. `sound` is what `mime` says. Tokens are those that are
    billed: `read`, and `written` with what the model thought. `cents` are US cents, rounded up.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: str
    model: str
    finish: str
    blocked: str = ""
    text: str = ""
    sound: bytes = b""
    mime: str = ""
    read: int = 0
    written: int = 0
    cents: int = 0

    def allowed(self) -> Reply:
        """The reply itself. Raises `ModerationError` when Google's rules withheld it."""
        why = self.blocked or (self.finish if self.finish in _MODERATED else "")
        if why:
            raise ModerationError(
                f"Gemini’s rules refused this paper ({why}).",
                "Its answer would be the same: use the embedded writer and voice for this paper.",
            )
        return self


def reply_of(response: Any, *, model: str) -> Reply:
    """The reply out of the SDK's `GenerateContentResponse`; nothing of it is judged yet."""
    candidates = response.candidates or []
    candidate = candidates[0] if candidates else None
    content = candidate.content if candidate else None
    parts = [part for part in (content.parts if content else None) or [] if not part.thought]
    sounds = [part.inline_data for part in parts if part.inline_data and part.inline_data.data]
    usage, feedback = response.usage_metadata, response.prompt_feedback
    thought = (usage.thoughts_token_count or 0) if usage else 0
    return Reply(
        id=response.response_id or "",
        model=response.model_version or model,
        finish=_name(candidate.finish_reason) if candidate else "",
        blocked=_name(feedback.block_reason) if feedback else "",
        text="".join(part.text for part in parts if part.text),
        sound=b"".join(sound.data for sound in sounds),
        mime=(sounds[0].mime_type or "") if sounds else "",
        read=((usage.prompt_token_count or 0) if usage else 0),
        written=((usage.candidates_token_count or 0) if usage else 0) + thought,
    )


def _name(reason: Any) -> str:
    """The name of a reason, of one that the SDK does not know too."""
    return str(getattr(reason, "value", reason) or "")
