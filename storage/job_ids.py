"""The names of jobs."""

from __future__ import annotations

import secrets
from typing import Final

#: Letters and digits that nobody takes for one another.
_CLEAR: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def random_id() -> str:
    """Eight letters and digits by chance; whoever uses them looks whether they are taken."""
    return "".join(secrets.choice(_CLEAR) for _ in range(8))
