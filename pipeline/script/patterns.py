"""Regular expressions long enough to need several lines."""

from __future__ import annotations

import re


def pattern(source: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    """`source` compiled, its line breaks and the white space around them left out (other blanks count)."""
    return re.compile(re.sub(r"\s*\n\s*", "", source), re.IGNORECASE if ignore_case else 0)
