"""What is said to the app and is no command: thanks, and questions what it is for."""

from __future__ import annotations

import re
from typing import Final, Literal

from bots.tidy import tidied

_THANKS: Final = re.compile(
    r"\b(?:thanks?|thank you|thx|cheers|merci|danke)\b|(?:very |so )?(?:great|nice|cool|perfect|awesome|wow|good bot"
    r"|good job|well done|amazing|lovely|love it|ok|okay|👍|🎉|❤️?)[\s!.]*\Z",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"what (?:can|do|are|is)\b.*\b(?:you|this|that|app)\b|who are you|how (?:does|do|can)\b.*\b(?:this|you|it|i)\b"
    r"|(?:please |can you |could you )?help\b",
    re.IGNORECASE,
)


def heard(text: str) -> Literal["thanks", "question"] | None:
    """What running words that name no paper want; `None` when that isn't clear."""
    words = tidied(text)
    if _THANKS.match(words):
        return "thanks"
    return "question" if _QUESTION.match(words) else None
